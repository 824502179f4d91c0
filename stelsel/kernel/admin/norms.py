"""House norms: each with the value in force, its default and range; propose one, approve somebody else's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import Http404
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from stelsel.kernel import norms, proposals
from stelsel.kernel.admin.changes import ChangeAdmin, ProposalForm
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.configuration import HouseNorm, Unit
from stelsel.kernel.models import NormValue

AMOUNTS = {
    Unit.MINUTES: ngettext_lazy("%d minute", "%d minutes"),
    Unit.HOURS: ngettext_lazy("%d hour", "%d hours"),
    Unit.DAYS: ngettext_lazy("%d day", "%d days"),
    Unit.PEOPLE: ngettext_lazy("%d person", "%d people"),
    Unit.FLOOR_HOURS: ngettext_lazy("%d floor-hour", "%d floor-hours"),
}
UNITS = {
    Unit.MINUTES: _("minutes"),
    Unit.HOURS: _("hours"),
    Unit.DAYS: _("days"),
    Unit.PEOPLE: _("people"),
    Unit.FLOOR_HOURS: _("floor-hours"),
}


@dataclass(frozen=True)
class NormRow:
    """A norm as the pages show it."""

    norm: HouseNorm
    value: int
    waiting: NormValue | None
    coming: NormValue | None

    @property
    def in_force(self) -> str:
        return str(AMOUNTS[self.norm.unit] % self.value)

    @property
    def default(self) -> str:
        return str(AMOUNTS[self.norm.unit] % self.norm.default)

    @property
    def allowed(self) -> str:
        low, high = self.norm.smallest, self.norm.largest
        return gettext("%(low)d to %(high)d %(unit)s") % {"low": low, "high": high, "unit": UNITS[self.norm.unit]}


class NormForm(ProposalForm):
    value = forms.IntegerField(label=_("New value"), min_value=1)
    field_order = ("value", "starts_at", "reason")


def rows(known: Iterable[HouseNorm], *, waiting: Mapping[str, NormValue], at: datetime) -> list[NormRow]:
    """The norms with what holds, waits and comes."""
    approved = proposals.approved(NormValue)
    return [
        NormRow(
            norm=norm,
            value=norms.number(norm.code, at=at),
            waiting=waiting.get(norm.code),
            coming=next((row for row in reversed(approved.get(norm.code, [])) if row.starts_at > at), None),
        )
        for norm in known
    ]


@admin.register(NormValue)
class NormAdmin(ChangeAdmin[NormValue, HouseNorm]):
    """The list shows every norm the apps know, changed or not; a norm's own page its history and what can be done."""

    changes = NormValue
    page = "admin/kernel/normvalue/norm.html"
    list_page = "admin/kernel/normvalue/list.html"

    def subject(self, code: str) -> HouseNorm:
        if code not in norms.KNOWN:
            raise Http404
        return norms.KNOWN[code]

    def proposal(self, subject: HouseNorm, data: Any = None) -> forms.Form:  # noqa: ANN401, ARG002  # as in ChangeAdmin
        return NormForm(data)

    def propose(
        self, subject: HouseNorm, told: Mapping[str, Any], *, starts_at: datetime, actor: Actor, at: datetime
    ) -> NormValue:
        return norms.propose(
            code=subject.code, value=told["value"], starts_at=starts_at, reason=told["reason"], actor=actor, at=at
        )

    def approve(self, change_id: UUID, *, actor: Actor, at: datetime) -> NormValue:
        return norms.approve(change_id=change_id, actor=actor, at=at)

    def shown(self, subject: HouseNorm, change: NormValue) -> str:
        return str(AMOUNTS[subject.unit] % change.value)

    def facts(self, subject: HouseNorm, *, at: datetime) -> Mapping[str, Any]:
        (row,) = rows([subject], waiting={}, at=at)
        return {"title": gettext(subject.label), "row": row}

    def listed(self, *, at: datetime) -> Mapping[str, Any]:
        return {"rows": rows(norms.KNOWN.values(), waiting=self.waiting(), at=at)}
