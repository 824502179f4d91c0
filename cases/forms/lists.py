"""Filters of the list of cases, and looking a person up."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models.authority import AUTHORITIES
from cases.services.reading import DEFAULT_SORT, SORTS, Choice, Wanted
from stelsel.kernel.codes import offered

ALL = ("", _("All"))
SIZES = (25, 50, 100)


COLUMNS = {
    "state": _("State"),
    "person": _("Pseudonym"),
    "phenomenon": _("Phenomenon"),
    "region": _("Region"),
    "office": _("Chief prosecutor's office"),
    "authority": _("Authority now"),
    "level": _("Level"),
    "due": _("Next due"),
    "opened": _("Opened"),
    "changed": _("Last change"),
}
USUAL = ("state", "phenomenon", "region", "authority", "level", "due")
"""Columns as long as somebody chose no others."""


class CaseFilter(forms.Form):
    """State, kind and mine stand on the grant row and cost nothing; the others look at the newest cases only."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=offered("case_state", ALL))
    kind = forms.ChoiceField(label=_("Phenomenon"), required=False, choices=offered("phenomenon", ALL))
    region = forms.ChoiceField(label=_("Region"), required=False)
    office = forms.ChoiceField(label=_("Chief prosecutor's office"), required=False)
    authority = forms.ChoiceField(label=_("Authority now"), required=False, choices=[ALL, *AUTHORITIES])
    mine = forms.BooleanField(label=_("Only my cases"), required=False)
    overdue = forms.BooleanField(label=_("Overdue for me"), required=False)
    no_level = forms.BooleanField(label=_("No level yet"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        offices: list[Choice],
        regions: list[Choice],
        with_level: bool,
        **kwargs: Any,  # noqa: ANN401  # as above
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("office", offices), ("region", regions)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [ALL, *((one.value, one.label) for one in choices)]
        if not with_level:
            del self.fields["no_level"]
        by = str(self.data.get("sort", "")).removeprefix("-")
        self.sorted = by in SORTS and (with_level or by != "level")

    def chosen(self) -> dict[str, Any]:
        """What was chosen; nothing that is not a choice."""
        if not self.is_valid():
            return {}
        return {name: value for name, value in self.cleaned_data.items() if value}

    def lookups(self) -> dict[str, Any]:
        """What was chosen of the grant's own columns."""
        chosen = self.chosen()
        return {name: chosen[name] for name in ("state", "kind", "mine") if name in chosen}

    def wanted(self) -> Wanted:
        """The order and what was chosen beyond the grant's columns; an unknown order is the list's own."""
        chosen = self.chosen()
        beyond = {name: value for name, value in chosen.items() if name not in {"state", "kind", "mine"}}
        return Wanted(sort=self.data["sort"] if self.sorted else DEFAULT_SORT, **beyond)

    def query(self) -> str:
        """The address of this search: choices alone, in one order, so that the same search is the same text."""
        chosen = {name: "1" if value is True else value for name, value in self.chosen().items()}
        order = {"sort": self.wanted().sort} if self.sorted and self.wanted().sort != DEFAULT_SORT else {}
        return urlencode({**chosen, **order})

    def words(self) -> str:
        """The search in words."""
        said = []
        for name, value in self.chosen().items():
            field = self.fields[name]
            label = str(field.label)
            choices = dict(getattr(field, "choices", ()))
            said.append(label if value is True else f"{label}: {choices[value]}")
        by = self.wanted().by
        if self.query().endswith(f"sort={self.wanted().sort}"):
            heading = _("Number") if by == "number" else COLUMNS[by]
            order = _("order: %(column)s, descending") if self.wanted().sort[0] == "-" else _("order: %(column)s")
            said.append(order % {"column": heading})
        return ", ".join(str(one) for one in said)


class ListView(forms.Form):
    """Rows per page and columns, kept for the next time."""

    size = forms.TypedChoiceField(label=_("Rows per page"), coerce=int, choices=[(one, str(one)) for one in SIZES])
    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, with_level: bool, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(name, label) for name, label in COLUMNS.items() if with_level or name != "level"]


class FindPerson(forms.Form):
    """Search first: is this person known to me already?"""

    name = forms.CharField(label=_("Name"), max_length=150)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)

    def born(self) -> str:
        day = self.cleaned_data["birth_date"]
        return day.isoformat() if day else ""
