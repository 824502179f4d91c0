"""Other names of the person of a case."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.care.base import ActForm, choose
from cases.forms.intake import options
from cases.models.person import AliasKind
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class AliasForm(ActForm):
    """Another name, and what kind of name it is."""

    name = forms.CharField(label=_("Name"), max_length=150)
    kind = forms.ChoiceField(label=_("Kind of name"), choices=AliasKind)


class WithdrawAliasForm(ActForm):
    """This is no name of the person after all."""

    alias_id = forms.TypedChoiceField(label=_("Name"), coerce=UUID)
    reason = long_text(_("Reason"))

    def __init__(self, *args: Any, names: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        choose(self, "alias_id", options(names))
