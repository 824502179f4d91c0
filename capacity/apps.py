from uuid import UUID

from django.apps import AppConfig
from django.urls import reverse

from capacity.lifecycle import NORMS
from stelsel.kernel.authorisation import Role
from stelsel.kernel.composition import (
    Link,
    Panel,
    TimelineSource,
    WorkKind,
    add_link,
    add_panel,
    add_timeline,
    add_to_night_card,
    add_work,
)
from stelsel.kernel.errors import gettext_noop


class CapacityConfig(AppConfig):
    name = "capacity"

    def ready(self) -> None:
        """Hang cover on the case page, the board in the navigation, and the work of plans on the start page."""
        from capacity.policies import COVER_ROLES, RUN_ROLES, may_see_case_cover  # noqa: PLC0415  # models are there now
        from capacity.services.panel import cover_events, cover_panel, night_cover  # noqa: PLC0415  # as above
        from stelsel.kernel import norms  # noqa: PLC0415  # models are there only now

        norms.add(NORMS)
        add_panel(Panel("cover", 40, "capacity/panel.html", may_see_case_cover, cover_panel))
        add_to_night_card(Panel("cover", 40, "capacity/night.html", may_see_case_cover, night_cover))
        add_timeline(TimelineSource("cover", may_see_case_cover, cover_events))
        people = COVER_ROLES - {Role.SYSTEM}
        add_link(Link(50, gettext_noop("Cover"), "capacity:board", "layout-grid", people))
        add_link(Link(51, gettext_noop("Prioritisation"), "capacity:runs", "scale", RUN_ROLES))
        add_link(Link(52, gettext_noop("Teams"), "capacity:teams", "users", people))
        add_link(Link(53, gettext_noop("Groups in training"), "capacity:groups", "graduation-cap", people))
        add_work(WorkKind("plan.publish", gettext_noop("Publish the plan"), _run))
        add_work(WorkKind("displacement.decide", gettext_noop("Decide about displacement"), _displacement))
        add_work(WorkKind("assignment.infeasible", gettext_noop("An assignment cannot be carried out"), _plan))
        add_work(WorkKind("package.unassigned", gettext_noop("Decided, and not assigned"), _plan))


def _run(subject: UUID, _scope: UUID | None) -> str:
    return reverse("capacity:run", args=[subject])


def _displacement(subject: UUID, _scope: UUID | None) -> str:
    return reverse("capacity:displacement", args=[subject])


def _plan(_subject: UUID, scope: UUID | None) -> str:
    return reverse("capacity:plan", args=[scope])
