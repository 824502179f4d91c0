"""With whom, when, and what came of it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threat.forms.fields import as_id, choice, long_text, offer
from threat.services import LevelView


class ConsultationForm(forms.Form):
    """The consultation of the supplier of one earlier product."""

    level_id = choice(_("Product"), [])
    held_on = forms.DateField(label=_("When"), widget=forms.DateInput)
    partner = long_text(_("With whom"), rows=2)
    outcome = long_text(_("What came of it"))

    def __init__(self, *args: Any, levels: Sequence[LevelView], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        products = [(str(each.row.pk), f"{each.row.product.number}: {each.row.original}") for each in levels]
        offer(self, "level_id", products, empty=_("Choose"))

    def told(self) -> dict[str, Any]:
        """The facts, with the identifier as one."""
        return {**self.cleaned_data, "level_id": as_id(self.cleaned_data["level_id"])}
