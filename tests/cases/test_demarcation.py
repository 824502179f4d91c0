"""Another regime beside the scheme and the local domain: nobody falls between, and of a block nothing is written."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases import services
from cases.demarcation import BETWEEN, DEMARCATION_LIFECYCLE, OPEN, DemarcationState
from cases.models import AuthorityPeriod, Case, Demarcation, Measure, Nomination
from cases.services import Elsewhere, reading
from cases.services.demarcation import watch_demarcations
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import OrganisationKind, WorkItem
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.walk import Walk
from tests.world import World

CHIEF, ADVISER = Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER


@pytest.fixture
def walk(world: World) -> Walk:
    """A case that was reported and lies with the prosecutor's office, under the chief prosecutor."""
    walk = Walk(world)
    walk.handed_in()
    return walk


def police(walk: Walk) -> UUID:
    return next(one.pk for one in walk.world.organisations.values() if one.kind == OrganisationKind.POLICE_REGION)


def leave(
    walk: Walk, regime: str, *, reason: str = "They know this threatener.", by: Actor | None = None
) -> Demarcation:
    return services.demarcate(
        case_id=walk.nomination.case_id,
        elsewhere=Elsewhere(regime, police(walk), "" if regime == "witness_protection" else reason),
        actor=by or walk.actor(CHIEF),
        at=walk.tick(),
    )


def taken_over(walk: Walk, regime: str) -> Demarcation:
    row = leave(walk, regime)
    reference = "" if regime == "witness_protection" else "PN-2026-118"
    return services.take_over(demarcation_id=row.pk, reference=reference, actor=walk.actor(ADVISER), at=walk.tick())


def handed_back(walk: Walk, row: Demarcation, *, reason: str = "") -> Demarcation:
    return services.hand_back(demarcation_id=row.pk, reason=reason, actor=walk.actor(ADVISER), at=walk.tick())


def case_of(walk: Walk, role: Role = CHIEF) -> Case:
    with acting(walk.actor(role), at=walk.at):
        return Case.objects.get(pk=walk.nomination.case_id)


def work_of(walk: Walk, kind: str) -> list[str]:
    with acting(walk.actor(CHIEF), at=walk.at):
        found = WorkItem.objects.filter(scope_id=walk.nomination.case_id, kind=kind, closed_at=None)
        return sorted(found.values_list("owner_role", flat=True))


# --- the rules ---


def test_r016_whoever_is_on_the_way_is_between_and_comes_to_an_end() -> None:
    assert BETWEEN < OPEN
    for state in DemarcationState:
        assert DEMARCATION_LIFECYCLE.final(state) == (state not in OPEN)


# --- nobody falls between ---


def test_r016_until_they_take_over_authority_and_everything_else_stays_here(walk: Walk) -> None:
    row = leave(walk, "basic_police_care")

    case = case_of(walk)
    with acting(walk.actor(CHIEF), at=walk.at):
        held = AuthorityPeriod.objects.get(case=case, person=case.person, period__contains=walk.at)
    assert (case.demarcation, held.holder_id, row.state) == ("none", case.office_id, "waiting")
    assert work_of(walk, "demarcation.answer") == [ADVISER]
    walk.assessed()  # the nomination goes on meanwhile


def test_r016_who_is_between_two_regimes_for_too_long_alarms(walk: Walk) -> None:
    row = leave(walk, "other")

    with acting(walk.actor(CHIEF), at=row.due_at):
        assert watch_demarcations(row.due_at - timedelta(minutes=1)) == 0
        assert watch_demarcations(row.due_at) == watch_demarcations(row.due_at) == 1

    assert work_of(walk, "demarcation.unanswered") == [CHIEF]


def test_r016_taken_over_and_handed_back_it_is_in_hand_again(walk: Walk) -> None:
    row = taken_over(walk, "basic_police_care")
    assert work_of(walk, "demarcation.answer") == []

    row = handed_back(walk, row, reason="The threat has become one against life.")
    assert (case_of(walk).demarcation, work_of(walk, "demarcation.receive")) == ("none", [ADVISER])
    with acting(walk.actor(CHIEF), at=row.due_at):
        assert watch_demarcations(row.due_at) == 1
    assert work_of(walk, "demarcation.not_received") == [CHIEF]
    row = services.receive_back(demarcation_id=row.pk, actor=walk.actor(CHIEF), at=walk.tick())

    assert row.state == "received"
    assert work_of(walk, "demarcation.receive") == work_of(walk, "demarcation.not_received") == []


def test_r016_what_they_do_not_take_over_stays_here(walk: Walk) -> None:
    row = leave(walk, "other")

    services.decline_demarcation(demarcation_id=row.pk, actor=walk.actor(ADVISER), at=walk.tick())

    assert (case_of(walk).demarcation, work_of(walk, "demarcation.answer")) == ("none", [])
    leave(walk, "basic_police_care")  # and another one can be asked


def test_r016_somebody_in_the_scheme_goes_only_after_authority_went_back(world: World) -> None:
    walk = Walk(world)
    walk.decided()
    case_id, decider = walk.nomination.case_id, walk.actor(Role.DECIDER)
    row = leave(walk, "basic_police_care", by=decider)

    def confirm() -> Demarcation:
        manager = walk.actor(Role.CASE_MANAGER)
        return services.take_over(demarcation_id=row.pk, reference="PN-2026-118", actor=manager, at=walk.tick())

    assert work_of(walk, "demarcation.answer") == [Role.CASE_MANAGER]

    with pytest.raises(Conflict) as refusal:
        confirm()
    assert refusal.value.code == "bound_here"
    with acting(decider, at=walk.at):
        assert Measure.objects.filter(case_id=case_id).in_force().count() > 0

    wayout.end(walk, case_id)
    wayout.confirm(walk, wayout.give_back(walk, case_id))
    wayout.tell_everybody(walk, case_id)
    confirm()
    assert case_of(walk).demarcation == "basic_police_care"


@pytest.mark.parametrize(("role", "nth"), [(ADVISER, 1), (Role.POLICE_RCCB, 1), (Role.CASE_MANAGER, 1)])
def test_r016_only_who_has_authority_decides_it(walk: Walk, role: Role, nth: int) -> None:
    with pytest.raises((Forbidden, Case.DoesNotExist)):
        leave(walk, "other", by=walk.world.actor(role, nth=nth))


def test_r016_who_decided_it_does_not_write_down_the_answer(walk: Walk) -> None:
    row = leave(walk, "other")

    with pytest.raises(Forbidden):
        services.take_over(demarcation_id=row.pk, reference="A-1", actor=walk.actor(CHIEF), at=walk.tick())


def test_r016_two_at_once_or_the_same_twice_are_refused(walk: Walk) -> None:
    row = leave(walk, "other")

    with pytest.raises(Conflict) as refusal:
        leave(walk, "witness_protection")
    assert refusal.value.code == "demarcated"
    services.decline_demarcation(demarcation_id=row.pk, actor=walk.actor(ADVISER), at=walk.tick())
    with pytest.raises(IllegalMove):
        services.decline_demarcation(demarcation_id=row.pk, actor=walk.actor(ADVISER), at=walk.tick())


# --- witness protection: a block, never content ---


def test_r002_a_block_holds_no_word(walk: Walk) -> None:
    with pytest.raises(Invalid) as refusal:
        services.demarcate(
            case_id=walk.nomination.case_id,
            elsewhere=Elsewhere("witness_protection", police(walk), "He is a witness."),
            actor=walk.actor(CHIEF),
            at=walk.tick(),
        )
    assert refusal.value.code == "block_alone"
    row = leave(walk, "witness_protection")
    with pytest.raises(Invalid):
        services.take_over(demarcation_id=row.pk, reference="W-1", actor=walk.actor(ADVISER), at=walk.tick())

    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Demarcation.objects.filter(pk=row.pk).update(reference="W-1")


def test_r002_nothing_is_done_or_read_here_of_who_is_in_witness_protection(walk: Walk) -> None:
    row = taken_over(walk, "witness_protection")
    police_officer = walk.actor(Role.POLICE_RCCB)

    with pytest.raises(Forbidden) as refusal:
        attach(walk)
    assert refusal.value.code == "other_regime"
    with pytest.raises(Forbidden):
        walk.assessed()
    with pytest.raises(Forbidden):
        reading.read_nomination(nomination_id=walk.nomination.pk, actor=police_officer, at=walk.tick())
    file = reading.read_case(case_id=walk.nomination.case_id, actor=police_officer, at=walk.tick())
    assert file.parts <= {"authority", "access"}
    assert (file.nomination, file.demarcation) == (None, row)


def attach(walk: Walk) -> object:
    return services.attach(
        case_id=walk.nomination.case_id,
        content=b"What the neighbours saw.",
        name="neighbours.txt",
        marking="DEP_V",
        part="nomination",
        actor=walk.actor(Role.POLICE_RCCB),
        at=walk.tick(),
    )


def test_r002_the_database_takes_no_new_row_about_who_is_under_another_regime(walk: Walk) -> None:
    taken_over(walk, "witness_protection")
    exempt = {"cases_demarcation", "cases_authorityperiod", "cases_caseclosure", "cases_emergencyaccess"}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.table_name, EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.table_name::regclass
                                            AND t.tgname = 'a_not_elsewhere')
               FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.column_name = 'case_id'
               AND c.table_name ~ '^(cases|threat|resilience)_'"""
        )
        guarded = dict(cursor.fetchall())
    assert {table for table, has in guarded.items() if not has} == exempt
    assert len(guarded) > 40

    with acting(walk.actor(Role.POLICE_RCCB), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.filter(pk=walk.nomination.pk).update(serious=True)


def test_r002_the_block_stands_until_they_hand_back(walk: Walk) -> None:
    row = taken_over(walk, "witness_protection")
    with acting(walk.actor(CHIEF), at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=row.case_id).update(demarcation="none")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert [str(reason) for reason in reading.what_keeps_open(case_of(walk))][-1].startswith("The block stays")

    handed_back(walk, row)

    walk.assessed()
    assert case_of(walk).demarcation == "none"


# --- a case that others look after: a thin record ---


def test_r044_of_a_case_that_others_look_after_there_is_a_thin_record_alone(walk: Walk) -> None:
    row = taken_over(walk, "basic_police_care")

    assert (row.reference, row.receiver.kind) == ("PN-2026-118", OrganisationKind.POLICE_REGION)
    with pytest.raises(Forbidden) as refusal:
        attach(walk)  # copying the local file
    assert refusal.value.code == "other_regime"
    with pytest.raises(Invalid):
        services.hold_longer(
            demarcation_id=row.pk,
            review_on=walk.at.date() + timedelta(days=400),
            actor=walk.actor(ADVISER),
            at=walk.tick(),
        )


def test_r044_the_thin_record_is_looked_at_again(walk: Walk) -> None:
    row = taken_over(walk, "basic_police_care")
    assert row.review_on is not None
    due = walk.at + timedelta(days=90)
    with acting(walk.actor(CHIEF), at=due):
        assert watch_demarcations(due) == watch_demarcations(due) == 1
    assert work_of(walk, "demarcation.review") == [ADVISER]
    walk.at = due

    later = services.hold_longer(
        demarcation_id=row.pk,
        review_on=walk.at.date() + timedelta(days=30),
        actor=walk.actor(ADVISER),
        at=walk.tick(),
    )

    assert later.review_on == walk.at.date() + timedelta(days=30)
    assert work_of(walk, "demarcation.review") == []


# --- the page ---


def test_r016_the_page_goes_the_whole_way(walk: Walk) -> None:
    address = reverse("cases:demarcation", args=[walk.nomination.case_id])
    chief, adviser = as_client(walk.actor(CHIEF)), as_client(walk.actor(ADVISER))

    refused = chief.post(address, {"act": "demarcate", "regime": "other", "receiver": police(walk), "reason": ""})
    chief.post(address, {"act": "demarcate", "regime": "other", "receiver": police(walk), "reason": "They know him."})
    own = chief.get(address)
    taken = adviser.post(address, {"act": "take_over", "reference": "PN-1"}, follow=True)
    page = adviser.get(reverse("cases:case", args=[walk.nomination.case_id]))
    back = adviser.post(address, {"act": "hand_back", "reason": "It grew."}, follow=True)
    done = chief.post(address, {"act": "receive"}, follow=True)

    assert refused.status_code == 422
    assert 'value="take_over"' not in own.text
    assert "PN-1" in taken.text
    assert "Another regime looks after this person" in page.text
    assert 'value="receive"' in back.text
    assert "In hand again" in done.text
    assert walk.actor(CHIEF).name in done.text


def test_the_page_of_a_block_says_whom_to_call_and_no_more(walk: Walk) -> None:
    taken_over(walk, "witness_protection")

    text = as_client(walk.actor(ADVISER)).get(reverse("cases:demarcation", args=[walk.nomination.case_id])).text

    assert "Witness protection: do not process here" in text
    assert "Reason" not in text
