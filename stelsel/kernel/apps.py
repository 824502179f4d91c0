from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class KernelConfig(AppConfig):
    default = True
    name = "stelsel.kernel"
    label = "kernel"

    def ready(self) -> None:
        from stelsel.kernel import checks  # noqa: F401, PLC0415  # registers the system checks


class AdminConfig(admin_apps.AdminConfig):
    """Django admin behind our multi-factor log-in, without case content."""

    default = False
    default_site = "stelsel.kernel.site.Site"
