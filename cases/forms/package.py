"""The package of measures: reasons, planned measures, and the decision."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.lifecycle import PlannedStep
from cases.models import Measure, Person
from cases.services import Planned
from cases.services.package import TEXTS
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

TIERS = [(n, str(n)) for n in range(1, 5)]
STEPS = [(PlannedStep.CONTINUE.value, _("Goes on")), (PlannedStep.END.value, _("Ends"))]
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
    residual_risk = long_text(_("Residual risk"), required=False, help_text=_("What these measures do not take away."))
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
    """One planned measure; a row without a measure is left out. Numbers left empty are those of the catalogue.

    A row with `standing` is about a measure in force: it goes on or ends, for whom it is and as what it is.
    """

    standing = forms.UUIDField(required=False, widget=forms.HiddenInput)
    step = forms.ChoiceField(label=_("What becomes of it"), required=False, choices=STEPS, widget=forms.RadioSelect)
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
        standing: dict[str, Measure],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        persons = [Choice(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people]
        for name, choices in (("kind", kinds), ("person", persons), ("region", regions)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)
        self.measure = standing.get(str(self["standing"].value() or ""))
        for name in ("kind", "person") if self.measure else ("step",):
            del self.fields[name]

    def clean_standing(self) -> UUID | None:
        """What it is about is in force in this case still."""
        told: UUID | None = self.cleaned_data["standing"]
        if told is not None and self.measure is None:
            raise forms.ValidationError(_("This measure ended meanwhile."))
        return told

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.measure and not told.get("step") and "step" not in self.errors:
            self.add_error("step", _("Say whether it goes on or ends."))
        if told.get("kind") or told.get("step") == PlannedStep.CONTINUE:
            needed = ("starts_on", "region") if self.measure else ("person", "starts_on", "region")
            for name in needed:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
            if told.get("required") and (told.get("floor") or 0) > told["required"]:
                self.add_error("floor", _("The floor is not above the teams per shift."))
        return told

    def planned(self, *, today: date) -> Planned:
        told, measure = self.cleaned_data, self.measure
        return Planned(
            person_id=measure.person_id if measure else UUID(told["person"]),
            kind=measure.kind if measure else told["kind"],
            starts_on=told["starts_on"] or today,
            step=told["step"] if measure else PlannedStep.ORDER,
            standing_id=measure.pk if measure else None,
            region=told["region"],
            required=told["required"],
            floor=told["floor"],
            shifts="".join(told["shifts"]),
        )


PlannedRows = forms.formset_factory(
    PlannedForm, extra=BLANK_ROWS, max_num=MOST_MEASURES, absolute_max=MOST_MEASURES, validate_max=True
)


class ConditionForm(forms.Form):
    """One condition of the decision; an empty row is left out."""

    text = long_text(_("What must be so"), required=False)
    check_on = forms.DateField(label=_("Look whether it is so on"), required=False, widget=forms.DateInput)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if bool(told.get("text")) != bool(told.get("check_on")):
            for name in ("text", "check_on"):
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
        return told


ConditionRows = forms.formset_factory(ConditionForm, extra=1, max_num=10, absolute_max=10, validate_max=True)


class CheckForm(forms.Form):
    """Somebody looked whether a condition is met."""

    outcome = forms.ChoiceField(
        label=_("Is it so?"),
        choices=[("met", _("Met")), ("not_met", _("Not met")), ("later", _("Look again later"))],
        widget=forms.RadioSelect,
    )
    again_on = forms.DateField(label=_("Look again on"), required=False, widget=forms.DateInput)
    note = long_text(_("What was found"), required=False, help_text=_("Needed, unless the condition is met."))


class DecideForm(Signed):
    """The decision on the package."""

    reasons = long_text(_("Reasons"))
    infeasible_statement = long_text(
        _("Why it is ordered although it cannot be carried out"), help_text=_("You sign this with the decision.")
    )
    urgent_reason = long_text(
        _("Why it cannot wait"),
        required=False,
        help_text=_("By the urgent route it holds at once; another decider ratifies it."),
    )

    def __init__(self, *args: Any, infeasible: bool, urgent: bool, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, asked in (("infeasible_statement", infeasible), ("urgent_reason", urgent)):
            if not asked:
                del self.fields[name]


class SendBackForm(Versioned):
    """Back to the case manager, with what is wrong."""

    reasons = long_text(_("What must change"))
