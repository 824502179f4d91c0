"""Forms around requests, products and signals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.models import Organisation, User
from stelsel.legal.models import DataRegime, Marking
from threat.forms.entity import named, named_fields
from threat.forms.fields import as_id, choice, long_text, offer
from threat.lifecycle import UrgentAnswer
from threat.methodology import GDB_1_0
from threat.models.information import CAVEATS, CREDIBILITIES, PRODUCT_KINDS, REFUSAL_GROUNDS, RELIABILITIES, Product
from threat.models.shielded import OUTCOMES
from threat.models.signal import DISPOSITIONS
from threat.scoring.entities import EntityKind
from threat.services import Delivery, Order, Refusal
from threat.services.workbench import Choices


def factor_choices() -> list[tuple[str, str]]:
    """The factors of the method in the reader's language."""
    dutch = (get_language() or "nl").startswith("nl")
    return [
        (definition.factor.value, f"{definition.factor.value} {definition.name_nl if dutch else definition.name_en}")
        for definition in GDB_1_0.factors.values()
    ]


class CheckForm(forms.Form):
    """When the information coordinator looked, and what came of it. There is no text."""

    checked_on = forms.DateField(label=_("Looked on"), widget=forms.DateInput)
    outcome = forms.ChoiceField(label=_("What came of it"), choices=OUTCOMES, widget=forms.RadioSelect)


class CommissionForm(forms.Form):
    """What is asked of one supplier; only the case manager names analysts."""

    supplier_id = forms.ChoiceField(label=_("Supplier"))
    kind = choice(_("Product"), PRODUCT_KINDS)
    person_id = forms.ChoiceField(label=_("About"))
    question = long_text(
        _("Question"), help_text=_("The supplier reads this, the pseudonym and the due date; never the case.")
    )
    factors = forms.MultipleChoiceField(label=_("What it is about"), widget=forms.CheckboxSelectMultiple)
    due_at = forms.DateTimeField(label=_("Due"), widget=forms.DateTimeInput)
    analysts = forms.MultipleChoiceField(
        label=_("Analysts"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They make the picture, and see the case from now on."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        suppliers: list[Organisation],
        choices: Choices,
        analysts: list[User],
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "supplier_id", [(str(each.pk), each.name) for each in suppliers], empty=_("Choose"))
        offer(self, "person_id", [(str(each.pk), each.pseudonym) for each in choices.people])
        offer(self, "factors", list(factor_choices()))
        if analysts:
            offer(self, "analysts", [(str(each.pk), each.get_full_name()) for each in analysts])
        else:
            del self.fields["analysts"]

    def order(self) -> Order:
        told = self.cleaned_data
        return Order(
            supplier_id=UUID(told["supplier_id"]),
            kind=told["kind"],
            question=told["question"],
            factors=told["factors"],
            due_at=told["due_at"],
            person_id=as_id(told["person_id"]),
            analysts=tuple(UUID(each) for each in told.get("analysts", ())),
        )


class DeliveryForm(forms.Form):
    """A product as its supplier delivers it."""

    kind = choice(_("Product"), PRODUCT_KINDS)
    number = forms.CharField(label=_("Your number"), max_length=60)
    dated = forms.DateField(label=_("Date"), widget=forms.DateInput)
    marking = forms.ChoiceField(label=_("Marking"), choices=Marking.choices, initial=Marking.DEP_V)
    marked_until = forms.DateField(label=_("Marking ends on"), required=False, widget=forms.DateInput)
    data_regime = forms.ChoiceField(label=_("Data regime"), choices=DataRegime.choices, initial=DataRegime.WPG)
    caveat = forms.ChoiceField(label=_("Handling"), choices=CAVEATS, initial="none")
    reliability = choice(_("Source grade"), RELIABILITIES)
    credibility = forms.TypedChoiceField(
        label=_("Credibility"), coerce=int, choices=[("", _("Choose")), *CREDIBILITIES]
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=forms.DateInput)
    valid_to = forms.DateField(label=_("Valid to"), required=False, widget=forms.DateInput)
    phenomenon_knowledge = forms.BooleanField(label=_("Phenomenon knowledge, not about this person"), required=False)
    replaces_id = forms.ChoiceField(label=_("Replaces"), required=False)
    text = long_text(
        _("Text"),
        required=False,
        rows=8,
        help_text=_("Leave it empty to register a reference: above the marking ceiling no content may be kept here."),
    )

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's own
        earlier: list[Product],
        kinds: Sequence[str] = (),
        **kwargs: Any,  # noqa: ANN401  # Django's own
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= named_fields(kinds)
        offer(self, "replaces_id", [(str(each.pk), each.number) for each in earlier], empty=_("No earlier product"))

    def delivery(self) -> Delivery:
        told = {name: value for name, value in self.cleaned_data.items() if name not in {"supplier_id", *EntityKind}}
        return Delivery(**{**told, "replaces_id": as_id(told["replaces_id"]), "named": named(self.cleaned_data)})


class RegisterForm(DeliveryForm):
    """A product that came on paper: also from whom."""

    supplier_id = forms.ChoiceField(label=_("Supplier"))

    def __init__(self, *args: Any, suppliers: list[Organisation], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        offer(self, "supplier_id", [(str(each.pk), each.name) for each in suppliers], empty=_("Choose"))
        self.fields["number"].label = _("Number of the supplier")
        self.order_fields(["supplier_id"])


class RefusalForm(forms.Form):
    """Why nothing is given, or what is kept back."""

    exists = forms.TypedChoiceField(
        label=_("What holds"),
        coerce=lambda value: value == "yes",
        choices=[
            ("no", _("We refuse: nothing is given")),
            ("yes", _("There is information, and it is withheld")),
        ],
        widget=forms.RadioSelect,
    )
    ground = choice(
        _("Ground"),
        REFUSAL_GROUNDS,
        help_text=_("Protecting this person ranks equally with detection and prosecution (Circulaire 2026, 3.2)."),
    )
    note = long_text(_("Explanation for the analysts"))
    review_due = forms.DateField(label=_("Looked at again on"), widget=forms.DateInput)

    def answer(self) -> Refusal:
        return Refusal(**self.cleaned_data)


class AgainForm(forms.Form):
    due_at = forms.DateTimeField(label=_("New due date"), widget=forms.DateTimeInput)


class DisposalForm(forms.Form):
    """What was done with a signal, and why."""

    disposition = forms.ChoiceField(label=_("This signal is"), choices=DISPOSITIONS, widget=forms.RadioSelect)
    reason = long_text(_("Reason"))


class UrgentForm(forms.Form):
    """Whether urgent measures are needed."""

    answer = forms.ChoiceField(
        label=_("Are urgent measures needed?"),
        choices=[
            (UrgentAnswer.IN_FORCE.value, _("They are in force")),
            (UrgentAnswer.ORDERED_NOW.value, _("Yes, they are being ordered now")),
            (UrgentAnswer.NOT_NEEDED.value, _("No, what is in force suffices")),
        ],
        widget=forms.RadioSelect,
    )
