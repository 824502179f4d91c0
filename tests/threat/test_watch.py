"""What time causes, on the worker's own database role: silence is recorded, reviews come back."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction

from cases.models import AdoptedPicture, DecisionReview
from cases.services import decide_level
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import OutboxMessage, WorkItem
from tests.services import Services
from tests.threat.conftest import connect
from tests.threat.scene import Scene
from tests.world import NOON
from threat.models import InformationRequest, Product
from threat.services import ask_again, follow_request, record_check, start_new_version, watch, withdraw_product

LATE = NOON + timedelta(days=40)


def as_worker(services: Services, at: datetime) -> int:
    """Run the watch as the worker does, twice: the second run opens nothing new."""
    connect(services, "stelsel_worker")
    found = watch(actor=system_actor(), at=at)
    before = _open(services)
    assert watch(actor=system_actor(), at=at) == found
    assert _open(services) == before
    connect(services, "stelsel_web")
    return found


def _open(services: Services) -> int:  # on the connection as it is
    with transaction.atomic(), acting(system_actor(), at=LATE):
        return WorkItem.objects.filter(closed_at=None).count()


def waiting(actor: Actor, at: datetime = LATE) -> set[str]:
    with transaction.atomic(), acting(actor, at=at):
        found = WorkItem.objects.filter(owner_role=actor.role, closed_at=None)
        return set(found.values_list("kind", flat=True))


def state_of(scene: Scene, request: InformationRequest) -> str:
    with transaction.atomic(), acting(scene.supplier, at=LATE):
        return str(InformationRequest.objects.get(pk=request.pk).state)


def test_r053_silence_is_recorded_and_lands_with_the_case_manager(stage: Scene, services: Services) -> None:
    request = stage.ask()
    as_worker(services, LATE)

    assert state_of(stage, request) == "silent"
    assert "threat.request_overdue" in waiting(stage.manager)


def test_r053_a_refusal_comes_back_to_both_sides_at_its_review_date(stage: Scene, services: Services) -> None:
    stage.refuse(stage.ask())
    as_worker(services, LATE)

    assert "threat.refusal_review" in waiting(stage.manager)
    assert "threat.refusal_review_own" in waiting(stage.supplier)


def test_a_refusal_before_its_review_date_opens_nothing(stage: Scene, services: Services) -> None:
    stage.refuse(stage.ask(), days=60)

    assert as_worker(services, NOON + timedelta(hours=1)) == 0


def test_r053_a_suppliers_answer_settles_the_work_of_those_who_asked(stage: Scene, services: Services) -> None:
    request = stage.ask()
    as_worker(services, LATE)
    stage.deliver(request)
    _follow(services, request)

    assert "threat.request_overdue" not in waiting(stage.manager)


def test_r053_a_refusal_lands_with_the_case_manager(stage: Scene, services: Services) -> None:
    request = stage.refuse(stage.ask())
    _follow(services, request)
    assert "threat.refused" in waiting(stage.manager)

    ask_again(request_id=request.pk, due_at=LATE, actor=stage.manager, at=NOON)
    assert "threat.refused" not in waiting(stage.manager)


def _follow(services: Services, request: InformationRequest) -> None:
    message = OutboxMessage.objects.get(task="threat.follow_request")
    connect(services, "stelsel_worker")
    follow_request(request_id=request.pk, verb=message.ids["verb"], actor=system_actor(), at=NOON)
    connect(services, "stelsel_web")


def test_r054_a_signal_left_undisposed_lands_with_the_head_of_analysis(stage: Scene, services: Services) -> None:
    stage.signal()
    as_worker(services, LATE)

    assert "threat.signal_overdue" in waiting(stage.head)


def test_a_proposal_left_waiting_and_a_picture_past_its_review_come_back(stage: Scene, services: Services) -> None:
    adopted = stage.adopted()
    as_worker(services, LATE)
    assert "threat.picture_review" in waiting(stage.analyst)

    start_new_version(picture_id=adopted.pk, question="And now?", actor=stage.analyst, at=LATE)
    assert "threat.picture_review" not in waiting(stage.analyst)


def test_a_proposal_nobody_adopts_lands_with_the_head_of_analysis(stage: Scene, services: Services) -> None:
    stage.proposed()
    as_worker(services, LATE)

    assert "threat.adopt_overdue" in waiting(stage.head)


def test_the_watch_is_the_systems_alone(stage: Scene) -> None:
    for role in (Role.THREAT_ANALYST, Role.CASE_MANAGER):
        with pytest.raises(TypeError):
            watch(actor=stage.world.actor(role), at=LATE)


def test_r068_a_product_taken_back_after_adoption_marks_the_decision_for_review(
    stage: Scene, services: Services
) -> None:
    stage.adopted()
    with transaction.atomic(), acting(stage.decider, at=NOON):
        picture = AdoptedPicture.objects.get()
    level = decide_level(
        picture_id=picture.pk,
        severity=4,
        likelihood=4,
        resistance=4,
        departure="",
        reasons="Clear.",
        actor=stage.decider,
        at=NOON + timedelta(minutes=5),
    )
    with transaction.atomic(), acting(stage.analyst, at=NOON):
        product = Product.objects.earliest("delivered_at")
    withdraw_product(product_id=product.pk, reason="Wrong.", actor=stage.supplier, at=NOON + timedelta(minutes=9))

    as_worker(services, NOON + timedelta(minutes=10))

    with transaction.atomic(), acting(stage.decider, at=NOON + timedelta(hours=1)):
        assert DecisionReview.objects.get(level=level).cause == "withdrawn"


def test_r094_a_look_along_shielded_investigations_is_work_of_the_supplier_when_it_is_due(
    stage: Scene, services: Services
) -> None:
    """The first one counts from when the supplier was asked."""
    with transaction.atomic():
        request = stage.ask()
    as_worker(services, NOON)
    assert "threat.shielded_check" not in waiting(stage.supplier, NOON)
    soon = NOON + timedelta(days=15)
    as_worker(services, soon)
    assert "threat.shielded_check" in waiting(stage.supplier, soon)
    with transaction.atomic():
        record_check(request_id=request.pk, outcome="nothing", checked_on=soon.date(), actor=stage.supplier, at=soon)
    assert "threat.shielded_check" not in waiting(stage.supplier, soon)

    as_worker(services, soon + timedelta(days=14))
    assert "threat.shielded_check" not in waiting(stage.supplier)
    as_worker(services, LATE)
    assert "threat.shielded_check" in waiting(stage.supplier)
