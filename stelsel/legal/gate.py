"""The gate that every sharing of information between organisations passes.

It looks the sharing up in the provision matrix as it holds on that day and writes that it took place; without
a row whose ground is in force the sharing is refused (Wpg art. 16, 18; requirements R057, R058).
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models

from stelsel.kernel.access import current
from stelsel.kernel.errors import Fault, Forbidden, Invalid, gettext_noop
from stelsel.legal.models import Marking, Provision, Sharing

ORDER = [marking.value for marking in Marking]


def above_ceiling(marking: str) -> bool:
    """Whether content with this marking may not live here (setting STELSEL_MARKING_CEILING)."""
    return ORDER.index(marking) > ORDER.index(settings.MARKING_CEILING)


def highest(markings: list[str]) -> str:
    """The marking a composed record inherits."""
    return max(markings, key=ORDER.index, default=str(Marking.NONE))


def require_below_ceiling(marking: str, *, field: str = "marking") -> None:
    """Refuse content above the ceiling; a reference (owner, number, date, marking) may be kept instead.

    Raises:
        Invalid: the marking is above the ceiling.
    """
    if above_ceiling(marking):
        fault = Fault(
            field,
            "above_ceiling",
            gettext_noop("This marking is above what this system may hold. Keep a reference instead."),
        )
        raise Invalid("above_ceiling", fault.message, faults=(fault,))


def allowed(information: Collection[str], *, receiver: str, on: date) -> frozenset[tuple[str, str]]:
    """Which of these types may go to `receiver` on that day, each with the kind of organisation it comes from."""
    rows = Provision.objects.in_force(on=on).filter(information__in=information, receiver=receiver)
    return frozenset(rows.order_by().values_list("information", "provider"))


def share(
    information: str,
    subject: models.Model,
    *,
    provider: str,
    receiver: str,
    on: date,
    ground: str = "",
    scope: UUID | None = None,
) -> Sharing:
    """Let `information` about `subject` pass from one kind of organisation to another, and keep that it did.

    `ground` is the code of the legal ground; empty takes the matrix's own.

    Raises:
        Forbidden: no row of the matrix allows it on that day.
    """
    unit = current()
    if unit is None or unit.actor is None:
        raise RuntimeError("sharing needs somebody who shares")
    rows = Provision.objects.in_force(on=on).filter(information=information, provider=provider, receiver=receiver)
    row = (rows.filter(ground_id=ground) if ground else rows).first()
    if row is None:
        raise Forbidden(
            "no_provision",
            gettext_noop("No legal ground in force allows sharing this with that organisation."),
        )
    return Sharing.objects.create(
        information=information,
        provider=provider,
        receiver=receiver,
        ground_id=row.ground_id,
        subject=subject._meta.label_lower,
        subject_id=subject.pk,
        scope_id=scope,
        by_id=unit.actor.user_id,
        at=unit.at,
    )
