"""What every page of the administration has in common."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext

from stelsel.kernel import audit


def span(period: Any) -> str:  # noqa: ANN401  # a range of PostgreSQL, of days or instants
    """A period in words: from when, and until when if it ends; an empty one is not in force on any day."""
    if period.isempty:
        return gettext("proposed, not in force")
    start, end = (_day(bound) for bound in (period.lower, period.upper))
    words = [gettext("from %(start)s") % {"start": start}] if start else []
    return " ".join([*words, gettext("until %(end)s") % {"end": end}] if end else words)


def _day(bound: date | None) -> str:
    local = timezone.localtime(bound) if isinstance(bound, datetime) else bound
    return formats.date_format(local, "SHORT_DATE_FORMAT") if local else ""


class Recorded(admin.ModelAdmin[Any]):
    """For whoever may enter the site; nothing is deleted, each change is in the trail.

    `labels` names the fields of libraries in the words of the house, and leaves out their help.
    """

    labels: ClassVar[Mapping[str, Promise]] = {}

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: ANN401, FBT001, FBT002  # Django's signature
        labels = {name: capfirst(str(label)) for name, label in self.labels.items()}
        helps = dict.fromkeys(labels, "")
        return super().get_form(request, obj, change=change, labels=labels, help_texts=helps, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's
        return self.admin_site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # Django's
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: ModelForm[Any], change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        audit.record(
            "admin.change" if change else "admin.add", obj, detail={"fields": ",".join(form.changed_data)[:200]}
        )


class ReadOnly(Recorded):
    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:  # noqa: ARG002  # as above
        return False
