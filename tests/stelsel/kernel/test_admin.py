"""Django admin: for administrators alone, and nothing in it about a case."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from psycopg2.extras import DateTimeTZRange

from cases.models import AuthorityRuling, CatalogueEntry, Framework, MayorSubstitute
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import ApiClient, Interval, Membership, OutboxMessage, Schedule, User
from tests.browsing import as_client
from tests.world import World
from threat.models import MethodVersion

CONTENT = {"cases", "threat", "resilience", "capacity"}
CONFIGURATION = {AuthorityRuling, CatalogueEntry, Framework, MayorSubstitute, MethodVersion}
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


def test_an_api_client_logs_in_by_its_own_secret_alone(world: World, browser: Client) -> None:
    service = world.actor(Role.UNIT_PLANNER)
    told = {"name": "Rosters", "user": str(service.user_id), "client_id": "rosters", "client_secret": "once" * 8}

    assert browser.post("/admin/kernel/apiclient/add/", told).status_code == 302

    client = ApiClient.objects.get(name="Rosters")
    assert (client.client_type, client.authorization_grant_type) == ("confidential", "client-credentials")
    page = browser.get(f"/admin/kernel/apiclient/{client.pk}/change/").content.decode()
    assert "rosters" in page
    assert client.client_secret not in page


def test_a_schedule_gets_another_interval_and_keeps_its_name(browser: Client) -> None:
    browser.post("/admin/kernel/interval/add/", {"every": "5", "period": "minutes"})
    interval, schedule = Interval.objects.get(every=5), Schedule.objects.get(name="cases.watch")

    page = browser.get(f"/admin/kernel/schedule/{schedule.pk}/change/").content.decode()
    browser.post(f"/admin/kernel/schedule/{schedule.pk}/change/", {"interval": interval.pk, "enabled": "on"})

    assert "every 5 minutes" in page
    schedule.refresh_from_db()
    assert (schedule.name, schedule.interval_id, schedule.enabled) == ("cases.watch", interval.pk, True)


def test_a_list_tells_a_period_in_words(world: World, browser: Client) -> None:
    person = world.actor(Role.CASE_MANAGER)
    Membership.objects.filter(user_id=person.user_id).update(
        period=DateTimeTZRange(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
    )

    page = browser.get("/admin/kernel/membership/?q=case_manager").content.decode()

    assert "from 01/01/2026 until 07/01/2026" in page
    assert "[datetime" not in page
