"""Promise against reality (O8): what was ordered is not there until somebody reports it, and it keeps asking."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.models import Correction, InformDuty, Measure, Package
from cases.services import case as cases
from cases.services import exchange, reading
from cases.services.watch import ON_MEASURES
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import World, code_for

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.decided()
    return walk


def camera(walk: Walk) -> Measure:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        found: Measure = Measure.objects.select_related("person").get(kind="camera")
        return found


def do(walk: Walk, service: Any, role: Role, **given: object) -> Any:
    row = camera(walk)
    return service(measure_id=row.pk, version=row.version, actor=walk.actor(role), at=walk.tick(), **given)


def report(walk: Walk, step: str, role: Role = Role.LCC_COORDINATOR) -> None:
    do(walk, services.report_measure, role, step=step, note="Seen.")


def open_work(walk: Walk, kind: str) -> list[tuple[str, object]]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        rows = WorkItem.objects.filter(kind=kind, closed_at=None)
        return [(row.owner_role, row.owner_id) for row in rows]


def watch(walk: Walk) -> None:
    """As the scheduled job does, with the rows that somebody on the case sees: the web role shows the system none."""
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        for look in ON_MEASURES:
            look(walk.at)


def test_asking_for_a_date_is_work_for_who_carries_it_out_and_shows_over_the_api(walk: Walk) -> None:
    do(walk, services.chase_measure, Role.CASE_MANAGER, note="The family asks.")

    assert open_work(walk, "measure.chase") == [("lcc_coordinator", None)]
    coordinator = walk.actor(Role.LCC_COORDINATOR)
    with acting(coordinator, at=walk.at):
        rows = {row.kind: row for row in exchange.measures(actor=coordinator, at=walk.at)}
    assert rows["camera"].chased_at == walk.at


def test_it_is_asked_once_until_a_date_came(walk: Walk) -> None:
    do(walk, services.chase_measure, Role.CASE_MANAGER, note="")
    with pytest.raises(Conflict):
        do(walk, services.chase_measure, Role.CASE_MANAGER, note="")

    do(walk, services.promise_date, Role.LCC_COORDINATOR, promised_on=date(2026, 3, 20), supplier="Oogwacht", note="")

    assert open_work(walk, "measure.chase") == []
    assert (camera(walk).promised_on, camera(walk).supplier, camera(walk).chased_at) == (
        date(2026, 3, 20),
        "Oogwacht",
        None,
    )


def test_a_date_is_not_promised_in_the_past_nor_for_what_is_there(walk: Walk) -> None:
    with pytest.raises(Invalid):
        do(walk, services.promise_date, Role.LCC_COORDINATOR, promised_on=date(2026, 3, 1), supplier="", note="")
    report(walk, "put_in_place")
    with pytest.raises(Conflict):
        do(walk, services.promise_date, Role.LCC_COORDINATOR, promised_on=date(2026, 3, 20), supplier="", note="")


def test_a_promised_day_that_passes_comes_back_to_the_case_manager(walk: Walk) -> None:
    do(walk, services.promise_date, Role.LCC_COORDINATOR, promised_on=walk.at.date() + DAY, supplier="", note="")
    walk.at += 3 * DAY

    watch(walk)

    assert open_work(walk, "measure.promise_broken") == [("case_manager", walk.actor(Role.CASE_MANAGER).user_id)]


def test_what_stands_is_verified_again_at_its_interval_and_lands_higher_when_it_is_not(walk: Walk) -> None:
    report(walk, "put_in_place")
    due = camera(walk).verify_due
    assert due == walk.at.date() + 90 * DAY

    walk.at += 90 * DAY
    watch(walk)
    assert open_work(walk, "measure.verify") == [("lcc_coordinator", None)]
    assert open_work(walk, "measure.verify_late") == []
    walk.at += 8 * DAY
    watch(walk)
    assert len(open_work(walk, "measure.verify_late")) == 1

    report(walk, "verify", Role.CASE_MANAGER)
    assert open_work(walk, "measure.verify") == open_work(walk, "measure.verify_late") == []
    assert camera(walk).verify_due == walk.at.date() + 90 * DAY


def test_who_keeps_contact_verifies_and_reports_nothing_else(walk: Walk) -> None:
    with pytest.raises(Forbidden):
        report(walk, "put_in_place", Role.CASE_MANAGER)


def test_a_review_date_that_passed_ends_nothing_and_lands_with_the_decider(walk: Walk) -> None:
    walk.at += 60 * DAY
    watch(walk)

    assert camera(walk).state == "ordered"
    assert len(open_work(walk, "measure.review")) == 2  # both measures of the package
    assert {role for role, _owner in open_work(walk, "measure.review_late")} == {"decider"}


def test_a_review_continues_the_measure_until_a_day_ahead(walk: Walk) -> None:
    walk.at += 60 * DAY
    watch(walk)
    with pytest.raises(Invalid):
        do(walk, services.review_measure, Role.CASE_MANAGER, note="Needed.", review_due=walk.at.date())

    do(walk, services.review_measure, Role.CASE_MANAGER, note="Needed.", review_due=walk.at.date() + 30 * DAY)

    assert len(open_work(walk, "measure.review")) == len(open_work(walk, "measure.review_late")) == 1


def tell(walk: Walk) -> None:
    manager = walk.actor(Role.CASE_MANAGER)
    with acting(manager, at=walk.at):
        duty = InformDuty.objects.get(about="decision")
    services.settle_duty(
        duty_id=duty.pk,
        channel="telephone",
        told="There is a camera.",
        withheld_ground="",
        actor=manager,
        at=walk.tick(),
    )


def side_by_side(walk: Walk) -> reading.Promise:
    manager = walk.actor(Role.CASE_MANAGER)
    _case, rows = reading.read_promises(case_id=walk.case.pk, actor=manager, at=walk.at)
    return next(one for one in rows if one.measure.kind == "camera")


def test_what_the_family_was_told_stands_beside_what_is_there(walk: Walk) -> None:
    tell(walk)

    found = side_by_side(walk)

    assert [one.text for one in found.told] == ["There is a camera."]
    assert (found.there, found.wrong) == (False, True)


def test_a_correction_is_an_entry_of_the_contact_log_tied_to_the_measure(walk: Walk) -> None:
    tell(walk)
    row, manager = camera(walk), walk.actor(Role.CASE_MANAGER)

    services.correct_told(
        measure_id=row.pk, person_id=row.person_id, text="It is not there yet.", actor=manager, at=walk.tick()
    )

    assert [one.text for one in side_by_side(walk).told] == ["There is a camera.", "It is not there yet."]
    with acting(manager, at=walk.at), pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.update(measure=row)


@pytest.mark.parametrize(("show", "found"), [("", 2), ("told", 0), ("chased", 1), ("undated", 2)])
def test_the_list_shows_what_is_not_there_yet_oldest_first(walk: Walk, show: str, found: int) -> None:
    do(walk, services.chase_measure, Role.CASE_MANAGER, note="")
    manager = walk.actor(Role.CASE_MANAGER)

    waiting = reading.list_promises(show=show, after="", size=25, actor=manager, at=walk.at)

    assert len(waiting.rows) == found


def test_the_list_goes_on_where_it_stopped(walk: Walk) -> None:
    manager = walk.actor(Role.CASE_MANAGER)

    first = reading.list_promises(show="", after="", size=1, actor=manager, at=walk.at)
    second = reading.list_promises(show="", after=first.following, size=1, actor=manager, at=walk.at)

    assert {one.measure.kind for one in (*first.rows, *second.rows)} == {"camera", "close_protection"}
    assert second.following == ""


def test_the_pages_take_chase_verify_and_correct(walk: Walk) -> None:
    browser, row = as_client(walk.actor(Role.CASE_MANAGER)), camera(walk)
    address = f"{reverse('cases:promises_of', args=[row.case_id])}?measure={row.pk}"

    chased = browser.post(address, {"act": "chase", "version": row.version, "note": ""})
    again = browser.post(address, {"act": "chase", "version": row.version + 1, "note": "Typed with care"})
    corrected = browser.post(address, {"act": "correct", "person_id": row.person_id, "text": "Not there yet."})

    assert (chased.status_code, again.status_code, corrected.status_code) == (302, 409, 302)
    assert "Typed with care" in again.text
    assert "Not there yet." in browser.get(address).text


def test_the_page_asks_the_database_the_same_number_of_times(walk: Walk, django_assert_max_num_queries: Any) -> None:
    browser = as_client(walk.actor(Role.CASE_MANAGER))
    browser.get(reverse("cases:promises"))
    for address in (reverse("cases:promises"), reverse("cases:promises_of", args=[walk.case.pk])):
        with django_assert_max_num_queries(40):
            assert browser.get(address).status_code == 200


# --- feasible, or signed all the same (R019) ---


def advised_no(world: World, **changes: object) -> tuple[Walk, Package]:
    """A package with a camera in it, on advice that the camera cannot be carried out."""
    walk = Walk(world)
    level = walk.levelled()
    services.give_advice(
        **{  # type: ignore[arg-type]  # a test passes parts of advice
            "level_id": level.pk,
            "feasible": "partly",
            "infeasible": ["camera"],
            "advice": "No mast to put it on.",
            "guard_safety": "Fine.",
            "actor": walk.actor(Role.LCC_ADVISER),
            "at": walk.tick(),
            **changes,
        }
    )
    walk.advised = lambda: reading_advice(walk)  # type: ignore[method-assign]  # given already
    return walk, walk.submitted()


def reading_advice(walk: Walk) -> Any:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return walk.case.advices.get()


def decide(walk: Walk, package: Package, *, statement: str = "", nth: int = 1) -> Package:
    decider: Actor = walk.world.actor(Role.DECIDER, nth=nth)
    return services.decide_package(
        package_id=package.pk,
        reasons="Proportionate.",
        infeasible_statement=statement,
        version=package.version,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


@pytest.mark.parametrize("changes", [{}, {"feasible": "no", "infeasible": []}])
def test_r019_what_cannot_be_carried_out_is_ordered_only_with_a_signed_statement(
    world: World, changes: dict[str, object]
) -> None:
    walk, package = advised_no(world, **changes)
    with pytest.raises(Invalid) as refusal:
        decide(walk, package)
    assert refusal.value.code == "infeasible"

    walk.answered("package", package.pk)
    decide(walk, package, statement="A pole is put up first.")
    decided = decide(walk, package, statement="A pole is put up first.", nth=2)

    assert decided.state == "decided"
    assert cases.box_for(walk.case).open(decided, "infeasible_statement") == "A pole is put up first."


def test_r019_the_database_refuses_an_infeasible_order_without_a_statement(world: World) -> None:
    walk, package = advised_no(world)
    decider = walk.actor(Role.DECIDER)

    with acting(decider, at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        Package.objects.filter(pk=package.pk).update(state="decided", decided_by=decider.user_id, decided_at=walk.at)


def test_r019_advice_does_not_contradict_itself(world: World) -> None:
    with pytest.raises(Invalid):
        advised_no(world, feasible="yes")
