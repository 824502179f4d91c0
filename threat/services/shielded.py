"""Shielded investigations: the information coordinator of each police supplier that was asked looks along."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.utils import timezone

from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.models import OrganisationKind
from threat.lifecycle import CheckOutcome
from threat.models import InformationRequest, ShieldedCheck
from threat.policies import may_supply
from threat.services.case import refuse_if
from threat.services.information import locked_request

WATCHES = frozenset({OrganisationKind.POLICE_REGION, OrganisationKind.POLICE_LX, OrganisationKind.KMAR})
"""Suppliers that have shielded criminal investigations (Besluit politiegegevens art. 2:13)."""
WORK = "threat.shielded_check"


@act
def record_check(*, request_id: UUID, outcome: str, checked_on: date, actor: Actor, at: datetime) -> ShieldedCheck:
    """The information coordinator looked. What can be shared comes as a product of its own; nothing is written here.

    Raises:
        InformationRequest.DoesNotExist: unknown, or asked of another organisation.
        Forbidden: not the supplier.
        Invalid: no outcome, a day ahead, or a supplier without shielded investigations.
    """
    request = locked_request(request_id, actor=actor, at=at)
    require(may_supply(actor, supplier=request.supplier_id))
    faults = []
    if outcome not in set(CheckOutcome):
        faults.append(Fault("outcome", "invalid", gettext_noop("Say what came of it.")))
    if checked_on > timezone.localdate(at):
        faults.append(Fault("checked_on", "ahead", gettext_noop("This lies ahead.")))
    if request.supplier.kind not in WATCHES:
        faults.append(Fault("", "no_investigations", gettext_noop("This organisation has no shielded investigations.")))
    refuse_if(faults)
    row = ShieldedCheck(
        case_id=request.case_id,
        request=request,
        supplier_id=request.supplier_id,
        outcome=outcome,
        checked_on=checked_on,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    row.save(force_insert=True)
    for each in InformationRequest.objects.filter(case_id=request.case_id, supplier_id=request.supplier_id):
        work.close_items(each.pk, kind=WORK, verb="shielded.check")
    audit.record("shielded.check", row)  # without the case: its timeline must not betray an investigation
    return row


@dataclass(frozen=True)
class LastCheck:
    """When a supplier looked last for the person of a case; None: never. The first look counts from the asking."""

    case_id: UUID
    supplier_id: UUID
    supplier: str
    on: date | None
    overdue: bool


def last_checks(case_ids: Collection[UUID], *, at: datetime) -> list[LastCheck]:
    """Per case and police supplier that was asked: the day of the last look, and whether the next is overdue.

    Days alone: what came of it is for the supplier and the head of analysis.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, supplier_id, supplier, asked_on, checked_on FROM threat_shielded_looks(%s::uuid[], %s)",
            [list(case_ids), sorted(WATCHES)],
        )
        rows = cursor.fetchall()
    oldest = timezone.localdate(at) - norms.term("threat.shielded", at=at)
    return [
        LastCheck(case_id, supplier_id, name, on, overdue=(on or asked_on) < oldest)
        for case_id, supplier_id, name, asked_on, on in rows
    ]


def watch_checks(at: datetime) -> int:
    """A look that is overdue is work of the supplier, on the newest request about that person. Part of watching."""
    newest: dict[tuple[UUID, UUID], InformationRequest] = {}
    asked = InformationRequest.objects.filter(supplier__kind__in=WATCHES, case__closed_at=None)
    for request in asked.select_related("supplier").order_by("asked_at", "pk"):
        newest[request.case_id, request.supplier_id] = request
    late = [one for one in last_checks({key[0] for key in newest}, at=at) if one.overdue]
    for one in late:
        request = newest[one.case_id, one.supplier_id]
        work.open_item(
            WORK,
            request,
            owner_role=Role.PRODUCT_SUPPLIER,
            organisation=request.supplier_id,
            label=request.number,
            due=at,
        )
    return len(late)


def own_checks(request: InformationRequest, *, actor: Actor, at: datetime) -> list[ShieldedCheck]:
    """What came of looking, for the supplier and the head of analysis alone. Part of reading a request."""
    rows = ShieldedCheck.objects.visible_to(actor, at=at).filter(
        case_id=request.case_id, supplier_id=request.supplier_id
    )
    return list(rows.select_related("recorded_by").order_by("-checked_on", "-recorded_at"))
