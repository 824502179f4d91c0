"""What is proposed about a local scale, and what a product of the local domain gives."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.codes import offered
from threat.forms.method import UseForm
from threat.lifecycle import LOCAL_SCALES
from threat.scoring.local import LONGEST

SCALES = offered(LOCAL_SCALES.name, ("", _("Choose")))


class MappingForm(UseForm):
    """The table of a scale, a row a line; from when, and why."""

    scale = forms.ChoiceField(label=_("Scale"), choices=SCALES)
    levels = forms.CharField(
        label=_("Levels and states"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A row a line: the level or state as the local domain writes it, an equals sign, and W1 to W5."),
    )
    field_order = ("scale", "levels", "starts_at", "reason")


class LocalLevelForm(forms.Form):
    """The scale, and the level or state word for word."""

    scale = forms.ChoiceField(label=_("Scale"), choices=SCALES)
    original = forms.CharField(
        label=_("Level or state as written"),
        max_length=LONGEST,
        help_text=_("The level or state alone, as the product writes it; no names."),
    )
