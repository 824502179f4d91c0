"""Activities, compensation and complaints."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import SignForm, StepForm, choose
from cases.forms.care.decisions import FIRST, NearForm
from cases.models import ActivityRequest, Compensation, Complaint
from cases.models.care.requests import ActivityOutcome
from stelsel.kernel.forms import long_text


def _options(model: Any, field: str) -> list[tuple[Any, Any]]:  # noqa: ANN401  # a model class
    return [*FIRST, *(model._meta.get_field(field).choices or ())]


class ActivityForm(NearForm):
    """What the person wants to do."""

    sphere = forms.ChoiceField(label=_("Sphere"), choices=_options(ActivityRequest, "sphere"))
    kind = forms.ChoiceField(label=_("Kind"), choices=_options(ActivityRequest, "kind"))
    place = forms.ChoiceField(label=_("Kind of place"), choices=_options(ActivityRequest, "place"))
    first_day = forms.DateField(label=_("First day"), widget=forms.DateInput)
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput)
    wish = long_text(_("What the person wants to do"), help_text=_("No exact times and no addresses."))


class DecideActivityForm(StepForm):
    """Facilitated, in another form, or not: with a reason in proportion."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=ActivityOutcome, widget=forms.RadioSelect)
    reasons = long_text(_("Reason, in proportion to the risk"), help_text=_("In another form: say which."))

    def __init__(self, *args: Any, may_refuse: bool, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        if not may_refuse:
            choose(self, "outcome", [one for one in ActivityOutcome.choices if one[0] != ActivityOutcome.NOT])


class CompensationForm(NearForm):
    """A request for compensation."""

    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput)
    ground = long_text(_("What is asked, and on which ground"), help_text=_("No bank accounts."))


class CompletionForm(StepForm):
    until = forms.DateField(label=_("Until which day"), widget=forms.DateInput)


class CompleteForm(StepForm):
    """What was missing came in today."""


class ExtendForm(StepForm):
    to = forms.DateField(label=_("The decision comes by"), widget=forms.DateInput)


class DefaultForm(StepForm):
    notice_on = forms.DateField(label=_("Notice received on"), widget=forms.DateInput)


class DecideCompensationForm(SignForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=_options(Compensation, "outcome")[1:], widget=forms.RadioSelect
    )
    decision = long_text(_("What is granted, and why"), help_text=_("No bank accounts."))


class NotifyForm(StepForm):
    notified_on = forms.DateField(label=_("Sent on"), widget=forms.DateInput)
    payment_reference = forms.CharField(label=_("Payment reference"), required=False, max_length=30)


class ObjectionForm(StepForm):
    objected_on = forms.DateField(label=_("Objection received on"), widget=forms.DateInput)


class ComplaintForm(NearForm):
    """A complaint, and apart from it what bears on the threat."""

    received_on = forms.DateField(label=_("Received on"), widget=forms.DateInput)
    text = long_text(_("The complaint"))
    committee = forms.BooleanField(
        label=_("A committee advises"), required=False, help_text=_("Ten weeks instead of six (Awb art. 9:11).")
    )
    signal = long_text(
        _("What in it bears on the threat"),
        required=False,
        help_text=_("This goes to threat analysis as a signal, and is not kept with the complaint."),
    )


class TakeForm(StepForm):
    """A legal officer takes the complaint in hand."""


class PostponeForm(StepForm):
    """Four weeks more, once."""


class SettleComplaintForm(StepForm):
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=_options(Complaint, "outcome")[1:], widget=forms.RadioSelect
    )
    finding = long_text(_("Finding"))
