"""What tests of the duty of care begin with."""

from datetime import timedelta
from typing import Any

from cases import services
from cases.models import ActivityRequest, Breach, Compensation, Complaint
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.world import code_for


def a_breach(walk: Walk, **changes: object) -> Breach:
    """An agreement that was not kept, recorded by the case manager."""
    told: dict[str, Any] = {
        "person_id": walk.case.person_id,
        "agreement_id": None,
        "kind": "not_kept",
        "occurred_on": walk.at.date(),
        "facts": "The journey was not told beforehand.",
    }
    manager = walk.actor(Role.CASE_MANAGER)
    return services.record_breach(case_id=walk.case.pk, actor=manager, at=walk.tick(), **{**told, **changes})


def talked(walk: Walk, breach: Breach) -> Breach:
    return services.talk_about(
        breach_id=breach.pk,
        talked_on=walk.at.date(),
        said="It was forgotten in the rush.",
        interpreter="none",
        version=breach.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def warned(walk: Walk, breach: Breach) -> Breach:
    return services.warn(
        breach_id=breach.pk,
        letter_on=walk.at.date(),
        consequences="The authority may decide on other measures.",
        version=breach.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def submitted(walk: Walk, breach: Breach) -> Breach:
    return services.submit_breach(
        breach_id=breach.pk,
        alternatives="A fixed day to tell the week's journeys.",
        residual_risk="A journey that nobody knows of.",
        version=breach.version,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def decided(walk: Walk, breach: Breach, *, outcome: str = "unchanged", role: Role = Role.DECIDER) -> Breach:
    actor = walk.actor(role)
    return services.decide_breach(
        breach_id=breach.pk,
        outcome=outcome,
        reasons="The threat is what it was.",
        version=breach.version,
        code=code_for(actor),
        actor=actor,
        at=walk.tick(),
    )


def an_activity(walk: Walk, **changes: object) -> ActivityRequest:
    """What the person asked to do, three days ahead."""
    day = (walk.at + timedelta(days=3)).date()
    told: dict[str, Any] = {
        "person_id": walk.case.person_id,
        "sphere": "work",
        "kind": "appearance",
        "place": "public",
        "first_day": day,
        "last_day": day,
        "wish": "A lecture at the university.",
    }
    manager = walk.actor(Role.CASE_MANAGER)
    return services.ask_activity(case_id=walk.case.pk, actor=manager, at=walk.tick(), **{**told, **changes})


def a_compensation(walk: Walk, **changes: object) -> Compensation:
    """A request for compensation that came in today."""
    told: dict[str, Any] = {
        "person_id": walk.case.person_id,
        "ground": "The rent of the house that stands empty.",
        "received_on": walk.at.date(),
    }
    manager = walk.actor(Role.CASE_MANAGER)
    return services.receive_compensation(case_id=walk.case.pk, actor=manager, at=walk.tick(), **{**told, **changes})


def a_complaint(walk: Walk, **changes: object) -> Complaint:
    """A complaint that came in today."""
    told: dict[str, Any] = {
        "person_id": walk.case.person_id,
        "text": "Nobody called back for a week.",
        "received_on": walk.at.date(),
        "committee": False,
        "signal": "",
    }
    manager = walk.actor(Role.CASE_MANAGER)
    return services.record_complaint(case_id=walk.case.pk, actor=manager, at=walk.tick(), **{**told, **changes})
