"""Colleagues who are kept out of a case, and the end of that."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, choose
from cases.forms.intake import options
from cases.models.recusal import GROUNDS
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class RecuseForm(ActForm):
    """Who, and what ties them to somebody in the case."""

    user_id = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID)
    ground = forms.ChoiceField(label=_("Tie"), choices=GROUNDS, widget=forms.RadioSelect)
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, colleagues: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "user_id", options(colleagues))


class EndForm(ActForm):
    """Why a colleague may act in the case after all."""

    recusal_id = forms.TypedChoiceField(label=_("Colleague"), coerce=UUID)
    reason = long_text(_("Why it ended"))

    def __init__(self, *args: Any, standing: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "recusal_id", options(standing))
