"""What threat analysis hangs on the page of a case: a panel and rows of the timeline, for those who may see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.composition import Event
from threat.models import InformationRequest, Picture, Product, Signal
from threat.policies import may_see_information
from threat.services.case import visible_case
from threat.services.reading import information_of

KIND: Final = "threat"
ROWS: Final = 50


@act
def panel(case_id: UUID, /, *, actor: Actor, at: datetime) -> Mapping[str, Any] | None:
    """The panel's content; the page of the case logged the read."""
    case = visible_case(case_id, actor=actor, at=at)
    require(may_see_information(actor))
    return {"found": information_of(case, actor=actor, at=at)}


@act
def events(case_id: UUID, /, *, actor: Actor, at: datetime) -> Sequence[Event]:
    """What happened in the analysis, as far as this actor may see the rows themselves."""
    case = visible_case(case_id, actor=actor, at=at)
    require(may_see_information(actor))
    return [
        *_of_requests(InformationRequest.objects.visible_to(actor, at=at).filter(case=case)),
        *_of_products(Product.objects.visible_to(actor, at=at).filter(case=case)),
        *_of_signals(Signal.objects.visible_to(actor, at=at).filter(case=case)),
        *_of_pictures(Picture.objects.visible_to(actor, at=at).filter(case=case)),
    ]


def _of_requests(rows: QuerySet[InformationRequest]) -> list[Event]:
    found = []
    for row in rows.select_related("supplier", "asked_by").order_by("-asked_at", "pk")[:ROWS]:
        url = reverse("threat:request", args=[row.pk])
        asked = _("Information asked of %(supplier)s") % {"supplier": row.supplier.name}
        found.append(Event(row.asked_at, KIND, asked, row.asked_by.get_full_name(), url))
        if row.refused_at:
            found.append(Event(row.refused_at, KIND, _("Information refused or withheld"), row.supplier.name, url))
        if row.silent_at:
            found.append(
                Event(row.silent_at, KIND, _("No answer from %(supplier)s") % {"supplier": row.supplier.name}, "", url)
            )
    return found


def _of_products(rows: QuerySet[Product]) -> list[Event]:
    found = []
    for row in rows.select_related("supplier").order_by("-delivered_at", "pk")[:ROWS]:
        url = reverse("threat:product", args=[row.pk])
        found.append(Event(row.delivered_at, KIND, _("Product received"), row.supplier.name, url))
        if row.withdrawn_at:
            found.append(Event(row.withdrawn_at, KIND, _("Product withdrawn"), row.supplier.name, url))
    return found


def _of_signals(rows: QuerySet[Signal]) -> list[Event]:
    found = []
    for row in rows.select_related("disposed_by").order_by("-taken_at", "pk")[:ROWS]:
        url = reverse("threat:signal", args=[row.pk])
        found.append(Event(row.taken_at, KIND, _("Signal taken in"), str(row.get_informant_display()), url))
        if row.disposed_at and row.disposed_by:
            found.append(Event(row.disposed_at, KIND, _("Signal disposed of"), row.disposed_by.get_full_name(), url))
    return found


def _of_pictures(rows: QuerySet[Picture]) -> list[Event]:
    found = []
    for row in rows.select_related("author", "proposed_by").order_by("-version")[:ROWS]:
        url = reverse("threat:picture", args=[row.pk])
        started = _("Threat picture, version %(n)s, started") % {"n": row.version}
        found.append(Event(row.created_at, KIND, started, row.author.get_full_name(), url))
        if row.proposed_at and row.proposed_by:
            proposed = _("Threat picture, version %(n)s, proposed") % {"n": row.version}
            found.append(Event(row.proposed_at, KIND, proposed, row.proposed_by.get_full_name(), url))
    return found


def products_known(case_id: UUID, at: datetime) -> list[str]:
    """The numbers of the products that lay there at this instant, and nothing of their content. Part of a service."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM threat_products_known(%s, %s)", [case_id, at])
        return [number for (number,) in cursor.fetchall()]
