"""The register of agreements: what is agreed, who signed, and what becomes of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.forms import long_text
from stelsel.kernel.models import Organisation
from stelsel.legal.models.agreement import KINDS, SUBJECTS
from stelsel.legal.services import Lent, Terms

MOST_LINES = 6
Choices = Sequence[tuple[str, str]]


def _choose(form: forms.Form, name: str, choices: Choices) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = [*choices] if isinstance(field, forms.MultipleChoiceField) else [("", _("Choose")), *choices]


class TermsForm(forms.Form):
    """What a version says."""

    text = long_text(_("What was agreed"))
    effect = long_text(_("What it changes in practice"), help_text=_("And where one can see that it is done."))
    starts_on = forms.DateField(label=_("First day"))
    ends_on = forms.DateField(label=_("Last day"), required=False)
    review_on = forms.DateField(
        label=_("Look again on"), required=False, help_text=_("Empty: by the house norm; never later.")
    )

    def terms(self, lent: Sequence[Lent]) -> Terms:
        names = ("text", "effect", "starts_on", "ends_on", "review_on")
        return Terms(**{name: self.cleaned_data[name] for name in names}, lent=lent)


class AgreementForm(TermsForm):
    """A new agreement and its first version."""

    title = forms.CharField(label=_("Title"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("Choose")), *KINDS])
    subject = forms.ChoiceField(label=_("Subject"), choices=[("", _("Choose")), *SUBJECTS])
    parties = forms.MultipleChoiceField(label=_("Parties"), widget=forms.CheckboxSelectMultiple)
    field_order = ("title", "kind", "subject", "parties")

    def __init__(self, *args: Any, parties: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        _choose(self, "parties", parties)


class VersionForm(TermsForm):
    """The next version."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class LentForm(forms.Form):
    """One line of lent capacity; an empty row is left out."""

    lender = forms.TypedChoiceField(label=_("Who lends"), required=False, coerce=UUID, empty_value=None)
    borrower = forms.TypedChoiceField(label=_("To whom"), required=False, coerce=UUID, empty_value=None)
    teams = forms.IntegerField(label=_("Teams"), required=False, min_value=1, max_value=99)
    purpose = forms.CharField(label=_("For what"), required=False, max_length=150)

    def __init__(self, *args: Any, parties: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for name in ("lender", "borrower"):
            _choose(self, name, parties)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if any(told.values()):
            for name in self.fields:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in."))
        return told

    def lent(self) -> Lent | None:
        return Lent(**self.cleaned_data) if self.cleaned_data.get("teams") else None


LentRows = forms.formset_factory(LentForm, extra=2, max_num=MOST_LINES, absolute_max=MOST_LINES, validate_max=True)


class SignedForm(forms.Form):
    """That a party signed on paper."""

    organisation_id = forms.TypedChoiceField(label=_("Party"), coerce=UUID)
    signatory = forms.CharField(label=_("Who signed"), max_length=120)
    signed_on = forms.DateField(label=_("Signed on"))

    def __init__(self, *args: Any, parties: Sequence[Organisation], **kwargs: Any) -> None:  # noqa: ANN401  # Django's
        super().__init__(*args, **kwargs)
        _choose(self, "organisation_id", [(str(one.pk), one.name) for one in parties])


class EndForm(forms.Form):
    """After which day it holds no more, and why."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    last_day = forms.DateField(label=_("Last day"))
    reason = long_text(_("Reason"))


class ReviewForm(forms.Form):
    """Looked at: it still says what is done."""

    review_on = forms.DateField(label=_("Look again on"))


class SettleForm(forms.Form):
    """Which of two agreements prevails."""

    prevails_id = forms.TypedChoiceField(label=_("Which prevails"), coerce=UUID, widget=forms.RadioSelect)
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, both: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["prevails_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*both]
