"""Contact: nobody is without a contact person, and what is told or withheld stands (R007, R008)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases import services
from cases.lifecycle import Topic, may_be_told, next_contact, unfit_in_writing
from cases.models import ContactPerson, ContactPlan, Telling
from cases.services import Heard, Plan, Said
from cases.services.plan import contacts_now
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid, Stale
from stelsel.kernel.models import WorkItem
from stelsel.legal.models import LegalGround
from tests.cases.walk import Walk
from tests.world import NOON, World, later


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.designated()
    return walk


def plan_of(walk: Walk) -> ContactPlan:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return ContactPlan.objects.get(person=walk.case.person)


def open_work(walk: Walk, role: Role = Role.CASE_MANAGER) -> set[str]:
    with acting(walk.actor(role), at=walk.at):
        return set(WorkItem.objects.filter(closed_at=None, owner_role=role).values_list("kind", flat=True))


def log(walk: Walk, **given: Any) -> object:
    told = {"text": "All is well.", "is_signal": False, **given}
    who = {"case_id": walk.case.pk, "person_id": walk.case.person_id}
    return services.log_contact(**{**who, **told}, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick())


def tell(walk: Walk, follows: Telling | None = None, **said: Any) -> Telling:
    return services.tell(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        said=Said(**{"topic": "process", "channel": "telephone", "told": "What comes next.", **said}),
        follows=follows.pk if follows else None,
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )


def test_r007_designation_names_a_contact_for_the_person_and_each_of_the_household(walk: Walk) -> None:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        named = list(ContactPerson.objects.filter(period__contains=walk.at))

    assert len(named) == 2
    assert {one.user_id for one in named} == {walk.actor(Role.CASE_MANAGER).user_id}


def test_r007_a_new_contact_follows_the_old_one_without_a_gap(walk: Walk) -> None:
    plan, second = plan_of(walk), walk.world.actor(Role.DUTY_OFFICER, nth=2)
    services.name_contact(plan_id=plan.pk, user_id=second.user_id, actor=walk.actor(Role.CASE_MANAGER), at=walk.tick())

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        first, now = ContactPerson.objects.filter(person=walk.case.person).order_by("period")
        assert first.period.upper == now.period.lower == walk.at
        assert WorkItem.objects.filter(kind="contact.missing").count() == 0


def test_r007_the_database_holds_to_one_contact_without_a_gap(walk: Walk) -> None:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        named = ContactPerson.objects.get(person=walk.case.person)
        with pytest.raises(IntegrityError, match="one_contact_person_at_a_time"), transaction.atomic():
            ContactPerson.objects.create(
                case=named.case, person=named.person, user=named.user, role=named.role, period=(walk.at, None)
            )
        named.period = (named.period.lower, walk.at + timedelta(hours=1))
        with (
            pytest.raises(IntegrityError, match="without a contact person"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            named.save()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_r007_a_deputy_stands_in_until_the_end_given(walk: Walk) -> None:
    plan, deputy = plan_of(walk), walk.world.actor(Role.CASE_MANAGER, nth=2)
    at = walk.tick()
    services.name_contact(
        plan_id=plan.pk,
        user_id=deputy.user_id,
        until=at + timedelta(days=2),
        actor=walk.actor(Role.CASE_MANAGER),
        at=at,
    )

    with acting(walk.actor(Role.CASE_MANAGER), at=at):
        found = contacts_now(at=at, case=plan.case)[plan.case_id, plan.person_id]
        after = contacts_now(at=at + timedelta(days=3), case=plan.case)[plan.case_id, plan.person_id]
    assert (found.user_id, found.deputy) == (deputy.user_id, True)
    assert (after.user_id, after.deputy) == (walk.actor(Role.CASE_MANAGER).user_id, False)


def test_r007_somebody_who_keeps_no_contact_is_not_named(walk: Walk) -> None:
    with pytest.raises(Invalid):
        services.name_contact(
            plan_id=plan_of(walk).pk,
            user_id=walk.actor(Role.DECIDER).user_id,
            actor=walk.actor(Role.CASE_MANAGER),
            at=walk.tick(),
        )


def test_r007_a_failed_attempt_is_no_contact_and_begins_the_steps_after_the_second(walk: Walk) -> None:
    due = plan_of(walk).next_due
    log(walk, heard=Heard(reached=False, channel="telephone"))
    once = open_work(walk, Role.DUTY_OFFICER)
    log(walk, heard=Heard(reached=False, channel="telephone"))

    plan = plan_of(walk)
    assert (plan.failed_attempts, plan.last_contact_at, plan.next_due) == (2, None, due)
    assert "contact.unreachable" not in once
    assert "contact.unreachable" in open_work(walk, Role.DUTY_OFFICER)
    log(walk)
    assert (plan_of(walk).failed_attempts, plan_of(walk).last_contact_at) == (0, walk.at)
    assert "contact.unreachable" not in open_work(walk, Role.DUTY_OFFICER)


def test_r007_the_plan_is_written_on_the_version_that_was_read(walk: Walk) -> None:
    plan, manager = plan_of(walk), walk.actor(Role.CASE_MANAGER)
    typed = Plan(every_days=3, channel="video", knows="knows", may_be_told="All.", advices=("norm", "evaluate"))
    written = services.write_plan(plan_id=plan.pk, plan=typed, version=1, actor=manager, at=walk.tick())

    assert written.next_due == walk.at + timedelta(days=3)
    with pytest.raises(Stale):
        services.write_plan(plan_id=plan.pk, plan=typed, version=1, actor=manager, at=walk.tick())


def test_r007_a_promise_waits_until_it_is_settled_once(walk: Walk) -> None:
    manager = walk.actor(Role.CASE_MANAGER)
    promise = services.make_promise(
        case_id=walk.case.pk,
        person_id=walk.case.person_id,
        text="A call on Friday.",
        due_on=later(days=3).date(),
        actor=manager,
        at=walk.tick(),
    )
    assert "promise.keep" in open_work(walk)
    services.settle_promise(promise_id=promise.pk, outcome="kept", actor=manager, at=walk.tick())

    assert "promise.keep" not in open_work(walk)
    with pytest.raises(Conflict):
        services.settle_promise(promise_id=promise.pk, outcome="broken", actor=manager, at=walk.tick())


# --- told and withheld ----------------------------------------------------------------------------------------------


@given(topic=st.sampled_from(list(Topic)), graded=st.booleans(), life=st.booleans())
def test_r008_only_threat_and_measures_wait_for_the_grading(topic: Topic, graded: bool, life: bool) -> None:  # noqa: FBT001  # cases
    allowed = may_be_told(topic, graded=graded, protects_life=life)

    assert allowed == (topic not in {Topic.THREAT, Topic.MEASURES} or graded or life)


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("We come at 14:30.", "14:30"),
        ("Om 9.15 uur", "9.15"),
        ("Team LX-4 comes.", "LX-4"),
        ("See you on 12.03.2026.", ""),
        ("We come soon.", ""),
    ],
)
def test_r008_no_clock_time_and_no_team_stands_in_writing(text: str, unfit: str) -> None:
    assert unfit_in_writing(text, channel="letter") == unfit
    assert unfit_in_writing(text, channel="telephone") == ""


@given(every=st.integers(1, 90))
def test_the_next_contact_lies_as_far_ahead_as_was_agreed(every: int) -> None:
    assert next_contact(NOON, every_days=every) - NOON == timedelta(days=every)


def test_r008_nothing_of_the_threat_is_told_before_it_was_graded(walk: Walk) -> None:
    with pytest.raises(Invalid) as refusal:
        tell(walk, topic="threat")

    assert refusal.value.faults[0].code == "not_graded"
    assert tell(walk, topic="threat", protects_life=True).level is None


def test_r008_what_was_graded_is_told_with_its_level_and_waits_again_for_a_newer_picture(world: World) -> None:
    walk = Walk(world)
    level = walk.levelled()
    assert tell(walk, topic="threat").level_id == level.pk
    walk.adopt_picture(version=2)

    with pytest.raises(Invalid):
        tell(walk, topic="threat")


def test_r008_what_is_withheld_has_a_ground_in_force_and_comes_back(walk: Walk) -> None:
    withheld: dict[str, Any] = {"channel": "", "ground": "withhold-safety", "withheld": "Who was named."}
    on = (walk.at + timedelta(days=5)).date()
    with pytest.raises(Invalid) as without_review:
        tell(walk, **withheld)
    row = tell(walk, **withheld, review_on=on)

    assert without_review.value.faults[0].field == "review_on"
    assert "telling.review" in open_work(walk)
    tell(walk, follows=row, topic="process")
    assert "telling.review" not in open_work(walk)
    LegalGround.objects.filter(code="withhold-safety").update(in_force=(NOON.date(), NOON.date() + timedelta(days=1)))
    walk.at += timedelta(days=2)
    with pytest.raises(Invalid) as ended:
        tell(walk, **withheld, review_on=on)
    assert ended.value.faults[0].code == "not_in_force"


def test_r008_what_was_said_is_corrected_and_never_changed(walk: Walk) -> None:
    first = tell(walk)
    correction = tell(walk, follows=first, corrects=True, told="Not on Friday.")

    assert correction.follows_id == first.pk
    with (
        acting(walk.actor(Role.CASE_MANAGER), at=walk.at),
        pytest.raises(IntegrityError, match="does not change"),
        transaction.atomic(),
    ):
        Telling.objects.filter(pk=first.pk).update(topic="other")
    with pytest.raises(Invalid):
        tell(walk, corrects=True)


def test_r008_whether_it_was_received_is_filled_in_once(walk: Walk) -> None:
    row, manager = tell(walk), walk.actor(Role.CASE_MANAGER)
    services.note_received(telling_id=row.pk, received="understood", actor=manager, at=walk.tick())

    with pytest.raises(Conflict):
        services.note_received(telling_id=row.pk, received="unclear", actor=manager, at=walk.tick())


def test_r008_the_decider_reads_what_was_told_and_does_not_tell(walk: Walk) -> None:
    with pytest.raises(Forbidden):
        services.tell(
            case_id=walk.case.pk,
            person_id=walk.case.person_id,
            said=Said(topic="process", channel="telephone", told="x"),
            actor=walk.actor(Role.DECIDER),
            at=walk.tick(),
        )


def test_r008_a_withheld_duty_comes_back_after_the_house_norm(walk: Walk) -> None:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        duty = walk.case.inform_duties.get()
    services.settle_duty(
        duty_id=duty.pk,
        channel="",
        told="",
        withheld_ground="investigation",
        actor=walk.actor(Role.CASE_MANAGER),
        at=walk.tick(),
    )

    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        row = Telling.objects.get(duty=duty)
        assert (row.ground_id, row.review_on) == ("withhold-investigation", (walk.at + timedelta(days=14)).date())
