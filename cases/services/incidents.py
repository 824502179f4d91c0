"""Incidents to those who guard: reported on the measure, answered by who runs the case and who coordinates (R019)."""

from datetime import datetime
from uuid import UUID

from cases.models import GuardIncident
from cases.models.incident import IncidentKind
from cases.policies import may_answer_incident, may_report_incident
from cases.services import case as cases
from cases.services.case import require_texts
from cases.services.measures import locked_measure
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation
from stelsel.legal import gate
from stelsel.legal.models import InformationType


@act
def report_incident(
    *, measure_id: UUID, kind: str, happened_at: datetime, stopped: bool, text: str, actor: Actor, at: datetime
) -> GuardIncident:
    """Report what happened to those who guard. It lands at once with who runs the case and with the LCC.

    Raises:
        Invalid: without a text, of an unknown kind, or before it happened.
    """
    measure = locked_measure(measure_id, actor=actor, at=at, version=None)
    require(may_report_incident(actor))
    require_texts(text=text)
    if kind not in IncidentKind.values or happened_at > at:
        fault = Fault("happened_at", "future", gettext_noop("An incident is reported after it happened."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    case, key = measure.case, measure.case.person.key_id
    incident = GuardIncident(
        case=case,
        measure=measure,
        kind=kind,
        happened_at=happened_at,
        stopped=stopped,
        reported_by_id=actor.user_id,
        reported_at=at,
    )
    vault.box(key).seal(incident, "text", text, key=key)
    incident.save(force_insert=True)
    _share(incident, actor=actor, at=at)
    _tell(incident, at=at)
    cases.touch(case, at=at)
    audit.record("incident.report", incident, scope=case.pk, detail={"kind": kind, "stopped": stopped})
    return incident


def _share(incident: GuardIncident, *, actor: Actor, at: datetime) -> None:
    """What the police or the KMar know of their own people goes to the authority over the person."""
    if actor.organisation_id is None:
        raise TypeError("who guards acts for an organisation")
    provider = Organisation.objects.get(pk=actor.organisation_id).kind
    holder = cases.authority_now(incident.measure.person_id, at=at).holder.kind
    gate.share(
        InformationType.GUARD_INCIDENT,
        incident,
        provider=provider,
        receiver=holder,
        on=at.date(),
        scope=incident.case_id,
    )


def _tell(incident: GuardIncident, *, at: datetime) -> None:
    """Work with who runs the case, and with the LCC, on the page of the incident."""
    case, due = incident.case, norms.due("cases.incident", since=at)
    named = case.case_manager_id
    work.open_item(
        "incident.answer",
        incident,
        owner_role=Role.CASE_MANAGER if named else Role.PROSECUTION_ADVISER,
        owner=named,
        organisation=None if named else case.office_id,
        label=case.number,
        scope=case.pk,
        due=due,
    )
    work.open_item(
        "incident.answer",
        incident,
        owner_role=Role.LCC_COORDINATOR,
        organisation=cases.lcc().pk,
        label=case.number,
        scope=case.pk,
        due=due,
    )


@act
def answer_incident(*, incident_id: UUID, answer: str, actor: Actor, at: datetime) -> GuardIncident:
    """Write down what was done about it; from then on the report is final.

    Raises:
        Conflict: somebody else answered it.
    """
    incident = (
        GuardIncident.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=incident_id)
    )
    require(may_answer_incident(actor))
    require_texts(answer=answer)
    if incident.state != "open":
        raise Conflict("answered", gettext_noop("This was answered already."))
    key = incident.case.person.key_id
    vault.box(key).seal(incident, "answer", answer, key=key)
    incident.state, incident.answered_by_id, incident.answered_at = "answered", actor.user_id, at
    incident.save()
    work.close_items(incident.pk, kind="incident.answer", verb="incident.answer")
    audit.record("incident.answer", incident, scope=incident.case_id)
    return incident
