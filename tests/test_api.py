"""The REST API: clients with scopes, problem documents, versions, repeated requests, the design rules of the schema."""

import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from oauth2_provider.models import get_application_model

from cases.models import Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import ReadEntry, User
from tests.cases.walk import Walk
from tests.world import World

SECRET = "a client secret that only this test knows"


def a_client_of(actor: Actor) -> str:
    """Register an API client whose service user is this actor; its client id."""
    User.objects.filter(pk=actor.user_id).update(is_service=True)
    client_id = f"client-{actor.user_id}"
    get_application_model().objects.create(
        name="client",
        client_id=client_id,
        client_secret=SECRET,
        user_id=actor.user_id,
        client_type="confidential",
        authorization_grant_type="client-credentials",
    )
    return client_id


def a_client(actor: Actor, *, scope: str) -> Client:
    """An API client of this actor's organisation, holding a token it got from the token endpoint."""
    client_id = a_client_of(actor)
    answer = ask_token(client_id, SECRET, scope)
    return Client(headers={"authorization": f"Bearer {answer.json()['access_token']}"})


def ask_token(client_id: str, secret: str, scope: str) -> Any:
    basic = b64encode(f"{client_id}:{secret}".encode()).decode()
    return Client().post(
        "/api/v1/oauth/token",
        {"grant_type": "client_credentials", "scope": scope},
        headers={"authorization": f"Basic {basic}"},
    )


@pytest.fixture
def lcc(world: World) -> Client:
    return a_client(world.actor(Role.LCC_COORDINATOR), scope="capacity")


@pytest.fixture
def measure(world: World) -> Measure:
    walk = Walk(world, at=datetime.now(UTC) - timedelta(days=2))
    walk.decided()
    with acting(walk.actor(Role.LCC_COORDINATOR), at=walk.at):
        return Measure.objects.get(kind="close_protection")


def report(
    client: Client, measure: Measure, *, key: str = "key-0001", version: str | None = "1", **body: object
) -> Any:
    headers = {"Idempotency-Key": key} | ({"If-Match": version} if version else {})
    return client.post(
        f"/api/v1/measures/{measure.pk}/reports",
        json.dumps({"step": "put_in_place", **body}),
        content_type="application/json",
        headers=headers,
    )


def test_a_day_is_promised_with_the_step_promise_alone(lcc: Client, measure: Measure) -> None:
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()

    without = report(lcc, measure, key="key-0002", step="promise")
    beside = report(lcc, measure, key="key-0003", promisedOn=day)
    promised = report(lcc, measure, key="key-0004", step="promise", promisedOn=day, supplier="Oogwacht")

    assert (without.status_code, beside.status_code, promised.status_code) == (422, 422, 201)
    assert without.json()["faults"][0]["field"] == "promisedOn"
    row = next(one for one in lcc.get("/api/v1/measures").json() if one["id"] == str(measure.pk))
    assert (row["promisedOn"], row["chasedAt"]) == (day, None)


def state(measure: Measure, actor: Actor) -> str:
    with acting(actor, at=datetime.now(UTC)):
        return Measure.objects.get(pk=measure.pk).state


def test_without_a_token_there_is_nothing(world: World) -> None:
    answer = Client().get("/api/v1/measures")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["API-Version"] == "1.0.0"


def test_a_scope_that_was_not_given_opens_nothing(world: World) -> None:
    client = a_client(world.actor(Role.LCC_COORDINATOR), scope="products")

    answer = client.get("/api/v1/measures")

    assert (answer.status_code, answer.json()["code"]) == (403, "scope")


def test_the_lcc_reads_measures_and_each_person_is_in_the_trail(lcc: Client, measure: Measure, world: World) -> None:
    answer = lcc.get("/api/v1/measures")

    assert {row["kind"] for row in answer.json()} == {"close_protection", "camera"}
    with acting(world.actor(Role.CONTROLLER), at=datetime.now(UTC)):
        assert ReadEntry.objects.filter(route="api:measures", purpose="execution").count() == 1


def test_a_report_changes_the_measure_once_however_often_it_is_sent(
    lcc: Client, measure: Measure, world: World
) -> None:
    first = report(lcc, measure)
    again = report(lcc, measure)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert state(measure, world.actor(Role.LCC_COORDINATOR)) == "in_place"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"version": None}, 428, "version_missing"),
        ({"version": "7"}, 412, "stale"),
        ({"key": "short"}, 422, "idempotency_key"),
        ({"step": "end"}, 422, "invalid"),
        ({"step": "verify"}, 409, "illegal_move"),
        ({"note": "x" * 2001}, 422, "invalid"),
    ],
)
def test_a_bad_report_is_refused_and_changes_nothing(
    lcc: Client, measure: Measure, world: World, change: dict[str, object], status: int, code: str
) -> None:
    answer = report(lcc, measure, **change)  # type: ignore[arg-type]  # one argument each

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) >= {"type", "title", "status", "detail", "instance"}
    assert state(measure, world.actor(Role.LCC_COORDINATOR)) == "ordered"


def test_a_measure_of_an_unseen_case_does_not_exist(measure: Measure, world: World) -> None:
    stranger = a_client(world.actor(Role.UNIT_PLANNER), scope="capacity")

    answer = report(stranger, measure)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_five_wrong_secrets_lock_the_client(world: World) -> None:
    a_client(world.actor(Role.LCC_COORDINATOR), scope="capacity")
    client_id = get_application_model().objects.get().client_id

    statuses = [ask_token(client_id, "wrong", "capacity").status_code for _ in range(5)]
    right = ask_token(client_id, SECRET, "capacity")

    assert statuses == [401] * 5
    assert right.status_code == 429


def test_an_unknown_address_is_a_problem_document(db: None) -> None:
    answer = Client().get("/api/v1/nothing-here")

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


# --- the schema keeps the NL API Design Rules -----------------------------------------------------------------------


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    document: dict[str, Any] = Client().get("/api/v1/openapi.json").json()
    return document


def test_the_schema_is_published_as_openapi_3_1_with_server_and_contact(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    assert schema["servers"] == [{"url": "/api/v1"}]
    assert schema["info"]["contact"]


def test_paths_are_kebab_case_without_trailing_slash(schema: dict[str, Any]) -> None:
    for path in schema["paths"]:
        assert re.fullmatch(r"(/[a-z0-9.-]+|/\{[a-zA-Z_]+\})+", path), path


def test_names_in_bodies_and_queries_are_camel_case(schema: dict[str, Any]) -> None:
    for name, part in schema["components"]["schemas"].items():
        for field in part.get("properties", {}):
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", field), (name, field)
    for operations in schema["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "query":
                    assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"])
