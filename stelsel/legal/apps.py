from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stelsel.kernel.composition import Link, WorkKind, add_link, add_work
from stelsel.kernel.errors import gettext_noop
from stelsel.legal.agreements import NORMS


class LegalConfig(AppConfig):
    name = "stelsel.legal"
    label = "legal"
    verbose_name = _("Legal grounds and sharing")

    def ready(self) -> None:
        """Hang the register of agreements in the navigation, and its work on the start page."""
        from stelsel.kernel import norms  # noqa: PLC0415  # models are there only now
        from stelsel.legal.policies import READS_AGREEMENTS  # noqa: PLC0415  # as above

        norms.add(NORMS)
        add_link(Link(80, gettext_noop("Agreements"), "legal:agreements", "handshake", READS_AGREEMENTS))
        add_work(WorkKind("agreement.review", gettext_noop("Look again at an agreement"), _of_version))
        add_work(WorkKind("agreement.conflict", gettext_noop("Two agreements conflict"), _conflict))


def _of_version(_subject: UUID, _scope: UUID | None) -> str:
    """The register: the work names the number."""
    return reverse("legal:agreements")


def _conflict(subject: UUID, _scope: UUID | None) -> str:
    return reverse("legal:agreement_conflict", args=[subject])
