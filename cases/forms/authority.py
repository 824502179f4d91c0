"""Questions about authority, the post of the person, the return, closing and opening again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cases.authority import Post
from cases.forms.intake import options
from cases.forms.versions import Signed, Versioned
from cases.models import Case, Measure
from cases.models.closing import OUTCOMES
from cases.services.reading import Choice
from stelsel.kernel.forms import long_text


class DirectionChoices(TextChoices):
    PERSON = "person", _("Person-directed (close protection, escort)")
    LOCATION = "location", _("At a location (supervision, camera, alarm)")


class PlaceChoices(TextChoices):
    HOME = "home", _("Home")
    WORK = "work", _("Workplace")
    HOLIDAY = "holiday", _("Holiday address")
    EVENT = "event", _("Public event")
    ELSEWHERE = "elsewhere", _("Another place, another district")
    KMAR_AREA = "kmar_area", _("Airport or other place policed by the KMar")
    ABROAD = "abroad", _("Abroad")


class PurposeChoices(TextChoices):
    CRIMINAL_ENFORCEMENT = "criminal_enforcement", _("Criminal enforcement")
    PUBLIC_ORDER = "public_order", _("Public order")


class WhenForm(forms.Form):
    """An instant; left empty it is now."""

    at = forms.DateTimeField(label=_("On"), required=False)


class MeasureForm(forms.Form):
    """A measure of which one asks who has authority over it, by rule."""

    direction = forms.ChoiceField(label=_("Measure"), choices=DirectionChoices.choices)
    place = forms.ChoiceField(label=_("Where"), choices=PlaceChoices.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=PurposeChoices.choices)


class PostForm(forms.Form):
    """The post that the person holds; by the rule another office may have to take over."""

    post = forms.ChoiceField(label=_("Post of the person"), widget=forms.RadioSelect)
    in_district = forms.BooleanField(label=_("Lives and works in the district of the post"), required=False)
    other_office = forms.TypedChoiceField(
        label=_("Other office"),
        coerce=UUID,
        empty_value=None,
        required=False,
        help_text=_("Only for a chief prosecutor who lives and works in the own district."),
    )

    def __init__(self, *args: Any, offices: list[Choice], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        post, office = self.fields["post"], self.fields["other_office"]
        if isinstance(post, forms.ChoiceField) and isinstance(office, forms.ChoiceField):
            post.choices = [(Post(value), label) for value, label in Case._meta.get_field("post").flatchoices]
            office.choices = [("", _("The present office")), *options(offices)[1:]]


class ReturnForm(Signed):
    """Why authority goes back, and what becomes of each measure in force."""

    reasons = long_text(_("Reasons"))

    def __init__(self, *args: Any, measures: list[Measure], **kwargs: Any) -> None:  # noqa: ANN401  # Django's own
        super().__init__(*args, **kwargs)
        self.measures = measures
        for measure in measures:
            self.fields[f"outcome_{measure.pk}"] = forms.ChoiceField(
                label=f"{measure.get_kind_display()}, {measure.person.pseudonym}",
                choices=OUTCOMES[:2],
                widget=forms.RadioSelect,
            )
        self.order_fields([name for name in self.fields if name != "code"])

    def given(self) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        outcomes = {measure.pk: told[f"outcome_{measure.pk}"] for measure in self.measures}
        return {"reasons": told["reasons"], "outcomes": outcomes, "version": told["version"], "code": told["code"]}


class ConfirmForm(Signed):
    """The chief prosecutor confirms the return as it stands."""

    version = None  # type: ignore[assignment]  # a return carries no version: it is confirmed once


class ReasonForm(Versioned):
    """Why a case is closed, or opened again."""

    reason = long_text(_("Reason"))


def instant(form: WhenForm, *, now: datetime) -> datetime:
    """The instant that was asked for, or now."""
    asked: datetime | None = form.cleaned_data.get("at") if form.is_valid() else None
    return asked or now
