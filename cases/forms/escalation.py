"""The chief prosecutor escalates a rejection; the NCTV answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, SignForm
from cases.forms.demarcation import BareForm
from stelsel.kernel.forms import long_text

__all__ = ["AnswerForm", "BareForm", "EscalateForm"]


class EscalateForm(ActForm):
    """Why the rejection should not stand."""

    reasons = long_text(_("Why the rejection should not stand"))


class AnswerForm(SignForm):
    """Whether the rejection stands, why, and the signature."""

    version = None  # type: ignore[assignment]  # an escalation carries no version: it is answered once
    outcome = forms.ChoiceField(
        label=_("Answer"),
        choices=[("uphold", _("The rejection stands")), ("overturn", _("To be judged anew, by others"))],
        widget=forms.RadioSelect,
    )
    answer = long_text(_("Reasons"))
