"""What an analyst makes of the quality of a product, and what its supplier answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from threat.forms.fields import long_text
from threat.models.review import CRITERIA, SCORES


class ReviewForm(forms.Form):
    """A score for each criterion, and a comment."""

    comment = long_text(
        _("Comment"),
        help_text=_(
            "The supplier reads the scores and this comment. Write about the product alone: nothing of the case, "
            "and nothing that another supplier delivered."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        for code, name in CRITERIA:
            self.fields[code] = forms.TypedChoiceField(
                label=str(name), choices=SCORES, coerce=int, widget=forms.RadioSelect
            )
        self.order_fields([*(code for code, _name in CRITERIA), "comment"])

    def scores(self) -> dict[str, int]:
        return {code: self.cleaned_data[code] for code, _name in CRITERIA}


class AnswerForm(forms.Form):
    """The supplier has read the review; an answer is welcome and not asked."""

    answer = long_text(_("Answer"), required=False, help_text=_("The analysts of the case read it."))
