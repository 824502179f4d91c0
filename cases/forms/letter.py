"""Letters: about which decision and to whom; the text; the signature; a numbered copy."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.models.letter import CopyChannel, LetterKind
from cases.services.letters import Writing
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text
from stelsel.legal.models import Marking

OFFICE = "office"


class StartLetterForm(forms.Form):
    """A decision of the case, and a person of the case or the office of the chief prosecutor."""

    about = forms.ChoiceField(label=_("About"))
    to = forms.ChoiceField(label=_("To"))
    language = forms.ChoiceField(label=_("Language"), choices=[("nl", _("Dutch")), ("en", _("English"))])

    def __init__(self, *args: Any, about: list[Choice], to: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, choices in (("about", about), ("to", to)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)

    def started(self) -> dict[str, Any]:
        """What was chosen, as `start_letter` takes it."""
        kind, _sep, subject = self.cleaned_data["about"].partition(":")
        to = self.cleaned_data["to"]
        return {
            "kind": LetterKind(kind),
            "subject_id": UUID(subject),
            "person_id": None if to == OFFICE else UUID(to),
            "language": self.cleaned_data["language"],
        }


class LetterForm(Versioned):
    """The text of a draft; what must be there is asked when it is laid before the decider."""

    reasons = long_text(
        _("Why"),
        required=False,
        help_text=_("For the reader, in plain words. No sources, times, places or teams."),
    )
    meaning = long_text(_("What this means for you"), required=False)
    reach = long_text(_("Questions"), required=False, help_text=_("Whom the reader can ask, and how to reach them."))
    marking = forms.ChoiceField(label=_("Marking"), choices=list(Marking.choices))
    marked_until = forms.DateField(label=_("Marking ends on"), required=False, widget=forms.DateInput)

    def writing(self) -> Writing:
        told = self.cleaned_data
        return Writing(**{name: told[name] for name in Writing.__dataclass_fields__})


class SignLetterForm(Signed):
    """The decider signs the letter as it stands."""


class RemarkForm(Versioned):
    """Back to the case manager, or given up: with the reason."""

    remark = long_text(_("Reason"))


class CopyForm(Versioned):
    """A copy for one recipient."""

    recipient = forms.CharField(label=_("For whom"), max_length=200)
    channel = forms.ChoiceField(label=_("How"), choices=list(CopyChannel.choices))
