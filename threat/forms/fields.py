"""What the forms share: long texts, choices that come from the case, and the version they were based on."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from threat.services.case import TEXT_LENGTH

Choices = list[tuple[Any, Any]]
if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise
else:
    Words = object


def long_text(label: "Words", *, required: bool = True, help_text: "Words" = "", rows: int = 4) -> forms.CharField:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def choice(label: "Words", choices: Choices, *, help_text: "Words" = "") -> forms.ChoiceField:
    """A choice that must be made."""
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *choices], help_text=help_text)


def offer(form: forms.Form, name: str, choices: Choices, *, empty: "Words | None" = None) -> None:
    """Fill a choice field with what this case offers."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choice")
    field.choices = choices if empty is None else [("", empty), *choices]


def as_id(value: str) -> UUID | None:
    return UUID(value) if value else None


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = long_text(_("Reason"))
