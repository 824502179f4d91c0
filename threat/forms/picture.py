"""Forms of the workbench."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cases.models import Person
from stelsel.kernel.codes import offered
from stelsel.kernel.scales import LIKELIHOOD_WORDING, SEVERITY_WORDING
from threat.forms.fields import as_id, choice, long_text, offer
from threat.forms.information import factor_choices
from threat.models.information import CREDIBILITIES, RELIABILITIES
from threat.models.picture import BOUNDS, DEPARTURES, KINDS
from threat.services import Finding, LineOf, Proposal
from threat.services.workbench import Choices, Item

PHENOMENA = {
    "organised_crime": 1,
    "terrorism": 2,
    "state_actors": 3,
    "fixated_loners": 4,
}  # code of the list: the method's


def phenomena() -> list[tuple[int, str | Promise]]:
    """The phenomena of the method, as they are called on the day."""
    return [(PHENOMENA[code], name) for code, name in offered("phenomenon")() if code in PHENOMENA]


INSUFFICIENT = "insufficient"


def in_dutch() -> bool:
    return (get_language() or "nl").startswith("nl")


class QuestionForm(forms.Form):
    question = long_text(_("Question that the picture answers"))


class LineForm(forms.Form):
    """A threat line."""

    phenomenon = forms.TypedChoiceField(label=_("Phenomenon"), coerce=int, choices=phenomena)
    target_id = forms.ChoiceField(label=_("Target"))
    actor = forms.CharField(
        label=_("Actor"), required=False, max_length=200, help_text=_("Leave it empty when the actor is unknown.")
    )
    modus = long_text(_("Modus"), required=False, rows=3)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "target_id", [(str(each.pk), each.pseudonym) for each in people])

    def line(self) -> LineOf:
        told = self.cleaned_data
        return LineOf(told["phenomenon"], UUID(told["target_id"]), told["actor"], told["modus"])


class EvidenceForm(forms.Form):
    """One item of evidence. `revision` is the picture as it was when the form was opened."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    factor = forms.ChoiceField(label=_("Factor"))
    bound = forms.ChoiceField(label=_("Bound"), choices=BOUNDS)
    value = forms.TypedChoiceField(
        label=_("Value"),
        coerce=int,
        choices=[(n, str(n)) for n in range(5)],
        help_text=_("The written anchors of each value stand in the explanation of the method."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS)
    product_id = forms.ChoiceField(label=_("From product"), required=False)
    signal_id = forms.ChoiceField(label=_("From signal"), required=False)
    provenance = forms.CharField(
        label=_("Provenance"), required=False, max_length=150, help_text=_("For knowledge without a product or signal.")
    )
    text = long_text(_("What it says"))
    reliability = choice(_("Source grade"), RELIABILITIES)
    credibility = forms.TypedChoiceField(
        label=_("Credibility"), coerce=int, choices=[("", _("Choose")), *CREDIBILITIES]
    )
    valid_as_of = forms.DateField(
        label=_("Observed on"), widget=forms.DateInput, help_text=_("Sending it again does not renew it.")
    )
    group = forms.CharField(
        label=_("Origin group"),
        required=False,
        max_length=200,
        help_text=_("A code of the root origin, no name. Empty: the origin of the product or signal."),
    )
    entity = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=100,
        help_text=_("For instance a telephone number: only a fingerprint is kept, to find items of one origin."),
    )
    window_end = forms.DateField(label=_("Window ends on (F4)"), required=False, widget=forms.DateInput)
    order_withdrawn = forms.BooleanField(label=_("Shows that the order was withdrawn (F6)"), required=False)
    searched = long_text(_("At most: what was searched, and where"), required=False, rows=2)
    searched_from = forms.DateField(label=_("Searched from"), required=False, widget=forms.DateInput)
    searched_to = forms.DateField(label=_("Searched to"), required=False, widget=forms.DateInput)
    would_have_shown = forms.BooleanField(label=_("That search would have shown it"), required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "factor", list(factor_choices()))
        products = [(str(each.pk), f"{each.supplier.name} {each.number}") for each in choices.products]
        offer(self, "product_id", products, empty=_("No product"))
        signals = [
            (str(each.pk), f"{each.get_informant_display()} {each.received_at:%d-%m-%Y}") for each in choices.signals
        ]
        offer(self, "signal_id", signals, empty=_("No signal"))

    @staticmethod
    def told_by(item: Item) -> dict[str, Any]:
        """What the form shows of an item that is there."""
        row = item.row
        shown = {name: getattr(row, name) for name in EvidenceForm.base_fields if hasattr(row, name)}
        return {**shown, "revision": row.line.picture.revision, "text": item.text, "searched": item.searched}

    def finding(self) -> Finding:
        told = {name: value for name, value in self.cleaned_data.items() if name != "revision"}
        sources = {name: as_id(told[name]) for name in ("product_id", "signal_id")}
        return Finding(**{**told, **sources})


class SeverityForm(forms.Form):
    """Severity from the published table, with the reason."""

    severity = forms.TypedChoiceField(label=_("Severity"), coerce=int, widget=forms.RadioSelect)
    reason = long_text(_("Reason"), help_text=_("The worst credible consequence, for the person or for society."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        dutch = in_dutch()
        offer(
            self,
            "severity",
            [
                (
                    level.value,
                    f"{level.code} {words.name_nl}: {words.description_nl}"
                    if dutch
                    else f"{level.code} {words.name_en}: {words.description_en}",
                )
                for level, words in SEVERITY_WORDING.items()
            ],
        )


class ProposalForm(forms.Form):
    """What is put up for adoption."""

    likelihood = forms.ChoiceField(label=_("Likelihood put up for adoption"))
    departure = forms.ChoiceField(
        label=_("Ground of a departure from the score"),
        required=False,
        choices=[("", _("Follows the score")), *DEPARTURES],
    )
    departure_reason = long_text(_("Reason of the departure"), required=False, rows=3)
    cumulation = long_text(_("Do several threats add up?"), required=False, rows=3)
    summary = long_text(
        _("Summary for the decider"),
        help_text=_("The decider reads this, the pair and the interval; never the evidence."),
    )
    handling_advice = long_text(_("How this may be handled"), required=False, rows=3)
    review_due = forms.DateField(label=_("Review due"), widget=forms.DateInput)

    def __init__(self, *args: Any, cumulation: bool, latest: date | None, **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        dutch = in_dutch()
        levels = [
            (str(level.value), f"{level.code} {words.name_nl if dutch else words.name_en}")
            for level, words in LIKELIHOOD_WORDING.items()
        ]
        offer(self, "likelihood", [*levels, (INSUFFICIENT, _("Insufficient information"))])
        if not cumulation:
            del self.fields["cumulation"]
        if latest is not None:
            self.fields["review_due"].help_text = _("A provisional level: at the latest on %(day)s (house norm).") % {
                "day": f"{latest:%d-%m-%Y}"
            }

    def proposal(self) -> Proposal:
        told = self.cleaned_data
        level = None if told["likelihood"] == INSUFFICIENT else int(told["likelihood"])
        return Proposal(**{**told, "likelihood": level})


class AdoptForm(forms.Form):
    """Adoption binds exactly the content that was shown."""

    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
