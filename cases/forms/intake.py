"""The intake and the nomination."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.versions import Signed, Versioned
from cases.lifecycle import Criteria
from cases.models.person import RelationKind
from cases.services import Intake, Relation
from cases.services.reading import Choice
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text

BLANK_ROWS = 3
MOST_RELATIONS = 30


def options(choices: list[Choice]) -> list[tuple[str, Any]]:
    return [("", _("Choose")), *((one.value, one.label) for one in choices)]


class PersonForm(forms.Form):
    """Who is threatened, and where the case belongs."""

    name = forms.CharField(label=_("Name"), max_length=150)
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    reach = forms.CharField(
        label=_("How one reaches the person"), max_length=150, required=False, help_text=_("Telephone or messaging.")
    )
    phenomenon = forms.ChoiceField(label=_("Phenomenon"), choices=offered("phenomenon", ("", _("Choose"))))
    office = forms.ChoiceField(label=_("Chief prosecutor's office"))
    region = forms.ChoiceField(label=_("Region"))

    def __init__(self, *args: Any, offices: list[Choice], regions: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, choices in (("office", offices), ("region", regions)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)

    def _person(self) -> dict[str, Any]:
        told = self.cleaned_data
        names = ("name", "address", "reach", "phenomenon", "region")
        born = told["birth_date"].isoformat() if told["birth_date"] else ""
        return {**{name: told[name] for name in names}, "office": UUID(told["office"]), "birth_date": born}


class IntakeForm(PersonForm):
    """What the police report of a threatened person."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=200,
        help_text=_("Why these data are processed; it stands on the case and says nothing about the person."),
    )
    what_happened = long_text(_("What happened"))
    measures_now = long_text(_("Measures in force now"), required=False)
    serious = forms.BooleanField(label=_("The threat is serious"), required=False)
    aimed_at_life = forms.BooleanField(label=_("The threat is aimed at life"), required=False)
    threatener_known = forms.BooleanField(label=_("The threatener is known"), required=False)

    def intake(self, relations: tuple[Relation, ...]) -> Intake:
        names = ("purpose", "what_happened", "measures_now", "serious", "aimed_at_life", "threatener_known")
        return Intake(**self._person(), **{name: self.cleaned_data[name] for name in names}, relations=relations)


class RelationForm(forms.Form):
    """Somebody close to the person; a row without a name is left out."""

    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("Relation"), required=False, choices=[("", _("Choose")), *RelationKind.choices])
    birth_date = forms.DateField(label=_("Birth date"), required=False, widget=forms.DateInput)
    core_household = forms.BooleanField(label=_("Lives in the core household"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("name") and not told.get("kind"):
            self.add_error("kind", _("Choose the relation."))
        if not told.get("name") and any(told.values()):
            self.add_error("name", _("Fill in the name."))
        return told

    def relation(self) -> Relation:
        told = self.cleaned_data
        born = told["birth_date"].isoformat() if told["birth_date"] else ""
        return Relation(name=told["name"], kind=told["kind"], birth_date=born, core_household=told["core_household"])


Relations = forms.formset_factory(
    RelationForm, extra=BLANK_ROWS, max_num=MOST_RELATIONS, absolute_max=MOST_RELATIONS, validate_max=True
)


class FillForm(Versioned):
    """The draft, filled by the colleague of the police who opened it."""

    what_happened = long_text(_("What happened"))
    measures_now = long_text(_("Measures in force now"), required=False)
    serious = forms.BooleanField(label=_("The threat is serious"), required=False)
    aimed_at_life = forms.BooleanField(label=_("The threat is aimed at life"), required=False)
    threatener_known = forms.BooleanField(label=_("The threatener is known"), required=False)

    def criteria(self, *, phenomenon: str) -> Criteria:
        told = self.cleaned_data
        names = ("serious", "aimed_at_life", "threatener_known")
        return Criteria(**{name: told[name] for name in names}, phenomenon=phenomenon != "other")


class AssessForm(Versioned):
    """The assessment of the adviser BB&C."""

    assessment = long_text(_("Assessment of the adviser BB&C"), required=False)


class SignForm(Signed):
    """The chief prosecutor nominates."""


class MoveForm(Versioned):
    """A step that needs nothing but the version one saw: hand in, send back."""


class WithdrawForm(Versioned):
    """The office withdraws its nomination."""

    reason = long_text(_("Why the nomination is withdrawn"))
