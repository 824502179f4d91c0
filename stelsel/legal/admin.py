"""Legal grounds and the provision matrix, as dated data."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.admin import Recorded, span
from stelsel.legal.models import LegalGround, Provision


@admin.register(LegalGround)
class LegalGroundAdmin(Recorded):
    list_display = ("code", "name", "article", "holds", "verified")
    search_fields = ("code", "name", "article")

    @admin.display(description=_("in force"), ordering="in_force")
    def holds(self, ground: LegalGround) -> str:
        return span(ground.in_force)


@admin.register(Provision)
class ProvisionAdmin(Recorded):
    list_display = ("information", "provider", "receiver", "ground", "holds")
    list_filter = ("information", "provider", "receiver")
    autocomplete_fields = ("ground",)
    list_select_related = ("ground",)
    search_fields = ("information", "ground__code", "ground__name")

    @admin.display(description=_("in force"), ordering="in_force")
    def holds(self, provision: Provision) -> str:
        return span(provision.in_force)
