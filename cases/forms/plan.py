"""The contact plan, its contact person, and promises."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Versioned
from cases.models import ContactPlan, MomentAgenda, Person, Promise
from cases.models.plan import ADVICES, KNOWLEDGE
from cases.services import Plan
from cases.services.reading import Choice
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text

OUTCOMES = [one for one in Promise._meta.get_field("outcome").choices or () if one[0]]
AGENDA = list(MomentAgenda._meta.get_field("answer").choices or ())
MOST_DAYS = 90


class PlanForm(Versioned):
    """How contact with one person is kept."""

    every_days = forms.IntegerField(label=_("Contact every (days)"), min_value=1, max_value=MOST_DAYS)
    channel = forms.ChoiceField(label=_("Agreed channel"), choices=offered("inform_channel"))
    language = forms.CharField(label=_("Language"), max_length=40, required=False)
    interpreter = forms.BooleanField(label=_("Interpreter needed"), required=False)
    knows = forms.ChoiceField(label=_("Knowledge of the threat"), choices=KNOWLEDGE)
    may_be_told = long_text(
        _("What may be told to whom"),
        required=False,
        help_text=_("To the person, a partner, a child, an employer, somebody who does not know of the threat."),
    )
    escalation = long_text(
        _("Steps when the person cannot be reached"),
        required=False,
        help_text=_("In order: whom to call, where to go, after how long the next step."),
    )
    advices = forms.MultipleChoiceField(
        label=_("The ten advices (ARQ 2020): what is arranged"),
        choices=ADVICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @staticmethod
    def of(row: ContactPlan, texts: dict[str, str]) -> dict[str, Any]:
        """What the form begins with."""
        names = ("every_days", "channel", "language", "interpreter", "knows", "advices", "version")
        return {**{name: getattr(row, name) for name in names}, **texts}

    def plan(self) -> Plan:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Plan(**{**typed, "advices": tuple(typed["advices"])})


class ContactPersonForm(forms.Form):
    """Who keeps contact; with an end, a deputy."""

    user = forms.TypedChoiceField(label=_("Contact person"), coerce=UUID)
    until = forms.DateTimeField(
        label=_("Only as deputy until"), required=False, help_text=_("Empty: named from now on, without an end.")
    )

    def __init__(self, *args: Any, colleagues: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "user", options(colleagues))


class PromiseForm(forms.Form):
    """Something promised to somebody."""

    person = forms.TypedChoiceField(label=_("To whom"), coerce=UUID)
    text = long_text(_("What was promised"))
    due_on = forms.DateField(label=_("By"), widget=forms.DateInput)

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "person", named(people))


class SettlePromiseForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)


class AgendaForm(forms.Form):
    """Whether somebody tells of moments ahead: not telling is never "none"."""

    person = forms.TypedChoiceField(label=_("Who was asked"), coerce=UUID)
    answer = forms.ChoiceField(label=_("Moments ahead"), choices=AGENDA, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "person", named(people))


def named(people: list[tuple[Person, str]]) -> list[tuple[str, Any]]:
    return [(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people]


def choose(form: forms.Form, name: str, choices: list[tuple[str, Any]]) -> None:
    """Give a field the choices that only the page knows."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
