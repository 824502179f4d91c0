"""Load the demonstration in one transaction: broken off half-way nothing is there, and the next time all of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from cases import services
from stelsel.kernel.access import acting
from stelsel.kernel.errors import Conflict, gettext_noop
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import Organisation
from stelsel.oversight.services.demo import analysis, contact, mayor, names, tables
from stelsel.oversight.services.demo.agreed import agree
from stelsel.oversight.services.demo.bulk import hand_over_in_bulk
from stelsel.oversight.services.demo.codes import Codes
from stelsel.oversight.services.demo.ending import WAYS
from stelsel.oversight.services.demo.house import change_norms, govern, try_next_version
from stelsel.oversight.services.demo.listed import Listing
from stelsel.oversight.services.demo.matched import matched
from stelsel.oversight.services.demo.outbox import know_jobs
from stelsel.oversight.services.demo.people import Field, make_field
from stelsel.oversight.services.demo.plan import Clock, stories
from stelsel.oversight.services.demo.plans import Planning
from stelsel.oversight.services.demo.quality import reviewed
from stelsel.oversight.services.demo.teams import make_teams
from stelsel.oversight.services.demo.walk import Walk, World

SINCE = datetime(2026, 1, 2, 8, tzinfo=UTC)  # the provision matrix holds from 1 January 2026
APPOINTED = datetime(2025, 9, 1, tzinfo=UTC)
LEAST_HISTORY = timedelta(days=30)
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """What to load: the seed of everything that varies, and the size (1: 125 cases; less: a smaller world)."""

    password: str
    seed: int = 1
    size: float = 1


def loaded() -> bool:
    """Whether there is a field already, of the demonstration or a real one."""
    return Organisation.objects.exists()


def load(wanted: Wanted, *, at: datetime, progress: Progress = lambda _: None) -> None:
    """Load the demonstration as it stands on the day of `at`.

    Raises:
        Conflict: this is no demonstration, there are organisations already, or `at` lies before February 2026.
    """
    if not settings.DEMO:
        raise Conflict("no_demo", gettext_noop("This is no demonstration: its data are not loaded here."))
    if at < SINCE + LEAST_HISTORY:
        raise Conflict("too_early", gettext_noop("The demonstration begins in February 2026."))
    with transaction.atomic():
        _alone()
        if loaded():
            raise Conflict("loaded", gettext_noop("There are data already; the demonstration is loaded once."))
        _load(wanted, at=at, progress=progress)


def _alone() -> None:
    """One loader at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('stelsel.demo'))")


def _load(wanted: Wanted, *, at: datetime, progress: Progress) -> None:
    chance = random.Random(wanted.seed)  # noqa: S311  # varied, not secret
    know_jobs()
    with acting(system_actor(), at=APPOINTED):
        field = make_field(password=wanted.password, since=APPOINTED)
    progress(f"{len(field.organisations)} organisations and their people")
    change_norms(field, since=SINCE, at=at)
    govern(field, since=SINCE, at=at)
    world = World(field, names.people(chance), Codes(), {})
    told = stories(chance, now=at, since=SINCE, size=wanted.size)
    for story in told:
        its_own = random.Random(story.seed)  # noqa: S311  # as above
        end = at - timedelta(minutes=its_own.randint(10, 90))
        walk = Walk(world, story, Clock(story.opened_at, end, its_own), its_own)
        WAYS[story.ending](walk)
        contact.up_to_date(walk)
        mayor.told(walk)
    tables.close_those_done(world, at=at)
    _analysed(field, at=at)
    progress(f"{len(told)} cases")
    hand_over_in_bulk(world, at=at - timedelta(minutes=8))
    Listing(world, at=at).make()
    progress("the limitative list")
    make_teams(field, chance, at=at, size=wanted.size)
    agree(field, since=SINCE, at=at)
    Planning(field, world.codes).make(at=at)
    progress("teams, rosters and plans")
    world.codes.put_back()
    services.watch(actor=system_actor(), at=at)


def _analysed(field: Field, *, at: datetime) -> None:
    """What the analysis did over all cases."""
    analysis.looked(field, at=at)
    analysis.compared(field, at=at)
    analysis.made_elsewhere(field, at=at)
    try_next_version(field, at=at)
    matched(field, since=SINCE, at=at)
    reviewed(field, at=at)
