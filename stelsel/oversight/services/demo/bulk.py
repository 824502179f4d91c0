"""The demonstration's handover in bulk: some files go, those that are not complete say why they did not."""

from datetime import datetime, timedelta

from cases import services
from cases.models import Handover
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.walk import World

OFFERED, RETURNED, INCOMPLETE = 6, 4, 3


def hand_over_in_bulk(world: World, *, at: datetime) -> None:
    """Files of the office in the north for one case manager; one offered and one returned file stay as they are."""
    field, codes = world.field, world.codes
    adviser, chief = field.of(Role.PROSECUTION_ADVISER, "om-noord"), field.of(Role.CHIEF_PROSECUTOR, "om-noord")
    manager, office = field.actor("mirthe"), field.organisations["om-noord"]
    with acting(manager, at=at):
        mine = Handover.objects.filter(case__office=office, case__case_manager=manager.user_id, case__state="scheme")
        offered = list(mine.filter(state="proposed").order_by("created_at").values_list("case_id", flat=True))
        draft = list(mine.filter(state="draft").order_by("created_at").values_list("case_id", flat=True))
        returned = list(mine.filter(state="returned").order_by("created_at").values_list("case_id", flat=True))
    chosen = [*offered[1:][:OFFERED], *returned[1:][:RETURNED], *draft[:INCOMPLETE]]
    if not chosen or manager.membership_id is None:
        return
    batch = services.prepare_batch(
        office_id=office.pk, membership_id=manager.membership_id, case_ids=chosen, actor=adviser, at=at
    )
    at += timedelta(minutes=1)
    batch = services.offer_batch(
        batch_id=batch.pk, version=batch.version, code=codes.for_signature(chief), actor=chief, at=at
    )
    at += timedelta(minutes=1)
    services.start_batch(
        batch_id=batch.pk, version=batch.version, code=codes.for_signature(manager), actor=manager, at=at
    )
    work_off(at=at + timedelta(minutes=1))
