"""Forms of resilience. A text that looks clinical brings up a warning and a box to confirm; nothing typed is lost."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from resilience.models.file import AGE_BANDS, AWARENESS, CONSENTS, PHASES
from resilience.models.talk import Place, Topic
from resilience.services.texts import LOOKS_CLINICAL
from stelsel.kernel.errors import DomainError

Choices = list[tuple[str, str]]


class WorkListForm(forms.Form):
    """Filters of the lists of files."""

    phase = forms.ChoiceField(label=_("Phase"), required=False, choices=[("", _("Every phase")), *PHASES])


class MineForm(forms.Form):
    """Filter of the lists of talks."""

    mine = forms.BooleanField(label=_("Only my talks"), required=False)


class WrittenForm(forms.Form):
    """A form with free text. The box to confirm shows only once the warning was given."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    clinical_confirmed = forms.BooleanField(
        label=_("I read the warning. This is no diagnosis, medicine or treatment, or it must stand here."),
        required=False,
        widget=forms.HiddenInput,
    )
    field_order = None

    def __init__(self, data: QueryDict | None = None, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(data, **kwargs)
        self.fields["clinical_confirmed"].initial = None
        if data is not None and data.get("clinical_confirmed"):
            self.ask_to_confirm()
        self.order_fields([name for name in self.fields if name != "clinical_confirmed"])

    def ask_to_confirm(self) -> None:
        self.fields["clinical_confirmed"].widget = forms.CheckboxInput()

    def warn_of(self, refusal: DomainError | None) -> bool:
        """Show the box when the refusal is the clinical warning; whether it is."""
        clinical = refusal is not None and refusal.code == LOOKS_CLINICAL
        if clinical:
            self.ask_to_confirm()
        return clinical


def _text(label: object, help_text: object = "", *, rows: int = 4, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=str(label) if isinstance(label, str) else label,  # type: ignore[arg-type]  # a lazy text is a text
        help_text=help_text,  # type: ignore[arg-type]  # as above
        required=required,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class PlanForm(WrittenForm):
    """Plan or move a talk."""

    planned_for = forms.DateTimeField(label=_("When"))
    place = forms.ChoiceField(label=_("Where"), choices=Place.choices, help_text=_("No address: it stays elsewhere."))
    expert = forms.ChoiceField(label=_("Expert"))
    interpreter = forms.BooleanField(label=_("An interpreter is needed"), required=False)
    preparation = _text(_("To have at hand"), _("What you want to raise. No diagnosis, no medicines."))

    def __init__(self, *args: Any, experts: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(*args, **kwargs)
        self._choose("expert", experts)

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class HoldForm(WrittenForm):
    """Record a talk that was held."""

    held_at = forms.DateTimeField(label=_("When"))
    minutes = forms.IntegerField(label=_("How long (minutes)"), min_value=5, max_value=480)
    participants = forms.MultipleChoiceField(
        label=_("Who else of the household took part"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.MultipleChoiceField(
        label=_("What did you talk about?"), choices=Topic.choices, widget=forms.CheckboxSelectMultiple
    )
    summary = _text(_("In short"), _("What matters for the next talk. No diagnosis, no medicines."))
    offers = forms.MultipleChoiceField(
        label=_("Offered in this talk"), required=False, widget=forms.CheckboxSelectMultiple
    )
    follow_up = _text(_("What follows"), rows=2)
    follow_up_due = forms.DateField(label=_("By which day"), required=False)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401  # Django's signature
        household: Choices,
        palette: Choices,
        **kwargs: Any,  # noqa: ANN401  # Django's signature
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("participants", household), ("offers", palette)):
            field = self.fields[name]
            if not choices:
                del self.fields[name]
            elif isinstance(field, forms.MultipleChoiceField):
                field.choices = choices


class EndForm(WrittenForm):
    """A talk that did not take place."""

    why = _text(_("Why"), _("In the person's own words where you can. No diagnosis, no medicines."), required=True)


class PhaseForm(WrittenForm):
    phase = forms.ChoiceField(label=_("New phase"), widget=forms.RadioSelect)
    reason = _text(_("Reason"), _("What you saw or heard that makes it so."), required=True)

    def __init__(self, *args: Any, phases: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(*args, **kwargs)
        field = self.fields["phase"]
        if isinstance(field, forms.ChoiceField):
            field.choices = phases


class AboutForm(WrittenForm):
    """What one must know before a talk."""

    age_band = forms.ChoiceField(label=_("Age"), choices=AGE_BANDS)
    consent = forms.ChoiceField(
        label=_("Consent"), choices=CONSENTS, help_text=_("For a child: of those with parental authority.")
    )
    awareness = forms.ChoiceField(label=_("Knows of the threat"), choices=AWARENESS)
    language = forms.CharField(
        label=_("Language of the talks"), max_length=40, required=False, help_text=_("If other than Dutch.")
    )
    needs = _text(_("Needs"), _("What the person asks for, in their own words. No diagnosis, no medicines."))
    agreements = _text(_("Agreements"), _("How to reach them, with whom one talks, what to avoid."))


class OfferForm(forms.Form):
    item = forms.ChoiceField(label=_("What do you offer?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, palette: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        if isinstance(field, forms.ChoiceField):
            field.choices = palette


class AnswerForm(WrittenForm):
    answer = forms.ChoiceField(label=_("Answer"), widget=forms.RadioSelect)
    why = _text(_("Why"), _("Needed when declined; otherwise if it helps. No diagnosis, no medicines."))
    ask_again_on = forms.DateField(label=_("Ask again on"), required=False, help_text=_("With “later” alone."))

    def __init__(self, *args: Any, answers: Choices, **kwargs: Any) -> None:  # noqa: ANN401  # Django's signature
        super().__init__(*args, **kwargs)
        field = self.fields["answer"]
        if isinstance(field, forms.ChoiceField):
            field.choices = answers
