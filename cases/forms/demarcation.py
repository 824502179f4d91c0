"""Another regime is to look after the person, its answer, and the way back."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, choose
from cases.forms.intake import options
from cases.models.case import REGIMES
from cases.services import Elsewhere
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class DemarcateForm(ActForm):
    """Which regime, and why; of a block nothing is written."""

    regime = forms.ChoiceField(label=_("Regime"), choices=REGIMES[1:], widget=forms.RadioSelect)
    receiver = forms.TypedChoiceField(label=_("Contact point"), coerce=UUID)
    reason = long_text(_("Reason"), required=False, help_text=_("Leave this empty for witness protection."))

    def __init__(self, *args: Any, receivers: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "receiver", options(receivers))

    def elsewhere(self) -> Elsewhere:
        return Elsewhere(**self.told())


class TakenOverForm(ActForm):
    """They look after the person from now on; the number under which they have it."""

    reference = forms.CharField(
        label=_("Their reference"),
        max_length=60,
        required=False,
        help_text=_("Leave this empty for witness protection."),
    )


class BareForm(ActForm):
    """An act that says nothing more."""


class HoldForm(ActForm):
    """They were asked and still look after the person."""

    review_on = forms.DateField(label=_("Ask again on"))


class HandBackForm(ActForm):
    """They do not look after the person any more."""

    reason = long_text(_("Why it ends"), required=False, help_text=_("Leave this empty for witness protection."))
