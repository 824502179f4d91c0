"""The contact log and the duty to inform."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.plan import choose, named
from cases.models import Person
from cases.models.contact import INFORMANTS
from cases.services import Heard
from cases.services.reading import Choice
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text


class ContactForm(forms.Form):
    """What was said; as a signal it goes to threat analysis."""

    person = forms.TypedChoiceField(label=_("With whom"), coerce=UUID)
    missed = forms.BooleanField(
        label=_("Not reached"), required=False, help_text=_("An attempt counts as an attempt, never as contact.")
    )
    channel = forms.ChoiceField(label=_("How"), required=False, choices=offered("inform_channel", ("", _("Not said"))))
    text = long_text(_("What was said"))
    is_signal = forms.BooleanField(
        label=_("Send to threat analysis as a signal"),
        required=False,
        help_text=_("What may bear on the threat: something seen, a message, a fear with a reason."),
    )
    informant = forms.ChoiceField(
        label=_("Told by"), required=False, choices=[("", _("With whom I spoke")), *INFORMANTS]
    )
    protect_informant = forms.BooleanField(
        label=_("Protect who told it"), required=False, help_text=_("Threat analysis does not see in which role.")
    )
    repeats = forms.TypedChoiceField(
        label=_("The same as an earlier signal"), coerce=UUID, empty_value=None, required=False
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        people: list[tuple[Person, str]],
        signals: list[Choice],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", named(people))
        choose(self, "repeats", [("", _("No, it is new")), *((one.value, one.label) for one in signals)])

    def heard(self) -> Heard:
        names = ("channel", "informant", "protect_informant", "repeats")
        told = {name: self.cleaned_data[name] for name in names}
        return Heard(**told, reached=not self.cleaned_data["missed"])


class SettleForm(forms.Form):
    """How the person was told, or the ground on which it is withheld: one of the two."""

    channel = forms.ChoiceField(label=_("Told"), required=False, choices=offered("inform_channel", ("", _("Not told"))))
    told = long_text(_("What was told"), required=False, help_text=_("Give no times, routes or teams in writing."))
    withheld_ground = forms.ChoiceField(
        label=_("Or withheld, on this ground"),
        required=False,
        choices=offered("withheld_ground", ("", _("Not withheld"))),
    )
    review_on = forms.DateField(
        label=_("Look again on"),
        required=False,
        widget=forms.DateInput,
        help_text=_("What is withheld comes back as work; without a day in two weeks (house norm)."),
    )
    protects_life = forms.BooleanField(label=_("It could not wait: it protects life"), required=False)
