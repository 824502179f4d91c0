"""The only way to rows of resilience: `visible_to`, for its own roles alone (R026)."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models

from cases.querysets import CaseScoped
from resilience.policies import FILE_ROLES
from stelsel.kernel.authorisation import Actor

M = TypeVar("M", bound=models.Model)


class Apart(CaseScoped[M]):
    """Rows of a case that only resilience experts and buddy coordinators with a grant see."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.is_system or actor.role in FILE_ROLES:
            return super().visible_to(actor, at=at)
        return self.none()
