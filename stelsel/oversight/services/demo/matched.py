"""Matching in the demonstration: on a ground that exists nowhere, one match an analyst sees and one that is blind."""

from datetime import datetime, timedelta
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from cases.models import Case
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import OrganisationKind
from stelsel.legal.models import LegalGround, Provision
from stelsel.oversight.services.demo.analysis import ANALYSTS
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.people import Field
from threat import services
from threat.models import BlindMatch, Product
from threat.services import Delivery, Named, Order

SEEN, BLIND = "XX-123-X", "ZZ-456-Z"
POLICE: Final = (OrganisationKind.POLICE_LX, OrganisationKind.POLICE_REGION)
Found = dict[Actor, dict[object, Product]]


def matched(field: Field, *, since: datetime, at: datetime) -> None:
    """Vehicles in products of the police, over cases. Part of the loading."""
    _ground(since)
    then = at - timedelta(hours=6)
    found = {actor: _products(actor, at=then) for actor in map(field.actor, ANALYSTS)}
    _one_who_sees_both(found, at=then)
    _nobody_sees_both(field, found, at=then)
    work_off(at=then)
    head, later = field.of(Role.HEAD_OF_ANALYSIS, "nctv"), at - timedelta(hours=3)
    with acting(head, at=later):
        blind = BlindMatch.objects.order_by("number").first()
    if blind is not None:
        services.ask_about_match(blind_id=blind.pk, side=1, actor=head, at=later)


def _ground(since: datetime) -> None:
    period = DateRange(timezone.localdate(since), None)
    ground = LegalGround.objects.create(
        code="match-demo",
        name="Grondslag van de demonstratie: bestaat niet",
        article="Alleen in de demonstratie",
        in_force=period,
    )
    for provider in POLICE:
        Provision.objects.create(
            information="match_vehicle", provider=provider, receiver="nctv", ground=ground, in_force=period
        )


def _products(actor: Actor, *, at: datetime) -> dict[object, Product]:
    """The oldest product of the police in each open case that this analyst sees, by case."""
    with acting(actor, at=at):
        rows = Product.objects.visible_to(actor, at=at).filter(
            supplier__kind__in=POLICE,
            reference_only=False,
            withdrawn_at=None,
            delivered_at__lt=at,
            case__closed_at=None,
            case__demarcation="none",
        )
        newest_first = list(rows.order_by("-delivered_at", "number"))
    return {row.case_id: row for row in newest_first}


def _one_who_sees_both(found: Found, *, at: datetime) -> None:
    actor, products = next(iter(found.items()))
    for product in list(products.values())[:2]:
        _take(product, SEEN, by=actor, at=at)


def _nobody_sees_both(field: Field, found: Found, *, at: datetime) -> None:
    """The supplier names a vehicle in a case that has no analyst yet, and an analyst finds it in another."""
    manager, supplier = field.of(Role.CASE_MANAGER, "nctv"), field.of(Role.PRODUCT_SUPPLIER, "lx")
    case = _without_analyst(manager, at=at)
    actor, products = next(iter(found.items()))
    if case is None or not products:
        return
    order = Order(
        supplier_id=field.organisations["lx"].pk,
        kind="signal_report",
        question="Is er iets gezien rond de woning?",
        factors=("F3",),
        due_at=at + timedelta(days=2),
    )
    request = services.commission_information(case_id=case.pk, order=order, actor=manager, at=at)
    day = timezone.localdate(at)
    delivery = Delivery(
        kind="signal_report",
        number="SI-MATCH-1",
        dated=day,
        reliability="B",
        credibility=2,
        valid_from=day,
        text="Een auto met een vals kenteken stond twee avonden in de straat.",
        named=(Named("vehicle", BLIND),),
    )
    services.deliver_product(request_id=request.pk, delivery=delivery, actor=supplier, at=at)
    _take(list(products.values())[-1], BLIND, by=actor, at=at)


def _without_analyst(manager: Actor, *, at: datetime) -> Case | None:
    with acting(manager, at=at):
        rows = Case.objects.visible_to(manager, at=at).filter(
            closed_at=None, demarcation="none", information_requests=None, opened_at__lt=at
        )
        return rows.order_by("number").first()


def _take(product: Product, plate: str, *, by: Actor, at: datetime) -> None:
    services.take_down_entity(product_id=product.pk, named=Named("vehicle", plate), actor=by, at=at)
