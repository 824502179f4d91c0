"""The versions of the method: registered by a release, adopted by the method board. Nothing of any case."""

from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.admin import ReadOnly
from threat.models import MethodVersion
from threat.services.methods import read_versions


@admin.register(MethodVersion)
class MethodVersionAdmin(ReadOnly):
    """One page: each version, whether it may be used, and who adopted or withdrew it."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> TemplateResponse:  # noqa: ARG002  # Django's
        context = {
            **self.admin_site.each_context(request),
            "title": _("Method versions"),
            "versions": read_versions(at=timezone.now()),
        }
        return TemplateResponse(request, "admin/threat/methodversion/list.html", context)
