"""The admin site: who may enter it. Apart from admin.py, which registers on it."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.authorisation import Role


class Site(admin.AdminSite):
    """Entered only through the multi-factor log-in, by somebody who acts as administrator now."""

    site_header = _("Stelsel: administration")
    site_title = site_header
    index_title = _("Settings and accounts")
    site_url = "/"
    enable_nav_sidebar = False  # it takes the room that wide lists need

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.role is Role.ADMINISTRATOR and super().has_permission(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response
