"""The telephone at night: urgent measures without picture or file, and designation where they are person-directed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from cases.lifecycle import CONFIRM_WITHIN, Authority, ItemOutcome, Scenario
from cases.models import Case, Designation, Measure, UrgentRequest
from cases.policies import may_order_urgently, may_ratify, may_take_urgent_call
from cases.services import case as cases
from cases.services import escalation
from cases.services import ratify as ratification
from cases.services.agenda import leave_agenda
from cases.services.catalogue import known_kinds
from cases.services.intake import Intake, known_already, open_case
from cases.services.mayor import consider
from cases.services.triage import designate, ratify
from stelsel.kernel import access, audit, norms, signing, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop


@act
def open_urgent_case(*, intake: Intake, actor: Actor, at: datetime) -> Case:
    """A case for a caller whose person is not known yet: name, reason, office; the rest follows later."""
    require(may_take_urgent_call(actor))
    if known_already(intake.name, intake.birth_date):
        raise Conflict(
            "duplicate",
            gettext_noop("There is an open case about a person with this name. Search for it first."),
        )
    case = open_case(intake=intake, actor=actor, at=at)
    if actor.group_id is not None:
        access.give(
            case,
            to=Principal(role=actor.role, group_id=actor.group_id),
            reason="duty desk, urgent call",
            ground="urgent.open",
        )
    for role in (Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR):
        access.give(
            case,
            to=Principal(role=role, group_id=case.office.group_for(role).pk),
            reason="urgent call about a person in this district",
            ground="urgent.open",
        )
    return case


@act
def order_urgent_measures(
    *, case_id: UUID, caller: str, note: str, kinds: Sequence[str], actor: Actor, at: datetime
) -> UrgentRequest:
    """Order measures on a telephone note (spoedmaatregelen, Circulaire 2026 par. 2.4.1).

    Person-directed measures before designation designate the person at once; a decider who did not decide it ratifies
    within the set time, or it alarms. After designation the orders themselves are ratified so. Other measures before
    designation are ordered by the chief prosecutor's side.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    catalogue = known_kinds(kinds, on=at.date())
    person_directed = any(catalogue[kind].person_directed for kind in kinds)
    authority = Authority(cases.authority_now(case.person_id, at=at).authority)
    require(may_order_urgently(actor, authority=authority, person_directed=person_directed))
    cases.require_texts(caller=caller, note=note, kinds=",".join(kinds))
    request = UrgentRequest(case=case, person_directed=person_directed, taken_by_id=actor.user_id, called_at=at)
    box, key = cases.box_for(case), case.person.key_id
    box.seal(request, "caller", caller, key=key)
    box.seal(request, "note", note, key=key)
    request.save(force_insert=True)
    if person_directed and authority is not Authority.NCTV:
        _designate_now(case, request, note=note, actor=actor, at=at)
        authority = Authority.NCTV
    elif authority is Authority.NCTV:
        ratification.ask(case, request, why=note, actor=actor, at=at)
    for kind in sorted(set(kinds)):
        measure = Measure.objects.create(
            case=case,
            person=case.person,
            kind=kind,
            state="ordered",
            ordered_under=authority,
            ordered_by_id=actor.user_id,
            urgent_request=request,
            provisional=True,
            ordered_at=at,
            review_due=norms.due("cases.urgent.review", since=at).date(),
        )
        audit.record("measure.order", measure, scope=case.pk, detail={"kind": kind, "urgent": True})
    _let_lcc_see(case)
    if authority is Authority.NCTV:
        consider(case, Scenario.ACUTE, due=norms.due("cases.mayor.read_acute", since=at))
    cases.touch(case, at=at)
    cases.need_changed(case, why="urgent", subject=request)
    audit.record("urgent.order", request, scope=case.pk, detail={"person_directed": person_directed})
    return request


def _designate_now(case: Case, request: UrgentRequest, *, note: str, actor: Actor, at: datetime) -> None:
    due = norms.due("cases.urgent.ratify", since=at)
    designation = Designation(
        case=case, urgent_request=request, decided_by_id=actor.user_id, starts_at=at, ratify_due=due
    )
    designate(designation, case=case, step="designate_urgently", reasons=note)
    leave_agenda(case, ItemOutcome.OVERTAKEN, by=actor.user_id, at=at)
    escalation.overtake(case, by=actor.user_id, at=at)
    deciders = cases.nctv().group_for(Role.DECIDER)
    access.give(
        case,
        to=Principal(role=Role.DECIDER, group_id=deciders.pk),
        reason="urgent designation to ratify",
        ground="designation.urgent",
        until=due + timedelta(days=7),
    )
    work.open_item(
        "designation.ratify",
        designation,
        owner_role=Role.DECIDER,
        owner=case.decider_id,
        organisation=None if case.decider_id else cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=due,
    )
    work.open_item(
        "letter.confirm",
        designation,
        owner_role=Role.CASE_MANAGER if case.case_manager_id else Role.DUTY_OFFICER,
        owner=case.case_manager_id,
        organisation=None if case.case_manager_id else cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=at + CONFIRM_WITHIN,
    )
    if case.case_manager_id is None:
        work.open_item(
            "triage.assign",
            case,
            owner_role=Role.DUTY_OFFICER,
            organisation=cases.nctv().pk,
            label=case.number,
            scope=case.pk,
            due=norms.due("cases.triage.assign", since=at),
        )


def _let_lcc_see(case: Case) -> None:
    for role in (Role.LCC_COORDINATOR, Role.DUTY_OFFICER):
        access.give(
            case,
            to=Principal(role=role, group_id=cases.lcc().group_for(role).pk),
            reason="carries out urgent measures",
            ground="urgent.order",
        )


@act
def ratify_designation(*, designation_id: UUID, reasons: str, code: str, actor: Actor, at: datetime) -> Designation:
    """A decider who did not take the call ratifies the urgent designation, signed."""
    designation = (
        Designation.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=designation_id)
    )
    require(may_ratify(actor, decided_by=designation.decided_by_id))
    if designation.ratify_due is None or designation.ratified_at is not None:
        raise Conflict("ratified", gettext_noop("This designation was ratified already or needs no ratification."))
    cases.require_texts(reasons=reasons)
    content = {"case": designation.case.number, "designation": str(designation.pk), "reasons": reasons}
    signature = signing.sign(designation, content, actor=actor, at=at, code=code)
    ratify(designation, signature=signature, actor=actor, at=at)
    return designation
