"""A decision that ends something, with the keyboard alone, in Dutch: what stands, a condition, and two deciders."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from cases.models import Approval, Case, DecisionCondition, Measure, Package
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.cases.walk import Walk
from tests.e2e.keyboard import choose, day, find, follow, refused, send, write
from tests.e2e.people import Somebody, a_browser
from tests.e2e.stack import running
from tests.services import Services
from tests.world import World, code_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MANAGER, DECIDER = Role.CASE_MANAGER, Role.DECIDER
REASONS = (
    "alternatives",
    "household_effect",
    "necessity",
    "proportionality",
    "subsidiarity",
    "residual_risk",
    "review_trigger",
    "exit_criteria",
)


@pytest.fixture
def walk(fresh_db: str, world: World) -> Walk:  # committed
    """Two measures stand: close protection and a camera."""
    walk = Walk(world, at=datetime.now(UTC) - timedelta(hours=36))
    with transaction.atomic():
        walk.decided()
    code_for(walk.actor(DECIDER))  # forgets the codes that the walk signed with
    return walk


@pytest.fixture
def address(walk: Walk, services: Services) -> Iterator[str]:
    with running(services, "web") as address:
        yield address


def writes(manager: Somebody, case: Case, kinds: list[str], *, on: date) -> None:
    """Begin a package that ends the camera and lets close protection go on, under a condition."""
    find(manager.go("/"), case.number)
    follow(manager, "/package")
    write(manager, tier="2")
    day(manager, "review_due", on)
    send(manager, "")
    steps = {f"planned-{nth}-step": "end" if kind == "camera" else "continue" for nth, kind in enumerate(kinds)}
    choose(manager, **steps)
    write(manager, **{"terms-0-text": "De buren weten wie zij bellen."})
    day(manager, "terms-0-check_on", on)
    write(manager, **dict.fromkeys(REASONS[:-1], "De route naar het werk is veranderd."))
    refused(manager, "submit", at="exit_criteria")
    write(manager, exit_criteria="Een half jaar geen nieuwe melding.")
    send(manager, "submit")


def signs(decider: Somebody) -> None:
    follow(decider.go("/"), "/cases/packages/")
    refused(decider, "", at="reasons")
    write(decider, reasons="Passend bij het niveau.", code=decider.code())
    send(decider, "")


def test_r068_what_ends_a_measure_is_written_and_signed_twice_by_keyboard(walk: Walk, address: str) -> None:
    now = datetime.now(UTC)
    with acting(walk.actor(MANAGER), at=now):
        case = Case.objects.select_related("person").get()
        kinds = list(Measure.objects.order_by("ordered_at", "kind", "pk").values_list("kind", flat=True))
    first, second = walk.actor(DECIDER), walk.world.actor(DECIDER, nth=2)
    with a_browser() as browser:
        manager = Somebody(browser, address, walk.actor(MANAGER))
        writes(manager, case, kinds, on=now.date() + timedelta(days=30))
        with acting(walk.actor(MANAGER), at=now):
            package = Package.objects.get(state="submitted")
        with transaction.atomic():
            walk.answered("reduction", package.pk)
        code_for(first)
        signs(Somebody(browser, address, first))
        with acting(walk.actor(MANAGER), at=now):
            assert not Measure.objects.filter(state="ended").exists()
        signs(Somebody(browser, address, second))
        find(manager.go("/"), case.number)
        follow(manager, "/cases/conditions/")

    with acting(walk.actor(MANAGER), at=now):
        package.refresh_from_db()
        ended = Measure.objects.filter(state="ended").values_list("kind", flat=True)
        assert (package.state, list(ended)) == ("decided", ["camera"])
        signed = set(Approval.objects.filter(package=package).values_list("approved_by_id", flat=True)) | {
            package.decided_by_id
        }
        assert signed == {first.user_id, second.user_id}
        assert DecisionCondition.objects.filter(package=package).count() == 1
