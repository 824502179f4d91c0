"""The triage table: convening it, putting a case on it, views, minutes, outcomes."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Versioned
from cases.models.table import FINDS
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class ConveneForm(forms.Form):
    """When, who chairs, who is invited."""

    meets_at = forms.DateTimeField(label=_("Date and time"), widget=forms.DateTimeInput)
    chair = forms.TypedChoiceField(label=_("Chair"), coerce=UUID)
    parties = forms.TypedMultipleChoiceField(
        label=_("Invited"), coerce=UUID, widget=forms.CheckboxSelectMultiple, help_text=_("The NCTV always sits there.")
    )

    def __init__(self, *args: Any, chairs: list[Choice], parties: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        _offer(self.fields["chair"], options(chairs))
        _offer(self.fields["parties"], [(one.value, one.label) for one in parties])


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


class PutForm(forms.Form):
    """A signed nomination of one's own office, and why it lies on the table."""

    nomination_id = forms.TypedChoiceField(label=_("Nomination"), coerce=UUID)
    reason = long_text(_("Why it lies on the table"))

    def __init__(self, *args: Any, nominations: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        _offer(self.fields["nomination_id"], options(nominations))


class ViewForm(forms.Form):
    """What a party finds."""

    party = forms.TypedChoiceField(label=_("Party"), coerce=UUID)
    finds = forms.ChoiceField(label=_("Finds"), choices=FINDS, widget=forms.RadioSelect)
    text = long_text(_("View of the party"))

    def __init__(self, *args: Any, parties: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        _offer(self.fields["party"], [(one.value, one.label) for one in parties])


class MinutesForm(Versioned):
    """What was said about this nomination."""

    minutes = long_text(_("Minutes"))


class ReasonForm(forms.Form):
    """Why an item leaves the agenda."""

    reason = long_text(_("Reason"))
