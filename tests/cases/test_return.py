"""Authority goes back to the chief prosecutor: at one instant, with the household, and no measure ends (R116)."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from cases import services
from cases.lifecycle import Authority, unbroken
from cases.models import AuthorityPeriod, Case, Designation, Measure, MeasureReport, ReturnedMeasure
from cases.models.catalogue import MeasureKind
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.stations import urgently_designated
from tests.cases.test_authority import now_check, spans
from tests.cases.walk import Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    """Measures decided, and the person-directed one ended by its own decision."""
    walk = Walk(world)
    walk.decided()
    wayout.end(walk, walk.nomination.case_id, "close_protection")
    return walk


def test_r116_authority_over_person_and_household_goes_back_at_the_decision(walk: Walk) -> None:
    returned = wayout.give_back(walk, walk.nomination.case_id)

    now_check()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        case = Case.objects.get(pk=walk.nomination.case_id)
        held = spans(case)
        assert Designation.objects.get(case=case).ends_at == returned.decided_at
    assert case.state == "local"
    assert len(held) == 2  # the person and the partner
    for periods in held.values():
        assert unbroken(periods)
        last = max(periods, key=lambda span: span.start)
        assert (last.authority, last.start) == (Authority.CHIEF_PROSECUTOR, returned.decided_at)


def test_r116_no_measure_ends_and_each_is_listed_with_what_becomes_of_it(walk: Walk) -> None:
    returned = wayout.give_back(walk, walk.nomination.case_id, {"camera": "reordered"})

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert Measure.objects.get(kind="camera").state == "ordered"
        lines = {line.measure.kind: line.outcome for line in ReturnedMeasure.objects.filter(returned=returned)}
    assert lines == {"camera": "reordered", "close_protection": "ended_before"}


def test_r116_the_written_confirmation_completes_the_file_and_moves_nothing(walk: Walk) -> None:
    returned = wayout.give_back(walk, walk.nomination.case_id, {"camera": "reordered"})

    confirmed = wayout.confirm(walk, returned)

    chief = walk.actor(Role.CHIEF_PROSECUTOR)
    assert confirmed.state == "confirmed"
    with acting(chief, at=walk.at):
        newest = AuthorityPeriod.objects.filter(person=walk.case.person).latest("period")
        camera = Measure.objects.get(kind="camera")
        assert newest.period.lower == returned.decided_at
        assert (camera.state, camera.ordered_under, camera.ordered_by_id) == (
            "ordered",
            Authority.CHIEF_PROSECUTOR,
            chief.user_id,
        )
        assert MeasureReport.objects.get(measure=camera).step == "reorder"
        assert not WorkItem.objects.filter(kind="return.confirm", closed_at=None).exists()


def test_r116_a_return_that_nobody_confirms_alarms_at_both(walk: Walk) -> None:
    returned = wayout.give_back(walk, walk.nomination.case_id)

    from cases.services.watch import _unconfirmed  # noqa: PLC0415  # the watch itself runs on the worker

    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=returned.confirm_due):
        assert _unconfirmed(returned.confirm_due) == _unconfirmed(returned.confirm_due) == 1
        assert _unconfirmed(returned.confirm_due - timedelta(minutes=1)) == 0
        alarmed = WorkItem.objects.filter(kind="return.unconfirmed").values_list("owner_role", flat=True)
    assert sorted(alarmed) == [Role.CHIEF_PROSECUTOR, Role.DECIDER]


def test_r116_a_measure_of_the_scheme_alone_keeps_authority_where_it_is(world: World) -> None:
    walk = Walk(world)
    walk.decided()

    with pytest.raises(Conflict) as refusal:
        wayout.give_back(walk, walk.nomination.case_id)

    assert refusal.value.code == "central_measures"
    assert refusal.value.params["kinds"] == str(MeasureKind.CLOSE_PROTECTION.label)
    assert walk.case.state == "scheme"


def test_r116_it_is_said_of_every_measure_what_becomes_of_it(walk: Walk) -> None:
    decider = walk.actor(Role.DECIDER)

    with pytest.raises(Invalid) as refusal:
        services.return_authority(
            case_id=walk.nomination.case_id,
            reasons="Gone.",
            outcomes={},
            version=wayout.seen(walk, walk.nomination.case_id).version,
            code=code_for(decider),
            actor=decider,
            at=walk.tick(),
        )

    assert len(refusal.value.faults) == 1


@pytest.mark.parametrize(
    ("role", "nth", "version", "reasons", "error"),
    [
        (Role.CASE_MANAGER, 1, 0, "Gone.", Forbidden),
        (Role.DECIDER, 2, 0, "Gone.", Forbidden),  # sees the case, but is not the named one
        (Role.DECIDER, 1, -1, "Gone.", Stale),
        (Role.DECIDER, 1, 0, " ", Invalid),
    ],
)
def test_r116_a_return_is_refused(
    walk: Walk, role: Role, nth: int, version: int, reasons: str, error: type[Exception]
) -> None:
    case_id = walk.nomination.case_id
    actor = walk.world.actor(role, nth=nth)
    services.give_access(
        case_id=case_id,
        role=role,
        user_id=actor.user_id,
        reason="stands in",
        ground="access.give",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        camera = Measure.objects.get(kind="camera")

    with pytest.raises(error):
        services.return_authority(
            case_id=case_id,
            reasons=reasons,
            outcomes={camera.pk: "continues"},
            version=wayout.seen(walk, case_id).version + version,
            code=code_for(actor),
            actor=actor,
            at=walk.tick(),
        )


def test_r116_only_the_office_that_has_authority_confirms_and_only_once(walk: Walk) -> None:
    returned = wayout.give_back(walk, walk.nomination.case_id)
    adviser = walk.actor(Role.PROSECUTION_ADVISER)
    with pytest.raises(Forbidden):
        services.confirm_return(return_id=returned.pk, code=code_for(adviser), actor=adviser, at=walk.tick())

    wayout.confirm(walk, returned)

    with pytest.raises(IllegalMove):
        wayout.confirm(walk, returned)


def test_r116_rejecting_after_an_urgent_designation_returns_authority(world: World) -> None:
    walk, case_id = _urgent_then_prepared(world)
    wayout.end(walk, case_id, "close_protection")

    _reject(walk)

    now_check()
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        case = Case.objects.get(pk=case_id)
        assert case.state == "local"
        assert all(unbroken(periods) for periods in spans(case).values())
        assert not WorkItem.objects.filter(scope_id=case_id, kind="designation.ratify", closed_at=None).exists()
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        assert WorkItem.objects.filter(scope_id=case_id, kind="return.confirm", closed_at=None).exists()


def test_r116_rejecting_is_refused_while_a_measure_of_the_scheme_is_in_force(world: World) -> None:
    walk, case_id = _urgent_then_prepared(world)

    with pytest.raises(Conflict, match="central_measures"):
        _reject(walk)

    assert wayout.seen(walk, case_id).state == "scheme"


def _urgent_then_prepared(world: World) -> tuple[Walk, UUID]:
    """Designated by telephone while the nomination was under way, and the judgement prepared since."""
    walk = Walk(world)
    walk.prepared()
    services.order_urgent_measures(
        case_id=walk.nomination.case_id,
        caller="officer on duty",
        note="Shots fired.",
        kinds=["close_protection", "patrol"],
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    return walk, walk.nomination.case_id


def _reject(walk: Walk) -> None:
    decider = walk.actor(Role.DECIDER)
    walk.answered("rejection", walk.nomination.pk, case_id=walk.nomination.case_id)
    services.judge(
        nomination_id=walk.nomination.pk,
        outcome="reject",
        reasons="Order was never given.",
        version=walk.nomination.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


# --- pages ----------------------------------------------------------------------------------------------------------


def test_r116_the_pages_return_and_confirm(walk: Walk) -> None:
    case_id, decider, chief = walk.nomination.case_id, walk.actor(Role.DECIDER), walk.actor(Role.CHIEF_PROSECUTOR)
    with acting(decider, at=walk.at):
        camera = Measure.objects.get(kind="camera")
        designation = Designation.objects.get(case_id=case_id)
    walk.answered("return", designation.pk, case_id=case_id)
    address = reverse("cases:return", args=[case_id])
    sent = {
        "reasons": "Gone.",
        f"outcome_{camera.pk}": "continues",
        "version": wayout.seen(walk, case_id).version,
        "code": code_for(decider),
    }

    answer = as_client(decider).post(address, sent)

    assert answer.status_code == 302, answer.text
    with acting(chief, at=walk.at + timedelta(days=900)):
        item = WorkItem.objects.get(kind="return.confirm")
    confirmed = as_client(chief).post(reverse("cases:returned", args=[item.subject_id]), {"code": code_for(chief)})
    assert confirmed.status_code == 302
    assert wayout.seen(walk, case_id).state == "local"


def test_r116_the_page_says_why_authority_cannot_go_back_yet(world: World) -> None:
    walk = Walk(world)
    walk.decided()

    page = as_client(walk.actor(Role.DECIDER)).get(reverse("cases:return", args=[walk.nomination.case_id]))

    assert "Close personal protection" in page.text
    assert "These measures exist in the scheme alone" in page.text


def test_an_urgently_designated_case_can_be_returned_unratified(world: World) -> None:
    walk = Walk(world)
    designation = urgently_designated(walk)
    decider = walk.actor(Role.DECIDER)
    services.assign_case(
        case_id=designation.case_id,
        case_manager=walk.actor(Role.CASE_MANAGER).user_id,
        decider=decider.user_id,
        actor=walk.actor(Role.DUTY_OFFICER),
        at=walk.tick(),
    )
    wayout.end(walk, designation.case_id)
    wayout.give_back(walk, designation.case_id)

    with acting(decider, at=walk.at):
        assert not WorkItem.objects.filter(kind="designation.ratify", closed_at=None).exists()
