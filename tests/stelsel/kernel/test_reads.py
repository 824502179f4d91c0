"""Who saw whom: one row per person, once a minute per route, or no answer at all."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from django.db import connection
from psycopg2 import extensions

from stelsel.kernel import audit
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import AuditEntry, ReadEntry
from tests.cases.walk import Walk
from tests.stelsel.kernel.conftest import Run
from tests.stelsel.kernel.doors import logged_in
from tests.world import NOON, World

Connect = Callable[[str], extensions.connection]
pytestmark = [pytest.mark.urls("tests.stelsel.kernel.doors"), pytest.mark.django_db]


def saw(actor: Actor, *persons: UUID, route: str = "a", kind: str = "view") -> None:
    with acting(actor, at=NOON, route=route, purpose="care"):
        audit.saw([(person, None) for person in persons], kind=kind)


def reads(owner: Run) -> list[tuple[object, ...]]:
    return owner("SELECT subject_id::text, route, purpose, kind, role FROM kernel_readentry ORDER BY id")


def test_a_list_of_three_persons_is_three_reads(world: World, owner: Run) -> None:
    persons = [uuid4() for _ in range(3)]
    saw(world.actor(Role.CASE_MANAGER), *persons, kind="list")

    assert {row[0] for row in reads(owner)} == {str(person) for person in persons}
    assert {row[1:] for row in reads(owner)} == {("a", "care", "list", "case_manager")}


def test_a_person_shown_twice_on_a_page_is_one_read(world: World, owner: Run) -> None:
    person = uuid4()
    saw(world.actor(Role.CASE_MANAGER), person, person)

    assert len(reads(owner)) == 1


def test_a_refresh_within_a_minute_is_the_same_read(world: World, owner: Run) -> None:
    person, actor = uuid4(), world.actor(Role.CASE_MANAGER)
    saw(actor, person)
    saw(actor, person)
    assert len(reads(owner)) == 1

    saw(actor, person, route="another")
    saw(actor, person, kind="export")
    saw(world.actor(Role.DECIDER), person)
    assert len(reads(owner)) == 4


def test_after_a_minute_it_is_another_read(world: World, owner: Run) -> None:
    person, actor = uuid4(), world.actor(Role.CASE_MANAGER)
    saw(actor, person)
    owner("ALTER TABLE kernel_readentry DISABLE TRIGGER append_only")
    owner("UPDATE kernel_readentry SET recorded_at = recorded_at - interval '61 seconds'")
    saw(actor, person)

    assert len(reads(owner)) == 2


def test_a_job_of_the_system_reads_for_nobody(owner: Run) -> None:
    with acting(system_actor(), at=NOON):
        audit.saw([(uuid4(), None)])

    assert reads(owner) == []


def test_a_page_writes_its_read_with_the_purpose_of_its_route(world: World, owner: Run) -> None:
    case = Walk(world).opened().case_id

    answer = logged_in(world.actor(Role.POLICE_RCCB)).get(f"/look/{case}")

    assert answer.status_code == 200
    assert [row[1:4] for row in reads(owner) if row[1] == "look"] == [("look", "care", "view")]


def test_an_answer_whose_read_cannot_be_stored_is_withheld(world: World, owner: Run) -> None:
    nomination = Walk(world).opened()
    number = owner("SELECT number FROM cases_case")[0][0]
    owner("ALTER TABLE kernel_readentry ADD CONSTRAINT full_disk CHECK (false) NOT VALID")

    answer = logged_in(world.actor(Role.POLICE_RCCB)).get(f"/look/{nomination.case_id}")

    assert answer.status_code >= 400
    assert str(number).encode() not in answer.content


def test_without_that_rule_the_answer_would_leave(world: World, owner: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control switched off: a writer that swallows its failure."""
    nomination = Walk(world).opened()
    number = owner("SELECT number FROM cases_case")[0][0]
    monkeypatch.setattr(audit, "saw", lambda *_args, **_kwargs: None)

    answer = logged_in(world.actor(Role.POLICE_RCCB)).get(f"/look/{nomination.case_id}")

    assert str(number).encode() in answer.content


def test_a_read_needs_somebody_who_reads() -> None:
    with pytest.raises(RuntimeError):
        audit.saw([(uuid4(), None)])
    with pytest.raises(RuntimeError):
        audit.record_refusal("a", target="b", target_id="c", code="d")


# --- who sees the trail ---


@pytest.mark.parametrize(
    ("role", "acts", "seen"),
    [
        (Role.CONTROLLER, True, True),
        (Role.SECURITY_OFFICER, True, True),
        (Role.CASE_MANAGER, False, False),
        (Role.ADMINISTRATOR, False, False),
        (Role.DECIDER, False, False),
    ],
)
def test_the_trail_is_for_those_who_check_it(world: World, role: Role, acts: bool, seen: bool) -> None:  # noqa: FBT001  # cases
    doer = world.actor(Role.POLICE_RCCB)
    saw(doer, uuid4())
    with acting(doer, at=NOON):
        audit.record_refusal("a.b", target="c", target_id="d", code="e")

    with acting(world.actor(role), at=NOON):
        assert AuditEntry.objects.filter(verb="a.b").exists() is acts
        assert ReadEntry.objects.exists() is seen


def test_one_sees_ones_own_acts(world: World) -> None:
    doer = world.actor(Role.POLICE_RCCB)
    with acting(doer, at=NOON):
        audit.record_refusal("a.b", target="c", target_id="d", code="e")
        assert AuditEntry.objects.filter(verb="a.b").exists()


def test_no_process_reads_raw_history(fresh_db: str, as_role: Connect) -> None:
    from psycopg2 import errors  # noqa: PLC0415  # only here

    for role in ("web", "worker"):
        with pytest.raises(errors.InsufficientPrivilege), as_role(role).cursor() as cursor:
            cursor.execute("SELECT * FROM kernel_historyentry")


def test_an_act_says_who_in_which_role_and_when(world: World, noon: datetime, owner: Run) -> None:
    actor = world.actor(Role.DECIDER)
    with acting(actor, at=noon):
        audit.record("a.b", world.organisations["lcc"], reason="r", detail={"number": 1}, scope=None)

    assert owner(
        "SELECT actor_id::text, role, organisation_id::text, at, target, target_id, reason, detail, outcome"
        " FROM kernel_auditentry WHERE verb = 'a.b'"
    ) == [
        (
            str(actor.user_id),
            "decider",
            str(actor.organisation_id),
            noon,
            "kernel.organisation",
            str(world.organisations["lcc"].pk),
            "r",
            {"number": 1},
            "done",
        )
    ]


def test_nobody_can_write_an_act_as_somebody_else_by_an_argument() -> None:
    """The function takes no actor: it reads who acts from the unit of work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_to_string(proargnames, ',') FROM pg_proc WHERE proname = 'kernel_record_act'")
        (names,) = cursor.fetchone()

    assert "actor" not in names
    assert "role" not in names
