"""Blind coding of evidence, and what came of comparing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.forms import long_text
from stelsel.kernel.models import User
from threat.methodology import Factor, Methodology
from threat.models.information import CREDIBILITIES, RELIABILITIES
from threat.services import Code

DUTCH = "nl"
LEVELS = [("", _("Choose")), *((str(n), f"W{n}") for n in range(1, 6))]


def _anchors(method: Methodology, factor: str) -> Sequence[str]:
    """The written anchors of the values 0 to 4, in the reader's language."""
    definition = method.factors[Factor(factor)]
    return definition.anchors_nl if _dutch() else definition.anchors_en


def _name(method: Methodology, factor: str) -> str:
    definition = method.factors[Factor(factor)]
    return f"{factor} {definition.name_nl if _dutch() else definition.name_en}"


def _dutch() -> bool:
    return (get_language() or DUTCH).startswith(DUTCH)


class CompareForm(forms.Form):
    """Who codes the evidence blind."""

    coders = forms.MultipleChoiceField(
        label=_("Analysts"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One to four, who do not see the case and had no part in the picture."),
    )

    def __init__(self, *args: Any, analysts: Sequence[User], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["coders"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(one.pk), one.get_full_name()) for one in analysts]

    def ids(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["coders"]]


class CodingForm(forms.Form):
    """A value and both grades for every item; the fields are named after the items."""

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's
        items: Sequence[Mapping[str, Any]],
        method: Methodology,
        **kwargs: Any,  # noqa: ANN401  # Django's
    ) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        self.ids = [str(one["id"]) for one in items]
        for item in items:
            one, anchors = str(item["id"]), _anchors(method, item["factor"])
            self.fields[f"{one}_value"] = forms.TypedChoiceField(
                label=_("Value"),
                choices=[("", _("Choose")), *((str(n), f"{n}: {text}") for n, text in enumerate(anchors))],
                coerce=int,
            )
            self.fields[f"{one}_source"] = forms.ChoiceField(
                label=_("Source grade"), choices=[("", _("Choose")), *RELIABILITIES]
            )
            self.fields[f"{one}_information"] = forms.TypedChoiceField(
                label=_("Credibility"), choices=[("", _("Choose")), *CREDIBILITIES], coerce=int
            )

    def rows(self, items: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], list[forms.BoundField]]]:
        """Each item with its fields."""
        names = ("value", "source", "information")
        return [
            ({**one, "name": _name(self.method, one["factor"])}, [self[f"{one['id']}_{name}"] for name in names])
            for one in items
        ]

    def codes(self) -> dict[str, Code]:
        told = self.cleaned_data
        return {one: Code(told[f"{one}_value"], told[f"{one}_source"], told[f"{one}_information"]) for one in self.ids}


class SettleForm(forms.Form):
    """How the comparison ends; what the meeting agreed, where the codings part."""

    met_on = forms.DateField(label=_("Assessors met on"))
    agreed_level = forms.TypedChoiceField(label=_("Agreed level"), choices=LEVELS, coerce=int)
    consensus = long_text(_("What they agreed, and why"))


class AgreeForm(forms.Form):
    """Nothing parts them: it is settled as it is."""
