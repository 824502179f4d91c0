"""What forms share that change a record or sign: the version they were based on, and the one-time code."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONG = 10_000  # characters of a text; enough for a report, too little to bring a page down


class Versioned(forms.Form):
    """Carries the version of the record as it was when the page was opened."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def take_version(self, version: int) -> None:
        """Lay what was typed on the version that was saved meanwhile, so that saving again means: I compared."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data[self.add_prefix("version")] = str(version)
        self.data = data


class CodeInput(forms.TextInput):
    """A one-time code; what was typed is never shown again, because it can be used once."""

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ARG002  # Django's signature
        return super().get_context(name, None, attrs)


class Signed(Versioned):
    """A form that signs what the page shows."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=10,
        widget=CodeInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("From your authenticator; each code works once."),
    )
    field_order: list[str] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name != "code"])


def long_text(label: "StrOrPromise", *, required: bool = True, help_text: "StrOrPromise" = "") -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=LONG, widget=widget)
