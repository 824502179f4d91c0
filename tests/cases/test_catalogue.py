"""The catalogue of measures is dated: what has begun stands, and what was decided keeps what it was decided with."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from psycopg2.extras import DateRange

from capacity import services as capacity
from capacity.models import DemandLine
from cases import services
from cases.models import CatalogueEntry, PlannedMeasure
from cases.services import Planned
from cases.services.catalogue import Dated, catalogue_on
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Invalid
from stelsel.kernel.models import User
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import NOON, World

pytestmark = pytest.mark.django_db
SUPERVISION = {"attention", "dynamic", "patrol", "combined", "static_a", "static_b"}
SOON = date(2040, 1, 1)


def an_entry(**changes: object) -> CatalogueEntry:
    told: dict[str, object] = {
        "code": "drone",
        "name": "Toezicht met drone",
        "directed": "location",
        "legal_bases": ["pw3"],
        "executors": ["police_region"],
        "in_force": DateRange(date(2026, 1, 1), None),
    }
    with acting(None, at=NOON):
        return CatalogueEntry.objects.create(**{**told, **changes})


def test_the_six_supervision_types_of_objects_are_in_it() -> None:
    found = catalogue_on(NOON.date())

    assert found.keys() >= SUPERVISION
    assert (found["combined"].visits, found["combined"].visits_per, found["combined"].static_minutes) == (2, "hour", 10)
    assert {code for code, entry in found.items() if entry.person_directed} == {
        "close_protection",
        "escort",
        "safe_house",
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "camera", "name": "Cameratoezicht"},  # twice on a day
        {"code": "camera", "name": "Anders", "in_force": DateRange(date(2020, 1, 1), date(2021, 1, 1))},
        {"executors": ["kmar"]},  # not on a ground of the KMar
        {"required": 1, "floor": 2},
    ],
)
def test_an_entry_that_breaks_a_rule_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        an_entry(**changes)


def test_what_has_begun_is_only_ended() -> None:
    entry = an_entry()
    with acting(None, at=NOON):
        CatalogueEntry.objects.filter(pk=entry.pk).update(in_force=DateRange(date(2026, 1, 1), SOON))
        with pytest.raises(IntegrityError), transaction.atomic():
            CatalogueEntry.objects.filter(pk=entry.pk).update(resistance=5)


def test_a_kind_added_to_the_catalogue_can_be_planned_with_its_own_concept(world: World) -> None:
    an_entry(competence="object", required=3, floor=2, shifts="EN")
    walk = Walk(world)

    write(walk, Planned(person_id=walk.drafted().case.person_id, kind="drone", starts_on=SOON, region="noord"))

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        planned = PlannedMeasure.objects.get()
    assert (planned.competence, planned.required, planned.floor, planned.shifts) == ("object", 3, 2, "EN")
    assert planned.get_kind_display() == "Toezicht met drone"


def test_a_kind_that_left_the_catalogue_is_not_planned_any_more(world: World) -> None:
    an_entry(in_force=DateRange(date(2025, 1, 1), date(2026, 1, 1)))
    walk = Walk(world)
    person_id = walk.drafted().case.person_id

    with pytest.raises(Invalid):
        write(walk, Planned(person_id=person_id, kind="drone", starts_on=SOON, region="noord"))


def write(walk: Walk, *planned: Planned) -> None:
    manager = walk.actor(Role.CASE_MANAGER)
    with acting(manager, at=walk.at):
        package = walk.case.packages.get()
    services.write_package(
        package_id=package.pk,
        texts=dict.fromkeys(TEXTS, "Considered."),
        planned=planned,
        tier=2,
        review_due=SOON,
        version=package.version,
        actor=manager,
        at=walk.tick(),
    )


def test_a_line_of_demand_has_the_grounds_of_the_catalogue_on_the_day_of_the_order(world: World) -> None:
    walk = Walk(world)
    package = walk.decided()

    capacity.raise_demand(package_id=package.pk, actor=walk.actor(Role.DECIDER), at=walk.tick())

    with acting(walk.actor(Role.DECIDER), at=walk.at):
        grounds = {tuple(line.legal_bases) for line in DemandLine.objects.all()}
    assert grounds == {("pw42-1c", "pw4-1d", "pw57")}


def test_the_entry_is_that_of_the_day_of_the_order() -> None:
    first, second = DateRange(date(2025, 1, 1), date(2026, 2, 1)), DateRange(date(2026, 2, 1), None)
    an_entry(in_force=first, in_place_hours=10)
    an_entry(in_force=second, in_place_hours=20)
    catalogue = Dated()

    found = [catalogue.entry("drone", on=day) for day in (date(2026, 1, 31), date(2026, 2, 1), date(2024, 1, 1))]

    assert [entry.in_place_hours for entry in found] == [10, 20, 10]


def test_an_administrator_ends_an_entry_and_cannot_rewrite_it(world: World) -> None:
    actor, entry = world.actor(Role.ADMINISTRATOR), CatalogueEntry.objects.get(code="camera")
    User.objects.filter(pk=actor.user_id).update(is_staff=True)
    told = {"in_force_0": "2026-01-01", "in_force_1": "2040-01-01", "resistance": "5"}

    answer = as_client(actor).post(reverse("admin:cases_catalogueentry_change", args=[entry.pk]), told)

    entry.refresh_from_db()
    assert answer.status_code == 302
    assert (entry.in_force.upper, entry.resistance) == (SOON, 2)
