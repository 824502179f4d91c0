"""What is proposed about the catalogue of needs for information."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threat.forms.fields import offer
from threat.forms.information import factor_choices
from threat.forms.method import UseForm
from threat.scoring.needs import Need
from threat.services import Wanted
from threat.services.needs import LONGEST


class NeedForm(UseForm):
    """A new need, another wording or priority of one, or its end."""

    code = forms.ChoiceField(label=_("Need"), required=False)
    ends = forms.BooleanField(label=_("It is no longer asked"), required=False)
    factor = forms.ChoiceField(label=_("Factor"))
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3)])
    text_nl = forms.CharField(label=_("Question in Dutch"), max_length=LONGEST)
    text_en = forms.CharField(label=_("Question in English"), max_length=LONGEST)
    field_order = ("code", "ends", "factor", "priority", "text_nl", "text_en", "starts_at", "reason")

    def __init__(self, *args: Any, needs: list[Need], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "code", [(need.code, f"{need.code} {need.text_nl}") for need in needs], empty=_("A new need"))
        offer(self, "factor", factor_choices())

    def wanted(self) -> Wanted:
        told = self.cleaned_data
        names = ("code", "factor", "priority", "text_nl", "text_en")
        return Wanted(**{name: told[name] for name in names}, offered=not told["ends"])
