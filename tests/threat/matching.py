"""Two fictional cases that name the same vehicle, the grounds to match, and the worker's database role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import environ
from django.db import connection
from psycopg2.extras import DateRange

from cases.models import Case, Nomination
from cases.services import Intake, close_case, open_intake, withdraw_nomination
from stelsel.kernel import jobs, work
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import OutboxMessage
from stelsel.legal.models import LegalGround, Provision
from tests.services import Services
from tests.threat.scene import Scene, delivery, set_scene
from tests.world import NOON, World
from threat.models import BlindMatch, Entity, Hit, Product
from threat.services import Named, deliver_product, match_entity, take_down_entity, watch

PLATE = "AB-123-C"
SINCE = DateRange(date(2026, 1, 1), None)


def allow(*, kind: str = "vehicle", provider: str = "police_lx", period: DateRange = SINCE) -> None:
    """Put a ground in force for one kind of data of one kind of organisation."""
    ground, _ = LegalGround.objects.get_or_create(
        code="match-agreed", defaults={"name": "Vastgesteld", "article": "Regeling", "in_force": SINCE}
    )
    Provision.objects.create(
        information=f"match_{kind}", provider=provider, receiver="nctv", ground=ground, in_force=period
    )


@dataclass
class Two:
    """Two cases; the analysts of `one` see it alone, and `apart` sees the other alone."""

    one: Scene
    other: Scene
    services: Services | None = None

    @property
    def world(self) -> World:
        return self.one.world

    @property
    def apart(self) -> Actor:
        return self.world.actor(Role.THREAT_ANALYST, nth=7)

    def product(
        self, of: Scene, number: str, *, by: Actor | None = None, at: datetime = NOON, **fields: Any
    ) -> Product:
        actor = by or of.supplier
        assert actor.organisation_id is not None
        request = of.ask(supplier_id=actor.organisation_id, question=f"What of {number}?")
        return deliver_product(request_id=request.pk, delivery=delivery(number, **fields), actor=actor, at=at)

    def take(
        self,
        product: Product,
        value: str = PLATE,
        *,
        kind: str = "vehicle",
        by: Actor | None = None,
        at: datetime = NOON,
    ) -> Entity:
        actor = by or (self.one.analyst if product.case_id == self.one.case.pk else self.apart)
        return take_down_entity(product_id=product.pk, named=Named(kind, value), actor=actor, at=at)

    def both(self) -> tuple[Entity, Entity]:
        """The same vehicle in a product of each case."""
        return self.take(self.product(self.one, "LX-1")), self.take(self.product(self.other, "LX-2"))

    def close(self, scene: Scene) -> None:
        """The nomination is withdrawn, and the chief prosecutor closes the case."""
        chief = self.world.actor(Role.CHIEF_PROSECUTOR)
        scene.see(chief)
        with acting(chief, at=NOON):
            nomination = Nomination.objects.get(case=scene.case)
        by: dict[str, Any] = {"reason": "Nothing is left.", "actor": chief, "at": NOON + timedelta(hours=1)}
        withdraw_nomination(nomination_id=nomination.pk, version=nomination.version, **by)
        with acting(chief, at=NOON + timedelta(hours=1)):
            version = Case.objects.get(pk=scene.case.pk).version
        close_case(case_id=scene.case.pk, version=version, **by)

    # --- as the worker ---

    @contextmanager
    def worker(self) -> Iterator[None]:
        assert self.services is not None
        _connect(self.services, "stelsel_worker")
        try:
            yield
        finally:
            _connect(self.services, "stelsel_web")

    def match(self, *entities: Entity, at: datetime = NOON) -> list[UUID]:
        """Run the job of each of these; the matches that it found."""
        with self.worker():
            return [hit.pk for one in entities for hit in match_entity(entity_id=one.pk, actor=system_actor(), at=at)]

    def run_jobs(self) -> None:
        """Run what was enqueued, as it was."""
        with self.worker():
            for message in OutboxMessage.objects.filter(task="threat.match_entity").order_by("created_at", "pk"):
                jobs.run(message.pk)

    def watched(self, *, at: datetime = NOON) -> int:
        with self.worker():
            return watch(actor=system_actor(), at=at)

    def counted(self) -> tuple[int, int]:
        """How many matches there are, and how many are blind."""
        with self.worker(), acting(system_actor(), at=NOON):
            return Hit.objects.count(), BlindMatch.objects.count()

    def blind(self) -> BlindMatch:
        with acting(self.one.head, at=NOON):
            return BlindMatch.objects.get()


def _connect(services: Services, role: str) -> None:
    connection.close()
    connection.settings_dict.update(environ.Env.db_url_config(services.database_address(role)))


def set_two(world: World, services: Services | None = None) -> Two:
    one = set_scene(world)
    intake = Intake(
        name="Robin Verdicht",
        phenomenon="organised_crime",
        what_happened="A car waited at the school.",
        office=world.organisations["om-noord"].pk,
        region="noord",
        purpose="Protect the person",
    )
    case = open_intake(intake=intake, actor=world.actor(Role.POLICE_RCCB), at=NOON).case
    two = Two(one, Scene(world, case), services)
    for actor in (one.manager, two.apart):
        two.other.see(actor)
    return two


def waiting(actor: Actor) -> list[str]:
    with acting(actor, at=NOON):
        kinds = set(work.waiting(actor).values_list("kind", flat=True))
    return sorted(kinds & {"threat.match", "threat.match_question", "threat.match_answered", "threat.blind_match"})


def again(row: Entity, **changes: Any) -> Entity:
    """A second row like this one."""
    held = {field.attname: getattr(row, field.attname) for field in Entity._meta.concrete_fields}
    return Entity(**{**held, **changes, "id": uuid4()})
