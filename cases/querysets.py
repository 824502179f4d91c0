"""The only way to rows of a case: `visible_to`."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models

from cases.policies import AT_THE_TABLE, PROSECUTION
from stelsel.kernel.access import visible
from stelsel.kernel.authorisation import Actor, Role

M = TypeVar("M", bound=models.Model)


class CaseScoped(models.QuerySet[M]):
    """Rows that belong to a case; `through` is the path from the row to the case."""

    through = "case"

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """What `actor` may see at `at`; a stranger sees nothing, so that `get` raises DoesNotExist."""
        return visible(self, to=actor, at=at, through=self.through)


class Cases(CaseScoped[Any]):
    through = "pk"


class Tables(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """The tables of one's own secretariat, and those one's organisation was invited to."""
        if actor.role not in AT_THE_TABLE:
            return self.none()
        invited = models.Q(parties__organisation=actor.organisation_id)
        return self.filter(models.Q(office=actor.organisation_id) | invited).distinct()


class Measures(CaseScoped[Any]):
    def in_force(self) -> Self:
        """Ordered, and not ended: a measure stays in force until somebody ends it."""
        return self.exclude(state="ended")


class PassedReports(models.QuerySet[Any]):
    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """One's own, those of one's office, and those forwarded to the NCTV about a case that one sees."""
        mine = models.Q(reported_by_id=actor.user_id)
        if actor.role in PROSECUTION:
            mine |= models.Q(office_id=actor.organisation_id)
        if actor.role in (Role.CASE_MANAGER, Role.DUTY_OFFICER):
            seen = visible(self.filter(forwarded_at__isnull=False), to=actor, at=at, through="case")
            mine |= models.Q(pk__in=seen.values("pk"))
        return self.filter(mine)


class Batches(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """A bulk handover is seen by its office, its receiver, and who prepared it."""
        mine = models.Q(receiver_id=actor.user_id) | models.Q(prepared_by_id=actor.user_id)
        if actor.role in (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER):
            mine |= models.Q(office_id=actor.organisation_id)
        return self.filter(mine)


class EntryScoped(CaseScoped[M]):
    """Rows that belong to an entry of the limitative list."""

    through = "entry"


class Entries(CaseScoped[Any]):
    through = "pk"


class EntryMeasures(EntryScoped[Any]):
    def in_force(self) -> Self:
        """Ordered, and not ended."""
        return self.exclude(state="ended")
