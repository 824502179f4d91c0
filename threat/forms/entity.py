"""Forms of matching: what is taken down, what a supplier names, and how a blind match is settled."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models import Organisation
from threat.forms.fields import Words, choice, offer
from threat.lifecycle import DISMISSALS
from threat.models.entity import ANSWERS, BLIND_REASONS, ENTITY_KINDS
from threat.scoring.entities import LONGEST, EntityKind
from threat.services import Named
from threat.services import blind as services

NAMES: "dict[str, Words]" = dict(ENTITY_KINDS)  # type: ignore[arg-type]  # lazy texts
HELP = {
    "vehicle": _("One licence plate a line."),
    "phone": _("One number a line, a foreign one with its country code."),
    "address": _("One a line: postcode, house number and addition, as in 1234 AB 12 A."),
    "account": _("One IBAN a line."),
}


class EntityForm(forms.Form):
    """One thing that the product or signal names; only kinds that may be matched today are offered."""

    kind = forms.ChoiceField(label=_("What it is"))
    value = forms.CharField(
        label=_("Plate, number, address or account"),
        max_length=LONGEST,
        help_text=_("An address as postcode, house number and addition: 1234 AB 12 A."),
    )

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "kind", [(kind, NAMES[kind]) for kind in kinds], empty=_("Choose"))

    def named(self) -> Named:
        return Named(**self.cleaned_data)


def named_fields(kinds: Sequence[str]) -> dict[str, forms.Field]:
    """A field for each kind that a supplier may name with its delivery."""
    return {
        kind: forms.CharField(
            label=NAMES[kind],
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=HELP[kind],
        )
        for kind in kinds
    }


def named(told: Mapping[str, Any]) -> tuple[Named, ...]:
    """What was named, a line each."""
    return tuple(
        Named(kind.value, line.strip())
        for kind in EntityKind
        for line in str(told.get(kind.value) or "").splitlines()
        if line.strip()
    )


class AskForm(forms.Form):
    """Which supplier of the match is asked."""

    side = forms.TypedChoiceField(label=_("Supplier"), coerce=int, widget=forms.RadioSelect)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        sides: Sequence[tuple[int, Organisation]],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "side", [(str(side), supplier.name) for side, supplier in sides])


class SettleForm(forms.Form):
    """Why: it tells whether the match is dismissed or followed up."""

    reason = choice(
        _("What comes of it"),
        [
            (_("Dismiss"), [pair for pair in BLIND_REASONS if pair[0] in DISMISSALS]),
            (_("Follow up"), [pair for pair in BLIND_REASONS if pair[0] not in DISMISSALS]),
        ],
    )


class AnswerForm(forms.Form):
    """What a supplier answers about its own product, and on which day. There is no text."""

    answer = forms.ChoiceField(
        label=_("What your product says of this"),
        choices=[pair for pair in ANSWERS if pair[0] in services.ANSWERS],
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(label=_("Answered on"), widget=forms.DateInput)
