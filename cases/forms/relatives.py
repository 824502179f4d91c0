"""The designation of a relative: proposed, decided, ended."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, SignForm, StepForm, choose
from cases.services.reading.relatives import Relative
from stelsel.kernel.forms import long_text


class ProposeForm(ActForm):
    """Who, and on which grounds."""

    person_id = forms.TypedChoiceField(label=_("For whom"), coerce=str)
    grounds = long_text(
        _("Grounds"), help_text=_("About this relative: the threat, and why measures for the household do not reach.")
    )

    def __init__(self, *args: object, relatives: list[Relative], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own
        people = [(str(one.relation.person_id), one.relation) for one in relatives if not one.open]
        choose(self, "person_id", [(key, f"{row.person.pseudonym} {row.get_kind_display()}") for key, row in people])


class DecideRelativeForm(SignForm):
    """The decision, either way."""

    reasons = long_text(_("Reasons"))


class EndGroundsForm(StepForm):
    """Why the designation would end."""

    grounds = long_text(_("Grounds to end it"))


class KeepForm(StepForm):
    """Why it goes on."""

    reasons = long_text(_("Why it goes on"))
