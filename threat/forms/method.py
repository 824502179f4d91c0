"""What the method board proposes about a version."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class UseForm(forms.Form):
    """From when, and why; whether it is adopted or withdrawn follows from how it stands."""

    starts_at = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        required=False,
        help_text=_("Leave it empty for: as soon as somebody approved it."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class VersionForm(forms.Form):
    """A version of the method: its definition as a file, and what explains it to people."""

    definition = forms.FileField(
        label=_("Definition"), help_text=_("The JSON document of the version, in UTF-8; at most 100 kB.")
    )
    document = forms.CharField(
        label=_("Explanation in plain language"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("What it weighs, how, and what changed since the version before."),
    )

    def clean_definition(self) -> str:
        handed: Any = self.cleaned_data["definition"]
        try:
            return str(handed.read(100_001).decode())
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("This file is not a text in UTF-8.")) from error
