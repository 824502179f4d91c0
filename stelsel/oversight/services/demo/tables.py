"""Triage tables of the demonstration: one a week, kept by one office, with the cases of the indirect line on it."""

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cases import services
from cases.models import AgendaItem, Nomination, TriageTable
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.oversight.services.demo import texts
from stelsel.oversight.services.demo.people import Field
from stelsel.oversight.services.demo.plan import Ending

if TYPE_CHECKING:
    from stelsel.oversight.services.demo.walk import Walk, World

SECRETARIAT = "om-noord"
INVITED = (
    "nctv",
    "om-noord",
    "om-oost",
    "om-zuid",
    "om-west",
    "politie-noord",
    "politie-oost",
    "politie-zuid",
    "politie-west",
    "kmar",
)
CONVENED_BEFORE = timedelta(days=9)
THURSDAY, MEETS = 3, 13  # weekday and hour


def answers(nomination: Nomination, *, phenomenon: str, chance: random.Random) -> dict[str, str]:
    """The framework, answered as the intake tells it."""
    return {
        "serious": "yes" if nomination.serious else "no",
        "aimed": chance.choice(("direct", "direct", "kin")),
        "origin": chance.choice(("another", "not_traceable")) if phenomenon == "other" else "phenomenon",
        "threatener": chance.choice(("known", "actor")) if nomination.threatener_known else "anonymous",
    }


def put(walk: "Walk") -> None:
    """Put a nomination of the indirect line on the table of that week."""
    if walk.nomination.line == "direct":
        return
    put_at = walk.clock.after(4)
    waits = walk.story.ending in (Ending.ASSIGNED, Ending.PREPARED)
    table = _table(walk.world, meets=meeting(put_at, before=None if waits else walk.clock.end))
    walk.item = services.put_on_table(
        table_id=table.pk,
        nomination_id=walk.nomination.pk,
        reason=walk.say(texts.WHY_ON_THE_TABLE),
        actor=walk.adviser,
        at=walk.clock.at,
    )


def meeting(after: datetime, *, before: datetime | None) -> datetime:
    """The weekly meeting after `after`; an extra one where that would leave a story no room before its end."""
    meets = (after + timedelta(days=(THURSDAY - after.weekday()) % 7)).replace(hour=MEETS, minute=0)
    if meets <= after + timedelta(hours=2):
        meets += timedelta(days=7)
    if before is not None and meets > before - timedelta(days=1):
        meets = (after + (before - after) / 3).replace(second=0, microsecond=0)
    return meets


def _table(world: "World", *, meets: datetime) -> TriageTable:
    if meets not in world.tables:
        chief = world.field.of(Role.CHIEF_PROSECUTOR, SECRETARIAT)
        world.tables[meets] = services.convene_table(
            meets_at=meets,
            chair=chief.user_id,
            parties=[world.field.organisations[code].pk for code in INVITED],
            actor=world.field.of(Role.PROSECUTION_ADVISER, SECRETARIAT),
            at=meets - CONVENED_BEFORE,
        )
    return world.tables[meets]


def discuss(walk: "Walk") -> None:
    """The parties say what they find and the secretariat writes the minutes, when the table has met."""
    item = walk.item
    if item is None:
        return
    walk.clock.at = max(walk.clock.at, item.table.meets_at + timedelta(minutes=20))
    _views(walk, item)
    services.write_minutes(
        item_id=item.pk,
        minutes=walk.say(texts.MINUTES),
        version=item.version,
        actor=_secretary(walk.world.field),
        at=walk.clock.at + timedelta(minutes=30),
    )
    walk.clock.at += timedelta(hours=1)


def _views(walk: "Walk", item: AgendaItem) -> None:
    speakers: dict[str, Actor] = {
        SECRETARIAT if walk.story.region == "noord" else f"om-{walk.story.region}": walk.adviser,
        f"politie-{walk.story.region}": walk.police,
        "kmar": walk.world.field.of(Role.TABLE_MEMBER, "kmar"),
        "nctv": walk.manager,
    }
    for code, actor in speakers.items():
        finds = walk.chance.choice(("scheme", "scheme", "local", "open"))
        services.record_view(
            item_id=item.pk,
            party=walk.world.field.organisations[code].pk,
            finds=finds,
            text=walk.say(texts.VIEWS[finds]),
            actor=actor,
            at=walk.clock.at,
        )


def _secretary(field: Field) -> Actor:
    return field.of(Role.PROSECUTION_ADVISER, SECRETARIAT)


def close_those_done(world: "World", *, at: datetime) -> None:
    """Tables that met and left nothing open are closed, each a while after its last outcome."""
    secretary = _secretary(world.field)
    for meets, table in sorted(world.tables.items()):
        with acting(secretary, at=at):
            items = list(table.items.order_by("pk"))
        ends = [item.outcome_at for item in items]
        if meets > at or None in ends:
            continue
        last = max([meets, *(end for end in ends if end)]) + timedelta(minutes=30)
        services.close_table(table_id=table.pk, actor=secretary, at=min(last, at))
