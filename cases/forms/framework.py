"""The answers to the assessment framework: a question per card, with a note and what the answer rests on."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.methodology import Question
from cases.services import Note
from cases.services.reading import Evidence
from stelsel.kernel.codes import offered
from stelsel.kernel.forms import long_text


class FrameworkForm(forms.Form):
    """Fields are made from the version in force; only the answers on the way count."""

    def __init__(self, *args: Any, questions: Sequence[Question], evidence: Evidence, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.code] = forms.ChoiceField(
                label=gettext(question.text),
                help_text=gettext(question.explanation) if question.explanation else "",
                choices=[(answer.code, gettext(answer.text)) for answer in question.answers],
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"{question.code}_note"] = forms.CharField(
                label=_("Why"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
            )
            self._add_evidence(question.code, evidence)
        self.phenomena = offered("phenomenon")()
        for code, label in self.phenomena:
            self.fields[f"share_{code}"] = forms.IntegerField(
                label=str(label), required=False, min_value=0, max_value=100
            )
        self.fields["deviation"] = long_text(
            _("Why the triage table nonetheless"),
            required=False,
            help_text=_("Only where the answers lead to another regime and the case should be discussed all the same."),
        )

    def _add_evidence(self, code: str, evidence: Evidence) -> None:
        if evidence.attachments:
            choices = [("", _("None")), *((one.value, one.label) for one in evidence.attachments)]
            self.fields[f"{code}_attachment"] = forms.TypedChoiceField(
                label=_("Rests on file"), choices=choices, required=False, coerce=UUID, empty_value=None
            )
        if evidence.signals:
            choices = [("", _("None")), *((one.value, one.label) for one in evidence.signals)]
            self.fields[f"{code}_signal"] = forms.TypedChoiceField(
                label=_("Rests on signal"), choices=choices, required=False, coerce=UUID, empty_value=None
            )
        self.fields[f"{code}_product"] = forms.CharField(
            label=_("Rests on product (number)"), required=False, max_length=40
        )

    def blocks(self) -> list[list[BoundField]]:
        """The fields of each question."""
        return [
            [self[name] for name in self.fields if name == one.code or name.startswith(f"{one.code}_")]
            for one in self.questions
        ]

    def share_fields(self) -> list[BoundField]:
        return [self[f"share_{code}"] for code, _label in self.phenomena]

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        return {
            "answers": {one.code: told[one.code] for one in self.questions if told[one.code]},
            "notes": [
                Note(
                    question=one.code,
                    text=told[f"{one.code}_note"],
                    attachment=told.get(f"{one.code}_attachment"),
                    signal=told.get(f"{one.code}_signal"),
                    product=told[f"{one.code}_product"],
                )
                for one in self.questions
            ],
            "shares": {code: told[f"share_{code}"] or 0 for code, _label in self.phenomena},
            "deviation": told["deviation"],
        }
