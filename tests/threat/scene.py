"""One fictional case with everybody who has to do with its threat picture, and short ways to take each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from cases.models import Case, ContactEntry
from cases.services import Intake, log_contact, open_intake
from stelsel.kernel import access, jobs
from stelsel.kernel.access import Principal, acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import OutboxMessage
from tests.world import NOON, World
from threat import tasks  # noqa: F401  # registers the jobs
from threat.models import (
    EvidenceItem,
    InformationRequest,
    Picture,
    PictureScore,
    Product,
    Signal,
    ThreatLine,
)
from threat.services import (
    Delivery,
    Finding,
    LineOf,
    Order,
    Proposal,
    Refusal,
    add_evidence,
    add_line,
    adopt,
    commission_information,
    deliver_product,
    propose_adoption,
    refuse_request,
    request_score,
    set_severity,
    start_picture,
    take_signal,
)

TODAY = NOON.date()


@dataclass
class Scene:
    """`stranger` sees no case; `rival` supplies for another organisation; `decider` may see the case, not the draft."""

    world: World
    case: Case

    @property
    def manager(self) -> Actor:
        return self.world.actor(Role.CASE_MANAGER)

    @property
    def decider(self) -> Actor:
        return self.world.actor(Role.DECIDER)

    @property
    def analyst(self) -> Actor:
        return self.world.actor(Role.THREAT_ANALYST)

    @property
    def second(self) -> Actor:
        return self.world.actor(Role.THREAT_ANALYST, nth=2)

    @property
    def third(self) -> Actor:
        return self.world.actor(Role.THREAT_ANALYST, nth=3)

    @property
    def head(self) -> Actor:
        return self.world.actor(Role.HEAD_OF_ANALYSIS)

    @property
    def stranger(self) -> Actor:
        return self.world.actor(Role.THREAT_ANALYST, nth=9)

    @property
    def supplier(self) -> Actor:
        return self.world.actor(Role.PRODUCT_SUPPLIER)

    @property
    def supplier_id(self) -> UUID:
        return self.world.organisations["lx"].pk

    @property
    def rival(self) -> Actor:
        return self.world.actor(Role.PRODUCT_SUPPLIER, of="kmar")

    def see(self, actor: Actor, *, mine: bool = False) -> None:
        with acting(self.world.actor(Role.POLICE_RCCB), at=NOON):
            access.give(
                self.case,
                to=Principal(role=actor.role, user_id=actor.user_id),
                reason="part of the scene",
                ground="test",
                mine=mine,
            )

    # --- steps ---

    def ask(self, *, factors: Sequence[str] = ("F3",), days: int = 5, **order: Any) -> InformationRequest:
        return commission_information(
            case_id=self.case.pk,
            order=Order(
                supplier_id=order.pop("supplier_id", self.supplier_id),
                kind="estimate",
                question=order.pop("question", "Is there preparation?"),
                factors=factors,
                due_at=NOON + timedelta(days=days),
                **order,
            ),
            actor=self.manager,
            at=NOON,
        )

    def deliver(self, request: InformationRequest, number: str = "LX-1", **fields: Any) -> Product:
        return deliver_product(request_id=request.pk, delivery=delivery(number, **fields), actor=self.supplier, at=NOON)

    def refuse(self, request: InformationRequest, *, exists: bool = False, days: int = 30) -> InformationRequest:
        return refuse_request(
            request_id=request.pk,
            refusal=Refusal("investigation", "It would harm a case.", TODAY + timedelta(days=days), exists=exists),
            actor=self.supplier,
            at=NOON,
        )

    def signal(self, text: str = "A car stood in the street for two hours.") -> Signal:
        entry = log_contact(
            case_id=self.case.pk,
            person_id=self.case.person_id,
            text=text,
            is_signal=True,
            actor=self.manager,
            at=NOON,
        )
        return take_signal(contact_id=entry.pk, actor=self.manager, at=NOON)

    def start(self, at: datetime = NOON) -> Picture:
        return start_picture(case_id=self.case.pk, question="How likely is an attack?", actor=self.analyst, at=at)

    def line(self, picture: Picture, *, actor: str = "", phenomenon: int = 1) -> ThreatLine:
        return add_line(
            picture_id=picture.pk,
            line=LineOf(phenomenon=phenomenon, target_id=self.case.person_id, actor=actor, modus="fire"),
            actor=self.analyst,
            at=NOON,
        )

    def add(self, line: ThreatLine, product: Product | None = None, **fields: Any) -> EvidenceItem:
        return add_evidence(line_id=line.pk, finding=finding(product, **fields), actor=self.analyst, at=NOON)

    def score(self, picture: Picture, at: datetime = NOON) -> PictureScore:
        score = request_score(picture_id=picture.pk, actor=self.analyst, at=at)
        run_job("threat.score_picture", str(score.pk))
        with acting(self.analyst, at=NOON):
            return PictureScore.objects.get(pk=score.pk)

    def scored(self) -> Picture:
        """A picture at W4: preparations seen by one source, intent by another."""
        product = self.deliver(self.ask())
        picture = self.start()
        line = self.line(picture)
        self.add(line, product, factor="F3", value=3, group="G1")
        self.add(line, product, factor="F1", value=3, group="G2")
        self.score(picture)
        return set_severity(
            picture_id=picture.pk, severity=4, reason="One person could die.", actor=self.analyst, at=NOON
        )

    def proposed(self, **fields: Any) -> Picture:
        picture = self.scored()
        return propose_adoption(picture_id=picture.pk, proposal=proposal(**fields), actor=self.analyst, at=NOON)

    def adopted(self) -> Picture:
        return adopt(picture_id=self.proposed().pk, actor=self.second, at=NOON)


def set_scene(world: World) -> Scene:
    police = world.actor(Role.POLICE_RCCB)
    nomination = open_intake(
        intake=Intake(
            name="Sam Verzonnen",
            phenomenon="organised_crime",
            what_happened="A threat by telephone.",
            office=world.organisations["om-noord"].pk,
            region="noord",
            purpose="Protect the person",
        ),
        actor=police,
        at=NOON,
    )
    scene = Scene(world, nomination.case)
    for actor in (scene.manager, scene.decider, scene.analyst, scene.second, scene.third, scene.head):
        scene.see(actor)
    world.actor(Role.PRODUCT_SUPPLIER, of="kmar")
    assert scene.stranger.user_id != scene.supplier.user_id
    return scene


def delivery(number: str = "LX-1", **fields: Any) -> Delivery:
    given: dict[str, Any] = {
        "kind": "estimate",
        "number": number,
        "dated": TODAY,
        "reliability": "B",
        "credibility": 2,
        "valid_from": TODAY,
        "text": "Two men looked at the house.",
    }
    return Delivery(**{**given, **fields})


def finding(product: Product | None = None, **fields: Any) -> Finding:
    given: dict[str, Any] = {
        "factor": "F3",
        "value": 3,
        "kind": "concrete" if product else "context",
        "reliability": "B",
        "credibility": 2,
        "valid_as_of": TODAY,
        "text": "Reconnaissance of the house.",
        "product_id": product.pk if product else None,
        "provenance": "" if product else "study of comparable cases",
        "group": "" if product else "G9",
    }
    return Finding(**{**given, **fields})


def proposal(**fields: Any) -> Proposal:
    given: dict[str, Any] = {
        "likelihood": 4,
        "summary": "Preparations were seen.",
        "review_due": TODAY + timedelta(days=14),
    }
    return Proposal(**{**given, **fields})


def contact_id(signal: Signal) -> UUID:
    assert signal.contact_id is not None
    return signal.contact_id


def contact_of(signal: Signal, *, actor: Actor) -> ContactEntry:
    with acting(actor, at=NOON):
        return ContactEntry.objects.get(pk=contact_id(signal))


def run_job(task: str, key: str) -> bool:
    """Run the job that was written with this key, as the worker would."""
    return jobs.run(OutboxMessage.objects.get(key=f"{task}:{key}").pk)


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def ids(rows: Sequence[Any]) -> set[UUID]:
    return {row.pk for row in rows}
