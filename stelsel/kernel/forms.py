"""What the forms of several apps share: a text of several lines, and the code that signs."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = 10_000  # characters of a text; enough for a report, too little to bring a page down


class CodeInput(forms.TextInput):
    """A one-time code; what was typed is never shown again, because it can be used once."""

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        return super().get_context(name, None, attrs)


class Signed(forms.Form):
    """A form that signs what the page shows; the code stands last."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=10,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("From your authenticator app, also where you log in with a passkey; each code works once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "code"])


def long_text(
    label: "StrOrPromise", *, required: bool = True, help_text: "StrOrPromise" = "", rows: int = 5
) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=LONG, widget=widget)
