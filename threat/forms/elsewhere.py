"""A threat picture made elsewhere."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.scales import LIKELIHOOD_WORDING, SEVERITY_WORDING
from stelsel.legal.models import Marking
from threat.forms.fields import long_text, offer
from threat.forms.picture import INSUFFICIENT, in_dutch
from threat.services import Registration


class ElsewhereForm(forms.Form):
    """Pair, day, maker, number, where it lies and what may be told."""

    maker = forms.CharField(label=_("Made by"), max_length=150)
    number = forms.CharField(label=_("Number of the maker"), max_length=60)
    made_on = forms.DateField(label=_("Made on"), widget=forms.DateInput)
    own_marking = forms.ChoiceField(label=_("Marking of the picture itself"), choices=Marking.choices)
    kept_at = long_text(_("Where it lies"), rows=2)
    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int)
    likelihood = forms.ChoiceField(label=_("Likelihood"))
    summary = long_text(
        _("What may be told"), help_text=_("At most what the marking of this system allows. The decider reads it.")
    )
    handling_advice = long_text(_("How this may be handled"), required=False, rows=3)
    review_due = forms.DateField(label=_("Review due"), widget=forms.DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        dutch = in_dutch()
        severities, likelihoods = (
            [
                (str(level.value), f"{level.code} {words.name_nl if dutch else words.name_en}")
                for level, words in wording.items()
            ]
            for wording in (SEVERITY_WORDING, LIKELIHOOD_WORDING)
        )
        offer(self, "severity", severities)
        offer(self, "likelihood", [*likelihoods, (INSUFFICIENT, _("Insufficient information"))])

    def told(self) -> Registration:
        given = self.cleaned_data
        level = None if given["likelihood"] == INSUFFICIENT else int(given["likelihood"])
        return Registration(**{**given, "likelihood": level})
