"""The only way to rows of a case: `visible_to`."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models

from stelsel.kernel.access import visible
from stelsel.kernel.authorisation import Actor

M = TypeVar("M", bound=models.Model)


class CaseScoped(models.QuerySet[M]):
    """Rows that belong to a case; `through` is the path from the row to the case."""

    through = "case"

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        """What `actor` may see at `at`; a stranger sees nothing, so that `get` raises DoesNotExist."""
        return visible(self, to=actor, at=at, through=self.through)


class Cases(CaseScoped[Any]):
    through = "pk"


class Measures(CaseScoped[Any]):
    def in_force(self) -> Self:
        """Ordered, and not ended: a measure stays in force until somebody ends it."""
        return self.exclude(state="ended")
