"""Every page of a case: how far the case is when it opens, for whom it opens, and for whom it does not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from cases import services
from cases.models import (
    CloseRelation,
    DecisionReview,
    Designation,
    Handover,
    InformDuty,
    Measure,
    Ratification,
    RelativeDesignation,
)
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk, an_intake


@dataclass(frozen=True)
class Station:
    """A page: `reach` walks the case there and gives the id in the address."""

    name: str
    reach: Callable[[Walk], UUID]
    opens_for: Role
    refuses: Role

    def address(self, walk: Walk) -> str:
        return reverse(f"cases:{self.name}", args=[self.reach(walk)])


def handover_id(walk: Walk) -> UUID:
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return Handover.objects.get().pk


def duty_id(walk: Walk) -> UUID:
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return InformDuty.objects.get().pk


def measure_id(walk: Walk) -> UUID:
    walk.decided()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return Measure.objects.get(kind="camera").pk


def designated_case(walk: Walk) -> UUID:
    walk.designated()
    return walk.case.pk


def assigned_nomination(walk: Walk) -> UUID:
    walk.assigned()
    return walk.nomination.pk


def urgently_designated(walk: Walk) -> Designation:
    """By telephone just now: a grant to ratify lasts a week, so this walk begins in the present."""
    walk.at = timezone.now() - timedelta(hours=1)
    duty_officer = walk.actor(Role.DUTY_OFFICER)
    case = services.open_urgent_case(intake=an_intake(walk.world, relations=()), actor=duty_officer, at=walk.at)
    services.order_urgent_measures(
        case_id=case.pk,
        caller="Colonel Vermeer",
        note="Shots fired at the house.",
        kinds=["close_protection"],
        actor=duty_officer,
        at=walk.tick() - timedelta(minutes=5),
    )
    return Designation.objects.get(case=case)


def decided_package(walk: Walk) -> UUID:
    return walk.submitted().pk


def a_relative(walk: Walk) -> RelativeDesignation:
    """The friend of the household, proposed for designation."""
    walk.designated()
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        friend = CloseRelation.objects.get(case=walk.case, core_household=False)
    return services.propose_relative(
        case_id=walk.case.pk,
        person_id=friend.person_id,
        grounds="Was named in the threat.",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def for_review(walk: Walk) -> UUID:
    walk.levelled()
    walk.adopt_picture(version=2)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return DecisionReview.objects.get().pk


def to_ratify(walk: Walk) -> UUID:
    walk.designated()
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="Colonel Vermeer",
        note="Shots fired at the house.",
        kinds=["close_protection"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return Ratification.objects.get().pk


STATIONS = (
    Station("nomination", lambda walk: walk.opened().pk, Role.POLICE_RCCB, Role.LCC_ADVISER),
    Station("assign", lambda walk: walk.signed().case_id, Role.DUTY_OFFICER, Role.CHIEF_PROSECUTOR),
    Station("prepare", assigned_nomination, Role.CASE_MANAGER, Role.DECIDER),
    Station("judge", lambda walk: walk.prepared().pk, Role.DECIDER, Role.CASE_MANAGER),
    Station("ratify", lambda walk: urgently_designated(walk).pk, Role.DECIDER, Role.DUTY_OFFICER),
    Station("identity", designated_case, Role.CASE_MANAGER, Role.DECIDER),
    Station("handover", handover_id, Role.PROSECUTION_ADVISER, Role.POLICE_RCCB),
    Station("level", lambda walk: walk.pictured().pk, Role.DECIDER, Role.CASE_MANAGER),
    Station("advice", lambda walk: walk.levelled().pk, Role.LCC_ADVISER, Role.DECIDER),
    Station("package_start", lambda walk: walk.advised().level_id, Role.CASE_MANAGER, Role.DECIDER),
    Station("package", lambda walk: walk.drafted().pk, Role.CASE_MANAGER, Role.DECIDER),
    Station("package_decide", decided_package, Role.DECIDER, Role.CASE_MANAGER),
    Station("case_decisions", designated_case, Role.DECIDER, Role.LCC_COORDINATOR),
    Station("relatives", designated_case, Role.CASE_MANAGER, Role.LCC_COORDINATOR),
    Station("relative", lambda walk: a_relative(walk).pk, Role.DECIDER, Role.DUTY_OFFICER),
    Station("review", for_review, Role.CASE_MANAGER, Role.LCC_ADVISER),
    Station("ratify_decision", to_ratify, Role.DECIDER, Role.DUTY_OFFICER),
    Station("measure", measure_id, Role.LCC_COORDINATOR, Role.THREAT_ANALYST),
    Station("duty", duty_id, Role.CASE_MANAGER, Role.DECIDER),
    Station("contact", designated_case, Role.CASE_MANAGER, Role.DECIDER),
    Station("risk_moment", designated_case, Role.CASE_MANAGER, Role.CHIEF_PROSECUTOR),
    Station("urgent", designated_case, Role.DUTY_OFFICER, Role.CASE_MANAGER),
    Station("answers", designated_case, Role.PROSECUTION_ADVISER, Role.DUTY_OFFICER),
    Station("access", designated_case, Role.CASE_MANAGER, Role.DECIDER),
)
