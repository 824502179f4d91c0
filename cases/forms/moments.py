"""A moment of raised risk: reported, its gate answered, moved, evaluated; and the reply of the event's owner."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.plan import choose, named
from cases.forms.versions import Versioned
from cases.models import MomentOwner, Person, RaisedRiskMoment, Readiness
from cases.models.moment import RISK_MOMENTS
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text

WORDS = [one for one in Readiness._meta.get_field("word").choices or () if one[0]]
ANSWERS = [one for one in Readiness._meta.get_field("answer").choices or () if one[0]]
OUTCOMES = [one for one in RaisedRiskMoment._meta.get_field("outcome").choices or () if one[0]]
REPLIES = [one for one in MomentOwner._meta.get_field("reply").choices or () if one[0]]


class MomentForm(forms.Form):
    """A moment of raised risk that lies ahead."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *RISK_MOMENTS])
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput)
    region = forms.ChoiceField(label=_("Region"))
    owner = forms.TypedChoiceField(
        label=_("Who decides on the event"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("A prosecutor who will publish, for instance. They see only whether protection is ready."),
    )
    concerned = forms.TypedMultipleChoiceField(
        label=_("Also concerned, beside the person and the core household"),
        coerce=UUID,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    description = long_text(_("Description"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        regions: list[Choice],
        owners: list[Choice],
        others: list[tuple[Person, str]],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "region", options(regions))
        choose(self, "owner", [("", _("Nobody: it cannot be moved")), *((one.value, one.label) for one in owners)])
        choose(self, "concerned", named(others))
        if not others:
            del self.fields["concerned"]


class WordForm(forms.Form):
    """The word of the LCC about one person."""

    readiness_id = forms.TypedChoiceField(label=_("For whom"), coerce=UUID)
    word = forms.ChoiceField(label=_("Protection"), choices=WORDS, widget=forms.RadioSelect)
    reason = long_text(_("What is not in place"), required=False)

    def __init__(self, *args: Any, asked: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "readiness_id", list(asked))


class AnswerForm(forms.Form):
    """The answer of the authority about one person."""

    readiness_id = forms.TypedChoiceField(label=_("For whom"), coerce=UUID)
    answer = forms.ChoiceField(label=_("Protection ready"), choices=ANSWERS, widget=forms.RadioSelect)
    reason = long_text(_("Reason"), required=False)

    def __init__(self, *args: Any, asked: list[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "readiness_id", list(asked))


class MoveForm(Versioned):
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput)


class EvaluateForm(Versioned):
    outcome = forms.ChoiceField(label=_("What happened"), choices=OUTCOMES, widget=forms.RadioSelect)
    evaluation = long_text(_("What happened, and what we learn from it"))


class ReplyForm(forms.Form):
    """The owner moves the event, or lets it stay."""

    reply = forms.ChoiceField(label=_("Your reply"), choices=REPLIES, widget=forms.RadioSelect)
    starts_at = forms.DateTimeField(label=_("New begin"), widget=forms.DateTimeInput, required=False)
    ends_at = forms.DateTimeField(label=_("New end"), widget=forms.DateTimeInput, required=False)
