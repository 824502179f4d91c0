"""Threat level, required resistance, and advice on measures."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models.decision import Departure, MeasureAdvice
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text
from stelsel.kernel.scales import Likelihood, RequiredResistance, Severity


def steps(scale: type[Severity] | type[Likelihood] | type[RequiredResistance]) -> list[tuple[int, str]]:
    """The five steps of a scale, named in the reader's language."""
    dutch = (get_language() or "").startswith("nl")
    return [(step.value, f"{step.code} · {step.wording.name_nl if dutch else step.wording.name_en}") for step in scale]


class LevelForm(forms.Form):
    """The level follows the picture, or departs from it with a category; the reasons always stand beside it."""

    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=lambda: steps(Severity))
    likelihood = forms.TypedChoiceField(label=_("Likelihood"), coerce=int, choices=lambda: steps(Likelihood))
    resistance = forms.TypedChoiceField(
        label=_("Required resistance"),
        coerce=int,
        choices=lambda: [("", _("Choose")), *steps(RequiredResistance)],
    )
    departure = forms.ChoiceField(
        label=_("Follow or depart"),
        choices=Departure.choices,
        required=False,
        help_text=_("When your level is not that of the picture: the category of the reason."),
    )
    reasons = long_text(_("Reasons"))
    urgent_reason = long_text(
        _("Why it cannot wait"),
        required=False,
        help_text=_("The picture is not in date: decide by the urgent route. Another decider ratifies it."),
    )

    def __init__(self, *args: Any, urgent: bool = False, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        if not urgent:
            del self.fields["urgent_reason"]


class AdviceForm(forms.Form):
    """Advice of the LCC: what, whether it can be done, whether the guards are safe."""

    feasible = forms.ChoiceField(
        label=_("Feasible"),
        widget=forms.RadioSelect,
        choices=MeasureAdvice._meta.get_field("feasible").choices or (),
    )
    infeasible = forms.MultipleChoiceField(
        label=_("Cannot be carried out"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who orders one of these all the same signs why."),
    )
    advice = long_text(_("Advice on measures"))
    guard_safety = long_text(_("Safety of the guards"))

    def __init__(self, *args: Any, kinds: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["infeasible"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.value, one.label) for one in kinds]
