"""The handover file: a text per item of the checklist, both signatures, and sending it back."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from cases.forms.versions import Signed, Versioned
from cases.models import KeyHolder
from cases.models.handover import HANDOVER_ITEMS
from cases.services import Supplied
from stelsel.kernel.forms import long_text


class SupplyForm(Versioned):
    """Each item has its text, or does not apply; an item left empty stays missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for code, label in HANDOVER_ITEMS:
            self.fields[code] = long_text(label, required=False)
            self.fields[absent(code)] = forms.BooleanField(label=_("Does not apply"), required=False)

    def pairs(self) -> list[tuple[BoundField, BoundField]]:
        """The fields of each item: its text and its tick."""
        return [(self[code], self[absent(code)]) for code, _label in HANDOVER_ITEMS]

    def items(self) -> list[Supplied]:
        told = self.cleaned_data
        return [
            Supplied(code=code, text=told[code], not_applicable=told[absent(code)]) for code, _label in HANDOVER_ITEMS
        ]


def absent(code: str) -> str:
    """The name of the tick beside an item."""
    return f"{code}_absent"


class OfferForm(Signed):
    """The chief prosecutor offers the file."""


class AcceptForm(Signed):
    """The case manager accepts the file; where a measure would fall, with what is done about it."""

    continuity_note = long_text(_("What is done about the measures in red"), required=False)

    def __init__(self, *args: Any, red: bool, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        if not red:
            del self.fields["continuity_note"]


class KeyHolderForm(Versioned):
    """Who holds keys or codes of premises, or is called about them."""

    premises = forms.CharField(label=_("Premises"), max_length=200)
    holds = forms.ChoiceField(label=_("What"), choices=KeyHolder._meta.get_field("holds").choices or ())
    holder = forms.CharField(label=_("Who"), max_length=200, required=False)
    reach = forms.CharField(label=_("How to reach them"), max_length=200, required=False)
    unknown = forms.BooleanField(label=_("Not known who: a gap of the file"), required=False)


class ReturnForm(Versioned):
    """What is wrong or missing."""

    reason = long_text(_("What is missing or wrong"))
