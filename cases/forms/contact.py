"""The contact log, the duty to inform, moments of raised risk."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.models import Person, RaisedRiskMoment
from cases.services.reading import Choice
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text

MOMENTS = list(RaisedRiskMoment._meta.get_field("kind").choices or ())


class ContactForm(forms.Form):
    """What was said; as a signal it goes to threat analysis."""

    person = forms.TypedChoiceField(label=_("With whom"), coerce=UUID)
    text = long_text(_("What was said"))
    is_signal = forms.BooleanField(
        label=_("Send to threat analysis as a signal"),
        required=False,
        help_text=_("What may bear on the threat: something seen, a message, a fear with a reason."),
    )

    def __init__(self, *args: Any, people: list[tuple[Person, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(one.pk), f"{one.pseudonym} {relation}".strip()) for one, relation in people]


class SettleForm(forms.Form):
    """How the person was told, or the ground on which it is withheld: one of the two."""

    channel = forms.ChoiceField(label=_("Told"), required=False, choices=offered("inform_channel", ("", _("Not told"))))
    told = long_text(_("What was told"), required=False, help_text=_("Give no times, routes or teams in writing."))
    withheld_ground = forms.ChoiceField(
        label=_("Or withheld, on this ground"),
        required=False,
        choices=offered("withheld_ground", ("", _("Not withheld"))),
    )


class MomentForm(forms.Form):
    """A moment of raised risk that lies ahead."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *MOMENTS])
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput)
    region = forms.ChoiceField(label=_("Region"))
    description = long_text(_("Description"), required=False)

    def __init__(self, *args: Any, regions: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["region"]
        if isinstance(field, forms.ChoiceField):
            field.choices = options(regions)
