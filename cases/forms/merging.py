"""Whether two cases are about one person: proposed, answered, undone, or said to be two."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, choose
from cases.forms.demarcation import BareForm
from cases.forms.intake import options
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

__all__ = ["AnswerForm", "BareForm", "DistinctForm", "ProposeForm", "TogetherForm", "UndoForm"]


class DistinctForm(ActForm):
    """They are two persons."""

    number = forms.CharField(label=_("Number of the other case"), max_length=20)
    reason = long_text(_("Why these are two persons"))


class ProposeForm(ActForm):
    """They are one person, and which of the two cases goes on."""

    number = forms.CharField(label=_("Number of the other case"), max_length=20)
    goes_on = forms.ChoiceField(
        label=_("Which one goes on"),
        choices=[("other", _("The other case; this one rests")), ("this", _("This case; the other one rests"))],
        widget=forms.RadioSelect,
    )
    reason = long_text(_("Why this is one person"))


class AnswerForm(ActForm):
    """No, and why."""

    answer = long_text(_("Why not"))


class UndoForm(ActForm):
    """They are two persons after all."""

    reason = long_text(_("Why these are two persons after all"))


class TogetherForm(ActForm):
    """It is not certain after all that they are two persons."""

    distinction_id = forms.TypedChoiceField(label=_("Case"), coerce=UUID)

    def __init__(self, *args: Any, said: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "distinction_id", options(said))
