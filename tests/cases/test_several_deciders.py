"""Decisions that take several deciders, and the conditions under which they are taken (R068)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from cases import services
from cases.models import Approval, ConditionCheck, DecisionCondition, DecisionReview, Measure, Package, Ratification
from cases.services.approval import waiting
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.deciding import ends, sign, standing, submit, written
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.world import World, code_for

CM, D = Role.CASE_MANAGER, Role.DECIDER


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def less(walk: Walk) -> Package:
    """A package before the decider that ends what the one before ordered, with the answers signed."""
    first = walk.decided()
    package = submit(walk, written(walk, first.level_id, *map(ends, standing(walk).values())))
    walk.answered("reduction", package.pk)
    return package


def another(walk: Walk, nth: int = 2) -> Actor:
    return walk.world.actor(D, nth=nth)


def state(walk: Walk, package: Package) -> str:
    with acting(walk.actor(CM), at=walk.at):
        return str(Package.objects.get(pk=package.pk).state)


def work(walk: Walk, role: Role = D) -> list[str]:
    with acting(walk.actor(role), at=walk.at):
        found = WorkItem.objects.filter(closed_at=None, kind__startswith="package.")
        return sorted(found.exclude(kind="package.condition").values_list("kind", flat=True))


def test_r068_one_signature_ends_nothing_where_a_decision_takes_two(walk: Walk) -> None:
    package = less(walk)

    sign(walk, package, walk.actor(D))

    assert state(walk, package) == "submitted"
    assert work(walk) == ["package.approve"]
    with acting(walk.actor(CM), at=walk.at):
        assert not Measure.objects.filter(state="ended").exists()


def test_r068_the_second_decider_decides(walk: Walk) -> None:
    package = less(walk)
    sign(walk, package, walk.actor(D))

    sign(walk, package, another(walk))

    assert state(walk, package) == "decided"
    assert "package.approve" not in work(walk)
    with acting(walk.actor(CM), at=walk.at):
        assert {one.state for one in Measure.objects.all()} == {"ended"}
        assert not Ratification.objects.exists()


def test_r068_nobody_signs_twice(walk: Walk) -> None:
    package = less(walk)
    sign(walk, package, walk.actor(D))

    with pytest.raises(Forbidden) as refusal:
        sign(walk, package, walk.actor(D))

    assert refusal.value.code == "four_eyes"
    assert state(walk, package) == "submitted"


def test_a_decider_who_was_not_asked_yet_does_not_find_it(walk: Walk) -> None:
    package = less(walk)

    with pytest.raises(Package.DoesNotExist):
        sign(walk, package, another(walk))


def test_a_signature_under_another_version_does_not_count(walk: Walk) -> None:
    package = less(walk)
    sign(walk, package, walk.actor(D))
    back = services.return_package(
        package_id=package.pk, reasons="Look again.", version=package.version, actor=another(walk), at=walk.tick()
    )
    again = submit(walk, back)
    walk.answered("reduction", package.pk)

    sign(walk, again, walk.actor(D))

    assert state(walk, package) == "submitted"


def test_r068_what_cannot_wait_for_another_is_decided_at_once_and_ratified(walk: Walk) -> None:
    package = less(walk)

    sign(walk, package, walk.actor(D), urgent_reason="They leave the country tonight.")

    assert state(walk, package) == "decided"
    with acting(walk.actor(D), at=walk.at):
        assert Ratification.objects.get(package=package).ratified_at is None


def test_an_ordinary_decision_takes_one_decider_and_no_urgent_reason(walk: Walk) -> None:
    package = walk.submitted()

    with pytest.raises(Invalid):
        sign(walk, package, walk.actor(D), urgent_reason="Now.")

    assert sign(walk, package, walk.actor(D)).state == "decided"


def test_there_is_one_reminder_and_then_an_alarm(walk: Walk) -> None:
    package = less(walk)
    sign(walk, package, walk.actor(D))
    half, over = walk.at + timedelta(days=1), walk.at + timedelta(days=2)

    seen = []
    for at in (walk.at, half, half, over, over):
        with acting(walk.actor(D), at=at):
            waiting(at)
        walk.at = max(walk.at, at)
        seen.append((work(walk, CM).count("package.remind"), work(walk).count("package.approve_overdue")))

    assert seen == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1)]


def test_the_database_takes_no_approval_of_who_prepared_it(walk: Walk) -> None:
    package = less(walk)
    sign(walk, package, walk.actor(D))

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(D), at=walk.at):
        row = Approval.objects.get()
        Approval.objects.filter(pk=row.pk).update(approved_by_id=package.prepared_by_id)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(D), at=walk.at):
        row.pk, row.approved_by_id = None, package.prepared_by_id
        row.save(force_insert=True)


def test_r068_the_page_says_how_many_sign_and_who_signed(walk: Walk) -> None:
    package = less(walk)
    address = reverse("cases:package_decide", args=[package.pk])
    before = as_client(walk.actor(D)).get(address).text
    told = {"reasons": TYPED, "version": package.version, "code": code_for(walk.actor(D))}

    first = send(walk, D, "package_decide", package.pk, told)
    after = as_client(another(walk)).get(address).text

    assert "This decision takes several deciders" in before
    assert first.status_code == 302
    assert TYPED in after
    assert as_client(walk.actor(D)).get(address).status_code == 403


@pytest.mark.usefixtures("fresh_db")
@pytest.mark.django_db(transaction=True)
def test_r068_two_who_sign_second_at_the_same_instant_decide_once(world: World) -> None:
    walk = Walk(world)
    with transaction.atomic():  # what the last actor sees stays in sight for the walk
        package = less(walk)
        sign(walk, package, walk.actor(D))
    others, at = [another(walk, nth) for nth in (2, 3)], walk.tick()
    codes = [code_for(one) for one in others]

    def decide(nth: int) -> str:
        try:
            return services.decide_package(
                package_id=package.pk,
                reasons="Clear.",
                version=package.version,
                code=codes[nth],
                actor=others[nth],
                at=at,
            ).state
        except DomainError as refusal:
            return refusal.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, range(2)))

    assert outcomes.count("decided") == 1
    with acting(walk.actor(CM), at=walk.at):
        assert Measure.objects.filter(state="ended").count() == 2
        assert Package.objects.filter(state="decided").count() == 2


# --- conditions ---


def condition(walk: Walk) -> DecisionCondition:
    walk.decided()
    with acting(walk.actor(CM), at=walk.at):
        return DecisionCondition.objects.get()


def check(walk: Walk, row: DecisionCondition, outcome: str, **given: object) -> ConditionCheck:
    told: dict[str, object] = {"again_on": None, "note": "", **given}
    return services.check_condition(
        condition_id=row.pk,
        outcome=outcome,
        actor=walk.actor(CM),
        at=walk.tick(),
        **told,  # type: ignore[arg-type]
    )


def open_conditions(walk: Walk) -> list[WorkItem]:
    with acting(walk.actor(CM), at=walk.at):
        return list(WorkItem.objects.filter(kind="package.condition", closed_at=None))


def test_r068_a_condition_is_work_on_its_day_and_met(walk: Walk) -> None:
    row = condition(walk)
    (item,) = open_conditions(walk)
    assert item.due_at is not None
    assert item.due_at.date() == row.check_on

    check(walk, row, "met")

    assert open_conditions(walk) == []
    with pytest.raises(Conflict):
        check(walk, row, "not_met", note="It is gone.")


def test_r068_a_condition_that_is_not_met_puts_the_decision_up_for_review_and_ends_nothing(walk: Walk) -> None:
    row = condition(walk)

    check(walk, row, "not_met", note="Two neighbours moved.")

    with acting(walk.actor(D), at=walk.at):
        assert set(DecisionReview.objects.values_list("cause", "outcome")) == {("condition", "")}
        assert not Measure.objects.filter(state="ended").exists()


def test_a_condition_is_looked_at_again_on_a_later_day(walk: Walk) -> None:
    row = condition(walk)
    later = walk.at.date() + timedelta(days=10)

    check(walk, row, "later", again_on=later, note="One was away.")

    (item,) = open_conditions(walk)
    assert item.due_at is not None
    assert item.due_at.date() == later
    check(walk, row, "met")
    assert open_conditions(walk) == []


@pytest.mark.parametrize("told", [{}, {"note": "x"}, {"note": "x", "again_on": "past"}, {"again_on": "ahead"}])
def test_later_needs_a_day_ahead_and_a_reason(walk: Walk, told: dict[str, str]) -> None:
    row = condition(walk)
    days = {"past": walk.at.date(), "ahead": walk.at.date() + timedelta(days=3)}
    given = {name: days.get(value, value) for name, value in told.items()}

    with pytest.raises(Invalid):
        check(walk, row, "later", **given)


def test_the_conditions_of_a_decision_go_with_it(walk: Walk) -> None:
    row = condition(walk)
    with acting(walk.actor(CM), at=walk.at):
        first = Package.objects.get()

    sign(walk, submit(walk, written(walk, first.level_id, *standing(walk).values())), walk.actor(D))

    assert open_conditions(walk) == []
    with pytest.raises(Conflict):
        check(walk, row, "met")


def test_a_condition_that_was_signed_does_not_change(walk: Walk) -> None:
    row = condition(walk)

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(CM), at=walk.at):
        DecisionCondition.objects.filter(pk=row.pk).update(check_on=walk.at.date())


def test_r068_the_condition_is_looked_at_on_its_page(walk: Walk) -> None:
    row = condition(walk)
    shown = as_client(walk.actor(CM)).get(reverse("cases:case", args=[walk.case.pk])).text
    told = {"outcome": "not_met", "note": TYPED, "again_on": ""}

    refused = send(walk, CM, "condition", row.pk, {**told, "outcome": "later"})
    done = send(walk, CM, "condition", row.pk, told)

    assert reverse("cases:condition", args=[row.pk]) in shown
    assert refused_with_what_was_typed(refused, 422)
    assert done.status_code == 302
    assert TYPED in as_client(walk.actor(D)).get(reverse("cases:condition", args=[row.pk])).text
