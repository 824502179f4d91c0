"""Asking suppliers and what they answer: commission, refusal, withholding (R010, R053)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from cases.models import Case
from cases.services import give_access
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import Principal, act, give
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Stale, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import Membership, Organisation, User
from threat.lifecycle import REQUEST_LIFECYCLE, ProductKind, RefusalGround, RequestState
from threat.methodology import Factor
from threat.models import InformationRequest, Picture
from threat.policies import may_commission, may_name_analysts, may_supply
from threat.services.case import (
    instant,
    nctv,
    next_request_number,
    people_of,
    refuse_if,
    text_faults,
    visible_case,
)

FACTORS = frozenset(factor.value for factor in Factor)
ASKERS_WORK = ("threat.request_overdue", "threat.refused", "threat.refusal_review")
REFUSED_STATES = (RequestState.REFUSED, RequestState.WITHHELD)


@dataclass(frozen=True)
class Order:
    """What is asked of one supplier. `analysts` are the colleagues named to make the picture; they see the case then.

    `person_id` is a relation when the question is about them; None is the person of the case.
    """

    supplier_id: UUID
    kind: str
    question: str
    factors: Sequence[str]
    due_at: datetime
    person_id: UUID | None = None
    analysts: Sequence[UUID] = field(default_factory=tuple)


@act
def commission_information(*, case_id: UUID, order: Order, actor: Actor, at: datetime) -> InformationRequest:
    """Ask a supplier for a product, with question, factors and due (R010); the named analysts see the case from now on.

    The supplier gets question, due and pseudonym, and no sight of the case.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not the case manager or an analyst; or an analyst who names analysts.
        Invalid: with every fault: no question, no factor, a due date that has passed, no supplier, no analyst.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_commission(actor))
    if order.analysts:
        require(may_name_analysts(actor))
    refuse_if(_order_faults(order, case, at=at))
    person = next(each for each in people_of(case) if each.pk == (order.person_id or case.person_id))
    request = InformationRequest(
        number=next_request_number(year=at.year),
        case=case,
        person=person,
        key_id=case.person.key_id,
        pseudonym=person.pseudonym,
        supplier_id=order.supplier_id,
        kind=order.kind,
        factors=sorted(set(order.factors)),
        due_at=order.due_at,
        state=REQUEST_LIFECYCLE.initial,
        asked_by_id=actor.user_id,
        asked_at=at,
        provenance=actor.organisation,
    )
    vault.box(request.key_id).seal(request, "question", order.question, key=request.key_id)
    request.save(force_insert=True)
    for analyst in order.analysts:
        name_analyst(case, analyst, actor=actor, at=at)
    let_head_see(case, ground="threat.commission")
    if order.analysts:
        _ask_for_picture(case, due=order.due_at)
    _ask(request)
    audit.record("information.commission", request, scope=case.pk, detail={"kind": request.kind})
    return request


def _order_faults(order: Order, case: Case, *, at: datetime) -> list[Fault]:
    supplied = Membership.objects.in_force(at=at).filter(organisation_id=order.supplier_id, role=Role.PRODUCT_SUPPLIER)
    people = {person.pk for person in people_of(case)} | {None}
    checks = (
        ("kind", order.kind not in set(ProductKind), gettext_noop("Choose a product.")),
        ("factors", not order.factors or not set(order.factors) <= FACTORS, gettext_noop("Name what it is about.")),
        ("due_at", order.due_at <= at, gettext_noop("The due date lies ahead.")),
        ("person_id", order.person_id not in people, gettext_noop("This person is not on the case.")),
        ("supplier_id", not supplied.exists(), gettext_noop("This organisation supplies no products.")),
        ("analysts", not _all_analysts(order.analysts, at=at), gettext_noop("Only threat analysts can be named.")),
    )
    faults = text_faults(question=order.question)
    return faults + [Fault(name, "invalid", message) for name, wrong, message in checks if wrong]


def _all_analysts(named: Sequence[UUID], *, at: datetime) -> bool:
    if not named:
        return True
    held = Membership.objects.in_force(at=at).filter(user_id__in=named, role=Role.THREAT_ANALYST)
    return set(named) == set(held.values_list("user_id", flat=True))


def name_analyst(case: Case, analyst: UUID, *, actor: Actor, at: datetime) -> None:
    """Give a named analyst sight of the case, for analysis alone. Part of a service."""
    give_access(
        case_id=case.pk,
        role=Role.THREAT_ANALYST,
        user_id=analyst,
        reason=gettext_noop("named to make the threat picture"),
        ground="threat.commission",
        mine=True,
        actor=actor,
        at=at,
    )


def let_head_see(case: Case, *, ground: str) -> None:
    """The head of analysis sees every case that reaches the analysis, to divide the work. Part of a service."""
    group = nctv().group_for(Role.HEAD_OF_ANALYSIS)
    give(
        case,
        to=Principal(role=Role.HEAD_OF_ANALYSIS, group_id=group.pk),
        reason=gettext_noop("reached the threat analysis"),
        ground=ground,
    )


def _ask_for_picture(case: Case, *, due: datetime) -> None:
    if Picture.objects.filter(case=case).open().exists():
        return
    work.open_item(
        "threat.make_picture",
        case,
        owner_role=Role.THREAT_ANALYST,
        organisation=nctv().pk,
        label=case.number,
        scope=case.pk,
        due=due,
    )


def _ask(request: InformationRequest) -> None:
    """Put the request on the supplier's start page: by its own number, without the case."""
    work.open_item(
        "threat.request",
        request,
        owner_role=Role.PRODUCT_SUPPLIER,
        organisation=request.supplier_id,
        label=request.number,
        due=request.due_at,
    )


def locked_request(request_id: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> InformationRequest:
    """The request, locked; `version` is the one the actor saw.

    Raises:
        InformationRequest.DoesNotExist: unknown, or not visible to `actor`.
        Stale: somebody answered or refused it since.
    """
    request = (
        InformationRequest.objects.visible_to(actor, at=at)
        .select_related("supplier")
        .select_for_update(of=("self",))
        .get(pk=request_id)
    )
    if version is not None and version != request.version:
        raise Stale(theirs={"state": str(request.get_state_display())}, version=request.version)
    return request


@dataclass(frozen=True)
class Refusal:
    """Why nothing, or not everything, is given. `exists`: it is there and kept back (withheld); else refused."""

    ground: str
    note: str
    review_due: date
    exists: bool = False


@act
def refuse_request(
    *, request_id: UUID, refusal: Refusal, version: int | None = None, actor: Actor, at: datetime
) -> InformationRequest:
    """The supplier refuses, or says that it exists and is withheld; on a ground and until a review date (R053, O1).

    Analysis and case manager see that and on which ground; the factors stay withheld, so silence lowers no level.
    """
    request = locked_request(request_id, actor=actor, at=at, version=version)
    require(may_supply(actor, supplier=request.supplier_id))
    faults = text_faults(note=refusal.note)
    if refusal.ground not in set(RefusalGround):
        faults.append(Fault("ground", "invalid", gettext_noop("Choose a ground.")))
    if refusal.review_due <= timezone.localdate(at):
        faults.append(Fault("review_due", "invalid", gettext_noop("The review lies ahead.")))
    refuse_if(faults)
    step = "withhold" if refusal.exists else "refuse"
    request.state = REQUEST_LIFECYCLE.apply(step, state=request.state)
    vault.box(request.key_id).seal(request, "refusal_note", refusal.note, key=request.key_id)
    request.refusal_ground, request.review_due = refusal.ground, refusal.review_due
    request.refused_by_id, request.refused_at = actor.user_id, at
    _settle(request, verb=f"information.{step}")
    audit.record(f"information.{step}", request, scope=request.case_id, reason=refusal.ground)
    return request


def mark_answered(request: InformationRequest) -> None:
    """A product came for it. Part of a service."""
    if request.state != "answered":
        request.state = REQUEST_LIFECYCLE.apply("answer", state=request.state)
        request.answered_at = instant()
        _settle(request, verb="product.deliver")


def _settle(request: InformationRequest, *, verb: str) -> None:
    """Close the supplier's own work; the work of those who asked follows by a job, for a supplier cannot see it."""
    request.version += 1
    request.save()
    for kind in ("threat.request", "threat.refusal_review_own"):
        work.close_items(request.pk, kind=kind, verb=verb)
    enqueue("threat.follow_request", key=f"{request.pk}:{request.version}", request_id=request.pk, verb=verb)


@act
def follow_request(*, request_id: UUID, verb: str, actor: Actor, at: datetime) -> InformationRequest:
    """After an answer: close the work it settles on the side that asked; a refusal opens work for the case manager."""
    request = InformationRequest.objects.visible_to(actor, at=at).get(pk=request_id)
    for kind in ASKERS_WORK:
        work.close_items(request.pk, kind=kind, verb=verb)
    if request.state in REFUSED_STATES:
        tell_asker(request, kind="threat.refused", due=norms.due("threat.refused", since=at))
    return request


def tell_asker(request: InformationRequest, *, kind: str, due: datetime) -> None:
    """Work for the case manager of the case a request is about. Part of a service."""
    work.open_item(
        kind,
        request,
        owner_role=Role.CASE_MANAGER,
        organisation=nctv().pk,
        label=request.number,
        scope=request.case_id,
        due=due,
    )


@act
def ask_again(*, request_id: UUID, due_at: datetime, actor: Actor, at: datetime) -> InformationRequest:
    """Insist after a refusal or silence: protection ranks equally with detection (par. 3.2). The history keeps both."""
    request = locked_request(request_id, actor=actor, at=at)
    require(may_commission(actor))
    if due_at <= at:
        refuse_if([Fault("due_at", "invalid", gettext_noop("The due date lies ahead."))])
    request.state = REQUEST_LIFECYCLE.apply("ask_again", state=request.state)
    request.due_at = due_at
    request.version += 1
    request.save()
    for kind in (*ASKERS_WORK, "threat.request", "threat.refusal_review_own"):
        work.close_items(request.pk, kind=kind, verb="information.ask_again")
    _ask(request)
    audit.record("information.ask_again", request, scope=request.case_id)
    return request


@act
def note_refusal(*, request_id: UUID, actor: Actor, at: datetime) -> InformationRequest:
    """The case manager takes note of a refusal; at its review date it comes back by itself."""
    request = locked_request(request_id, actor=actor, at=at)
    require(may_name_analysts(actor))
    work.close_items(request.pk, kind="threat.refused", verb="information.note_refusal")
    audit.record("information.note_refusal", request, scope=request.case_id, reason=request.refusal_ground)
    return request


def suppliers(*, at: datetime) -> list[Organisation]:
    """The organisations that have somebody to deliver products now."""
    held = Membership.objects.in_force(at=at).filter(role=Role.PRODUCT_SUPPLIER)
    return list(Organisation.objects.filter(pk__in=held.values("organisation_id")).order_by("name", "pk"))


def analysts(*, at: datetime) -> list[User]:
    """The threat analysts that can be named now."""
    held = Membership.objects.in_force(at=at).filter(role=Role.THREAT_ANALYST)
    return list(User.objects.filter(pk__in=held.values("user_id")).order_by("full_name", "pk"))
