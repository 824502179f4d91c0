"""Files of a designated person and household, and the acts on them, for tests to begin from."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connections

from cases.models import Designation
from cases.services import judge
from cases.services.case import nctv
from resilience import services, tasks
from resilience.models import ResilienceFile, SupportItem, Talk
from resilience.services import Held, Plan
from resilience.services.files import open_files
from stelsel.kernel.access import Principal, acting, give
from stelsel.kernel.authorisation import Actor, Role
from tests.cases.walk import Walk
from tests.services import Services
from tests.world import World, code_for

DAY = timedelta(days=1)
JOBS = (tasks.begin, tasks.watch)  # known to jobs.run once their module is read


@dataclass
class Support:
    """The files of one designated person and their partner, as `resilience.begin` leaves them."""

    walk: Walk
    designation: Designation
    files: list[ResilienceFile]

    @property
    def world(self) -> World:
        return self.walk.world

    @property
    def at(self) -> datetime:
        return self.walk.at

    @property
    def expert(self) -> Actor:
        return self.world.actor(Role.RESILIENCE_EXPERT)

    @property
    def file(self) -> ResilienceFile:
        """The protected person's file as it is now."""
        return self.fresh(self.files[0])

    @property
    def partner(self) -> ResilienceFile:
        return self.fresh(self.files[1])

    def fresh(self, file: ResilienceFile) -> ResilienceFile:
        with acting(self.expert, at=self.at):
            return ResilienceFile.objects.select_related("person").get(pk=file.pk)

    def plan(self, *, in_days: int = 3, file: ResilienceFile | None = None, **changes: Any) -> Talk:
        at = self.walk.tick()
        told = {"planned_for": at + in_days * DAY, "place": "neutral", "expert_id": self.expert.user_id}
        chosen = file or self.files[0]
        return services.plan_talk(file_id=chosen.pk, plan=Plan(**{**told, **changes}), actor=self.expert, at=at)

    def hold(self, talk: Talk, **changes: Any) -> Talk:
        self.walk.at = max(self.walk.at, talk.planned_for)
        at = self.walk.tick()
        told = {"held_at": talk.planned_for, "minutes": 50, "topics": ["daily_life"]}
        return services.hold_talk(
            talk_id=talk.pk, held=Held(**{**told, **changes}), version=talk.version, actor=self.expert, at=at
        )

    def move_to(self, phase: str, *, file: ResilienceFile | None = None, **changes: Any) -> ResilienceFile:
        chosen = self.fresh(file or self.files[0])
        told = {"reason": "A rhythm was found.", "version": chosen.version}
        return services.change_phase(
            file_id=chosen.pk, phase=phase, actor=self.expert, at=self.walk.tick(), **{**told, **changes}
        )

    def item(self, code: str = "what-to-expect") -> SupportItem:
        return SupportItem.objects.get(code=code)


def begun(world: World) -> Support:
    """What `begin` opens, written here by the decider: the system itself sees cases on the worker's role alone."""
    walk = Walk(world)
    designation = walk.designated()
    at = walk.tick()
    with acting(walk.actor(Role.DECIDER), at=at):
        group = nctv().group_for(Role.RESILIENCE_EXPERT)
        to = Principal(role=Role.RESILIENCE_EXPERT, group_id=group.pk)
        give(designation.case, to=to, reason="support of the person", ground="resilience.begin")
        files = open_files(designation, at=at)
    return Support(walk, designation, files)


def designated_for_good(world: World) -> tuple[Walk, Designation]:
    """A designation in a test that commits, where nobody's sight lasts longer than the act."""
    walk = Walk(world)
    walk.prepared()
    decider = walk.actor(Role.DECIDER)
    walk._step(judge, Role.DECIDER, outcome="accept", reasons="Order known.", code=code_for(decider))
    with acting(decider, at=walk.at):
        return walk, Designation.objects.get()


@contextmanager
def on_the_worker(services_: Services) -> Iterator[None]:
    """Do the block in the database role of the worker, as the jobs do. Needs a test that commits (`fresh_db`)."""
    connection = connections["default"]
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER="stelsel_worker", PASSWORD=services_.secrets.password("stelsel_worker"))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
