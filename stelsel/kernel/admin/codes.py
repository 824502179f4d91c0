"""Code lists: what each code is called today; propose another name, or in open lists another code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from stelsel.kernel import codes
from stelsel.kernel.admin.changes import ChangeAdmin, ProposalForm
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.configuration import CodeList
from stelsel.kernel.models import CodeValue


@dataclass(frozen=True)
class Subject:
    """One code of a list; an empty code is a new one."""

    list: CodeList
    code: str


class CodeForm(ProposalForm):
    """A name in both languages; a new code says its code, and an open list can stop offering one."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Small letters, digits and underscores."))
    name_nl = forms.CharField(label=_("Dutch name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100)
    offered = forms.BooleanField(label=_("Can be chosen"), required=False)
    replaced_by = forms.ChoiceField(
        label=_("Replaced by"), required=False, help_text=_("For a code that can no longer be chosen.")
    )
    field_order = ("code", "name_nl", "name_en", "offered", "replaced_by", "starts_at", "reason")

    def __init__(self, subject: Subject, data: Any = None) -> None:  # noqa: ANN401  # Django's QueryDict or nothing
        super().__init__(data, initial=_present(subject))
        if subject.code:
            del self.fields["code"]
        if not subject.list.open:
            del self.fields["offered"]
        if not subject.list.open or not subject.code:
            del self.fields["replaced_by"]
        else:
            offered = codes.choices(subject.list.name, on=timezone.localdate())
            others = [(code, name) for code, name in offered if code != subject.code]
            successor = self.fields["replaced_by"]
            if isinstance(successor, forms.ChoiceField):
                successor.choices = [("", gettext("Nothing")), *others]


def _present(subject: Subject) -> dict[str, object]:
    """What holds today: only what is changed has to be typed."""
    today = timezone.localdate()
    offered = subject.code in dict(codes.choices(subject.list.name, on=today)) or not subject.code
    present: dict[str, object] = {"offered": offered}
    if subject.code:
        for language in ("nl", "en"):
            with override(language):
                present[f"name_{language}"] = codes.label(subject.list.name, subject.code, on=today)
    return present


@admin.register(CodeValue)
class CodeAdmin(ChangeAdmin[CodeValue, Subject]):
    """The list shows every code of every list; a code's own page its names over time and what can be done."""

    changes = CodeValue
    page = "admin/kernel/codevalue/code.html"
    list_page = "admin/kernel/codevalue/list.html"

    def subject(self, code: str) -> Subject:
        name, dot, own = code.partition(".")
        known = codes.KNOWN.get(name)
        if known is None or not dot or (not own and not known.open):
            raise Http404
        if own and own not in known.by_code and not CodeValue.objects.filter(code=code).exists():
            raise Http404
        return Subject(known, own)

    def proposal(self, subject: Subject, data: Any = None) -> forms.Form:  # noqa: ANN401  # as in ChangeAdmin
        return CodeForm(subject, data)

    def propose(
        self, subject: Subject, told: Mapping[str, Any], *, starts_at: datetime, actor: Actor, at: datetime
    ) -> CodeValue:
        return codes.propose(
            name=subject.list.name,
            code=subject.code or told["code"],
            name_nl=told["name_nl"],
            name_en=told["name_en"],
            offered=told.get("offered", True),
            replaced_by=told.get("replaced_by", ""),
            starts_at=starts_at,
            reason=told["reason"],
            actor=actor,
            at=at,
        )

    def approve(self, change_id: UUID, *, actor: Actor, at: datetime) -> CodeValue:
        return codes.approve(change_id=change_id, actor=actor, at=at)

    def shown(self, subject: Subject, change: CodeValue) -> str:
        names = f"{change.name_nl} / {change.name_en}"
        if change.offered:
            return names
        if change.replaced_by:
            successor = codes.label(subject.list.name, change.replaced_by, on=timezone.localdate(change.starts_at))
            return gettext("%(names)s, no longer chosen: replaced by %(code)s") % {"names": names, "code": successor}
        return gettext("%(names)s, no longer chosen") % {"names": names}

    def facts(self, subject: Subject, *, at: datetime) -> Mapping[str, Any]:
        today = timezone.localdate(at)
        known = subject.list.by_code.get(subject.code)
        name = codes.label(subject.list.name, subject.code, on=today) if subject.code else gettext("A new code")
        return {
            "title": f"{gettext(subject.list.label)}: {name}",
            "subject": subject,
            "came_with": [(None if since == date.min else since, gettext(name)) for since, name in known.names]
            if known
            else [],
        }

    def listed(self, *, at: datetime) -> Mapping[str, Any]:
        today, waiting = timezone.localdate(at), self.waiting()
        return {"lists": [_listed(each, today=today, waiting=waiting) for each in codes.KNOWN.values()]}


def _listed(each: CodeList, *, today: date, waiting: Mapping[str, CodeValue]) -> dict[str, Any]:
    """One list with its codes, which of them have a proposal, and the proposals of new codes."""
    rows = [
        {"code": code, "key": f"{each.name}.{code}", "name": name, "offered": offered}
        for code, name, offered in codes.everything(each.name, on=today)
    ]
    here = {key for key in waiting if key.startswith(f"{each.name}.")}
    return {"list": each, "rows": rows, "waiting": here, "new": sorted(here - {row["key"] for row in rows})}
