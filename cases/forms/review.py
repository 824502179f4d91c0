"""A decision that was for review stands; an urgent decision is ratified."""

from django import forms
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.forms import Signed, long_text


class ConfirmForm(Signed):
    """The decision stands, until it is looked at again."""

    reasons = long_text(_("Why the decision stands"))
    again_on = forms.DateField(label=_("Look again on"), widget=forms.DateInput)


class RatifyDecisionForm(Signed):
    """A decider who did not take the decision confirms it."""

    reasons = long_text(_("Reasons"))
