"""The four answers of article 2 ECHR, who is responsible, agreements and what follows when one is not kept."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, SignForm, StepForm, choose
from cases.models import Agreement, Breach, DutyAnswers, Party, Person
from cases.services import Answers
from cases.services.reading.care import Line, Subject
from stelsel.kernel.forms import long_text

RISKS = list(DutyAnswers._meta.get_field("risk").choices or ())
KINDS = list(Breach._meta.get_field("kind").choices or ())
INTERPRETERS = list(Breach._meta.get_field("interpreter").choices or ())
OUTCOMES = list(Breach._meta.get_field("outcome").choices or ())
FIRST = [("", _("Choose"))]


class AnswersForm(ActForm):
    """The four answers at a decision."""

    decision = forms.ChoiceField(label=_("At which decision"))
    known = long_text(
        _("1. What was known, or should have been known?"),
        help_text=_("What lay there at this moment is kept beside it: picture, signals, products by number."),
    )
    risk = forms.ChoiceField(
        label=_("2. Is there a real and immediate risk to the life of an identified person?"),
        choices=RISKS,
        widget=forms.RadioSelect,
    )
    risk_reasons = long_text(
        _("On what does that rest?"),
        help_text=_("An own, proactive and comprehensive assessment (ECtHR, Kurt v. Austria, 2021)."),
    )
    available = long_text(_("3. Which measures were reasonably available?"))
    choice = long_text(_("4. Why were they taken, or not taken?"))

    def __init__(self, *args: Any, subjects: list[Subject], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "decision", [(one.key, one.label) for one in subjects])

    def told(self) -> dict[str, Any]:
        """The decision as occasion and record, the answers as one value."""
        told = super().told()
        occasion, _colon, subject = told.pop("decision").partition(":")
        return {"occasion": occasion, "subject_id": UUID(subject), "answers": Answers(**told)}


class SignAnswersForm(SignForm):
    """The decider signs the answers."""


class ResponsibilityForm(ActForm):
    """Who is responsible from now on, and who bears the cost."""

    party = forms.ChoiceField(label=_("Responsible"), choices=Party)
    cost_bearer = forms.ChoiceField(label=_("Bears the cost"), choices=Party)
    reason = long_text(_("Reason"), help_text=_("No amounts: the cost of one person's protection stands nowhere."))


class NearForm(ActForm):
    """About the person of the case, or somebody close."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=UUID)

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "person", [(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people])

    def told(self) -> dict[str, Any]:
        told = super().told()
        return {"person_id": told.pop("person"), **told}


class AgreementForm(NearForm):
    """What was agreed."""

    text = long_text(_("What was agreed"))


class BreachForm(NearForm):
    """What happened, without judgement."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[*FIRST, *KINDS])
    agreement_id = forms.TypedChoiceField(label=_("Agreement"), coerce=UUID, required=False, empty_value=None)
    occurred_on = forms.DateField(label=_("When"), widget=forms.DateInput)
    facts = long_text(_("What happened"), help_text=_("Neutral: what was seen or said, no judgement of the person."))

    def __init__(self, *args: Any, agreements: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "agreement_id", [("", _("None")), *((str(one.row.pk), _short(one)) for one in agreements)])


def _short(line: Line) -> str:
    agreement: Agreement = line.row
    return f"{agreement.made_at:%d-%m-%Y}: {line.texts['text'][:60]}"


class TalkForm(StepForm):
    """The conversation about it."""

    talked_on = forms.DateField(label=_("Held on"), widget=forms.DateInput)
    said = long_text(_("What the person said"))
    interpreter = forms.ChoiceField(label=_("Interpreter"), choices=INTERPRETERS, widget=forms.RadioSelect)


class WarnForm(StepForm):
    """The letter."""

    letter_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput)
    consequences = long_text(
        _("Consequences named in the letter"), help_text=_("The letter has no consequence itself: a decision does.")
    )


class SubmitBreachForm(StepForm):
    """What the decider needs to decide anew."""

    alternatives = long_text(_("Alternatives"))
    residual_risk = long_text(_("Risk that remains"))


class DecideBreachForm(SignForm):
    """The decision anew."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)
    reasons = long_text(_("Reasons"))
