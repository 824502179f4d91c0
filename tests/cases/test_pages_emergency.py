"""Emergency access in the browser: an hour of sight, and the review by somebody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import EmergencyAccess
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.sending import TYPED
from tests.cases.walk import Walk
from tests.world import World


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def test_emergency_access_opens_the_case_and_waits_for_review(walk: Walk) -> None:
    walk.designated()
    stranger = walk.world.actor(Role.DECIDER, nth=5)
    officer = walk.actor(Role.SECURITY_OFFICER)

    opened = as_client(stranger).post("/cases/emergency", {"number": walk.case.number, "reason": TYPED})
    waits = as_client(officer).get("/")
    with acting(officer, at=timezone.now()):
        review = reverse("cases:emergency_review", args=[EmergencyAccess.objects.get().pk])
    read = as_client(officer).get(review)
    found = as_client(officer).post(review, {"justified": "yes"})

    assert as_client(stranger).get(opened["Location"]).status_code == 200
    assert review in waits.text
    assert TYPED in read.text
    assert found.status_code == 302
    with acting(officer, at=timezone.now()):
        assert EmergencyAccess.objects.get().justified


def test_emergency_access_needs_a_fresh_code_and_keeps_what_was_typed(walk: Walk) -> None:
    walk.designated()
    client = as_client(walk.world.actor(Role.DECIDER, nth=5), confirmed=600)

    answer = client.post("/cases/emergency", {"number": walk.case.number, "reason": TYPED})

    assert answer.status_code == 403
    assert TYPED in answer.text
    assert "Confirm first" in answer.text


def test_emergency_access_is_for_case_roles_of_the_nctv(walk: Walk) -> None:
    assert as_client(walk.actor(Role.POLICE_RCCB)).get("/cases/emergency").status_code == 403
