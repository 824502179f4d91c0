"""Reports on a measure, and its end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.versions import Versioned
from cases.lifecycle import MEASURE_LIFECYCLE
from stelsel.kernel.forms import long_text

STEPS = {
    "accept": _("Accepted: it will be carried out"),
    "put_in_place": _("In place"),
    "verify": _("Verified on the spot"),
    "fall_away": _("Fell away: not in place any more"),
}


class ReportForm(Versioned):
    """What was done about a measure; only the steps that are possible now."""

    step = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    note = long_text(
        _("Note"), required=False, help_text=_("Needed when a measure fell away. No names of those who guard.")
    )

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["step"]
        if isinstance(field, forms.ChoiceField):
            possible = MEASURE_LIFECYCLE.steps_from(state)
            field.choices = [(step, label) for step, label in STEPS.items() if step in possible]


class EndForm(Versioned):
    """The authority ends a measure."""

    reason = long_text(_("Reason to end the measure"))
