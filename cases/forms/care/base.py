"""What the forms of one page share: which of its acts was sent."""

from typing import Any

from django import forms

from cases.forms.versions import Signed, Versioned


class ActForm(forms.Form):
    """One of several forms on a page; `act` says which was sent."""

    act = forms.CharField(widget=forms.HiddenInput)

    def told(self) -> dict[str, Any]:
        """What the service asks for."""
        return {name: value for name, value in self.cleaned_data.items() if name != "act"}


class StepForm(ActForm, Versioned):
    """A step of a record, from the version that the page showed."""


class SignForm(ActForm, Signed):
    """A step that is signed."""


def choose(form: forms.Form, name: str, choices: "list[tuple[Any, Any]]") -> None:
    """Give a field of this form its choices."""
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
