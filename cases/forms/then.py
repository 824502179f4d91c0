"""Looking back: at which instant, in which role, and what for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.policies import ON_A_CASE
from cases.services.reading import GROUNDS
from stelsel.kernel.models.people import RoleChoices


class LookBackForm(forms.Form):
    """Asked by address, so that the page can be opened again and printed; it holds nothing about a person."""

    at = forms.DateTimeField(label=_("As known at"))
    role = forms.ChoiceField(
        label=_("As seen by"),
        choices=[("", "")] + [(value, label) for value, label in RoleChoices.choices if value in ON_A_CASE],
    )
    ground = forms.ChoiceField(
        label=_("What for"), choices=[("", ""), *GROUNDS.items()], help_text=_("Recorded with the look.")
    )
