"""Django admin: for administrators alone, and nothing in it about a case."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from cases.models import CatalogueEntry
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Membership, OutboxMessage, User
from tests.browsing import as_client
from tests.world import World

CONTENT = {"cases", "threat", "resilience", "capacity"}
CONFIGURATION = {CatalogueEntry}
"""Of those apps, but about no case."""
RAW = {"HistoryEntry", "AuditEntry", "ReadEntry", "PersonKey", "AccessToken", "Authenticator", "UserSession", "Session"}


def test_nothing_about_a_case_and_nothing_raw_is_registered() -> None:
    registered: list[type[Model]] = list(admin.site._registry)

    assert not {model._meta.app_label for model in registered if model not in CONFIGURATION} & CONTENT
    assert not {model.__name__ for model in registered} & RAW


@pytest.fixture
def administrator(world: World) -> Actor:
    actor = world.actor(Role.ADMINISTRATOR)
    User.objects.filter(pk=actor.user_id).update(is_staff=True)
    return actor


@pytest.fixture
def browser(administrator: Actor) -> Client:
    return as_client(administrator)


def test_every_list_and_form_opens_for_an_administrator(browser: Client) -> None:
    for model, registered in admin.site._registry.items():
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert browser.get(base).status_code == 200, base
        if registered.has_add_permission(browser.get(base).wsgi_request):
            assert browser.get(f"{base}add/").status_code == 200, base


def test_a_superuser_who_is_no_administrator_does_not_enter(world: World) -> None:
    actor = world.actor(Role.CASE_MANAGER)
    User.objects.filter(pk=actor.user_id).update(is_staff=True, is_superuser=True)

    response = as_client(actor).get("/admin/kernel/user/")

    assert response.status_code == 302


def test_an_administrator_appoints_others_but_not_themselves(
    world: World, browser: Client, administrator: Actor
) -> None:
    colleague = world.actor(Role.DECIDER)
    for user_id, appointed in ((colleague.user_id, True), (administrator.user_id, False)):
        browser.post(
            "/admin/kernel/membership/add/",
            {
                "user": str(user_id),
                "organisation": str(world.organisations["nctv"].pk),
                "role": Role.CASE_MANAGER,
                "period_0": "2026-01-01 00:00",
                "period_1": "",
            },
        )
        assert Membership.objects.filter(user_id=user_id, role=Role.CASE_MANAGER).exists() is appointed


def test_a_payload_is_not_shown_and_a_dead_job_is_sent_again(browser: Client) -> None:
    job = OutboxMessage.objects.create(
        task="capacity.solve_run",
        ids={"run_id": "kept-out-of-sight"},
        key="k",
        state="dead",
        attempts=8,
        available_at="2026-03-02T12:00:00Z",
        created_at="2026-03-02T12:00:00Z",
    )

    page = browser.get(f"/admin/kernel/outboxmessage/{job.pk}/change/")
    browser.post("/admin/kernel/outboxmessage/", {"action": "resend", "_selected_action": [str(job.pk)]})

    assert b"kept-out-of-sight" not in page.content
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("queued", 0)
