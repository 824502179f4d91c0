"""A case is closed in the local domain alone, is read-only then, and is opened again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from cases import services
from cases.lifecycle import HANDOVER_CHECKLIST, Criteria
from cases.models import (
    AdoptedPicture,
    AuthorityPeriod,
    AuthorityReturn,
    Case,
    ContactEntry,
    DecisionCondition,
    Designation,
    DutyAnswers,
    Handover,
    InformDuty,
    KeyHolder,
    LevelDecision,
    Measure,
    Nomination,
    Package,
)
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, Invalid, Stale
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.caring import a_breach
from tests.cases.test_authority import now_check
from tests.cases.test_handover import key_holder
from tests.cases.test_letters import WRITING, a_letter
from tests.cases.walk import AN_ANSWER, DIRECT, Walk
from tests.world import NOON, World, code_for


@pytest.fixture
def rejected(world: World) -> Walk:
    """In the local domain: nothing in force, and the person still to be told."""
    walk = Walk(world)
    walk.prepared()
    decider = walk.actor(Role.DECIDER)
    walk.answered("rejection", walk.nomination.pk)
    walk._step(services.judge, Role.DECIDER, outcome="reject", reasons="Not serious.", code=code_for(decider))
    return walk


@pytest.fixture
def local(rejected: Walk) -> Walk:
    wayout.tell_everybody(rejected, rejected.nomination.case_id)
    return rejected


def periods(walk: Walk) -> list[tuple[Any, Any]]:
    """Of the person, in order; the last end is None where somebody has authority."""
    with acting(walk.actor(Role.CHIEF_PROSECUTOR), at=walk.at):
        rows = AuthorityPeriod.objects.filter(person=walk.case.person).order_by("period")
        return [(row.period.lower, row.period.upper) for row in rows]


def test_closing_ends_authority_at_that_instant(local: Walk) -> None:
    closure = wayout.close(local, local.nomination.case_id)

    now_check()
    assert periods(local)[-1][1] == closure.closed_at
    assert wayout.seen(local, local.nomination.case_id).state == "closed"


def test_opening_again_begins_authority_again_and_only_the_closure_lies_between(local: Walk) -> None:
    closure = wayout.close(local, local.nomination.case_id)

    reopened = wayout.reopen(local, local.nomination.case_id)

    now_check()
    (_first, first_end), (second_start, second_end) = periods(local)
    assert (first_end, second_start, second_end) == (closure.closed_at, reopened.reopened_at, None)
    assert wayout.seen(local, local.nomination.case_id).state == "local"
    wayout.close(local, local.nomination.case_id)
    wayout.reopen(local, local.nomination.case_id)
    now_check()


def test_a_gap_that_is_no_closure_is_refused_also_after_one(local: Walk) -> None:
    wayout.close(local, local.nomination.case_id)
    wayout.reopen(local, local.nomination.case_id)
    chief = local.actor(Role.CHIEF_PROSECUTOR)

    with pytest.raises(IntegrityError, match="gap"), transaction.atomic(), acting(chief, at=local.at):
        period = AuthorityPeriod.objects.get(person=local.case.person, period__upper_inf=True)
        period.period = (period.period.lower, local.tick())
        period.save()
        AuthorityPeriod.objects.create(
            case=local.case,
            person=local.case.person,
            scope="person_directed",
            authority="chief_prosecutor",
            holder=local.case.office,
            period=(local.at + timedelta(seconds=1), None),
            ground="test",
        )
        now_check()


def test_what_keeps_a_case_open_is_named(rejected: Walk) -> None:
    with pytest.raises(Conflict) as refusal:
        wayout.close(rejected, rejected.nomination.case_id)

    assert refusal.value.message == "Somebody must still be told something."


def test_a_measure_in_force_keeps_the_case_open(local: Walk) -> None:
    services.order_urgent_measures(
        case_id=local.nomination.case_id,
        caller="officer",
        note="A car stood there.",
        kinds=["patrol"],
        actor=local.actor(Role.POLICE_RCCB),
        at=local.tick(),
    )

    with pytest.raises(Conflict, match="not_closable"):
        wayout.close(local, local.nomination.case_id)

    wayout.end(local, local.nomination.case_id, by=Role.CHIEF_PROSECUTOR)
    wayout.close(local, local.nomination.case_id)


def test_a_return_that_was_not_confirmed_keeps_the_case_open(world: World) -> None:
    walk = Walk(world)
    walk.designated()
    case_id = walk.nomination.case_id
    returned = wayout.give_back(walk, case_id)
    wayout.tell_everybody(walk, case_id)
    with pytest.raises(Conflict, match="not_closable"):
        wayout.close(walk, case_id)

    wayout.confirm(walk, returned)

    wayout.close(walk, case_id)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"role": Role.CASE_MANAGER}, Forbidden),
        ({"version": 99}, Stale),
        ({"reason": "  "}, Invalid),
    ],
)
def test_closing_is_refused(local: Walk, change: dict[str, Any], error: type[Exception]) -> None:
    case_id = local.nomination.case_id
    with pytest.raises(error):
        services.close_case(
            case_id=case_id,
            reason=change.get("reason", "Done."),
            version=change.get("version", wayout.seen(local, case_id).version),
            actor=local.actor(change.get("role", Role.CHIEF_PROSECUTOR)),
            at=local.tick(),
        )


def test_a_case_in_the_scheme_cannot_be_closed(world: World) -> None:
    walk = Walk(world)
    walk.designated()

    with pytest.raises(Conflict) as refusal:
        wayout.close(walk, walk.nomination.case_id)

    assert refusal.value.message == "Only a case in the local domain is closed."


def test_opening_again_is_refused_when_the_person_has_another_open_case(local: Walk) -> None:
    case_id = local.nomination.case_id
    wayout.close(local, case_id)
    other = Walk(local.world, at=local.at)
    other.opened()

    with pytest.raises(Conflict, match="duplicate"):
        wayout.reopen(local, case_id)


# --- a closed case is read-only -------------------------------------------------------------------------------------

ON_CLOSED = {
    "give_access": "who must read it still gets to read it, with a reason and an end",
    "who_has_access": "reads",
    "list_attachments": "reads",
    "open_attachment": "reads",
    "reopen_case": "opens it again",
    "undo_merge": "opens again what rested",
    "list_letters": "reads",
    "read_letter": "reads",
    "preview": "reads",
    "open_copy": "reads",
    "report_incident": "what happened to those who guard is told whatever became of the case",
    "answer_incident": "and answered",
    "issue_copy": "hands out what was signed before, and keeps to whom",
}
"""Services on a case that a closed case allows, each with the reason."""
ON_NO_CASE = {
    "open_intake": "begins a case",
    "open_urgent_case": "begins a case",
    "pass_report": "about the open case of somebody known",
    "read_report_answer": "closes the work of who reported; changes nothing",
    "break_glass": "sees a case, changes nothing of it",
    "review_emergency": "about whoever saw a case",
    "propose_entry": "about the limitative list",
    "decide_entry": "about the limitative list",
    "change_holder": "about the limitative list",
    "end_entry": "about the limitative list",
    "change_purpose": "about the limitative list",
    "order_entry_measure": "about the limitative list",
    "report_entry_measure": "about the limitative list",
    "end_entry_measure": "about the limitative list",
    "give_entry_advice": "about the limitative list",
    "settle_entry_advice": "about the limitative list",
    "start_batch": "about files of several cases",
    "prepare_batch": "about files of several cases",
    "offer_batch": "about files of several cases",
    "continue_batch": "about files of several cases",
    "hand_over_item": "about files of several cases; hands over an open file alone",
    "stop_batch": "about files of several cases",
    "withdraw_batch": "about files of several cases",
    "convene_table": "about a triage table",
    "close_table": "about a triage table",
    "write_minutes": "about a triage table",
    "publish_framework": "about the assessment framework",
    "put_on_table": "about a triage table; the guard of the database holds for the item",
    "take_off_table": "about a triage table; the guard of the database holds for the item",
    "hold_over": "about a triage table; the guard of the database holds for the item",
    "record_view": "about a triage table; the guard of the database holds for the view",
    "watch": "opens work that time has caused; of a closed case time causes none",
}
KEY_HOLDER = {"holds": "keys", "premises": "x", "holder": "x", "reach": "x", "unknown": False}
LETTER_VERSION = 1
ON_REQUESTS = {
    "agree_employer_measure",
    "answer_expectation",
    "answer_question",
    "ask_question",
    "look_at_employer_measure",
    "settle_lapsed_measure",
    "write_expectation",
    "confirm_review",
    "decline_relative",
    "designate_relative",
    "end_relative",
    "keep_relative",
    "mark_withdrawn",
    "propose_end",
    "propose_relative",
    "ratify_decision",
    "acknowledge_notice",
    "answer_gate",
    "ask_postponement",
    "decide_notice",
    "evaluate_moment",
    "give_word",
    "make_promise",
    "move_moment",
    "name_contact",
    "note_agenda",
    "note_received",
    "propose_notice",
    "reply_as_owner",
    "set_residence",
    "settle_agreement",
    "settle_promise",
    "take_reply",
    "tell",
    "write_meeting",
    "write_plan",
    "ask_activity",
    "ask_completion",
    "complete",
    "decide_activity",
    "decide_compensation",
    "extend_term",
    "note_default",
    "notify_compensation",
    "postpone_complaint",
    "receive_compensation",
    "receive_objection",
    "record_complaint",
    "settle_complaint",
    "decide_escalation",
    "withdraw_escalation",
    "forward_report",
    "take_report",
    "differ_report",
    "confirm_merge",
    "decline_merge",
    "withdraw_merge",
    "withdraw_distinction",
    "end_recusal",
    "take_complaint",
}
"""Requests, complaints and escalations are answered to their end; plan, promise and moment have the guard below."""
VALUES = {
    "Agreed",
    "Answers",
    "Elsewhere",
    "Entry",
    "Heard",
    "Intake",
    "MadeElsewhere",
    "Note",
    "Notice",
    "Plan",
    "Planned",
    "going_on",
    "Condition",
    "Said",
    "Relation",
    "Supplied",
}
Given = Callable[["Shut"], dict[str, Any]]


class Shut:
    """A closed case with every kind of record on it, and the ids that services ask for."""

    def __init__(self, world: World) -> None:
        self.walk = walk = Walk(world)
        walk.decided()
        services.log_contact(
            case_id=walk.case.pk,
            person_id=walk.case.person_id,
            text="They called.",
            is_signal=True,
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )
        self.case_id: UUID = walk.nomination.case_id
        with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
            camera = Measure.objects.get(kind="camera")
        services.report_measure(
            measure_id=camera.pk, step="accept", note="", actor=walk.actor(Role.LCC_COORDINATOR), at=walk.tick()
        )
        letter, breach = a_letter(walk), a_breach(walk)
        key_holder(walk)
        wayout.end(walk, self.case_id)
        returned = wayout.give_back(walk, self.case_id)
        wayout.confirm(walk, returned)
        wayout.tell_everybody(walk, self.case_id)
        elsewhere = services.Elsewhere("other", walk.case.office_id, "x")
        demarcation = services.demarcate(
            case_id=self.case_id, elsewhere=elsewhere, actor=walk.actor(Role.CHIEF_PROSECUTOR), at=walk.tick()
        )
        services.decline_demarcation(
            demarcation_id=demarcation.pk, actor=walk.actor(Role.PROSECUTION_ADVISER), at=walk.tick()
        )
        alias = services.add_alias(
            case_id=self.case_id, name="x y", kind="alias", actor=walk.actor(Role.CASE_MANAGER), at=walk.tick()
        )
        wayout.close(walk, self.case_id)
        case = {"case": self.case_id}
        with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
            self.ids: dict[str, UUID] = {
                "case_id": self.case_id,
                "person_id": walk.case.person_id,
                "nomination_id": Nomination.objects.get(**case).pk,
                "designation_id": Designation.objects.get(**case).pk,
                "handover_id": Handover.objects.get(**case).pk,
                "picture_id": AdoptedPicture.objects.get(**case).pk,
                "level_id": LevelDecision.objects.get(**case).pk,
                "package_id": Package.objects.get(**case).pk,
                "condition_id": DecisionCondition.objects.get(**case).pk,
                "measure_id": Measure.objects.filter(**case)[0].pk,
                "duty_id": InformDuty.objects.filter(**case)[0].pk,
                "contact_id": ContactEntry.objects.get(**case).pk,
                "letter_id": letter.pk,
                "demarcation_id": demarcation.pk,
                "alias_id": alias.pk,
                "key_holder_id": KeyHolder.objects.get(**case).pk,
                "breach_id": breach.pk,
                "answers_id": DutyAnswers.objects.filter(**case)[0].pk,
                "return_id": AuthorityReturn.objects.get(**case).pk,
            }

    @property
    def at(self) -> datetime:
        return self.walk.at

    def content(self) -> dict[str, str]:
        """Every row of the case by table, as one hash each."""
        with acting(self.walk.actor(Role.DECIDER), at=self.at), connection.cursor() as cursor:
            found = {}
            for table in (*TABLES, "case", "caseclosure", "authorityperiod"):
                cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY id)) FROM cases_{table} t")  # noqa: S608  # named
                found[table] = str(cursor.fetchone())
        return found


@pytest.fixture
def shut(world: World) -> Shut:
    return Shut(world)


def _on(key: str, **more: Any) -> Given:
    return lambda shut: {key: shut.ids[key], **more}


def _version(key: str, **more: Any) -> Given:
    """With the version as it is, so that nothing but the closure is in the way."""
    models = {"case_id": Case, "nomination_id": Nomination, "handover_id": Handover, "package_id": Package}

    def given(shut: Shut) -> dict[str, Any]:
        with acting(shut.walk.actor(Role.CASE_MANAGER), at=shut.at):
            version = models[key].objects.get(pk=shut.ids[key]).version  # type: ignore[attr-defined]
        return {key: shut.ids[key], "version": version, **more}

    return given


DAY = date(2026, 5, 1)
R = Role
EVERY: dict[str, tuple[Role, Given]] = {
    "add_alias": (R.PROSECUTION_ADVISER, _on("case_id", name="z", kind="alias")),
    "propose_merge": (
        R.PROSECUTION_ADVISER,
        lambda shut: {"case_id": shut.case_id, "leading_id": shut.case_id, "reason": "x"},
    ),
    "say_distinct": (R.PROSECUTION_ADVISER, _on("case_id", other_id=UUID(int=1), reason="x")),
    "withdraw_alias": (R.PROSECUTION_ADVISER, _on("alias_id", reason="x")),
    "adopt_picture": (
        R.THREAT_ANALYST,
        _on(
            "case_id",
            picture_id=uuid4(),
            picture_version=1,
            method_version="GDB-1.0",
            content_hash=b"1" * 32,
            outcome="LEVEL",
            severity=4,
            likelihood=4,
            index=50.0,
            low=40.0,
            high=60.0,
            coverage=0.9,
            marking="DEP_V",
            summary="x",
            handling_advice="",
            review_due=DAY,
        ),
    ),
    "assign_case": (
        R.DUTY_OFFICER,
        lambda shut: {
            "case_id": shut.case_id,
            "case_manager": shut.walk.actor(R.CASE_MANAGER).user_id,
            "decider": shut.walk.actor(R.DECIDER).user_id,
        },
    ),
    "attach": (
        R.CASE_MANAGER,
        _on("case_id", content=b"Some text.", name="x.txt", marking="DEP_V", part="handover"),
    ),
    "check_returnable": (R.DECIDER, _on("case_id")),
    "close_case": (R.CHIEF_PROSECUTOR, _version("case_id", reason="x")),
    "complete_nomination": (R.PROSECUTION_ADVISER, _version("nomination_id", assessment="x")),
    "confirm_return": (R.CHIEF_PROSECUTOR, _on("return_id", code="CODE")),
    "decide_level": (
        R.DECIDER,
        _on("picture_id", severity=4, likelihood=4, resistance=4, departure="", reasons="x"),
    ),
    "decide_package": (R.DECIDER, _version("package_id", reasons="x", code="CODE")),
    "end_measure": (R.CHIEF_PROSECUTOR, _on("measure_id", reason="x", version=2)),
    "fill_nomination": (
        R.POLICE_RCCB,
        _version(
            "nomination_id",
            what_happened="x",
            measures_now="x",
            criteria=Criteria(serious=True, aimed_at_life=True, threatener_known=True, phenomenon=True),
        ),
    ),
    "give_advice": (R.LCC_ADVISER, _on("level_id", feasible="yes", advice="x", guard_safety="x")),
    "hand_in": (R.POLICE_RCCB, _version("nomination_id")),
    "judge": (R.DECIDER, _version("nomination_id", outcome="accept", reasons="x", code="CODE")),
    "start_letter": (
        R.CASE_MANAGER,
        lambda shut: {
            "case_id": shut.case_id,
            "kind": "designation",
            "subject_id": shut.ids["designation_id"],
            "person_id": None,
            "language": "nl",
        },
    ),
    "make_agreement": (
        R.CASE_MANAGER,
        lambda shut: {"case_id": shut.case_id, "person_id": shut.ids["person_id"], "text": "x"},
    ),
    "record_assessment": (R.PROSECUTION_ADVISER, _on("nomination_id", answers=DIRECT)),
    "record_breach": (
        R.CASE_MANAGER,
        lambda shut: {
            "case_id": shut.case_id,
            "person_id": shut.ids["person_id"],
            "agreement_id": None,
            "kind": "not_kept",
            "occurred_on": NOON.date(),
            "facts": "x",
        },
    ),
    "talk_about": (
        R.CASE_MANAGER,
        _on("breach_id", talked_on=NOON.date(), said="x", interpreter="none", version=1),
    ),
    "warn": (R.CASE_MANAGER, _on("breach_id", letter_on=NOON.date(), consequences="x", version=1)),
    "submit_breach": (R.CASE_MANAGER, _on("breach_id", alternatives="x", residual_risk="x", version=1)),
    "decide_breach": (
        R.DECIDER,
        _on("breach_id", outcome="nothing", reasons="x", version=1, code="CODE"),
    ),
    "write_answers": (
        R.CASE_MANAGER,
        lambda shut: {
            "case_id": shut.case_id,
            "occasion": "rejection",
            "subject_id": shut.ids["nomination_id"],
            "answers": AN_ANSWER,
        },
    ),
    "sign_answers": (R.DECIDER, _on("answers_id", version=2, code="CODE")),
    "settle_responsibility": (
        R.CASE_MANAGER,
        _on("measure_id", party="police_lx", cost_bearer="police_lx", reason="x"),
    ),
    "review_measure": (R.CHIEF_PROSECUTOR, _on("measure_id", note="x", review_due=DAY, version=2)),
    "chase_measure": (R.CASE_MANAGER, _on("measure_id", note="x", version=2)),
    "promise_date": (R.LCC_COORDINATOR, _on("measure_id", promised_on=DAY, supplier="x", note="x")),
    "correct_told": (
        R.CASE_MANAGER,
        lambda shut: {"measure_id": shut.ids["measure_id"], "person_id": shut.ids["person_id"], "text": "x"},
    ),
    "record_key_holder": (R.PROSECUTION_ADVISER, _version("handover_id", **KEY_HOLDER)),
    "withdraw_key_holder": (R.PROSECUTION_ADVISER, _on("key_holder_id")),
    "write_letter": (R.CASE_MANAGER, _on("letter_id", writing=WRITING, version=LETTER_VERSION)),
    "submit_letter": (R.CASE_MANAGER, _on("letter_id", version=LETTER_VERSION)),
    "sign_letter": (R.DECIDER, _on("letter_id", version=LETTER_VERSION, code="CODE")),
    "return_letter": (R.DECIDER, _on("letter_id", remark="x", version=LETTER_VERSION)),
    "withdraw_letter": (R.CASE_MANAGER, _on("letter_id", remark="x", version=LETTER_VERSION)),
    "log_contact": (
        R.CASE_MANAGER,
        lambda shut: {"case_id": shut.case_id, "person_id": shut.ids["person_id"], "text": "x", "is_signal": False},
    ),
    "mark_assigned": (R.DECIDER, _on("package_id")),
    "offer": (R.CHIEF_PROSECUTOR, _version("handover_id", code="CODE")),
    "open_inform_duty": (
        R.CASE_MANAGER,
        lambda shut: {
            "case_id": shut.case_id,
            "person_id": shut.ids["person_id"],
            "about": "displacement",
            "subject_id": uuid4(),
        },
    ),
    "order_urgent_measures": (
        R.DUTY_OFFICER,
        _on("case_id", caller="x", note="x", kinds=["close_protection"]),
    ),
    "prepare_judgement": (R.CASE_MANAGER, _version("nomination_id", proposal="x", information_used="x")),
    "ratify_designation": (R.DECIDER, _on("designation_id", reasons="x", code="CODE")),
    "record_post": (
        R.CHIEF_PROSECUTOR,
        _on("case_id", post="mayor", in_district=False, other_office=None),
    ),
    "report_measure": (R.LCC_COORDINATOR, _on("measure_id", step="accept", note="x")),
    "report_risk_moment": (
        R.CASE_MANAGER,
        _on(
            "case_id",
            kind="travel",
            starts_at=NOON + timedelta(days=100),
            ends_at=NOON + timedelta(days=101),
            region="noord",
            description="x",
        ),
    ),
    "demarcate": (
        R.CHIEF_PROSECUTOR,
        lambda shut: {
            "case_id": shut.case_id,
            "elsewhere": services.Elsewhere("other", shut.walk.case.office_id, "x"),
        },
    ),
    "take_over": (R.PROSECUTION_ADVISER, _on("demarcation_id", reference="x")),
    "decline_demarcation": (R.PROSECUTION_ADVISER, _on("demarcation_id")),
    "hold_longer": (R.PROSECUTION_ADVISER, _on("demarcation_id", review_on=DAY)),
    "hand_back": (R.PROSECUTION_ADVISER, _on("demarcation_id", reason="x")),
    "receive_back": (R.PROSECUTION_ADVISER, _on("demarcation_id")),
    "return_authority": (R.DECIDER, _version("case_id", reasons="x", outcomes={}, code="CODE")),
    "return_file": (R.CASE_MANAGER, _version("handover_id", reason="x")),
    "accept_file": (R.CASE_MANAGER, _version("handover_id", code="CODE")),
    "return_package": (R.DECIDER, _version("package_id", reasons="x")),
    "send_back": (R.PROSECUTION_ADVISER, _version("nomination_id")),
    "set_signal_state": (R.CASE_MANAGER, _on("contact_id", state="used")),
    "settle_duty": (
        R.CASE_MANAGER,
        _on("duty_id", channel="letter", told="x", withheld_ground=""),
    ),
    "sign_nomination": (R.CHIEF_PROSECUTOR, _version("nomination_id", code="CODE")),
    "start_package": (R.CASE_MANAGER, _on("level_id", tier=1, review_due=DAY)),
    "check_condition": (R.CASE_MANAGER, _on("condition_id", outcome="met", again_on=None, note="")),
    "escalate": (R.CHIEF_PROSECUTOR, _on("case_id", reasons="x")),
    "recuse": (R.CASE_MANAGER, _on("case_id", user_id=UUID(int=0), ground="other", reason="x")),
    "submit_package": (R.CASE_MANAGER, _version("package_id")),
    "supply": (
        R.PROSECUTION_ADVISER,
        _version(
            "handover_id",
            items=[services.Supplied(code=code, text="other") for code in HANDOVER_CHECKLIST],
        ),
    ),
    "tell_college": (R.CHIEF_PROSECUTOR, _on("case_id")),
    "withdraw_nomination": (R.CHIEF_PROSECUTOR, _version("nomination_id", reason="x")),
    "write_package": (
        R.CASE_MANAGER,
        _version("package_id", texts={}, planned=[], tier=1, review_due=DAY),
    ),
}


def test_each_service_on_a_case_says_what_a_closed_case_does_with_it() -> None:
    assert set(services.__all__) - VALUES == set(EVERY) | set(ON_CLOSED) | set(ON_NO_CASE) | ON_REQUESTS


def test_every_service_is_refused_on_a_closed_case_with_a_sentence_and_changes_nothing(shut: Shut) -> None:
    before, wrong = shut.content(), {}
    for name, (role, given) in EVERY.items():
        actor = shut.walk.actor(role)
        told = {key: code_for(actor) if value == "CODE" else value for key, value in given(shut).items()}
        try:
            with transaction.atomic():
                getattr(services, name)(**told, actor=actor, at=shut.walk.tick())
                now_check()
        except DomainError as refusal:
            if not refusal.message:
                wrong[name] = "refused without a sentence"
        else:
            wrong[name] = "done"
    assert wrong == {}
    assert shut.content() == before


TABLES = (
    "alias",
    "closerelation",
    "nomination",
    "judgement",
    "designation",
    "designated",
    "handover",
    "handoveritem",
    "adoptedpicture",
    "leveldecision",
    "measureadvice",
    "letter",
    "responsibility",
    "package",
    "plannedmeasure",
    "decisioncondition",
    "measure",
    "measurereport",
    "informduty",
    "contactentry",
    "authorityreturn",
    "returnedmeasure",
)


def test_the_database_refuses_any_change_of_a_closed_case(shut: Shut) -> None:
    """Without a service: the first wall off. A table that takes no changes at all says so in its own words."""
    decider = shut.walk.actor(Role.DECIDER)
    for table in TABLES:
        with (
            pytest.raises(IntegrityError, match="case_closed"),
            transaction.atomic(),
            acting(decider, at=shut.at),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"INSERT INTO cases_{table} SELECT * FROM cases_{table} LIMIT 1")  # noqa: S608  # named above


def test_a_closed_case_itself_does_not_change(shut: Shut) -> None:
    with (
        pytest.raises(IntegrityError, match="case_closed"),
        transaction.atomic(),
        acting(shut.walk.actor(Role.DECIDER), at=shut.at),
    ):
        Case.objects.filter(pk=shut.case_id).update(purpose="another")


def test_a_closed_case_cannot_get_an_authority(shut: Shut) -> None:
    with (
        pytest.raises(IntegrityError, match="nobody in authority"),
        transaction.atomic(),
        acting(shut.walk.actor(Role.DECIDER), at=shut.at),
    ):
        case = Case.objects.select_related("office").get(pk=shut.case_id)
        AuthorityPeriod.objects.create(
            case=case,
            person_id=case.person_id,
            scope="person_directed",
            authority="nctv",
            holder=case.office,
            period=(shut.at, None),
            ground="test",
        )
        now_check()


@pytest.mark.parametrize("state", ["measure", "duty"])
def test_the_database_closes_no_case_with_something_open(world: World, state: str) -> None:
    walk = Walk(world)
    walk.decided()
    if state == "duty":
        wayout.end(walk, walk.nomination.case_id)

    with (
        pytest.raises(IntegrityError, match="cannot be closed"),
        transaction.atomic(),
        acting(walk.actor(Role.DECIDER), at=walk.at),
    ):
        Case.objects.filter(pk=walk.nomination.case_id).update(state="closed")


# --- pages ----------------------------------------------------------------------------------------------------------


def test_the_pages_close_and_open_again(local: Walk) -> None:
    case_id, chief = local.nomination.case_id, as_client(local.actor(Role.CHIEF_PROSECUTOR))
    sent = {"reason": "Done.", "version": wayout.seen(local, case_id).version}

    assert chief.post(reverse("cases:close", args=[case_id]), sent).status_code == 302

    page = chief.get(reverse("cases:case", args=[case_id]))
    assert "This case is closed" in page.text
    assert "Nobody holds authority" in page.text
    again = {"reason": "A new report.", "version": wayout.seen(local, case_id).version}
    assert chief.post(reverse("cases:reopen", args=[case_id]), again).status_code == 302
    assert wayout.seen(local, case_id).state == "local"


def test_the_page_says_what_keeps_the_case_open(rejected: Walk) -> None:
    page = as_client(rejected.actor(Role.CHIEF_PROSECUTOR)).get(
        reverse("cases:close", args=[rejected.nomination.case_id])
    )

    assert "Somebody must still be told something." in page.text
