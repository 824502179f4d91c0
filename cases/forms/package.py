"""The package of measures: reasons, planned measures, and the decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.models import Person
from cases.services import Planned
from cases.services.package import TEXTS
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

TIERS = [(n, str(n)) for n in range(1, 5)]
SHIFTS = [("D", _("Day")), ("E", _("Evening")), ("N", _("Night"))]
BLANK_ROWS = 2
MOST_MEASURES = 30


class StartForm(forms.Form):
    """The beginning of a package on a decided level."""

    tier = forms.TypedChoiceField(label=_("Tier"), coerce=int, choices=TIERS)
    review_due = forms.DateField(label=_("Review due"), widget=forms.DateInput)


class PackageForm(Versioned):
    """Reasons of the package; each is obligatory when it is laid before the decider, not while it is a draft."""

    tier = forms.TypedChoiceField(label=_("Tier"), coerce=int, choices=TIERS)
    review_due = forms.DateField(label=_("Review due"), widget=forms.DateInput)
    alternatives = long_text(_("Alternatives considered"), required=False)
    household_effect = long_text(_("Effect on the household"), required=False)
    necessity = long_text(_("Necessity"), required=False)
    proportionality = long_text(_("Proportionality"), required=False)
    subsidiarity = long_text(_("Subsidiarity"), required=False)
    review_trigger = long_text(_("What sets off a review"), required=False)
    exit_criteria = long_text(_("When measures can end"), required=False)

    same_because = long_text(
        _("The same reasons still hold, because"),
        required=False,
        help_text=_("Only where a reason says again what an earlier package said."),
    )

    def texts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in (*TEXTS, "same_because")}


class PlannedForm(forms.Form):
    """One planned measure; a row without a measure is left out. Numbers left empty are those of the catalogue."""

    kind = forms.ChoiceField(label=_("Measure"), required=False)
    person = forms.ChoiceField(label=_("For whom"), required=False)
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput)
    region = forms.ChoiceField(label=_("Region"), required=False)
    required = forms.IntegerField(
        label=_("Teams per shift"), required=False, min_value=1, max_value=9, help_text=_("Empty: as in the catalogue.")
    )
    floor = forms.IntegerField(
        label=_("Safety floor"), required=False, min_value=0, max_value=9, help_text=_("Never fewer teams than this.")
    )
    shifts = forms.MultipleChoiceField(
        label=_("Shifts"), required=False, choices=SHIFTS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        people: list[tuple[Person, str]],
        regions: list[Choice],
        kinds: list[Choice],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        persons = [Choice(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people]
        for name, choices in (("kind", kinds), ("person", persons), ("region", regions)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("kind"):
            for name in ("person", "starts_on", "region"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
            if told.get("required") and (told.get("floor") or 0) > told["required"]:
                self.add_error("floor", _("The floor is not above the teams per shift."))
        return told

    def planned(self) -> Planned:
        told = self.cleaned_data
        return Planned(
            person_id=UUID(told["person"]),
            kind=told["kind"],
            starts_on=told["starts_on"],
            region=told["region"],
            required=told["required"],
            floor=told["floor"],
            shifts="".join(told["shifts"]),
        )


PlannedRows = forms.formset_factory(
    PlannedForm, extra=BLANK_ROWS, max_num=MOST_MEASURES, absolute_max=MOST_MEASURES, validate_max=True
)


class DecideForm(Signed):
    """The decision on the package."""

    reasons = long_text(_("Reasons"))
    infeasible_statement = long_text(
        _("Why it is ordered although it cannot be carried out"), help_text=_("You sign this with the decision.")
    )
    urgent_reason = long_text(
        _("Why it cannot wait"),
        required=False,
        help_text=_("The picture is not in date: decide by the urgent route. Another decider ratifies it."),
    )

    def __init__(self, *args: Any, infeasible: bool, urgent: bool, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, asked in (("infeasible_statement", infeasible), ("urgent_reason", urgent)):
            if not asked:
                del self.fields[name]


class SendBackForm(Versioned):
    """Back to the case manager, with what is wrong."""

    reasons = long_text(_("What must change"))
