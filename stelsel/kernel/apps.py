from uuid import UUID

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.composition import WorkKind, add_work
from stelsel.kernel.errors import gettext_noop


class KernelConfig(AppConfig):
    default = True
    name = "stelsel.kernel"
    label = "kernel"
    verbose_name = _("Administration")

    def ready(self) -> None:
        from stelsel.kernel import checks  # noqa: F401, PLC0415  # registers the system checks

        add_work(WorkKind("norm.approve", gettext_noop("Approve a change of a house norm"), _norms))
        add_work(WorkKind("code.approve", gettext_noop("Approve a change of a code list"), _codes))


class AdminConfig(admin_apps.AdminConfig):
    """Django admin behind our multi-factor log-in, without case content."""

    default = False
    default_site = "stelsel.kernel.site.Site"


def _norms(_subject: UUID, _scope: UUID | None) -> str:
    return reverse("admin:kernel_normvalue_changelist")


def _codes(_subject: UUID, _scope: UUID | None) -> str:
    return reverse("admin:kernel_codevalue_changelist")
