"""Legal grounds and the provision matrix, as dated data."""

from django.contrib import admin

from stelsel.kernel.admin import Recorded
from stelsel.legal.models import LegalGround, Provision


@admin.register(LegalGround)
class LegalGroundAdmin(Recorded):
    list_display = ("code", "name", "article", "in_force", "verified")
    search_fields = ("code", "name", "article")


@admin.register(Provision)
class ProvisionAdmin(Recorded):
    list_display = ("information", "provider", "receiver", "ground", "in_force")
    list_filter = ("information", "provider", "receiver")
    autocomplete_fields = ("ground",)
    list_select_related = ("ground",)
