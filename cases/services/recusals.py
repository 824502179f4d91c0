"""Nobody acts in a case about a relative or a superior: who that is, is written down or follows from the household."""

from datetime import datetime
from uuid import UUID

from cases.models import Case, Recusal
from cases.policies import may_end_recusal, may_keep_recusals
from cases.services import case as cases
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, IllegalMove, gettext_noop
from stelsel.kernel.models import User


@act
def recuse(*, case_id: UUID, user_id: UUID, ground: str, reason: str, actor: Actor, at: datetime) -> Recusal:
    """Keep a colleague out of a case: from now on they read and change nothing of it (C26 par. 2.4.2).

    Where they are named on the case, the desk names somebody else. Nothing that they did before is undone.

    Raises:
        Conflict: that was written down before.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_recusals(actor))
    cases.require_texts(ground=ground, reason=reason)
    user = User.objects.get(pk=user_id, is_active=True)
    if Recusal.objects.filter(case=case, user=user, ended_at=None).exists():
        raise Conflict("recused", gettext_noop("This colleague is kept out of this case already."))
    row = Recusal(case=case, user=user, ground=ground, recorded_by_id=actor.user_id, recorded_at=at)
    cases.seal(row, case, reason=reason)
    row.save(force_insert=True)
    if user.pk in (case.case_manager_id, case.decider_id):
        _name_another(case, at=at)
    audit.record("recusal.record", row, scope=case.pk, detail={"ground": ground})
    return row


def _name_another(case: Case, *, at: datetime) -> None:
    work.open_item(
        "triage.assign",
        case,
        owner_role=Role.DUTY_OFFICER,
        organisation=cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.triage.assign", since=at),
    )


@act
def end_recusal(*, recusal_id: UUID, reason: str, actor: Actor, at: datetime) -> Recusal:
    """The tie is no more, or was no tie: by the security officer, never by the one it is about.

    Raises:
        IllegalMove: it ended before.
    """
    row = Recusal.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=recusal_id)
    case = cases.locked_case(row.case_id, actor=actor, at=at)
    require(may_end_recusal(actor, user=row.user_id))
    if row.ended_at is not None:
        raise IllegalMove("ended", gettext_noop("This ended before."))
    cases.require_texts(reason=reason)
    row.ended_by_id, row.ended_at = actor.user_id, at
    cases.seal(row, case, end_reason=reason)
    row.save()
    audit.record("recusal.end", row, scope=case.pk)
    return row
