"""The handover file completes the case and moves nothing (R048, R049)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import HANDOVER_CHECKLIST, RED, STANDS, Fate, MeasureState, fate
from cases.models import AuthorityPeriod, Handover, KeyHolder, Measure
from cases.services.continuity import continuity
from cases.services.watch import look_at_files
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import World, code_for


def file_of(walk: Walk) -> Handover:
    with acting(walk.actor(Role.PROSECUTION_ADVISER), at=walk.at):
        return Handover.objects.get()


def supply(walk: Walk, *codes: str) -> Handover:
    return services.supply(
        handover_id=file_of(walk).pk,
        version=file_of(walk).version,
        items=[services.Supplied(code=code, text=f"About {code}.") for code in codes],
        actor=walk.actor(Role.PROSECUTION_ADVISER),
        at=walk.tick(),
    )


def sign(walk: Walk, service: object, role: Role) -> Handover:
    actor, handover = walk.actor(role), file_of(walk)
    return service(  # type: ignore[operator, no-any-return]  # offer or accept_file
        handover_id=handover.pk, version=handover.version, code=code_for(actor), actor=actor, at=walk.tick()
    )


def test_r048_an_incomplete_file_is_not_offered_and_every_gap_is_named(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST[:-2])

    with pytest.raises(Invalid) as refusal:
        sign(walk, services.offer, Role.CHIEF_PROSECUTOR)

    assert [fault.field for fault in refusal.value.faults] == list(HANDOVER_CHECKLIST[-2:])


def test_r048_a_complete_file_bears_both_signatures(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)

    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    accepted = sign(walk, services.accept_file, Role.CASE_MANAGER)

    assert accepted.state == "accepted"
    assert accepted.offered_signature is not None
    assert accepted.accepted_signature is not None
    with pytest.raises(IllegalMove):
        supply(walk, HANDOVER_CHECKLIST[0])


def test_r048_a_returned_file_can_be_completed_and_offered_again(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    offered = sign(walk, services.offer, Role.CHIEF_PROSECUTOR)

    services.return_file(
        handover_id=offered.pk,
        version=offered.version,
        reason="Who holds the keys?",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    assert sign(walk, services.offer, Role.CHIEF_PROSECUTOR).state == "proposed"


def test_only_the_office_that_held_authority_offers_the_file(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)

    with pytest.raises(Forbidden):
        sign(walk, services.offer, Role.PROSECUTION_ADVISER)


def test_r049_the_handover_touches_neither_authority_nor_measures(world: World) -> None:
    walk = Walk(world)
    walk.opened()
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="RCCB",
        note="patrol",
        kinds=["patrol"],
        actor=walk.actor(Role.POLICE_RCCB),
        at=walk.tick(),
    )
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    before = facts(walk)

    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    sign(walk, services.accept_file, Role.CASE_MANAGER)

    assert facts(walk) == before


def facts(walk: Walk) -> tuple[list[object], list[object]]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return (
            list(Measure.objects.order_by("pk").values_list("pk", "state")),
            list(AuthorityPeriod.objects.order_by("pk").values_list("pk", "authority", "period")),
        )


def key_holder(walk: Walk, **changes: object) -> None:
    handover = file_of(walk)
    told = {"holds": "keys", "premises": "The house", "holder": "The neighbour", "reach": "0600", "unknown": False}
    services.record_key_holder(
        **{**told, **changes},  # type: ignore[arg-type]  # a test passes parts of it
        handover_id=handover.pk,
        version=handover.version,
        actor=walk.actor(Role.PROSECUTION_ADVISER),
        at=walk.tick(),
    )


def test_r048_an_unknown_key_holder_is_a_gap_until_it_is_settled(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    key_holder(walk, holder="", unknown=True)
    with pytest.raises(Invalid) as refusal:
        sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    assert [fault.field for fault in refusal.value.faults] == ["key_holders"]

    with acting(walk.actor(Role.PROSECUTION_ADVISER), at=walk.at):
        gap = KeyHolder.objects.get()
    services.withdraw_key_holder(key_holder_id=gap.pk, actor=walk.actor(Role.PROSECUTION_ADVISER), at=walk.tick())
    key_holder(walk)

    assert sign(walk, services.offer, Role.CHIEF_PROSECUTOR).state == "proposed"


@pytest.mark.parametrize("changes", [{"premises": " "}, {"holder": ""}, {"unknown": True}])
def test_a_key_holder_is_named_or_not_known(world: World, changes: dict[str, object]) -> None:
    walk = Walk(world)
    walk.designated()

    with pytest.raises(Invalid):
        key_holder(walk, **changes)


def with_patrol(world: World) -> Walk:
    """A designated person for whom a patrol was in place before authority passed; the file is complete."""
    walk = Walk(world)
    walk.opened()
    police = walk.actor(Role.POLICE_RCCB)
    services.order_urgent_measures(
        case_id=walk.case.pk, caller="RCCB", note="patrol", kinds=["patrol"], actor=police, at=walk.tick()
    )
    report(walk, "put_in_place")
    walk.designated()
    supply(walk, *HANDOVER_CHECKLIST)
    return walk


def report(walk: Walk, step: str) -> None:
    police = walk.actor(Role.POLICE_RCCB)
    with acting(police, at=walk.at):
        patrol = Measure.objects.get()
    services.report_measure(measure_id=patrol.pk, step=step, note="Seen.", actor=police, at=walk.tick())


def lines(walk: Walk) -> list[tuple[bool, list[str]]]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        report = continuity(Handover.objects.select_related("case__person").get(), on=walk.at.date())
    return [(one.household, [line.fate for line in one.lines]) for one in report]


def test_r049_the_report_shows_every_measure_of_everybody_before_and_after(world: World) -> None:
    walk = with_patrol(world)

    person, *near = lines(walk)
    assert person == (True, ["continues"])
    assert sorted(near) == [(False, []), (True, [])]  # each of the others is there, also without a measure


def test_r049_a_measure_that_would_fall_is_accepted_only_with_what_is_done_about_it(world: World) -> None:
    walk = with_patrol(world)
    report(walk, "fall_away")
    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    assert lines(walk)[0] == (True, ["falls"])
    with pytest.raises(Invalid) as refusal:
        sign(walk, services.accept_file, Role.CASE_MANAGER)
    assert refusal.value.code == "would_fall"

    manager, handover = walk.actor(Role.CASE_MANAGER), file_of(walk)
    accepted = services.accept_file(
        handover_id=handover.pk,
        version=handover.version,
        code=code_for(manager),
        continuity_note="The patrol is back tonight.",
        actor=manager,
        at=walk.tick(),
    )

    assert accepted.state == "accepted"


def test_r049_a_measure_that_changed_after_the_offer_breaks_the_signature(world: World) -> None:
    walk = with_patrol(world)
    sign(walk, services.offer, Role.CHIEF_PROSECUTOR)
    report(walk, "fall_away")

    with pytest.raises(Conflict):
        sign(walk, services.accept_file, Role.CASE_MANAGER)


def test_r048_a_stalled_file_goes_to_both_heads_and_once_more_after_the_next_norm(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    stalled = []
    for days in (13, 2, 7):
        walk.at += timedelta(days=days)
        with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
            look_at_files(walk.at)
            found = WorkItem.objects.filter(kind__startswith="handover.stalled").order_by("kind", "owner_role")
            stalled.append([(item.kind, item.owner_role) for item in found])

    first = [("handover.stalled", "chief_prosecutor"), ("handover.stalled", "decider")]
    assert stalled == [
        [],
        first,
        [*first, ("handover.stalled_again", "chief_prosecutor"), ("handover.stalled_again", "decider")],
    ]


@given(
    before=st.sampled_from([None, *MeasureState]),
    now=st.sampled_from(list(MeasureState)),
    replaced=st.booleans(),
    passed=st.booleans(),
)
def test_r049_no_measure_that_stood_leaves_without_a_trace_in_the_report(
    *, before: MeasureState | None, now: MeasureState, replaced: bool, passed: bool
) -> None:
    found = fate(before, now, replaced=replaced, review_passed=passed)

    assert (found is None) == (before is MeasureState.ENDED)
    if before in STANDS and now not in STANDS:
        assert found in {Fate.FALLS, Fate.ENDED, Fate.REPLACED}
    if found in RED:
        assert now is not MeasureState.ENDED


def test_the_pages_show_the_report_and_take_a_key_holder(world: World) -> None:
    walk = with_patrol(world)
    handover, browser = file_of(walk), as_client(walk.actor(Role.PROSECUTION_ADVISER))
    address = reverse("cases:handover", args=[handover.pk])
    told = {"version": handover.version, "premises": "The shop", "holds": "alarm", "holder": "", "reach": "Typed"}

    neither = browser.post(f"{address}?act=key_holder", told)
    added = browser.post(f"{address}?act=key_holder", {**told, "holder": "The manager"})

    assert (neither.status_code, added.status_code) == (422, 302)
    assert "Typed" in neither.text
    assert "The manager" in browser.get(address).text
    assert "Intensified patrol supervision" in browser.get(reverse("cases:continuity", args=[handover.pk])).text
