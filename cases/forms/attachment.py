"""A file to attach to a case."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models.attachment import PARTS
from stelsel.legal.models import Marking


class AttachForm(forms.Form):
    """The file, what it belongs to, and its marking.

    A file that is too large for memory is not read at all, so it is missing here; the sentence names the limit.
    """

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True, max_length=200)
    part = forms.ChoiceField(label=gettext_lazy("Belongs to"), choices=[("", gettext_lazy("Choose")), *PARTS])
    marking = forms.ChoiceField(
        label=gettext_lazy("Marking"), choices=list(Marking.choices), initial=str(Marking.DEP_V)
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        limit = {"size": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
        file = self.fields["file"]
        file.help_text = _("PDF, PNG, JPEG or plain text, at most %(size)s.") % limit
        file.error_messages["required"] = _("Choose a file of at most %(size)s.") % limit
