"""The telephone: a note and measures, for a case or for a person who is not known yet."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.intake import PersonForm
from cases.services import Intake
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class CallForm(forms.Form):
    """Who called, what was said, and the measures to order now."""

    caller = forms.CharField(label=_("Caller"), max_length=150, help_text=_("Name, organisation and number."))
    note = long_text(_("Telephone note"))
    kinds = forms.MultipleChoiceField(
        label=_("Measures to order now"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Before designation, ordering a person-directed measure designates at once."),
    )

    def __init__(self, *args: Any, kinds: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(one.value, one.label) for one in kinds]


class NewCallForm(CallForm, PersonForm):
    """A call about somebody who has no case yet."""

    field_order = (
        "caller",
        "note",
        "kinds",
        "name",
        "birth_date",
        "address",
        "reach",
        "phenomenon",
        "office",
        "region",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.fields["address"].label = _("Where the person is")

    def intake(self, *, purpose: str) -> Intake:
        return Intake(**self._person(), what_happened=self.cleaned_data["note"], purpose=purpose)
