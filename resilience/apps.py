"""What resilience hangs on the pages of others: its status on the case, its rows of the timeline, its work."""

from collections.abc import Callable
from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse

from resilience.lifecycle import NORMS
from stelsel.kernel import composition
from stelsel.kernel.composition import Link, Panel, TimelineSource, WorkKind
from stelsel.kernel.errors import gettext_noop

WORK = (  # kind, title, page
    ("resilience.plan", gettext_noop("Plan a resilience talk"), "resilience:plan"),
    ("resilience.talk", gettext_noop("Resilience talk: hold and record"), "resilience:hold"),
    ("resilience.follow_up", gettext_noop("Follow up a resilience talk"), "resilience:talk"),
    ("resilience.overdue", gettext_noop("Resilience talk is overdue"), "resilience:file"),
    ("resilience.offer", gettext_noop("No support offered in this phase yet"), "resilience:offer"),
)


class ResilienceConfig(AppConfig):
    name = "resilience"

    def ready(self) -> None:
        from resilience import services  # noqa: PLC0415  # models exist only now
        from resilience.policies import FILE_ROLES, may_see_files, may_see_status  # noqa: PLC0415  # as above
        from resilience.services.reading import status_panel  # noqa: PLC0415  # as above
        from stelsel.kernel import norms  # noqa: PLC0415  # models are there only now

        norms.add(NORMS)
        composition.add_panel(
            Panel(
                name="resilience",
                order=70,
                template="resilience/panel.html",
                policy=may_see_status,
                load=status_panel,
            )
        )
        composition.add_timeline(TimelineSource(kind="resilience", policy=may_see_files, load=services.timeline))
        composition.add_link(
            Link(
                order=30,
                label=gettext_noop("Resilience"),
                url_name="resilience:worklist",
                icon="heart-handshake",
                roles=FILE_ROLES,
            )
        )
        for kind, title, page in WORK:
            composition.add_work(WorkKind(kind=kind, title=title, url=_leads_to(page)))


def _leads_to(page: str) -> Callable[[UUID, UUID | None], str]:
    def url(subject_id: UUID, scope_id: UUID | None) -> str:  # noqa: ARG001  # the address names the subject alone
        return reverse(page, args=[subject_id])

    return url
