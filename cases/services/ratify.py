"""Decisions of the urgent route after designation: they hold at once, and another decider confirms them in time."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from cases.models import Case, LevelDecision, Package, Ratification, UrgentRequest
from cases.policies import may_ratify
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, signing, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop

WORK = ("decision.ratify", "decision.ratify_overdue")
SUBJECT: dict[type[models.Model], str] = {
    LevelDecision: "level",
    Package: "package",
    UrgentRequest: "urgent_request",
}


def ask(
    case: Case, decision: LevelDecision | Package | UrgentRequest, *, why: str, actor: Actor, at: datetime
) -> Ratification:
    """Let the deciders of the NCTV confirm what one person decided because it could not wait. Part of a service."""
    due = norms.due("cases.ratify", since=at)
    row = Ratification(case=case, decided_by_id=actor.user_id, decided_at=at, due=due)
    setattr(row, SUBJECT[type(decision)], decision)
    cases.seal(row, case, why=why)
    row.save(force_insert=True)
    access.give(
        case,
        to=Principal(role=Role.DECIDER, group_id=cases.nctv().group_for(Role.DECIDER).pk),
        reason="urgent decision to ratify",
        ground="decision.urgent",
        until=due + timedelta(days=7),
    )
    work.open_item(
        "decision.ratify",
        row,
        owner_role=Role.DECIDER,
        organisation=cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=due,
    )
    audit.record("decision.urgent", row, scope=case.pk)
    return row


def overdue(at: datetime) -> int:
    """Alarm where nobody confirmed in time. Part of watching."""
    late = Ratification.objects.filter(due__lte=at, ratified_at=None).select_related("case")
    for row in late:
        work.open_item(
            "decision.ratify_overdue",
            row,
            owner_role=Role.DECIDER,
            organisation=cases.nctv().pk,
            label=row.case.number,
            scope=row.case_id,
            due=row.due,
        )
    return len(late)


@act
def ratify_decision(*, ratification_id: UUID, reasons: str, code: str, actor: Actor, at: datetime) -> Ratification:
    """A decider who did not take the decision confirms it, signed.

    Raises:
        Conflict: it was confirmed already.
    """
    row = (
        Ratification.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=ratification_id)
    )
    case = cases.locked_case(row.case_id, actor=actor, at=at)
    require(may_ratify(actor, decided_by=row.decided_by_id))
    if row.ratified_at is not None:
        raise Conflict("ratified", gettext_noop("This decision was ratified already."))
    cases.require_texts(reasons=reasons)
    decision = row.level_id or row.package_id or row.urgent_request_id
    content = {
        "case": case.number,
        "decision": str(decision),
        "why": cases.box_for(case).open(row, "why"),
        "reasons": reasons,
    }
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    row.ratified_by_id, row.ratified_at = actor.user_id, at
    cases.seal(row, case, reasons=reasons)
    row.save()
    for kind in WORK:
        work.close_items(row.pk, kind=kind, verb="decision.ratify_done")
    audit.record("decision.ratify", row, scope=case.pk)
    return row
