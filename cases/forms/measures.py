"""Reports on a measure, a promised date, review, its end; incidents to those who guard; what the family was told."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.versions import Versioned
from cases.lifecycle import MEASURE_LIFECYCLE
from cases.models import Person
from cases.models.incident import IncidentKind
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

STEPS = {
    "accept": _("Accepted: it will be carried out"),
    "put_in_place": _("In place"),
    "verify": _("Verified on the spot"),
    "fall_away": _("Fell away: not in place any more"),
}


class ReportForm(Versioned):
    """What was done about a measure; only the steps that are possible now, of those this role may report."""

    step = forms.ChoiceField(label=_("What happened"), widget=forms.RadioSelect)
    note = long_text(
        _("Note"), required=False, help_text=_("Needed when a measure fell away. No names of those who guard.")
    )

    def __init__(self, *args: Any, state: str, steps: frozenset[str], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["step"]
        if isinstance(field, forms.ChoiceField):
            possible = steps.intersection(MEASURE_LIFECYCLE.steps_from(state))
            field.choices = [(step, label) for step, label in STEPS.items() if step in possible]


class PromiseForm(Versioned):
    """By which day it is in place, and who supplies or installs it."""

    promised_on = forms.DateField(label=_("In place by"), widget=forms.DateInput)
    supplier = forms.CharField(
        label=_("Supplier or installer"), required=False, max_length=120, help_text=_("The company, no person.")
    )
    note = long_text(_("Note"), required=False)


class ReviewForm(Versioned):
    """The measure goes on: why, and when it is looked at again."""

    review_due = forms.DateField(label=_("Next review"), widget=forms.DateInput)
    note = long_text(_("Why it goes on"))


class EndForm(Versioned):
    """The authority ends a measure."""

    reason = long_text(_("Reason to end the measure"))


class ChaseForm(Versioned):
    """Ask who carries it out for a date."""

    note = long_text(_("What to say with it"), required=False)


class CorrectForm(forms.Form):
    """What is said to set right what was said before; it stands in the contact log."""

    person_id = forms.TypedChoiceField(label=_("Told to"), coerce=str)
    text = long_text(_("What was said"), help_text=_("Give no times or teams."))

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["person_id"]
        if isinstance(field, forms.ChoiceField):
            persons = [Choice(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people]
            field.choices = [(one.value, one.label) for one in persons]


class IncidentForm(forms.Form):
    """What happened to those who guard."""

    kind = forms.ChoiceField(label=_("What happened"), choices=IncidentKind.choices, widget=forms.RadioSelect)
    happened_at = forms.DateTimeField(label=_("When"), widget=forms.DateTimeInput)
    stopped = forms.BooleanField(label=_("The measure stopped because of it"), required=False)
    text = long_text(_("Account"), help_text=_("No names of those who guard."))


class AnswerForm(forms.Form):
    """What was done about it."""

    answer = long_text(_("What was done about it"))


class PromiseFilter(forms.Form):
    """Which promises the list shows."""

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Everything that is not in place")),
            ("told", _("The family was told")),
            ("undated", _("No date was promised")),
            ("chased", _("A date was asked for")),
        ],
    )
