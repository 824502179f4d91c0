"""Decisions that take several deciders: each signs the same version; the last signature decides.

Where a decision is less than before or cannot be carried out whole, the house norm `cases.approvers` says how many
sign. There is a term and one reminder in it. What cannot wait is decided by one, by the urgent route, and ratified.
"""

from datetime import datetime, timedelta

from django.db.models import F

from cases.models import Approval, Package
from cases.policies import may_approve_too, may_decide_package
from cases.services import case as cases
from cases.services.care.life import occasion_of
from stelsel.kernel import access, audit, norms, signing, work
from stelsel.kernel.access import Principal
from stelsel.kernel.authorisation import Actor, Role, Verdict

WORK = ("package.approve", "package.remind", "package.approve_overdue")


def asked(package: Package, *, at: datetime) -> int:
    """How many deciders sign this package."""
    _occasion, grave = occasion_of(package)
    return norms.number("cases.approvers", at=at) if grave else 1


def given(package: Package) -> list[Approval]:
    """The signatures under this version, the first one first."""
    found = Approval.objects.filter(package=package, package_version=package.version)
    return list(found.select_related("approved_by").order_by("approved_at", "pk"))


def may_sign(package: Package, actor: Actor) -> Verdict:
    """The decider of the case signs first, and then others who are deciders too."""
    before = frozenset(one.approved_by_id for one in given(package))
    person_user, prepared_by = package.case.person.user_id, package.prepared_by_id
    if before and package.state == "submitted":
        return may_approve_too(actor, prepared_by=prepared_by, approved_by=before, person_user=person_user)
    return may_decide_package(actor, prepared_by=prepared_by, decider=package.case.decider_id, person_user=person_user)


def approve(
    package: Package, content: dict[str, object], *, reasons: str, actor: Actor, at: datetime, code: str
) -> Approval:
    """Sign, and ask the other deciders. Part of a service."""
    case, earlier = package.case, given(package)
    due = earlier[0].due if earlier else norms.due("cases.approve", since=at)
    row = Approval(
        case=case,
        package=package,
        package_version=package.version,
        approved_by_id=actor.user_id,
        approved_at=at,
        due=due,
    )
    row.signature = signing.sign(row, content, actor=actor, at=at, code=code)
    cases.seal(row, case, reasons=reasons)
    row.save(force_insert=True)
    access.give(
        case,
        to=Principal(role=Role.DECIDER, group_id=cases.nctv().group_for(Role.DECIDER).pk),
        reason="decision that takes several deciders",
        ground="package.approve",
        until=due + timedelta(days=7),
    )
    work.close_items(package.pk, kind="package.decide", verb="package.approve")
    _ask("package.approve", package, due=due)
    audit.record("package.approve", row, scope=case.pk)
    return row


def settled(package: Package, *, verb: str) -> None:
    """Nobody else has to sign any more. Part of a service."""
    for kind in WORK:
        work.close_items(package.pk, kind=kind, verb=verb)


def _ask(kind: str, package: Package, *, due: datetime) -> None:
    work.open_item(
        kind,
        package,
        owner_role=Role.DECIDER,
        organisation=cases.nctv().pk,
        label=package.case.number,
        scope=package.case_id,
        due=due,
    )


def waiting(at: datetime) -> int:
    """Remind once when half of the term is over, and alarm at its end. Part of watching."""
    open_ones = Approval.objects.filter(package__state="submitted", package_version=F("package__version"))
    seen: set[object] = set()
    for row in open_ones.select_related("package__case").order_by("approved_at", "pk"):
        if row.package_id in seen:
            continue
        seen.add(row.package_id)
        if row.reminded_at is None and row.approved_at + (row.due - row.approved_at) / 2 <= at:
            row.reminded_at = at
            row.save(update_fields=["reminded_at"])
            _remind(row)
        if row.due <= at:
            _ask("package.approve_overdue", row.package, due=row.due)
    return len(seen)


def _remind(row: Approval) -> None:
    """The case manager gets the other deciders to look: a second line on their own page would not be seen either."""
    case = row.package.case
    work.open_item(
        "package.remind",
        row.package,
        owner_role=Role.CASE_MANAGER,
        owner=case.case_manager_id,
        label=case.number,
        scope=case.pk,
        due=row.due,
    )
    audit.record("package.remind", row, scope=case.pk)
