"""Emergency access, and its review."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EmergencyForm(forms.Form):
    """Which case, and why it cannot wait."""

    number = forms.CharField(label=_("Case number"), max_length=20)
    reason = forms.CharField(
        label=_("Why this cannot wait"),
        max_length=150,
        help_text=_("The security officer reads this at once. Nothing about the person."),
    )


class ReviewForm(forms.Form):
    """What the security officer finds of somebody else's emergency access."""

    justified = forms.TypedChoiceField(
        label=_("Finding"),
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=[("yes", _("Justified")), ("no", _("Not justified: to be looked into"))],
    )
