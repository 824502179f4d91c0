"""The only way to rows: `visible_to`. Rows of a case follow the case, rosters the employer, runs the role."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from capacity.policies import CASE_ROLES, COVER_ROLES, ROSTER_ROLES, RUN_ROLES
from cases.querysets import CaseScoped
from stelsel.kernel.authorisation import Actor, Role

M = TypeVar("M", bound=models.Model)


class OfCase(CaseScoped[Any]):
    """Rows of a case that the roles of protection see; a unit planner sees what the own teams serve."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.is_system or actor.role in CASE_ROLES:
            return super().visible_to(actor, at=at)
        if actor.role is Role.UNIT_PLANNER:
            return self.filter(self.served_by(actor)).distinct()
        return self.none()

    def served_by(self, actor: Actor) -> Q:  # noqa: ARG002  # rows that no unit serves
        return Q(pk=None)


class Shifts(OfCase):
    def standing(self) -> Self:
        """What is published now."""
        return self.filter(withdrawn_at=None)

    def served_by(self, actor: Actor) -> Q:
        return Q(team__unit_id=actor.organisation_id)


class DemandLines(OfCase):
    def standing(self) -> Self:
        """What is asked for: not withdrawn, of a measure that has not ended, in a case that is not closed."""
        closed = self.model._meta.get_field("case").related_model.objects.filter(state="closed")
        return self.filter(withdrawn_at=None, assignment__ended_at=None).exclude(
            case__in=closed
        )  # no join: see served_by

    def served_by(self, actor: Actor) -> Q:
        shift = self.model._meta.get_field("shifts").related_model
        mine = shift.objects.filter(line=OuterRef("pk"), withdrawn_at=None, team__unit_id=actor.organisation_id)
        return Q(Exists(mine))


class Teams(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Teams are no secret within the field: everybody who sees cover sees which teams there are."""
        if actor.is_system or actor.role in COVER_ROLES:
            return self
        return self.none()


class Rosters(models.QuerySet[Any]):
    """Staff ids and hours: data of the korpschef and the KMar commander, never for a role of the NCTV."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system or actor.role in ROSTER_ROLES:
            return self
        if actor.role is Role.UNIT_PLANNER:
            return self.filter(team__unit_id=actor.organisation_id)
        return self.none()


class Runs(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system or actor.role in RUN_ROLES else self.none()


class Frozen(models.QuerySet[Any]):
    """Input and plan of a run: everybody's lines together, so for the coordination centre alone."""

    def visible_to(self, actor: Actor) -> Self:
        return self if actor.is_system or actor.role in ROSTER_ROLES else self.none()
