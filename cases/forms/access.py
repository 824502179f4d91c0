"""Access beyond what acts give: to whom, why, until when."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.services.reading import Choice


class GrantForm(forms.Form):
    """The end is obligatory; the day itself still counts."""

    holder = forms.ChoiceField(label=_("Colleague and role"))
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Why this colleague needs the case. Nothing about the person.")
    )
    until = forms.DateField(label=_("Until and including"), widget=forms.DateInput)

    def __init__(self, *args: Any, holders: list[Choice], today: date, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.today = today
        field = self.fields["holder"]
        if isinstance(field, forms.ChoiceField):
            field.choices = options(holders)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until < self.today:
            raise forms.ValidationError(_("This day has passed."))
        return until
