"""What time has caused (scheduled, as the system): a talk that should have been held, a phase without an offer."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from cases.lifecycle import CaseState
from cases.services.case import nctv
from resilience.lifecycle import Consent, offer_due
from resilience.models import ResilienceFile, SupportOffer
from resilience.services.files import phase_norm
from stelsel.kernel import work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import WorkItem


@act
def watch(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001  # @act binds it
    """Open the work that time has caused; a second run opens nothing twice. Returns how much it opened."""
    return _overdue(at) + _without_offer(at)


def _open_files(kind: str) -> QuerySet[ResilienceFile]:
    """Open files of cases in the scheme that have no open work of this kind yet."""
    waiting = WorkItem.objects.filter(subject_id=OuterRef("pk"), kind=kind, closed_at=None)
    files = ResilienceFile.objects.filter(~Exists(waiting), closed_at=None, case__state=CaseState.SCHEME)
    return files.select_related("person").order_by("pk")


def _overdue(at: datetime) -> int:
    late = list(_open_files("resilience.overdue").filter(talk_due_at__lt=at))
    for file in late:
        _ask(file, kind="resilience.overdue", due=file.talk_due_at)
    return len(late)


def _without_offer(at: datetime) -> int:
    """Each phase offers at least one thing (R028); who wants no support is not pressed."""
    offered = SupportOffer.objects.filter(file=OuterRef("pk"), offered_at__gte=OuterRef("phase_since"))
    files = _open_files("resilience.offer").filter(~Exists(offered))
    opened = 0
    for file in files.exclude(consent__in=[Consent.REFUSED, Consent.WITHDRAWN]):
        due = offer_due(phase_norm(file.phase, at=file.phase_since), phase_since=file.phase_since, offered=())
        if due is not None and due < at:
            _ask(file, kind="resilience.offer", due=due)
            opened += 1
    return opened


def _ask(file: ResilienceFile, *, kind: str, due: datetime) -> None:
    work.open_item(
        kind,
        file,
        owner_role=Role.RESILIENCE_EXPERT,
        organisation=nctv().pk,
        label=file.person.pseudonym,
        scope=file.case_id,
        due=due,
    )
