"""Mayors are told minimally, on a ground, decided by the NCTV; meetings keep what was agreed (R045, R043)."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import MINIMUM, Element, Scenario, beyond_minimum
from cases.models import MayorNotice, MayorSubstitute, Residence
from cases.services import Agreed, Notice
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import Organisation, ReadEntry, WorkItem
from stelsel.legal.models import Provision, Sharing
from tests.browsing import as_client
from tests.cases.conftest import Scheduled
from tests.cases.walk import Walk
from tests.world import World

RESIDENT = Notice(scenario="admission", consequences="Police cars in a quiet street.", elements=("resident", "reach"))


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


def live_in(walk: Walk, *codes: str, mayor_of: UUID | None = None) -> list[Residence]:
    return services.set_residence(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        municipality_ids=[walk.world.organisations[code].pk for code in codes or ("gemeente-noord",)],
        mayor_of=mayor_of,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def propose(walk: Walk, notice: Notice = RESIDENT, *, by: Role = Role.CASE_MANAGER) -> list[MayorNotice]:
    return services.propose_notice(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        notice=notice,
        actor=walk.actor(by),
        at=walk.tick(),
    )


def decide(walk: Walk, row: MayorNotice, *, send: bool = True, by: Role = Role.DECIDER) -> MayorNotice:
    return services.decide_notice(notice_id=row.pk, send=send, actor=walk.actor(by), at=walk.tick())


def waits(walk: Walk, role: Role) -> set[str]:
    with acting(walk.actor(role), at=walk.at):
        return set(WorkItem.objects.filter(closed_at=None, owner_role=role).values_list("kind", flat=True))


def a_municipality(walk: Walk, code: str) -> Organisation:
    made = Organisation.objects.create(code=code, name=code.title(), kind="municipality", region="noord")
    walk.world.organisations[code] = made
    return made


@given(st.sampled_from(list(Scenario)), st.sets(st.sampled_from(list(Element))))
def test_r045_a_notice_holds_no_more_than_its_scenario_needs(scenario: Scenario, elements: set[Element]) -> None:
    assert (beyond_minimum(scenario, elements) == []) == (elements <= MINIMUM[scenario])


def test_r045_the_mayor_is_told_after_four_eyes_through_the_gate_and_acknowledges(walk: Walk) -> None:
    asked = waits(walk, Role.CASE_MANAGER)
    live_in(walk)
    (row,) = propose(walk)
    with pytest.raises(Forbidden):
        decide(walk, row, by=Role.CASE_MANAGER)
    decide(walk, row)

    assert "mayor.admission" in asked
    assert "mayor.admission" not in waits(walk, Role.CASE_MANAGER)
    assert Sharing.objects.get(subject_id=row.pk).ground_id == "gemeentewet-172"
    assert waits(walk, Role.MAYORS_CONTACT) == {"mayor.read"}
    reader = walk.actor(Role.MAYORS_CONTACT)
    services.acknowledge_notice(notice_id=row.pk, actor=reader, at=walk.tick())
    assert waits(walk, Role.MAYORS_CONTACT) == set()
    with pytest.raises(Conflict):
        services.acknowledge_notice(notice_id=row.pk, actor=reader, at=walk.tick())


def test_r045_without_a_ground_in_force_no_mayor_is_told(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk)
    Provision.objects.filter(information="mayor_notice").update(in_force=(None, walk.at.date()))

    with pytest.raises(Forbidden) as refusal:
        decide(walk, row)

    assert refusal.value.code == "no_provision"


@pytest.mark.parametrize(
    ("notice", "field"),
    [
        (Notice("admission", "", ("resident",)), "consequences"),
        (Notice("admission", "Cars.", ("resident", "risk")), "elements"),
        (Notice("plannable", "A crowd.", ("event", "period")), "starts_at"),
    ],
)
def test_r045_a_proposal_gives_its_reason_from_public_order_and_no_more_than_needed(
    walk: Walk, notice: Notice, field: str
) -> None:
    live_in(walk)

    with pytest.raises(Invalid) as refusal:
        propose(walk, notice)

    assert field in {fault.field for fault in refusal.value.faults}


def test_r045_without_a_municipality_nothing_can_be_proposed(walk: Walk) -> None:
    with pytest.raises(Invalid) as refusal:
        propose(walk)

    assert refusal.value.faults[0].code == "no_residence"


def test_r045_that_a_mayor_is_not_told_is_decided_too(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk, Notice("admission", "Nothing is seen in the street."))
    with pytest.raises(Invalid):
        decide(walk, row)

    assert decide(walk, row, send=False).state == "not_sent"
    assert waits(walk, Role.MAYORS_CONTACT) == set()


def test_r045_whoever_moves_house_brings_the_new_municipality_as_work(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk)
    decide(walk, row)
    a_municipality(walk, "zuiderdam")

    live_in(walk, "zuiderdam")

    assert "mayor.admission" in waits(walk, Role.CASE_MANAGER)
    (moved,) = propose(walk)
    assert moved.municipality.code == "zuiderdam"


def test_r045_at_a_border_each_mayor_has_a_notice(walk: Walk) -> None:
    a_municipality(walk, "zuiderdam")
    live_in(walk, "gemeente-noord", "zuiderdam")

    assert {row.receiver.code for row in propose(walk)} == {"gemeente-noord", "zuiderdam"}


def test_r045_a_mayor_who_is_the_person_is_not_told_but_by_rule_another(walk: Walk) -> None:
    home = walk.world.organisations["gemeente-noord"]
    live_in(walk, mayor_of=home.pk)
    (row,) = propose(walk)
    decide(walk, row)
    MayorSubstitute.objects.create(
        municipality=home,
        receiver=walk.world.organisations["om-zuid"],
        in_force=(walk.at.date() - timedelta(days=1), None),
    )
    (ruled,) = propose(walk)

    assert row.receiver.code == "om-noord"
    assert ruled.receiver.code == "om-zuid"
    assert waits(walk, Role.MAYORS_CONTACT) == set()
    assert "mayor.read" in waits(walk, Role.CHIEF_PROSECUTOR)


def test_r045_an_acute_risk_is_told_by_the_duty_officer_alone(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk, Notice("acute", "A search in the street.", ("risk", "reach")), by=Role.DUTY_OFFICER)

    assert decide(walk, row, by=Role.DUTY_OFFICER).state == "sent"


def test_r045_the_database_holds_to_four_eyes_and_to_what_was_told(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk)
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        with pytest.raises(IntegrityError, match="mayor_notice_four_eyes"), transaction.atomic():
            MayorNotice.objects.filter(pk=row.pk).update(decided_by_id=row.proposed_by_id)
        decide(walk, row)
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            MayorNotice.objects.filter(pk=row.pk).update(elements=["risk"])


def test_r045_the_mayors_contact_sees_what_was_told_to_them_and_each_look_is_logged(walk: Walk) -> None:
    live_in(walk)
    (row,) = propose(walk)
    unsent = as_client(walk.actor(Role.MAYORS_CONTACT)).get(reverse("cases:notice", args=[row.pk]))
    decide(walk, row)
    a_municipality(walk, "zuiderdam")
    other = walk.world.actor(Role.MAYORS_CONTACT, of="zuiderdam")
    reader = walk.actor(Role.MAYORS_CONTACT)

    page = as_client(reader).get(reverse("cases:notice", args=[row.pk]))

    assert unsent.status_code == 404
    assert as_client(other).get(reverse("cases:notice", args=[row.pk])).status_code == 404
    assert page.status_code == 200
    assert "A protected person lives or stays" in page.text
    for secret in (walk.case.number, walk.case.person.pseudonym, "quiet street"):
        assert secret not in page.text
    with acting(walk.actor(Role.CONTROLLER), at=walk.at):
        looks = ReadEntry.objects.filter(actor_id=reader.user_id, route="cases:notice", purpose="mayor")
        assert [look.subject_id for look in looks] == [row.person_id]
    assert as_client(reader).get(reverse("cases:case", args=[walk.case.pk])).status_code == 404


def test_r045_what_is_not_acknowledged_in_time_is_told_by_telephone(
    fresh_db: str, world: World, as_worker: Scheduled
) -> None:
    walk = Walk(world)
    with transaction.atomic():
        walk.designated()
    live_in(walk)
    (row,) = propose(walk)
    decide(walk, row)

    def watched(hours: int) -> set[str]:
        at = walk.at + timedelta(hours=hours)
        as_worker(lambda: services.watch(actor=system_actor(), at=at))
        return waits(walk, Role.DUTY_OFFICER)

    assert "mayor.telephone" not in watched(23)
    assert "mayor.telephone" in watched(25)
    walk.at += timedelta(hours=26)
    services.acknowledge_notice(notice_id=row.pk, actor=walk.actor(Role.CASE_MANAGER), at=walk.at)
    assert "mayor.telephone" not in waits(walk, Role.DUTY_OFFICER)


# --- quadrilateral meetings -----------------------------------------------------------------------------------------


def meet(walk: Walk, **changes: Any) -> Any:
    at = walk.tick()
    told = {
        "held_at": at - timedelta(minutes=5),
        "participants": ["nctv", "mayor", "prosecutor", "police"],
        "agreed": [
            Agreed("The prosecutor's office tells the NCTV first.", "prosecutor", (at + timedelta(days=3)).date()),
            Agreed("Patrols are kept out of the street.", "police", (at + timedelta(days=1)).date()),
        ],
        **changes,
    }
    return services.write_meeting(case_id=walk.case.pk, **told, actor=walk.actor(Role.CASE_MANAGER), at=at)


def test_r045_an_agreement_of_a_meeting_is_work_for_who_took_it_on_until_it_is_settled_once(walk: Walk) -> None:
    meeting = meet(walk)
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        mine = meeting.agreements.get(who="prosecutor")
    adviser = walk.actor(Role.PROSECUTION_ADVISER)

    assert "meeting.agreement" in waits(walk, Role.PROSECUTION_ADVISER)
    assert "meeting.agreement" in waits(walk, Role.CASE_MANAGER)
    services.settle_agreement(agreement_id=mine.pk, outcome="done", actor=adviser, at=walk.tick())
    assert "meeting.agreement" not in waits(walk, Role.PROSECUTION_ADVISER)
    with pytest.raises(Conflict):
        services.settle_agreement(agreement_id=mine.pk, outcome="dropped", actor=adviser, at=walk.tick())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"participants": ["mayor", "police"]}, "incomplete"),
        ({"agreed": []}, "required"),
        ({"participants": ["nctv", "mayor"]}, "absent"),
    ],
)
def test_r045_a_meeting_is_with_the_nctv_and_only_what_who_was_there_agreed(
    walk: Walk, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        meet(walk, **changes)

    assert code in {fault.code for fault in refusal.value.faults}
