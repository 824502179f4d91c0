"""Configuration of cases: the catalogue of measures, and versions of the assessment framework. Nothing of any case."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Field, Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import services
from cases.authority import RULES
from cases.models import AuthorityRuling, CatalogueEntry, Framework, MayorSubstitute
from stelsel.kernel.admin import Recorded, span
from stelsel.kernel.errors import DomainError
from stelsel.kernel.models import User
from stelsel.kernel.web import sentence


@admin.register(CatalogueEntry)
class CatalogueEntryAdmin(Recorded):
    """What has begun keeps what it says: set its end, and add what holds from then on."""

    list_display = ("code", "name", "competence", "in_place_hours", "verify_days", "holds")
    list_filter = ("directed", "competence", "technical")
    search_fields = ("code", "name")

    @admin.display(description=_("in force"), ordering="in_force")
    def holds(self, entry: CatalogueEntry) -> str:
        return span(entry.in_force)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:  # noqa: ANN401, ARG002  # Django's
        began = obj.in_force.lower if isinstance(obj, CatalogueEntry) else None
        if obj is not None and began is not None and began <= timezone.localdate():
            return [field.name for field in obj._meta.fields if field.name not in {"id", "in_force"}]
        return ()


@admin.register(Framework)
class FrameworkAdmin(Recorded):
    """A published version is shown and never changed."""

    list_display = ("number", "title", "from_date", "proposed_by", "published_by", "published_at")
    fields = ("number", "title", "source", "from_date", "document")
    list_select_related = ("proposed_by", "published_by")
    actions = ("publish",)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        published = isinstance(obj, Framework) and obj.published_at is not None
        return super().has_change_permission(request, obj) and not published

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        if not isinstance(obj, Framework) or not isinstance(request.user, User):
            raise TypeError("versions by users only")
        obj.proposed_by, obj.proposed_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Publish: holds from its first day on"))
    def publish(self, request: HttpRequest, chosen: QuerySet[Framework]) -> None:
        if not isinstance(request.user, User):
            raise TypeError("versions by users only")
        for framework in chosen.select_for_update():
            try:
                services.publish_framework(framework, by=request.user.pk, at=timezone.now())
            except DomainError as refusal:
                self.message_user(request, f"{framework}: {sentence(refusal)}", messages.ERROR)
            else:
                self.message_user(request, _("%(version)s was published.") % {"version": framework})


@admin.register(MayorSubstitute)
class MayorSubstituteAdmin(Recorded):
    list_display = ("municipality", "receiver", "in_force")
    list_select_related = ("municipality", "receiver")
    autocomplete_fields = ("municipality", "receiver")


@admin.register(AuthorityRuling)
class AuthorityRulingAdmin(Recorded):
    """Another authority, for rules alone that the circulars do not settle; a settled rule cannot be chosen."""

    list_display = ("rule", "gives", "article", "in_force")
    list_filter = ("rule", "gives")

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:  # noqa: ANN401  # Django's
        if db_field.name == "rule":
            choices = [(rule.code, _(rule.name)) for rule in RULES if not rule.sure]
            return forms.ChoiceField(label=db_field.verbose_name, choices=choices)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
