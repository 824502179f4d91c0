"""Talks: planned, held, missed, refused, moved; what is recorded stands."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from resilience import services
from resilience.models import Talk
from resilience.services import About, Plan
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Forbidden, IllegalMove, Invalid, Stale
from stelsel.kernel.models import WorkItem
from tests.resilience.walk import DAY, Support


def waiting(support: Support) -> set[str]:
    with acting(support.expert, at=support.at):
        subjects = [support.files[0].pk, *Talk.objects.values_list("pk", flat=True)]
        return set(WorkItem.objects.filter(closed_at=None, subject_id__in=subjects).values_list("kind", flat=True))


def test_r027_a_planned_talk_waits_for_its_expert(support: Support) -> None:
    talk = support.plan(preparation="Ask about the school.")

    with acting(support.expert, at=support.at):
        item = WorkItem.objects.get(kind="resilience.talk")
    assert (item.owner_id, item.due_at) == (support.expert.user_id, talk.planned_for)
    assert waiting(support) == {"resilience.talk"}


def test_r027_a_talk_is_held_with_participants_topics_offers_and_follow_up(support: Support) -> None:
    talk = support.plan()

    support.hold(
        talk,
        topics=["children", "daily_life"],
        participants=[support.partner.pk],
        offers=[support.item().pk],
        summary="Calm talk.",
        follow_up="Call the school.",
        follow_up_due=(talk.planned_for + 7 * DAY).date(),
    )

    whole = services.open_file(file_id=support.file.pk, actor=support.expert, at=support.at)
    row = whole.last_held
    assert row is not None
    assert row.participants == [support.partner.person.pseudonym]
    assert (row.talk.topics, row.summary, row.follow_up) == (
        ["children", "daily_life"],
        "Calm talk.",
        "Call the school.",
    )
    assert [each.offer.item.code for each in whole.offers] == ["what-to-expect"]
    assert waiting(support) == {"resilience.follow_up"}


def test_holding_a_talk_puts_the_next_one_off_by_the_norm_of_the_phase(support: Support) -> None:
    talk = support.hold(support.plan())

    assert talk.held_at is not None
    assert support.file.talk_due_at == talk.held_at + 14 * DAY


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 481}, "minutes"),
        ({"topics": []}, "topics"),
        ({"topics": ["medication"]}, "topics"),
        ({"participants": [uuid4()]}, "participants"),
        ({"offers": [uuid4()]}, "offers"),
        ({"follow_up": "Call."}, "follow_up_due"),
        ({"summary": "x" * 5001}, "summary"),
    ],
)
def test_a_talk_that_cannot_have_been_is_not_recorded(support: Support, wrong: dict[str, Any], field: str) -> None:
    talk = support.plan()

    with pytest.raises(Invalid) as refused:
        support.hold(talk, **wrong)

    assert [fault.field for fault in refused.value.faults] == [field]
    with acting(support.expert, at=support.at):
        assert Talk.objects.get().state == "planned"


def test_a_talk_in_the_future_is_not_recorded_as_held(support: Support) -> None:
    talk = support.plan()

    with pytest.raises(Invalid) as refused:
        support.hold(talk, held_at=talk.planned_for + 2 * DAY)

    assert [fault.field for fault in refused.value.faults] == ["held_at"]


def test_r027_nobody_came_and_somebody_plans_again(support: Support) -> None:
    talk = support.plan()
    due = support.file.talk_due_at

    end(support, talk, "miss")

    assert support.file.talk_due_at == due
    assert waiting(support) == {"resilience.plan"}


def test_r027_a_refusal_is_respected_until_the_norm_of_the_phase(support: Support) -> None:
    talk = support.plan()

    ended = end(support, talk, "refuse")

    assert ended.ended_at is not None
    assert support.file.talk_due_at == ended.ended_at + 14 * DAY
    assert waiting(support) == set()


def end(support: Support, talk: Talk, step: str, why: str = "Did not open the door.") -> Talk:
    return services.end_talk(
        talk_id=talk.pk, step=step, why=why, version=talk.version, actor=support.expert, at=support.walk.tick()
    )


@pytest.mark.parametrize("step", ["miss", "refuse", "cancel"])
def test_a_talk_that_did_not_take_place_says_why(support: Support, step: str) -> None:
    talk = support.plan()

    with pytest.raises(Invalid):
        end(support, talk, step, why="")


@pytest.mark.parametrize("step", ["miss", "refuse", "cancel", "hold", "move", ""])
def test_what_was_recorded_of_a_talk_stands(support: Support, step: str) -> None:
    talk = support.hold(support.plan())

    with pytest.raises(IllegalMove):
        end(support, talk, step)


def test_the_database_keeps_a_recorded_talk(support: Support) -> None:
    support.hold(support.plan())

    with acting(support.expert, at=support.at), pytest.raises(IntegrityError), transaction.atomic():
        Talk.objects.update(minutes=60)


def test_r027_a_colleague_takes_over_a_talk_before_recording_it(support: Support) -> None:
    talk = support.plan()
    colleague = support.world.actor(Role.RESILIENCE_EXPERT, nth=2)
    plan = Plan(planned_for=talk.planned_for, place="home", expert_id=colleague.user_id)
    with pytest.raises(Forbidden):
        services.hold_talk(
            talk_id=talk.pk,
            held=services.Held(held_at=support.at, minutes=30, topics=["stress"]),
            version=talk.version,
            actor=colleague,
            at=support.at,
        )

    moved = services.move_talk(
        talk_id=talk.pk, plan=plan, version=talk.version, actor=colleague, at=support.walk.tick()
    )

    assert moved.expert_id == colleague.user_id
    with acting(colleague, at=support.at):
        assert WorkItem.objects.get(kind="resilience.talk", closed_at=None).owner_id == colleague.user_id


def test_moving_a_talk_that_a_colleague_moved_is_refused(support: Support) -> None:
    talk = support.plan()
    plan = Plan(planned_for=talk.planned_for + DAY, place="home", expert_id=support.expert.user_id)
    told: dict[str, Any] = {"talk_id": talk.pk, "plan": plan, "version": talk.version, "actor": support.expert}
    services.move_talk(**told, at=support.walk.tick())

    with pytest.raises(Stale):
        services.move_talk(**told, at=support.walk.tick())


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"in_days": -1}, "planned_for"), ({"place": "street"}, "place"), ({"expert_id": uuid4()}, "expert")],
)
def test_a_talk_is_planned_ahead_with_an_expert(support: Support, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        support.plan(**wrong)

    assert [fault.field for fault in refused.value.faults] == [field]


def test_r025_a_relation_who_does_not_know_of_the_threat_is_not_invited(support: Support) -> None:
    file = support.partner
    about = About(age_band="adult", consent="not_asked", awareness="does_not_know")
    services.write_about(file_id=file.pk, about=about, version=1, actor=support.expert, at=support.at)

    with pytest.raises(Forbidden) as refused:
        support.plan(file=file)

    assert refused.value.code == "not_aware"


def test_r029_a_clinical_summary_warns_and_changes_nothing(support: Support) -> None:
    talk = support.plan()

    with pytest.raises(Invalid) as warned:
        support.hold(talk, summary="Diagnose: PTSS", participants=[support.partner.pk])

    assert warned.value.code == "looks_clinical"
    with acting(support.expert, at=support.at):
        kept = Talk.objects.get()
        assert (kept.state, kept.participants.count()) == ("planned", 0)


def test_texts_of_a_talk_open_with_the_persons_key_alone(support: Support) -> None:
    support.plan(file=support.partner, preparation="About work.")

    with acting(support.expert, at=support.at):
        kept = Talk.objects.get()
    assert b"About" not in bytes(kept.preparation)
    assert vault.box(support.partner.person.key_id).open(kept, "preparation") == "About work."


def test_a_follow_up_is_settled_once(support: Support) -> None:
    talk = support.plan()
    talk = support.hold(talk, follow_up="Call.", follow_up_due=(support.at + timedelta(days=9)).date())
    services.settle_follow_up(talk_id=talk.pk, actor=support.expert, at=support.walk.tick())

    with pytest.raises(Invalid):
        services.settle_follow_up(talk_id=talk.pk, actor=support.expert, at=support.walk.tick())

    assert "resilience.follow_up" not in waiting(support)
