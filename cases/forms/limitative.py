"""Entries of the limitative list: filter, propose, decide, holder, purpose, supervision, advice, end."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.authority import PurposeChoices
from cases.forms.intake import options
from cases.forms.lists import ALL
from cases.forms.versions import Signed, Versioned
from cases.models.limitative import ENTRY_STATES, KINDS, Category, Status
from cases.services.limitative import Entry
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

LEVELS = [(level, str(level)) for level in range(1, 6)]


class EntryFilter(forms.Form):
    """Filters of the list."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *KINDS])
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[ALL, *Category.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *ENTRY_STATES])
    expired = forms.ChoiceField(label=_("Temporary"), required=False, choices=[ALL, ("1", _("Only what is over"))])

    def lookups(self) -> dict[str, Any]:
        """What was chosen; nothing that is not a choice."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


class EntryForm(forms.Form):
    """A function with its holder, an object, or a service."""

    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Function, object or service"), max_length=150, help_text=_("A function; never the name of a person.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Temporary, until and including"),
        required=False,
        widget=forms.DateInput,
        help_text=_("Leave empty for a permanent entry."),
    )
    motivation = long_text(_("Motivation"))
    state_safety = forms.BooleanField(label=_("Safety of the State"), required=False)
    foreign_relations = forms.BooleanField(label=_("Relations with other powers"), required=False)
    society = forms.BooleanField(
        label=_("Weighty interests of society"),
        required=False,
        help_text=_("Objects and services: at least one of the three grounds (Politiewet 2012 art. 16(1))."),
    )
    municipality = forms.TypedChoiceField(label=_("Municipality"), coerce=UUID, empty_value=None, required=False)
    office = forms.TypedChoiceField(
        label=_("Chief prosecutor's office"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("Of the object; of a service in several municipalities the ones that coordinate."),
    )
    purpose = forms.ChoiceField(label=_("Purpose that leads"), choices=PurposeChoices.choices[::-1], required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    kmar_object = forms.BooleanField(label=_("Object that the Royal Marechaussee guards"), required=False)
    several_municipalities = forms.BooleanField(label=_("Service in several municipalities"), required=False)
    holder = forms.CharField(
        label=_("Holder now"), max_length=150, required=False, help_text=_("Of a function: name of the person.")
    )
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)
    status = forms.ChoiceField(label=_("Regime of the person"), choices=Status.choices, required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        municipalities: list[Choice],
        offices: list[Choice],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("municipality", municipalities), ("office", offices)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)

    def entry(self) -> Entry:
        told = dict(self.cleaned_data)
        born = told.pop("birth_date")
        told["status"] = told["status"] or Status.ORDINARY
        told["purpose"] = told["purpose"] or "public_order"
        return Entry(**told, birth_date=born.isoformat() if born else "")


class DecideEntryForm(Signed):
    """The mandate holder places the entry on the list, or does not."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[("designate", _("Place on the list, now")), ("reject", _("Do not place"))],
    )
    reasons = long_text(_("Reasons"))


class HolderForm(Versioned):
    """The function passes to another person."""

    name = forms.CharField(label=_("New holder"), max_length=150)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)

    def given(self) -> dict[str, Any]:
        born = self.cleaned_data["birth_date"]
        return {**self.cleaned_data, "birth_date": born.isoformat() if born else ""}


class PurposeForm(Versioned):
    """Another purpose leads."""

    purpose = forms.ChoiceField(
        label=_("Purpose that leads from now on"), choices=PurposeChoices.choices, widget=forms.RadioSelect
    )


class OrderForm(forms.Form):
    """Supervision of an object or service."""

    kind = forms.ChoiceField(label=_("Supervision"))
    review_due = forms.DateField(label=_("Review due"), widget=forms.DateInput)

    def __init__(self, *args: Any, kinds: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            field.choices = options(kinds)


class AdviceForm(forms.Form):
    """Threat level and advice of the NCTV."""

    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, choices=LEVELS)
    likelihood = forms.TypedChoiceField(label=_("Likelihood"), coerce=int, choices=LEVELS)
    advice = long_text(_("Advice"))


class FollowForm(forms.Form):
    """What the authority does with the advice."""

    followed = forms.ChoiceField(
        label=_("Was the advice followed"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Followed")), ("partly", _("Followed in part")), ("no", _("Not followed"))],
    )
    reason = long_text(_("Reason"))
