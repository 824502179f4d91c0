"""Handover in bulk: for whom, of which office, which files; the signatures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.models import Handover
from cases.services.reading import Choice


class BatchForForm(forms.Form):
    """For whom a batch is, and of which office: what it can hold follows from these."""

    office = forms.ChoiceField(label=_("Chief prosecutor's office"))
    membership = forms.ChoiceField(label=_("Receiver at the NCTV"))

    def __init__(self, *args: Any, offices: list[Choice], receivers: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name, choices in (("office", offices), ("membership", receivers)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = options(choices)


class FilesForm(forms.Form):
    """Which files go: all of them, unless one is taken out."""

    cases = forms.MultipleChoiceField(label=_("Files"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, files: list[Handover], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["cases"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(str(one.case_id), f"{one.case.number} · {one.get_state_display()}") for one in files]
            field.initial = [str(one.case_id) for one in files]


class BatchOfferForm(Signed):
    """The chief prosecutor offers the batch."""


class BatchStartForm(Signed):
    """The receiver accepts and starts it."""


class BatchMoveForm(Versioned):
    """Stop, go on, or withdraw."""
