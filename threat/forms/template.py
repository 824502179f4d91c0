"""What is proposed about the template of the picture."""

from django import forms
from django.utils.translation import gettext_lazy as _

from threat.forms.method import UseForm
from threat.services.templates import LONGEST


class TemplateForm(UseForm):
    """The text; from when, and why."""

    text = forms.CharField(
        label=_("Text of the template"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("The summary for the decider begins with it. No names, and nothing of any case."),
    )
    field_order = ("text", "starts_at", "reason")
