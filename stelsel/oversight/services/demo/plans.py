"""The demonstration's plans: one published that falls short, and one that waits for the authority."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from capacity import services
from capacity.lifecycle import local_day
from capacity.models import Displacement, Run
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.jobs import system_actor
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.codes import Codes
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.people import Field

DAYS = 2  # of the plans: short enough to read at a glance, and solved in seconds
BEFORE = timedelta(days=2)


@dataclass(frozen=True)
class Planning:
    field: Field
    codes: Codes

    def make(self, *, at: datetime) -> None:
        """Publish a plan of two days ago and leave a newer one before the authority."""
        self.publish(at=at - BEFORE)
        services.extend_demand(actor=system_actor(), at=at - timedelta(hours=3))
        self.solved(self.field.actor("zohra"), at=at - timedelta(hours=2))

    def solved(self, coordinator: Actor, *, at: datetime) -> Run:
        """A run, asked for and computed."""
        run = services.request_run(actor=coordinator, at=at, days=DAYS)
        work_off(at=at + timedelta(minutes=4))
        with acting(coordinator, at=at):
            made: Run = Run.objects.visible_to(coordinator).get(pk=run.pk)
            return made

    def publish(self, *, at: datetime) -> None:
        coordinator = self.field.actor("bram")
        services.extend_demand(actor=system_actor(), at=at - timedelta(hours=1))
        run = self.solved(coordinator, at=at)
        with acting(coordinator, at=at):
            displaced = list(Displacement.objects.filter(run=run).select_related("case").order_by("tier", "pk"))
        for nth, one in enumerate(displaced):
            self.decide(one, run, at=at + timedelta(minutes=30 + 10 * nth))
        services.publish_run(run_id=run.pk, actor=coordinator, at=at + timedelta(minutes=60 + 10 * len(displaced)))

    def decide(self, displacement: Displacement, run: Run, *, at: datetime) -> None:
        decider = self.field.of_user(displacement.case.decider_id)
        if displacement.floor_hours:
            services.state_risk(
                displacement_id=displacement.pk,
                statement=texts.FLOOR_STATEMENT,
                assistance=texts.ASSISTANCE,
                duty_of_care=texts.DUTY_OF_CARE,
                code=self.codes.for_signature(decider),
                actor=decider,
                at=at,
            )
        services.decide_displacement(
            displacement_id=displacement.pk,
            reasons=texts.DISPLACED,
            alternatives=texts.ALTERNATIVES,
            residual_risk=texts.RESIDUAL,
            ends_on=local_day(run.ends_at),
            code=self.codes.for_signature(decider),
            actor=decider,
            at=at + timedelta(minutes=4),
        )
