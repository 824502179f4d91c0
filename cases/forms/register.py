"""Filters of the register of decisions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.services.reading.register import KINDS, Wanted

ALL = ("", _("All"))


class RegisterFilter(forms.Form):
    """Which decisions; empty is all of them."""

    kind = forms.ChoiceField(label=_("Decision"), required=False, choices=[ALL, *KINDS.items()])
    by = forms.CharField(label=_("Decided by"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[ALL, ("holds", _("Holds")), ("ended", _("Ended or replaced"))]
    )
    is_open = forms.ChoiceField(
        label=_("What is open"),
        required=False,
        choices=[ALL, ("review", _("For review")), ("unratified", _("Urgent, not ratified"))],
    )

    def wanted(self) -> Wanted:
        """What was chosen; nothing that is not a choice."""
        if not self.is_valid():
            return Wanted()
        told = self.cleaned_data
        return Wanted(
            kind=told["kind"],
            by=told["by"],
            state=told["state"],
            review=told["is_open"] == "review",
            unratified=told["is_open"] == "unratified",
        )
