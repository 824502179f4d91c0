"""Emergency access (break glass): a reason, a fresh confirmation, a short time, the security officer told at once."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from cases.models import Case, EmergencyAccess
from cases.policies import may_break_glass, may_review_emergency
from cases.services import case as cases
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, NotVisible, gettext_noop


@act
def break_glass(*, number: str, reason: str, actor: Actor, at: datetime) -> EmergencyAccess:
    """See the case with this number for as long as the house norm says.

    Raises:
        Forbidden: no case role of the NCTV, not confirmed in the last minutes, or an earlier emergency is unreviewed.
        NotVisible: no case has this number.
    """
    unreviewed = EmergencyAccess.objects.filter(user_id=actor.user_id, reviewed_at=None).exists()
    require(may_break_glass(actor, at=at, unreviewed=unreviewed))
    cases.require_texts(reason=reason)
    case = Case(pk=_case_id(number))
    cases.require_not_kept_out(case.pk)
    emergency = EmergencyAccess.objects.create(
        case=case,
        case_number=number,
        user_id=actor.user_id,
        reason=reason,
        granted_at=at,
        until=norms.due("cases.emergency", since=at),
    )
    access.give(
        case,
        to=Principal(role=actor.role, user_id=actor.user_id),
        reason=f"emergency: {reason}"[:200],
        ground="emergency",
        until=emergency.until,
    )
    work.open_item("emergency.review", emergency, owner_role=Role.SECURITY_OFFICER, label=number, due=at)
    audit.record("emergency.open", emergency, scope=case.pk)
    return emergency


def _case_id(number: str) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_with_number(%s)", [number])
        (found,) = cursor.fetchone()
    if found is None:
        raise NotVisible
    return UUID(str(found))


@act
def review_emergency(*, emergency_id: UUID, justified: bool, actor: Actor, at: datetime) -> EmergencyAccess:
    """The security officer reviews somebody else's emergency access; not justified opens an investigation elsewhere."""
    emergency = EmergencyAccess.objects.select_for_update().get(pk=emergency_id)
    require(may_review_emergency(actor, user=emergency.user_id))
    if emergency.reviewed_at is not None:
        raise Conflict("reviewed", gettext_noop("This was reviewed already."))
    emergency.reviewed_by_id, emergency.reviewed_at, emergency.justified = actor.user_id, at, justified
    emergency.save()
    work.close_items(emergency.pk, kind="emergency.review", verb="emergency.review")
    audit.record("emergency.review", emergency, scope=emergency.case_id, detail={"justified": justified})
    return emergency
