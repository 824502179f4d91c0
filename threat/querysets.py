"""The only way to rows of threat analysis: the wall between analysis and decision, and that between suppliers."""

from datetime import datetime
from typing import Self, TypeVar

from django.db import models

from cases.demarcation import Regime
from cases.querysets import CaseScoped
from stelsel.kernel.access import visible
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


class Entities(Drafts[M]):
    """What was taken down from products and signals: the analysts of the case, neither its supplier nor the head."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role is Role.THREAT_ANALYST or actor.is_system:
            return super().visible_to(actor, at=at)
        return self.none()

    def live(self) -> Self:
        """What is compared: not taken out, of a product that stands, on an open case of the scheme's own regime."""
        return self.filter(
            removed_at=None, product__withdrawn_at=None, case__closed_at=None, case__demarcation=Regime.NONE
        )


class Hits(models.QuerySet[M]):
    """Matches: an analyst who may see both cases; to the head they are blind."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:
        if actor.role is not Role.THREAT_ANALYST and not actor.is_system:
            return self.none()
        first = visible(self, to=actor, at=at, through="first_case")
        return visible(first, to=actor, at=at, through="second_case")


class BlindMatches(models.QuerySet[M]):
    """Matches without case or person: the head of analysis."""

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:  # noqa: ARG002  # as its neighbours
        return self.all() if actor.role is Role.HEAD_OF_ANALYSIS or actor.is_system else self.none()


class MatchQuestions(models.QuerySet[M]):
    """What was asked about a match: the supplier that was asked, and the head of analysis."""

    def own(self, actor: Actor) -> Self:
        """Those that the actor answers."""
        if actor.role is not Role.PRODUCT_SUPPLIER or actor.organisation_id is None:
            return self.none()
        return self.filter(supplier_id=actor.organisation_id)

    def visible_to(self, actor: Actor, *, at: datetime) -> Self:  # noqa: ARG002  # as its neighbours
        return self.all() if actor.role is Role.HEAD_OF_ANALYSIS or actor.is_system else self.own(actor)


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
