"""What was told to whom, and what was withheld."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.plan import choose, named
from cases.models import Person
from cases.models.telling import RECEIVED, TOPICS
from cases.services import Said
from cases.services.reading import Choice
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text


class TellForm(forms.Form):
    """Told, withheld, or both."""

    person = forms.TypedChoiceField(label=_("To whom"), coerce=UUID)
    topic = forms.ChoiceField(label=_("About"), choices=TOPICS)
    channel = forms.ChoiceField(label=_("Told"), required=False, choices=offered("inform_channel", ("", _("Not told"))))
    told = long_text(_("What was told"), required=False, help_text=_("Give no times, routes or teams in writing."))
    received = forms.ChoiceField(label=_("Received"), choices=RECEIVED)
    protects_life = forms.BooleanField(
        label=_("It could not wait: it protects life"),
        required=False,
        help_text=_("Only then may threat or measures be told before the level was set."),
    )
    ground = forms.ChoiceField(label=_("Withheld, on this ground"), required=False)
    withheld = long_text(_("What was withheld"), required=False)
    review_on = forms.DateField(
        label=_("Look again on"),
        required=False,
        widget=forms.DateInput,
        help_text=_("What is withheld comes back as work on this day."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        people: list[tuple[Person, str]],
        grounds: list[Choice],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", named(people))
        choose(self, "ground", [("", _("Not withheld")), *((one.value, one.label) for one in grounds)])

    def said(self, *, corrects: bool) -> Said:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "person"}
        return Said(**typed, corrects=corrects)


class ReceivedForm(forms.Form):
    received = forms.ChoiceField(label=_("Received"), choices=[one for one in RECEIVED if one[0] != "unknown"])
