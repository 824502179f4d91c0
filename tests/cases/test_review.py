"""Decisions rest on a frozen picture: what changed is for review, what could not wait is ratified (R060, R068)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.models import DecisionReview, LevelDecision, Measure, Package, Ratification
from cases.services.package import TEXTS
from cases.services.ratify import overdue
from cases.services.review import expired
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.test_decisions import decide, level
from tests.cases.walk import Walk
from tests.world import World, code_for

PAST = date(2026, 3, 1)


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def reviews(walk: Walk) -> dict[str, DecisionReview]:
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        return {"level" if row.level_id else "package": row for row in DecisionReview.objects.filter(outcome="")}


def open_work(walk: Walk, kind: str, role: Role) -> list[datetime | None]:
    with acting(walk.actor(role), at=walk.at):
        found = WorkItem.objects.filter(kind=kind, owner_role=role, closed_at=None)
        return list(found.values_list("due_at", flat=True))


def stands(walk: Walk, row: DecisionReview, *, again_on: date = date(2026, 6, 1)) -> DecisionReview:
    decider = walk.actor(Role.DECIDER)
    return services.confirm_review(
        review_id=row.pk,
        reasons="The level is what it was.",
        again_on=again_on,
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )


def ratified(walk: Walk, row: Ratification, actor: Actor) -> Ratification:
    return services.ratify_decision(
        ratification_id=row.pk, reasons="It could not wait.", code=code_for(actor), actor=actor, at=walk.tick()
    )


def an_urgent_level(walk: Walk) -> LevelDecision:
    """Set on a picture that is past its review date, because it could not wait."""
    walk.designated()
    picture = walk.adopt_picture(review_due=PAST)
    return level(walk, picture.pk, urgent_reason="An attack is near.")


# --- for review ------------------------------------------------------------------------------------------------------


def test_r068_a_newer_picture_marks_level_and_measures_for_review_and_ends_nothing(walk: Walk) -> None:
    walk.decided()

    walk.adopt_picture(version=2, likelihood=5)

    assert set(reviews(walk)) == {"level", "package"}
    for role in (Role.CASE_MANAGER, Role.DECIDER):
        assert open_work(walk, "decision.review", role) == [walk.at + timedelta(days=3)] * 2
    with acting(walk.actor(Role.DECIDER), at=walk.at):
        assert Measure.objects.in_force().count() == 2


def test_r068_the_first_picture_marks_nothing(walk: Walk) -> None:
    walk.pictured()

    assert reviews(walk) == {}


def test_r068_deciding_anew_settles_the_review_of_what_was_decided_before(walk: Walk) -> None:
    walk.decided()
    picture = walk.adopt_picture(version=2, likelihood=4)

    level(walk, picture.pk)

    assert set(reviews(walk)) == {"package"}
    assert len(open_work(walk, "decision.review", Role.DECIDER)) == 1


def test_r068_a_decision_stands_until_a_day_that_lies_ahead(walk: Walk) -> None:
    walk.decided()
    walk.adopt_picture(version=2)
    row = reviews(walk)["level"]

    with pytest.raises(Invalid):
        stands(walk, row, again_on=walk.at.date())
    settled = stands(walk, row)

    assert (settled.outcome, settled.signature is not None) == ("stands", True)
    with pytest.raises(Conflict):
        stands(walk, row)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
        DecisionReview.objects.filter(pk=row.pk).update(outcome="")


def test_r068_nobody_but_the_decider_says_that_a_decision_stands(walk: Walk) -> None:
    walk.decided()
    walk.adopt_picture(version=2)
    manager = walk.actor(Role.CASE_MANAGER)

    with pytest.raises(Forbidden):
        services.confirm_review(
            review_id=reviews(walk)["level"].pk,
            reasons="x",
            again_on=date(2026, 6, 1),
            code=code_for(manager),
            actor=manager,
            at=walk.tick(),
        )


def test_r068_a_picture_past_its_review_date_marks_once_and_again_on_the_day_that_was_set(walk: Walk) -> None:
    an_urgent_level(walk)
    stands(walk, reviews(walk)["level"])

    def marked(at: datetime) -> int:
        with acting(walk.actor(Role.DECIDER), at=at):
            expired(at)
            return DecisionReview.objects.filter(outcome="").count()

    assert [marked(walk.at + timedelta(days=days)) for days in (1, 120, 121)] == [0, 1, 1]


# --- the urgent route ------------------------------------------------------------------------------------------------


def test_r068_an_expired_picture_is_decided_on_only_with_a_reason_and_is_then_ratified(walk: Walk) -> None:
    walk.designated()
    picture = walk.adopt_picture(review_due=PAST)

    with pytest.raises(Conflict) as refusal:
        level(walk, picture.pk)
    assert refusal.value.code == "expired"
    decided = level(walk, picture.pk, urgent_reason="An attack is near.")

    row = Ratification.objects.get(level=decided)
    assert row.due == walk.at + timedelta(hours=24)
    assert open_work(walk, "decision.ratify", Role.DECIDER) == [row.due]
    assert set(reviews(walk)) == {"level"}


def test_r068_a_picture_in_date_needs_no_urgent_route(walk: Walk) -> None:
    picture = walk.pictured()

    with pytest.raises(Invalid) as refusal:
        level(walk, picture.pk, urgent_reason="Just so.")

    assert refusal.value.faults[0].field == "urgent_reason"


def test_r068_measures_are_not_decided_on_a_picture_that_was_followed_by_another(walk: Walk) -> None:
    package = walk.submitted()
    walk.adopt_picture(version=2)

    with pytest.raises(Conflict) as refusal:
        decide(walk, package)
    decider = walk.actor(Role.DECIDER)
    services.decide_package(
        package_id=package.pk,
        reasons="Proportionate.",
        version=package.version,
        urgent_reason="Tonight is a hearing.",
        code=code_for(decider),
        actor=decider,
        at=walk.tick(),
    )

    assert refusal.value.code == "newer_picture"
    assert Ratification.objects.get().package_id == package.pk


def test_r068_who_took_the_urgent_decision_does_not_ratify_it(walk: Walk) -> None:
    row = Ratification.objects.get(level=an_urgent_level(walk))
    decider, another = walk.actor(Role.DECIDER), walk.world.actor(Role.DECIDER, nth=2)

    with pytest.raises(Forbidden) as refusal:
        ratified(walk, row, decider)
    assert refusal.value.code == "four_eyes"
    assert ratified(walk, row, another).ratified_by_id == another.user_id
    assert open_work(walk, "decision.ratify", Role.DECIDER) == []
    with pytest.raises(Conflict):
        ratified(walk, row, walk.world.actor(Role.DECIDER, nth=3))


def test_r068_the_database_knows_who_took_the_urgent_decision(walk: Walk) -> None:
    row = Ratification.objects.get(level=an_urgent_level(walk))
    another = walk.world.actor(Role.DECIDER, nth=2)

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
        Ratification.objects.filter(pk=row.pk).update(decided_by=another.user_id)


def test_r068_the_database_binds_a_level_to_the_hash_of_its_picture(walk: Walk) -> None:
    decided = walk.levelled()
    decided.pk, decided.picture_hash = None, b"1" * 32
    decided._state.adding = True

    with pytest.raises(IntegrityError), transaction.atomic(), acting(walk.actor(Role.DECIDER), at=walk.at):
        decided.save(force_insert=True)


def test_r068_what_nobody_ratified_in_time_alarms_once(walk: Walk) -> None:
    an_urgent_level(walk)
    late = walk.at + timedelta(hours=25)

    with acting(walk.actor(Role.DECIDER), at=late):
        assert [overdue(late), overdue(late)] == [1, 1]

    assert len(open_work(walk, "decision.ratify_overdue", Role.DECIDER)) == 1


def test_r050_measures_ordered_by_telephone_after_designation_are_ratified(walk: Walk) -> None:
    walk.designated()
    officer = walk.actor(Role.DUTY_OFFICER)

    request = services.order_urgent_measures(
        case_id=walk.case.pk,
        caller="Colonel Vermeer",
        note="Shots fired.",
        kinds=["close_protection"],
        actor=officer,
        at=walk.tick(),
    )

    row = Ratification.objects.get(urgent_request=request)
    assert ratified(walk, row, walk.actor(Role.DECIDER)).ratified_at == walk.at


# --- reasons that were copied ----------------------------------------------------------------------------------------


def a_second_package(walk: Walk, **texts: str) -> Package:
    """Like the first one of this case, with its reasons again where none are given."""
    first, manager = walk.decided(), walk.actor(Role.CASE_MANAGER)
    package = services.start_package(
        level_id=first.level_id, tier=2, review_due=first.review_due, actor=manager, at=walk.tick()
    )
    same = dict.fromkeys(TEXTS, "Considered and written down.")
    with acting(manager, at=walk.at):
        planned = services.going_on(first.case, on=first.review_due)
    return services.write_package(
        package_id=package.pk,
        texts={**same, **texts},
        planned=planned,
        tier=2,
        review_due=first.review_due,
        version=package.version,
        actor=manager,
        at=walk.tick(),
    )


def submit(walk: Walk, package: Package) -> Package:
    manager = walk.actor(Role.CASE_MANAGER)
    return services.submit_package(package_id=package.pk, version=package.version, actor=manager, at=walk.tick())


def test_r060_reasons_of_the_package_before_are_named_and_not_taken_again(walk: Walk) -> None:
    own = "The second hearing brings another risk; the first one is over."

    with pytest.raises(Invalid) as refusal:
        submit(walk, a_second_package(walk, necessity=own))

    assert {fault.field for fault in refusal.value.faults} == {"proportionality", "subsidiarity", "same_because"}


def test_r060_the_same_reasons_are_taken_where_it_says_why_they_still_hold(walk: Walk) -> None:
    package = a_second_package(walk, same_because="Nothing changed in threat or household.")

    assert submit(walk, package).state == "submitted"


# --- on their pages --------------------------------------------------------------------------------------------------


def test_r068_the_case_shows_what_is_for_review_and_the_decider_settles_it_there(walk: Walk) -> None:
    walk.decided()
    walk.adopt_picture(version=2)
    row = reviews(walk)["level"]
    decider = walk.actor(Role.DECIDER)
    told = {"reasons": TYPED, "again_on": "2100-01-02"}

    shown = as_client(decider).get(reverse("cases:case", args=[walk.case.pk]))
    wrong = send(walk, Role.DECIDER, "review", row.pk, {**told, "again_on": "2026-01-01", "code": code_for(decider)})
    right = send(walk, Role.DECIDER, "review", row.pk, {**told, "code": code_for(decider)})

    assert reverse("cases:review", args=[row.pk]) in shown.text
    assert refused_with_what_was_typed(wrong, 422)
    assert right.status_code == 302


def test_r068_the_urgent_route_is_on_the_page_where_the_picture_is_past_its_date(walk: Walk) -> None:
    walk.designated()
    picture = walk.adopt_picture(review_due=PAST)
    told = {"severity": 4, "likelihood": 4, "resistance": 4, "departure": "", "reasons": TYPED}

    without = send(walk, Role.DECIDER, "level", picture.pk, told)
    urgent = send(walk, Role.DECIDER, "level", picture.pk, {**told, "urgent_reason": "An attack is near."})

    assert refused_with_what_was_typed(without, 409)
    assert urgent.status_code == 302


def test_r068_another_decider_ratifies_on_the_page(walk: Walk) -> None:
    row = Ratification.objects.get(level=an_urgent_level(walk))
    another = walk.world.actor(Role.DECIDER, nth=2)
    services.give_access(
        case_id=walk.case.pk,
        user_id=another.user_id,
        role=Role.DECIDER,
        reason="ratifies",
        ground="access.give",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    answer = as_client(another).post(
        reverse("cases:ratify_decision", args=[row.pk]), {"reasons": "Right.", "code": code_for(another)}
    )

    assert answer.status_code == 302
