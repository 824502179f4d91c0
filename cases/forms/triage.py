"""Triage: who handles the case, the prepared judgement, the judgement."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class AssignForm(forms.Form):
    """Two different people."""

    case_manager = forms.TypedChoiceField(label=_("Case manager"), coerce=UUID)
    decider = forms.TypedChoiceField(label=_("Decider"), coerce=UUID)

    def __init__(self, *args: Any, case_managers: list[Choice], deciders: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, choices in (("case_manager", case_managers), ("decider", deciders)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)


class PrepareForm(Versioned):
    """What the case manager proposes, and on which information."""

    proposal = long_text(_("Proposal"), help_text=_("Accept or reject, and why."))
    information_used = long_text(_("Information used"))


class JudgeForm(Signed):
    """The judgement on a nomination."""

    outcome = forms.ChoiceField(
        label=_("Judgement"),
        widget=forms.RadioSelect,
        choices=[
            ("accept", _("Accept: designate the person and the core household, now")),
            ("reject", _("Reject: the chief prosecutor stays the authority")),
        ],
    )
    reasons = long_text(_("Reasons"))


class RatifyForm(Signed):
    """A decider who did not take the call confirms the urgent designation."""

    version = None  # type: ignore[assignment]  # a designation carries no version: it is ratified once
    reasons = long_text(_("Reasons"))
