"""The catalogue of measures, dated. Nothing of any case."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils import timezone

from cases.models import CatalogueEntry
from stelsel.kernel.admin import Recorded


@admin.register(CatalogueEntry)
class CatalogueEntryAdmin(Recorded):
    """What has begun keeps what it says: set its end, and add what holds from then on."""

    list_display = ("code", "name", "directed", "competence", "in_place_hours", "verify_days", "in_force")
    list_filter = ("directed", "competence", "technical")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:  # noqa: ANN401, ARG002  # Django's
        began = obj.in_force.lower if isinstance(obj, CatalogueEntry) else None
        if obj is not None and began is not None and began <= timezone.localdate():
            return [field.name for field in obj._meta.fields if field.name not in {"id", "in_force"}]
        return ()
