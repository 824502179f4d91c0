"""Filters of the list of cases, and looking a person up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.codes import offered

ALL = ("", _("All"))
SIZES = (25, 50, 100)


class CaseFilter(forms.Form):
    """Filters that the grant row carries, so that they cost nothing."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=offered("case_state", ALL))
    kind = forms.ChoiceField(label=_("Phenomenon"), required=False, choices=offered("phenomenon", ALL))
    mine = forms.ChoiceField(label=_("Named on the case"), required=False, choices=[ALL, ("1", _("Only my cases"))])

    def lookups(self) -> dict[str, Any]:
        """What was chosen, as lookups; nothing that is not a choice."""
        if not self.is_valid():
            return {}
        chosen = {name: self.cleaned_data[name] for name in ("state", "kind") if self.cleaned_data[name]}
        return {**chosen, **({"mine": True} if self.cleaned_data["mine"] else {})}


class FindPerson(forms.Form):
    """Search first: is this person known to me already?"""

    name = forms.CharField(label=_("Name"), max_length=150)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)

    def born(self) -> str:
        day = self.cleaned_data["birth_date"]
        return day.isoformat() if day else ""
