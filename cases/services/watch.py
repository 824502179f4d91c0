"""What expires, is overdue or is ordered but not in place lands on the right start page (scheduled, as the system).

Nothing here changes a case: it only opens work. "Nothing ends in silence."
"""

from datetime import datetime

from cases.models import AuthorityReturn, Designation, Handover, ListEntry, Measure, Package
from cases.services import approval, ratify, review
from cases.services import case as cases
from cases.services.care.responsibility import unsettled
from cases.services.catalogue import Dated
from cases.services.demarcation import watch_demarcations
from cases.services.escalation import watch_escalations
from cases.services.mayor import watch_notices
from cases.services.measures import ask_executor, ask_keeper, in_place_due
from cases.services.moments import watch_moments
from cases.services.plan import watch_contact
from cases.services.promises import NOT_THERE
from cases.services.reports import watch_reports
from stelsel.kernel import norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role


@act
def watch(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001  # @act binds it
    """Open the work that time has caused; a second run opens nothing twice. Returns how much is open by it now."""
    looks = (
        _unratified,
        _unassigned,
        look_at_files,
        *ON_MEASURES,
        watch_contact,
        watch_moments,
        watch_notices,
        watch_demarcations,
        watch_escalations,
        watch_reports,
        ratify.overdue,
        approval.waiting,
        review.expired,
        _unconfirmed,
        _expired,
    )
    return sum(look(at) for look in looks) + unsettled()


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


def look_at_files(at: datetime) -> int:
    """A file that is not accepted after the norm goes to both heads, and once more after the next."""
    waiting = Handover.objects.exclude(state="accepted").filter(due_at__lte=at).select_related("case")
    for handover in waiting:
        _ask_both_heads("handover.stalled", handover, due=handover.due_at)
        again = norms.due("cases.handover.again", since=handover.due_at)
        if again <= at:
            _ask_both_heads("handover.stalled_again", handover, due=again)
    return len(waiting)


def _ask_both_heads(kind: str, handover: Handover, *, due: datetime) -> None:
    case = handover.case
    for role, owner, organisation in (
        (Role.CHIEF_PROSECUTOR, None, case.office_id),
        (Role.DECIDER, case.decider_id, None if case.decider_id else cases.nctv().pk),
    ):
        work.open_item(
            kind,
            handover,
            owner_role=role,
            owner=owner,
            organisation=organisation,
            label=case.number,
            scope=case.pk,
            due=due,
        )


def _not_in_place(at: datetime) -> int:
    """Each kind has a house norm of its own, as the catalogue had it when the measure was ordered."""
    waiting = Measure.objects.filter(state__in=NOT_THERE, ordered_at__lt=at).select_related("case")
    catalogue = Dated()
    dues = [(measure, in_place_due(measure, catalogue)) for measure in waiting]
    late = [(measure, due) for measure, due in dues if due <= at]
    for measure, due in late:
        ask_keeper("measure.not_in_place", measure, due=due)
    return len(late)


def _broken_promises(at: datetime) -> int:
    """The day by which a measure was promised went by, and it is not there."""
    broken = Measure.objects.filter(state__in=NOT_THERE, promised_on__lt=at.date()).select_related("case")
    for measure in broken:
        ask_keeper("measure.promise_broken", measure, due=at)
    return len(broken)


def _verifications(at: datetime) -> int:
    """What stands is looked at again at the interval of its kind; left undone it lands with who runs the case."""
    standing = Measure.objects.filter(state__in=["in_place", "verified"], verify_due__lte=at.date())
    late = (at - norms.term("cases.measure.verify_late", at=at)).date()
    for measure in standing.select_related("case"):
        ask_executor("measure.verify", measure, due=at)
        if measure.verify_due is not None and measure.verify_due <= late:
            ask_keeper("measure.verify_late", measure, due=at)
    return len(standing)


def _reviews(at: datetime) -> int:
    """A review date that passed ends nothing: it is work, and left undone it lands with who decides."""
    due = Measure.objects.in_force().filter(review_due__lte=at.date()).select_related("case")
    late = (at - norms.term("cases.measure.review_late", at=at)).date()
    for measure in due:
        ask_keeper("measure.review", measure, due=at)
        if measure.review_due <= late:
            _ask_head("measure.review_late", measure, at=at)
    return len(due)


def _unconfirmed(at: datetime) -> int:
    """A return of authority that the chief prosecutor did not confirm in time alarms at both (R116)."""
    late = AuthorityReturn.objects.filter(state="waiting", confirm_due__lte=at).select_related("case")
    for returned in late:
        case = returned.case
        owners = (
            (Role.DECIDER, case.decider_id, None if case.decider_id else cases.nctv().pk),
            (Role.CHIEF_PROSECUTOR, None, case.office_id),
        )
        for role, owner, organisation in owners:
            work.open_item(
                "return.unconfirmed",
                returned,
                owner_role=role,
                owner=owner,
                organisation=organisation,
                label=case.number,
                scope=case.pk,
                due=returned.confirm_due,
            )
    return len(late)


def _ask_head(kind: str, measure: Measure, *, at: datetime) -> None:
    case, ours = measure.case, measure.case.state == "scheme"
    work.open_item(
        kind,
        measure,
        owner_role=Role.DECIDER if ours else Role.CHIEF_PROSECUTOR,
        owner=case.decider_id if ours else None,
        organisation=None if ours else case.office_id,
        label=case.number,
        scope=case.pk,
        due=at,
    )


ON_MEASURES = (_not_in_place, _broken_promises, _verifications, _reviews)


def _expired(at: datetime) -> int:
    """A temporary entry of the limitative list whose last day is over: a decider ends it, it never ends by itself."""
    late = ListEntry.objects.filter(state="designated", ends_on__lt=at.date())
    for entry in late:
        work.open_item(
            "listing.expired",
            entry,
            owner_role=Role.DECIDER,
            organisation=cases.nctv().pk,
            label=entry.number,
            due=at,
        )
    return len(late)
