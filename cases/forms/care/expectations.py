"""What may be expected of each side, questions about it, and measures of the employer."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, choose
from cases.models import Expectation, Party, Side
from cases.services.reading.care import Line
from stelsel.kernel.forms import long_text

ANSWERS = list(Expectation._meta.get_field("answer").choices or ())
ASKS = [(Side.PERSON, Side.PERSON.label), (Side.EMPLOYER, Side.EMPLOYER.label)]


class ExpectationForm(ActForm):
    """What may be expected of one side; or a new version of what stands."""

    replaces = forms.TypedChoiceField(
        label=_("New version of"),
        coerce=UUID,
        required=False,
        empty_value=None,
        help_text=_("The side and the employer are those of the version before."),
    )
    side = forms.ChoiceField(label=_("Of whom"), choices=Side, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Which employer"), max_length=120, required=False)
    text = long_text(_("What may be expected"), help_text=_("Plain words: it is read by whom it concerns."))

    def __init__(self, *args: Any, standing: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "replaces", [("", _("None")), *((str(one.row.pk), expectation_label(one)) for one in standing)])


class AnswerForm(ActForm):
    """The side that it was written for knows it and accepts it, or refuses."""

    expectation_id = forms.TypedChoiceField(label=_("Which one"), coerce=UUID)
    answer = forms.ChoiceField(label=_("Answer"), choices=ANSWERS, widget=forms.RadioSelect)
    answered_on = forms.DateField(label=_("Answered on"), widget=forms.DateInput)
    said = long_text(_("What was said"), required=False, help_text=_("With a refusal: its words."))

    def __init__(self, *args: Any, waiting: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "expectation_id", [(str(one.row.pk), expectation_label(one)) for one in waiting])


def expectation_label(line: Line) -> str:
    row: Expectation = line.row
    name = f" ({line.texts['name']})" if line.texts["name"] else ""
    return f"{row.get_side_display()}{name}, {row.number}"


class QuestionForm(ActForm):
    """What somebody asked."""

    side = forms.ChoiceField(label=_("Asked by"), choices=ASKS, widget=forms.RadioSelect)
    asked_on = forms.DateField(label=_("Asked on"), widget=forms.DateInput)
    question = long_text(_("Question"))


class ReplyForm(ActForm):
    """The answer that they got."""

    question_id = forms.TypedChoiceField(label=_("Which one"), coerce=UUID)
    answer = long_text(_("Answer"))

    def __init__(self, *args: Any, asked: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "question_id", [(str(one.row.pk), one.texts["question"][:80]) for one in asked])


class EmployerMeasureForm(ActForm):
    """What an employer takes on itself."""

    employer = forms.CharField(label=_("Employer"), max_length=120)
    what = long_text(_("What it does"))
    cost_bearer = forms.ChoiceField(
        label=_("Bears the cost"), choices=Party, initial=Party.EMPLOYER, help_text=_("Who, never how much.")
    )
    deadline = forms.DateField(label=_("Ready on"), widget=forms.DateInput)


class LookForm(ActForm):
    """Somebody looked whether it is there."""

    measure_id = forms.TypedChoiceField(label=_("Which one"), coerce=UUID)
    there = forms.TypedChoiceField(
        label=_("Is it there?"),
        choices=[("yes", _("In place")), ("no", _("Fell away, or never came"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    looked_on = forms.DateField(label=_("Looked on"), widget=forms.DateInput)
    note = long_text(_("Note"), required=False, help_text=_("When it fell away: why."))

    def __init__(self, *args: Any, measures: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "measure_id", measure_choices(measures))


class TakenOverForm(ActForm):
    """What fell away was made good in another way."""

    measure_id = forms.TypedChoiceField(label=_("Which one"), coerce=UUID)

    def __init__(self, *args: Any, measures: list[Line], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "measure_id", measure_choices(measures))


def measure_choices(measures: list[Line]) -> list[tuple[Any, Any]]:
    return [(str(one.row.pk), f"{one.texts['employer']}: {one.texts['what'][:60]}") for one in measures]
