"""Forms of capacity: what to plan, what the authority decides, teams, rosters and groups."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from capacity.lifecycle import PLANNED_DAYS
from capacity.models.teams import RULE_SETS, AbsenceReason, Kind
from cases.models.catalogue import Competence, LegalBasis
from stelsel.kernel.forms import LONG, Signed, long_text

CODE = RegexValidator(r"^[A-Za-z0-9-]+$", _("Use letters, digits and hyphens."))


class RunForm(forms.Form):
    """Have a plan computed."""

    days = forms.IntegerField(label=_("Days ahead"), min_value=1, max_value=PLANNED_DAYS, initial=PLANNED_DAYS)


class RiskForm(Signed):
    """Below the safety floor: what is signed apart, before the decision (R085)."""

    statement = long_text(_("Residual risk below the safety floor"))
    assistance = long_text(_("Assistance asked (articles 56 to 58), and the answer"))
    duty_of_care = long_text(
        _("Duty of care (article 2 ECHR)"),
        help_text=_("Is the risk real and immediate, what reasonable measures remain, and why are they enough?"),
    )


class DisplacementForm(Signed):
    """What the authority decides for one person."""

    reasons = long_text(_("Reasons"))
    alternatives = long_text(
        _("Alternatives considered"),
        help_text=_("Another concept, private party, employer, technology, assistance, moving an activity."),
    )
    residual_risk = long_text(_("Residual risk"))
    ends_on = forms.DateField(label=_("Ends on"), help_text=_("At the latest on the last day of the plan."))


class DayForm(forms.Form):
    """Which days the board shows."""

    first = forms.DateField(label=_("From"), required=False)
    days = forms.TypedChoiceField(label=_("Days"), coerce=int, choices=[(1, "1"), (7, "7"), (14, "14")])


class PeriodForm(forms.Form):
    """When a team is on the roster."""

    start = forms.DateTimeField(label=_("From"))
    end = forms.DateTimeField(label=_("Until"))


class LendForm(forms.Form):
    """To whom a team is lent, under which line of an agreement, on which days."""

    line_id = forms.TypedChoiceField(label=_("Agreement"), coerce=UUID)
    first_day = forms.DateField(label=_("First day"))
    last_day = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Empty: as long as the agreement holds.")
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        field = self.fields["line_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Choose")), *lines]


class TakeBackForm(forms.Form):
    """The last day on which a team is lent, earlier than was marked."""

    loan_id = forms.UUIDField(widget=forms.HiddenInput)
    last_day = forms.DateField(label=_("Last day"))


class AbsenceForm(PeriodForm):
    """When a team drops out, and why."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[choice for choice in AbsenceReason.choices if choice[0]])


class TeamForm(forms.Form):
    """A new team of one's own unit."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[CODE])
    kind = forms.ChoiceField(label=_("Part of"), choices=Kind.choices)
    rule_set = forms.ChoiceField(label=_("Working-time rules"), choices=RULE_SETS)
    region = forms.CharField(label=_("Home region"), max_length=60)
    competences = forms.MultipleChoiceField(
        label=_("Competences"), choices=Competence.choices, widget=forms.CheckboxSelectMultiple
    )
    legal_bases = forms.MultipleChoiceField(
        label=_("Legal grounds"), choices=LegalBasis.choices, widget=forms.CheckboxSelectMultiple
    )
    staff = forms.CharField(
        label=_("Staff ids"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Pseudonymous, separated by spaces; never a name."),
    )
    start = forms.DateTimeField(label=_("Operational from"))

    def clean_staff(self) -> list[str]:
        """The ids as a list; each once."""
        ids = str(self.cleaned_data["staff"]).split()
        if len(set(ids)) < len(ids) or any(not CODE.regex.match(one) or len(one) > 40 for one in ids):  # type: ignore[union-attr]  # noqa: PLR2004  # compiled on use
            raise forms.ValidationError(_("Give each staff id once: letters, digits and hyphens."))
        return ids


class GroupForm(forms.Form):
    """A group in training is announced."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[CODE])
    kind = forms.ChoiceField(label=_("Part of"), choices=Kind.choices)
    size = forms.IntegerField(label=_("Size at the start"), min_value=1, max_value=500)
    competence = forms.ChoiceField(label=_("Competence"), choices=Competence.choices)
    region = forms.CharField(label=_("Home region"), max_length=60)
    starts_on = forms.DateField(label=_("Starts on"))
    expected_on = forms.DateField(label=_("Expected operational on"))


class GroupUpdateForm(forms.Form):
    """Who left early, when the group is expected, which step it takes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    left = forms.IntegerField(label=_("Left early"), min_value=0)
    expected_on = forms.DateField(label=_("Expected operational on"))
    step = forms.ChoiceField(
        label=_("Step"),
        required=False,
        choices=[
            ("", _("No step")),
            ("start", _("The training began")),
            ("practise", _("The practice began")),
            ("stop", _("The group stops")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=80, help_text=_("Needed when the date moves or the group stops.")
    )


class OperationalForm(forms.Form):
    """The group becomes teams: one line per team."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    teams = forms.CharField(
        label=_("Teams"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line per team: its code, a colon, and its staff ids. For example: KMAR-31: K1 K2 K3 K4"),
    )
    rule_set = forms.ChoiceField(label=_("Working-time rules"), choices=RULE_SETS)
    legal_bases = forms.MultipleChoiceField(
        label=_("Legal grounds"), choices=LegalBasis.choices, widget=forms.CheckboxSelectMultiple
    )

    def clean_teams(self) -> list[tuple[str, list[str]]]:
        """Codes with their staff ids."""
        lines = [line.partition(":") for line in str(self.cleaned_data["teams"]).splitlines() if line.strip()]
        found = [(code.strip(), staff.split()) for code, _colon, staff in lines]
        if not all(code and staff for code, staff in found):
            raise forms.ValidationError(_("Give per line a code, a colon and the staff ids."))
        return found


class FeasibilityForm(forms.Form):
    """Whether an assignment can be carried out, and what it means for the guards."""

    feasible = forms.ChoiceField(
        label=_("Feasible"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No"))],
    )
    reasons = long_text(_("Reasons"))
    guard_safety = long_text(_("Safety of the guards"))
