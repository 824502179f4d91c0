"""The only way to rows of threat analysis: the wall between analysis and decision, and that between suppliers."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models

from cases.querysets import CaseScoped
from stelsel.kernel.authorisation import Actor, Role
from threat.lifecycle import OPEN_PICTURES, OPEN_REQUESTS

M = TypeVar("M", bound=models.Model)

ANALYSTS = frozenset({Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS})
FOLLOWERS = ANALYSTS | {Role.CASE_MANAGER}


class Drafts(CaseScoped[M]):
    """What analysts alone see, of cases they were asked for: a decider never sees a draft (R069)."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role in ANALYSTS or actor.is_system:
            return super().visible_to(actor, at=at)
        return self.none()


class Supplied(CaseScoped[M]):
    """Requests and products: a supplier sees its own organisation's, without seeing the case they are about."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role is Role.PRODUCT_SUPPLIER:
            return self.filter(supplier_id=actor.organisation_id) if actor.organisation_id else self.none()
        if actor.role in FOLLOWERS or actor.is_system:
            return super().visible_to(actor, at=at)
        return self.none()


class SuppliedText(Supplied[M]):
    """The text of products: the supplier's own and the analysts', never the case manager's."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role not in ANALYSTS | {Role.PRODUCT_SUPPLIER, Role.SYSTEM}:
            return self.none()
        return super().visible_to(actor, at=at)


class Codings(CaseScoped[M]):
    """Blind codings: each to its coder, who does not see the case, and to the head of analysis once all are in."""

    def own(self, actor: Actor) -> Self:
        return self.filter(coder_id=actor.user_id) if actor.role is Role.THREAT_ANALYST else self.none()

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role is Role.HEAD_OF_ANALYSIS or actor.is_system:
            return super().visible_to(actor, at=at)
        return self.own(actor)


class Checks(CaseScoped[M]):
    """What came of looking along shielded investigations: the supplier's own, and the head of analysis."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role is Role.PRODUCT_SUPPLIER:
            return self.filter(supplier_id=actor.organisation_id) if actor.organisation_id else self.none()
        if actor.role is Role.HEAD_OF_ANALYSIS:
            return super().visible_to(actor, at=at)
        return self.none()


class Requests(Supplied[M]):
    def unanswered(self) -> Self:
        """Asked, silent, refused or withheld: their factors count as withheld."""
        return self.filter(state__in=OPEN_REQUESTS)


class Signals(Drafts[M]):
    def undisposed(self) -> Self:
        return self.filter(disposition="")


class Pictures(Drafts[M]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_PICTURES)


class Kept(Drafts[M]):
    """Lines and evidence; what an analyst took out stays in the table."""

    def kept(self) -> Self:
        return self.filter(removed_at=None)
