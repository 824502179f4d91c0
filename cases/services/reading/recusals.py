"""Who is kept out of a case, for who keeps access."""

from datetime import datetime

from cases.models import Case, Recusal
from cases.policies import ON_A_CASE
from cases.services.reading.care import Line, lines
from cases.services.reading.choices import Choice
from stelsel.kernel.models import Membership


def recusals_of(case: Case) -> list[Line]:
    """Those that stand first, then the newest. Part of reading a case."""
    found = Recusal.objects.filter(case=case).select_related("user", "recorded_by", "ended_by")
    return lines(case, found.order_by("-ended_at", "-recorded_at", "pk"))


def colleagues(*, at: datetime) -> list[Choice]:
    """Everybody who could come to see a case, once each."""
    held = Membership.objects.in_force(at=at).filter(role__in=ON_A_CASE, user__is_service=False)
    people = {one.user_id: one.user.get_full_name() for one in held.select_related("user")}
    return [Choice(str(key), name) for key, name in sorted(people.items(), key=lambda pair: pair[1])]
