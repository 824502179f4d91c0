"""Assumptions and other explanations of a picture."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models import User
from threat.forms.fields import choice, long_text, offer
from threat.models.reasoning import WEIGHINGS


class AssumptionForm(forms.Form):
    """What is assumed, who watches it and until when it is relied on."""

    text = long_text(_("What the picture assumes"))
    owner_id = forms.ChoiceField(label=_("Watched by"))
    check_by = forms.DateField(
        label=_("Check by"),
        widget=forms.DateInput,
        help_text=_("Not checked by then, the picture is opened for review."),
    )

    def __init__(self, *args: Any, analysts: Sequence[User], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "owner_id", [(str(one.pk), one.get_full_name()) for one in analysts])


class HypothesisForm(forms.Form):
    """Another explanation of the same evidence."""

    text = long_text(_("Other explanation"))
    weighing = choice(_("Beside the picture"), WEIGHINGS)
    reason = long_text(_("Reason"))


class CheckForm(forms.Form):
    """Whether an assumption still holds."""

    holds = forms.TypedChoiceField(
        label=_("Does it still hold?"),
        choices=[("yes", _("Yes")), ("no", _("No: the picture is reviewed"))],
        coerce=lambda told: told == "yes",
        widget=forms.RadioSelect,
    )
    check_by = forms.DateField(
        label=_("Check again by"), widget=forms.DateInput, required=False, help_text=_("If it still holds.")
    )
    note = long_text(_("What was looked at"))
