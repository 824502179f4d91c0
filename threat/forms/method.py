"""What the method board proposes about a version."""

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
