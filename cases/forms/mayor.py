"""Where somebody lives, what a mayor is told, and quadrilateral meetings."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.plan import choose, named
from cases.models import MeetingAgreement, Person
from cases.models.mayor import ELEMENTS, SCENARIOS
from cases.models.meeting import PARTICIPANTS
from cases.services import Notice
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

OUTCOMES = [one for one in MeetingAgreement._meta.get_field("outcome").choices or () if one[0]]
ROWS = 3


class ResidenceForm(forms.Form):
    """In which municipality somebody lives from now on."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=UUID)
    municipalities = forms.TypedMultipleChoiceField(
        label=_("Lives in"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("By address on this day; at a border more than one."),
    )
    mayor_of = forms.TypedChoiceField(
        label=_("Is the mayor of"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("Then somebody else is told, by rule."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        people: list[tuple[Person, str]],
        municipalities: list[Choice],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(one.value, one.label) for one in municipalities]
        choose(self, "person", named(people))
        choose(self, "municipalities", list(known))
        choose(self, "mayor_of", [("", _("None of them")), *known])


class NoticeForm(forms.Form):
    """What a mayor is told, from the fixed list, or why not."""

    person = forms.TypedChoiceField(label=_("About whom"), coerce=UUID)
    scenario = forms.ChoiceField(label=_("Scenario"), choices=SCENARIOS)
    consequences = long_text(
        _("Consequences for public order"),
        help_text=_("Which are conceivable, or why there are none. The mayor does not see it."),
    )
    elements = forms.MultipleChoiceField(
        label=_("What the mayor is told"),
        choices=ELEMENTS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No more than is needed. Without a choice the mayor is not told."),
    )
    starts_at = forms.DateTimeField(label=_("Period from"), required=False, widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("Period to"), required=False, widget=forms.DateTimeInput)

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "person", named(people))

    def notice(self) -> Notice:
        return Notice(**{name: value for name, value in self.cleaned_data.items() if name != "person"})


class MeetingForm(forms.Form):
    """Who took part, by function."""

    held_at = forms.DateTimeField(label=_("Held"), widget=forms.DateTimeInput)
    municipality = forms.TypedChoiceField(label=_("Municipality"), coerce=UUID, empty_value=None, required=False)
    participants = forms.MultipleChoiceField(
        label=_("Who took part, by function"), choices=PARTICIPANTS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, municipalities: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "municipality", options(municipalities))


class AgreedForm(forms.Form):
    """One agreement; an empty row is none."""

    what = forms.CharField(label=_("What was agreed"), max_length=500)
    who = forms.ChoiceField(label=_("Who does it"), choices=PARTICIPANTS)
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput)


AgreedForms = forms.formset_factory(AgreedForm, extra=ROWS)


class SettleAgreementForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)
