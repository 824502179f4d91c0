"""What expires, is overdue or is ordered but not in place lands on the right start page (scheduled, as the system).

Nothing here changes a case: it only opens work. "Nothing ends in silence."
"""

from datetime import datetime

from cases.models import Designation, Measure, Package
from cases.services import case as cases
from cases.services.care.responsibility import unsettled
from cases.services.catalogue import Dated
from cases.services.measures import in_place_due
from stelsel.kernel import norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role


@act
def watch(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001  # @act binds it
    """Open the work that time has caused; a second run opens nothing twice. Returns how much is open by it now."""
    return _unratified(at) + _unassigned(at) + _not_in_place(at) + _reviews(at) + unsettled()


def _unratified(at: datetime) -> int:
    late = Designation.objects.filter(ratify_due__lte=at, ratified_at=None, ends_at=None).select_related("case")
    for designation in late:
        work.open_item(
            "designation.ratify_overdue",
            designation,
            owner_role=Role.DECIDER,
            organisation=cases.nctv().pk,
            label=designation.case.number,
            scope=designation.case_id,
            due=designation.ratify_due,
        )
    return len(late)


def _unassigned(at: datetime) -> int:
    waiting = Package.objects.filter(state="decided", assigned_at=None, decided_at__lte=at).select_related("case")
    late = [row for row in waiting if row.decided_at and norms.due("cases.assigned", since=row.decided_at) <= at]
    for package in late:
        work.open_item(
            "package.unassigned",
            package,
            owner_role=Role.LCC_COORDINATOR,
            organisation=cases.lcc().pk,
            label=package.case.number,
            scope=package.case_id,
            due=at,
        )
    return len(late)


def _not_in_place(at: datetime) -> int:
    """Each kind has a house norm of its own, as the catalogue had it when the measure was ordered."""
    waiting = Measure.objects.filter(state__in=["ordered", "accepted"], ordered_at__lt=at).select_related("case")
    catalogue = Dated()
    dues = [(measure, in_place_due(measure, catalogue)) for measure in waiting]
    late = [(measure, due) for measure, due in dues if due <= at]
    for measure, due in late:
        work.open_item(
            "measure.not_in_place",
            measure,
            owner_role=Role.CASE_MANAGER,
            owner=measure.case.case_manager_id,
            label=measure.case.number,
            scope=measure.case_id,
            due=due,
        )
    return len(late)


def _reviews(at: datetime) -> int:
    due = Measure.objects.in_force().filter(review_due__lte=at.date()).select_related("case")
    for measure in due:
        work.open_item(
            "measure.review",
            measure,
            owner_role=Role.CASE_MANAGER,
            owner=measure.case.case_manager_id,
            label=measure.case.number,
            scope=measure.case_id,
            due=at,
        )
    return len(due)
