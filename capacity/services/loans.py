"""Teams lent to another organisation under an agreement (R046): marked, within what was agreed, and shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg2.extras import DateRange

from capacity.models import Team, TeamLoan
from capacity.policies import may_lend
from stelsel.kernel import audit
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.legal.agreements import Span
from stelsel.legal.models import LentCapacity


@dataclass(frozen=True)
class Loan:
    """To whom a team is lent on a day, under which agreement, until which day; `carried` while that agreement holds."""

    borrower: str
    agreement: str
    until: date | None
    carried: bool


@act
def lend_team(
    *, team_id: UUID, line_id: UUID, first_day: date, last_day: date | None, actor: Actor, at: datetime
) -> TeamLoan:
    """Mark a team as lent under a line of an agreement that every party signed.

    Raises:
        Forbidden: another unit's team.
        Invalid: outside the period of the agreement, or no team of who lends.
        Conflict: as many teams as agreed are lent then, or this one is lent already.
    """
    team = Team.objects.visible_to(actor).get(pk=team_id)
    require(may_lend(actor, unit=team.unit_id))
    line = LentCapacity.objects.select_related("version__agreement").select_for_update(of=("version",)).get(pk=line_id)
    agreed = line.version.span
    last = last_day or agreed.end
    faults = []
    if line.version.agreed_at is None or line.lender_id != team.unit_id:
        faults.append(Fault("line_id", "line", gettext_noop("This unit lends no teams under that agreement.")))
    if (last is not None and last < first_day) or not Span(first_day, last).within(agreed):
        faults.append(Fault("first_day", "period", gettext_noop("The agreement does not hold on all these days.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=faults)
    days = DateRange(first_day, last, bounds="[]" if last else "[)")
    if TeamLoan.objects.filter(team=team, days__overlap=days).exists():
        raise Conflict("lent", gettext_noop("This team is lent on one of these days already."))
    if _most(line, Span(first_day, last)) >= line.teams:
        raise Conflict("all_lent", gettext_noop("As many teams as agreed are lent on one of these days."))
    loan = TeamLoan.objects.create(team=team, line=line, days=days, recorded_by_id=actor.user_id, recorded_at=at)
    audit.record("team.lend", loan)
    return loan


@act
def take_back_team(*, loan_id: UUID, last_day: date, actor: Actor, at: datetime) -> TeamLoan:  # noqa: ARG001  # an act
    """The team is lent up to and including this day, earlier than was marked.

    Raises:
        Forbidden: another unit's team.
        Invalid: before its first day, or no earlier than its end.
    """
    loan = TeamLoan.objects.select_related("team", "line").select_for_update(of=("self",)).get(pk=loan_id)
    require(may_lend(actor, unit=loan.team.unit_id))
    lent = _span(loan)
    if not lent.contains(last_day) or last_day == lent.end:
        message = gettext_noop("Choose a day of the period in which it is lent.")
        raise Invalid("invalid", message, faults=(Fault("last_day", "period", message),))
    loan.days = DateRange(lent.start, last_day, bounds="[]")
    loan.save(update_fields=["days"])
    audit.record("team.take_back", loan)
    return loan


def loans_on(on: date, *, teams: Iterable[UUID]) -> dict[UUID, Loan]:
    """Which of these teams are lent on that day. One query."""
    rows = TeamLoan.objects.filter(team__in=list(teams), days__contains=on).select_related(
        "line__borrower", "line__version__agreement"
    )
    return {
        row.team_id: Loan(
            borrower=row.line.borrower.name,
            agreement=row.line.version.agreement.number,
            until=_span(row).end,
            carried=row.line.version.holds(on),
        )
        for row in rows
    }


def _most(line: LentCapacity, span: Span) -> int:
    """The most teams lent at once under the line within these days."""
    days = DateRange(span.start, span.end, bounds="[]" if span.end else "[)")
    taken = [_span(one) for one in TeamLoan.objects.filter(line=line, days__overlap=days)]
    starts = [max(one.start, span.start) for one in taken]
    return max((sum(one.contains(day) for one in taken) for day in starts), default=0)


def _span(loan: TeamLoan) -> Span:
    """Whole days with the last one, as agreements have them; the database keeps the day after it."""
    first, after = loan.days.lower, loan.days.upper
    if first is None:
        raise TypeError("a loan begins on a day")
    return Span(first, date.fromordinal(after.toordinal() - 1) if after else None)
