"""A report about somebody who is known already: passed on, forwarded, taken up or turned away, and answered (R050)."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from cases.lifecycle import CaseState
from cases.models import Case, PassedReport
from cases.policies import may_answer_report, may_forward_report, may_open_intake, may_read_answer
from cases.reporting import OPEN, REPORT_LIFECYCLE, ReportState
from cases.services import case as cases
from cases.services.contact import Heard, log_contact
from cases.services.intake import Intake, require_whole
from cases.services.naming import Keys
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

TOLD = ("name", "birth_date", "reach", "what_happened", "measures_now")
WORK = ("report.answer", "report.unanswered")


@act
def pass_report(*, intake: Intake, actor: Actor, at: datetime) -> PassedReport:
    """Pass what the police know on to the office of the open case about this person; nothing of the case comes back.

    Raises:
        Forbidden: not the police RCCB, or no ground in force to share it.
        Invalid: something obligatory is missing.
        Conflict: there is no open case about a person with this name: open the intake.
    """
    require(may_open_intake(actor))
    require_whole(intake)
    keys = Keys.of(intake.name, intake.birth_date)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, office_id FROM cases_handled_by(%s, %s)", [keys.born or keys.name, bool(keys.born)]
        )
        found = cursor.fetchone()
    if found is None:
        raise Conflict("not_known", gettext_noop("There is no case about this person: open the intake."))
    case_id, office_id = found
    key = vault.make_key(at=at)
    row = PassedReport(
        reference=cases.next_reference("M", on=at.date()),
        case_id=case_id,
        office_id=office_id,
        key=key,
        state=REPORT_LIFECYCLE.initial,
        reported_by_id=actor.user_id,
        reported_at=at,
        due_at=norms.due("cases.report", since=at),
        provenance=actor.organisation,
        data_regime="wpg",
    )
    box = vault.box(key.pk)
    for name in TOLD:
        box.seal(row, name, getattr(intake, name), key=key.pk)
    row.save(force_insert=True)
    police, prosecution = OrganisationKind.POLICE_REGION, OrganisationKind.PROSECUTION
    gate.share(InformationType.INTAKE, row, provider=police, receiver=prosecution, on=at.date(), scope=case_id)
    _ask(row, to=Role.PROSECUTION_ADVISER, organisation=office_id)
    audit.record("report.pass", row, scope=case_id)
    return row


@act
def forward_report(*, report_id: UUID, actor: Actor, at: datetime) -> PassedReport:
    """The office forwards it to the NCTV, which acts in this case; there it becomes a signal.

    Raises:
        Forbidden: not the office, or no ground in force to share it.
        Conflict: it names no case, or the NCTV does not act in it yet.
        IllegalMove: it was forwarded or answered.
    """
    row, case = _locked(report_id, actor=actor, at=at)
    require(may_forward_report(actor, office=row.office_id))
    row.state = REPORT_LIFECYCLE.apply("forward", state=row.state)
    if case is None or case.state not in (CaseState.TRIAGE, CaseState.SCHEME):
        raise Conflict("not_with_nctv", gettext_noop("The NCTV does not act in this case: take the report up here."))
    row.forwarded_at = at
    row.save()
    prosecution, nctv = OrganisationKind.PROSECUTION, OrganisationKind.NCTV
    gate.share(InformationType.INTAKE, row, provider=prosecution, receiver=nctv, on=at.date(), scope=case.pk)
    work.close_items(row.pk, kind="report.answer", verb="report.forward")
    if case.case_manager_id:
        _ask(row, to=Role.CASE_MANAGER, owner=case.case_manager_id)
    else:
        _ask(row, to=Role.DUTY_OFFICER, organisation=cases.nctv().pk)
    audit.record("report.forward", row, scope=case.pk)
    return row


@act
def take_report(*, report_id: UUID, answer: str, actor: Actor, at: datetime) -> PassedReport:
    """Take the report up, with an answer to who reported. At the NCTV it goes to threat analysis as a signal.

    Raises:
        Forbidden: not the office, or once forwarded not the NCTV.
        IllegalMove: it was answered.
        Invalid: no answer.
    """
    row, case = _locked(report_id, actor=actor, at=at)
    forwarded = row.state == ReportState.FORWARDED
    _answer(row, "take", answer, actor=actor, at=at)
    if forwarded and case is not None:
        log_contact(
            case_id=case.pk,
            person_id=case.person_id,
            text=vault.box(row.key_id).open(row, "what_happened"),
            is_signal=True,
            heard=Heard(informant="police"),
            actor=actor,
            at=at,
        )
    return row


@act
def differ_report(*, report_id: UUID, answer: str, actor: Actor, at: datetime) -> PassedReport:
    """It is about somebody else: who reported does so anew, with what tells the two apart.

    Raises:
        Forbidden, IllegalMove, Invalid: as for `take_report`.
    """
    row, _case = _locked(report_id, actor=actor, at=at)
    _answer(row, "differ", answer, actor=actor, at=at)
    return row


@act
def read_report_answer(*, report_id: UUID, actor: Actor, at: datetime) -> PassedReport:
    """Who reported has read what became of it.

    Raises:
        Forbidden: somebody else reported it.
        Conflict: it was not answered yet.
    """
    row: PassedReport = PassedReport.objects.visible_to(actor, at=at).get(pk=report_id)
    require(may_read_answer(actor, reported_by=row.reported_by_id))
    if row.state in OPEN:
        raise Conflict("nothing_to_read", gettext_noop("This report was not answered yet."))
    work.close_items(row.pk, kind="report.answered", verb="report.read")
    audit.record("report.read", row, scope=row.case_id)
    return row


def _answer(row: PassedReport, step: str, answer: str, *, actor: Actor, at: datetime) -> None:
    forwarded = row.state == ReportState.FORWARDED
    require(may_answer_report(actor, office=row.office_id, forwarded=forwarded, reported_by=row.reported_by_id))
    row.state = REPORT_LIFECYCLE.apply(step, state=row.state)
    cases.require_texts(answer=answer)
    vault.box(row.key_id).seal(row, "answer", answer, key=row.key_id)
    row.answered_by_id, row.answered_at = actor.user_id, at
    row.save()
    verb = f"report.{step}"
    for kind in WORK:
        work.close_items(row.pk, kind=kind, verb=verb)
    work.open_item("report.answered", row, owner_role=Role.POLICE_RCCB, owner=row.reported_by_id, label=row.reference)
    audit.record(verb, row, scope=row.case_id)


def _locked(report_id: UUID, *, actor: Actor, at: datetime) -> tuple[PassedReport, Case | None]:
    """The report, and its case locked first where it names one: nobody answers about themselves or a relative."""
    seen = PassedReport.objects.visible_to(actor, at=at).get(pk=report_id)
    case = cases.locked_case(seen.case_id, actor=actor, at=at) if seen.case_id else None
    return PassedReport.objects.select_for_update(of=("self",)).get(pk=report_id), case


def _ask(
    row: PassedReport,
    kind: str = "report.answer",
    *,
    to: Role,
    owner: UUID | None = None,
    organisation: UUID | None = None,
) -> None:
    work.open_item(
        kind, row, owner_role=to, owner=owner, organisation=organisation, label=row.reference, due=row.due_at
    )


def watch_reports(at: datetime) -> int:
    """A report that nobody took up within the norm alarms the chief prosecutor, and forwarded the duty officer too."""
    late = list(PassedReport.objects.filter(state__in=OPEN, due_at__lte=at))
    for row in late:
        _ask(row, "report.unanswered", to=Role.CHIEF_PROSECUTOR, organisation=row.office_id)
        if row.state == ReportState.FORWARDED:
            _ask(row, "report.unanswered", to=Role.DUTY_OFFICER, organisation=cases.nctv().pk)
    return len(late)
