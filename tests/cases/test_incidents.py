"""Incidents to those who guard reach who runs the case and who coordinates, and are final once answered (R019)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import services
from cases.models import GuardIncident, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import WorkItem
from stelsel.legal.models import Sharing
from tests.browsing import as_client
from tests.cases.walk import Walk
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    walk = Walk(world)
    walk.decided()
    return walk


def tell(walk: Walk, role: Role = Role.LCC_COORDINATOR, **changes: object) -> GuardIncident:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        measure = Measure.objects.get(kind="close_protection")
    told = {
        "measure_id": measure.pk,
        "kind": "followed",
        "happened_at": walk.at,
        "stopped": False,
        "text": "A car stayed behind them for an hour.",
        "actor": walk.actor(role),
        "at": walk.tick(),
    }
    return services.report_incident(**{**told, **changes})  # type: ignore[arg-type]  # parts of an incident


def work(walk: Walk) -> set[str]:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        return set(WorkItem.objects.filter(kind="incident.answer", closed_at=None).values_list("owner_role", flat=True))


def test_r019_an_incident_reaches_the_case_manager_and_the_coordinator_and_passes_the_gate(walk: Walk) -> None:
    incident = tell(walk)

    assert work(walk) == {"case_manager", "lcc_coordinator"}
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        shared = Sharing.objects.get(information="guard_incident")
    assert (shared.subject_id, shared.provider, shared.receiver) == (incident.pk, "lcc", "nctv")


def test_r019_what_was_done_about_an_incident_settles_it_for_good(walk: Walk) -> None:
    incident, manager = tell(walk), walk.actor(Role.CASE_MANAGER)

    services.answer_incident(incident_id=incident.pk, answer="Another route.", actor=manager, at=walk.tick())

    assert work(walk) == set()
    with pytest.raises(Conflict):
        services.answer_incident(incident_id=incident.pk, answer="Once more.", actor=manager, at=walk.tick())
    with acting(manager, at=walk.at), pytest.raises(IntegrityError), transaction.atomic():
        GuardIncident.objects.update(stopped=True)


def test_an_incident_is_told_by_those_who_guard_after_it_happened(walk: Walk) -> None:
    with pytest.raises(Forbidden):
        tell(walk, Role.CASE_MANAGER)
    with pytest.raises(Invalid):
        tell(walk, happened_at=walk.at + timedelta(days=1))
    with pytest.raises(Invalid):
        tell(walk, text=" ")


def test_the_report_and_the_answer_are_given_on_pages(walk: Walk) -> None:
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        measure = Measure.objects.get(kind="close_protection")
    reported = as_client(walk.actor(Role.LCC_COORDINATOR)).post(
        reverse("cases:incident_new", args=[measure.pk]),
        {"kind": "near_miss", "happened_at": "2026-03-02T20:00", "text": "The door was open."},
    )
    with acting(walk.actor(Role.CASE_MANAGER), at=walk.at):
        incident = GuardIncident.objects.get()
    address = reverse("cases:incident", args=[incident.pk])
    browser = as_client(walk.actor(Role.CASE_MANAGER))

    empty = browser.post(address, {"answer": ""})
    answered = browser.post(address, {"answer": "A second lock."})

    assert (reported.status_code, empty.status_code, answered.status_code) == (302, 422, 302)
    assert "A second lock." in browser.get(address).text
