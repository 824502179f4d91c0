"""Other names of a person, and hints that two cases are about one person: to who may see both, and to nobody else."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.models import Alias, Case, Nomination
from cases.services import reading
from cases.services.naming import Keys
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, Invalid
from stelsel.kernel.models import ReadEntry
from stelsel.kernel.models.trail import AuditEntry
from tests.browsing import as_client
from tests.cases.walk import Walk, an_intake
from tests.world import World

ADVISER, POLICE = Role.PROSECUTION_ADVISER, Role.POLICE_RCCB
ALSO = "Femke Brandsma"


@pytest.fixture
def walk(world: World) -> Walk:
    """A case that lies with the prosecutor's office."""
    walk = Walk(world)
    walk.handed_in()
    return walk


def named(walk: Walk, name: str = ALSO, *, kind: str = "alias", role: Role = ADVISER) -> Alias:
    return services.add_alias(
        case_id=walk.nomination.case_id, name=name, kind=kind, actor=walk.actor(role), at=walk.tick()
    )


def another(walk: Walk, *, seen_by_office: bool = True, **changes: object) -> Nomination:
    """A second case, which the office sees once it was handed in."""
    nomination = services.open_intake(
        intake=an_intake(walk.world, relations=(), **changes), actor=walk.actor(POLICE), at=walk.tick()
    )
    if seen_by_office:
        services.hand_in(
            nomination_id=nomination.pk, version=nomination.version, actor=walk.actor(POLICE), at=walk.tick()
        )
    return nomination


def hints(walk: Walk, case_id: Any, *, by: Actor | None = None) -> list[tuple[str, int]]:
    file = reading.read_case(case_id=case_id, actor=by or walk.actor(ADVISER), at=walk.tick())
    return [(one.case.number, int(one.likeness)) for one in file.alike]


def number_of(nomination: Nomination) -> str:
    return nomination.case.number


# --- names ---


def test_a_name_is_found_without_case_accents_and_initials(world: World) -> None:
    full, initials = Keys.of("Fenna van der Wöld", "1981-04-12"), Keys.of("F. WOLD", "1981-12-31")

    assert full.name == Keys.of("fenna  VAN der wold").name
    assert full.name != initials.name
    assert full.year == initials.year != b""
    assert Keys.of("Wold", "1981-04-12").year == Keys.of("Fenna Wold").year == b""


def test_r007_another_name_is_kept_sealed_and_shown_with_the_identity(walk: Walk) -> None:
    alias = named(walk, kind="changed")

    _case, people = reading.read_identity(case_id=alias.case_id, actor=walk.actor(ADVISER), at=walk.at)
    assert [[name.text for name in one.aliases] for one in people] == [[ALSO], [], []]
    with connection.cursor() as cursor, acting(walk.actor(ADVISER), at=walk.at):
        cursor.execute("SELECT position(%s::bytea in name) FROM cases_alias", [ALSO.encode()])
        assert cursor.fetchone() == (0,)
    with acting(walk.actor(ADVISER), at=walk.at):
        assert ALSO not in str(list(AuditEntry.objects.filter(scope_id=alias.case_id).values()))


@pytest.mark.parametrize(
    ("name", "role", "error"),
    [
        (" ", ADVISER, Invalid),
        ("Fenna  van der WOLD", ADVISER, Conflict),
        (ALSO, ADVISER, Conflict),
        ("Femke Bos", Role.THREAT_ANALYST, Case.DoesNotExist),
    ],
)
def test_r007_no_empty_name_no_name_twice_and_none_by_strangers(
    walk: Walk, name: str, role: Role, error: type[Exception]
) -> None:
    named(walk)

    with pytest.raises(error):
        named(walk, name, role=role)


def test_r007_who_may_not_see_who_it_is_keeps_no_names(world: World) -> None:
    walk = Walk(world)
    walk.assigned()

    with pytest.raises(Forbidden):
        named(walk, role=Role.DECIDER)
    with pytest.raises(Forbidden):
        reading.read_aliases(case_id=walk.nomination.case_id, actor=walk.actor(Role.DECIDER), at=walk.at)


def test_r007_a_withdrawn_name_stays_to_be_read_and_finds_nothing(walk: Walk) -> None:
    alias = named(walk)
    given: dict[str, Any] = {"alias_id": alias.pk, "actor": walk.actor(ADVISER), "at": walk.tick()}
    services.withdraw_alias(reason="It was the name of the neighbour.", **given)

    _case, names = reading.read_aliases(case_id=alias.case_id, actor=walk.actor(ADVISER), at=walk.at)
    assert [(one.text, one.withdrawn_reason) for one in names] == [(ALSO, "It was the name of the neighbour.")]
    found = reading.find_person(name=ALSO, birth_date="", actor=walk.actor(ADVISER), at=walk.at)
    assert (found.rows, found.possibly) == ([], [])
    with pytest.raises(Conflict):
        services.withdraw_alias(reason="Again.", **given)


def test_r007_the_database_changes_no_name(walk: Walk) -> None:
    alias = named(walk)

    with acting(walk.actor(ADVISER), at=walk.at), transaction.atomic(), pytest.raises(IntegrityError):
        Alias.objects.filter(pk=alias.pk).update(name=b"x")


# --- search first, then create ---


def test_r007_a_look_up_finds_another_name_and_initials_as_possibly_the_same(walk: Walk) -> None:
    named(walk)

    def found(name: str, born: str = "") -> tuple[int, list[int]]:
        seen = reading.find_person(name=name, birth_date=born, actor=walk.actor(POLICE), at=walk.tick())
        return len(seen.rows), [int(one.likeness) for one in seen.possibly]

    assert found("fenna van der wold") == (1, [])
    assert found("fenna van der wold", "1981-04-12") == (1, [])
    assert found("fenna van der wold", "1981-04-13") == (0, [2])
    assert found(ALSO) == (0, [3])
    assert found("F. van der Wold", "1981-01-01") == (0, [4])
    assert found("F. van der Wold", "1982-01-01") == (0, [])


def test_r007_who_is_known_by_another_name_and_this_birth_date_is_not_entered_twice(walk: Walk) -> None:
    named(walk)

    with pytest.raises(Conflict):
        another(walk, name=ALSO)
    another(walk, name=ALSO, birth_date="")  # somebody else may go by that name


# --- hints ---


@pytest.mark.parametrize(
    ("changes", "likeness"),
    [
        ({"birth_date": "1990-01-01"}, 2),
        ({"name": ALSO, "birth_date": "1990-01-01"}, 3),
        ({"name": "F. van der Wold", "birth_date": "1981-01-01"}, 4),
    ],
)
def test_r007_two_cases_that_look_alike_hint_at_each_other(walk: Walk, changes: dict[str, Any], likeness: int) -> None:
    named(walk)
    second = another(walk, **changes)

    assert hints(walk, walk.nomination.case_id) == [(number_of(second), likeness)]
    assert hints(walk, second.case_id) == [(number_of(walk.nomination), likeness)]


def test_r007_who_does_not_see_both_cases_is_told_nothing(walk: Walk) -> None:
    second = another(walk, seen_by_office=False, birth_date="1990-01-01")

    assert hints(walk, walk.nomination.case_id) == []
    body = as_client(walk.actor(ADVISER)).get(reverse("cases:case", args=[walk.nomination.case_id])).content.decode()
    assert number_of(second) not in body
    assert hints(walk, second.case_id, by=walk.actor(POLICE)) == [(number_of(walk.nomination), 2)]


def test_r007_a_case_that_does_not_look_alike_gives_no_hint(walk: Walk) -> None:
    another(walk, name="Sietse Wold", birth_date="1990-01-01")

    assert hints(walk, walk.nomination.case_id) == []


def test_r007_nobody_is_pointed_at_a_case_about_themselves(walk: Walk) -> None:
    second = another(walk, birth_date="1990-01-01")
    with acting(walk.actor(POLICE), at=walk.at):
        person = Case.objects.get(pk=second.case_id).person
        person.user_id = walk.actor(ADVISER).user_id
        person.save()

    assert hints(walk, walk.nomination.case_id) == []


def test_r007_the_hint_is_logged_as_a_look_at_the_other_person(walk: Walk) -> None:
    second = another(walk, birth_date="1990-01-01")
    hints(walk, walk.nomination.case_id)

    with acting(walk.actor(ADVISER), at=walk.at):
        person_id = Case.objects.get(pk=second.case_id).person_id
    with acting(walk.actor(Role.CONTROLLER), at=walk.at):
        assert ReadEntry.objects.filter(
            actor_id=walk.actor(ADVISER).user_id, kind="list", subject_id=person_id, scope_id=second.case_id
        ).exists()


def test_r007_hints_cost_the_same_number_of_queries(walk: Walk) -> None:
    named(walk)
    client, address = as_client(walk.actor(ADVISER)), reverse("cases:case", args=[walk.nomination.case_id])
    another(walk, birth_date="1990-01-01")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    another(walk, birth_date="1991-01-01")
    another(walk, name="F. van der Wold", birth_date="1981-01-01")
    with CaptureQueriesContext(connection) as more:
        body = client.get(address).content.decode()

    assert len(more) == len(one)
    assert body.count("same name") >= 1


# --- the pages ---


def test_r007_names_are_added_and_withdrawn_on_their_page(walk: Walk) -> None:
    client, address = as_client(walk.actor(ADVISER)), reverse("cases:aliases", args=[walk.nomination.case_id])

    assert client.post(address, {"act": "add", "name": ALSO, "kind": "alias"}).status_code == 302
    alias_id = reading.read_aliases(case_id=walk.nomination.case_id, actor=walk.actor(ADVISER), at=walk.tick())[1][
        0
    ].row.pk
    assert ALSO in client.get(address).content.decode()
    assert ALSO in client.get(reverse("cases:identity", args=[walk.nomination.case_id])).content.decode()
    told = {"act": "withdraw", "alias_id": str(alias_id), "reason": ""}
    assert client.post(address, told).status_code == 422
    assert client.post(address, told | {"reason": "Another person."}).status_code == 302


def test_r007_the_report_page_hints_before_anything_is_created(walk: Walk) -> None:
    named(walk)
    told = {"act": "find", "name": ALSO, "birth_date": ""}

    body = as_client(walk.actor(POLICE)).post(reverse("cases:report"), told).content.decode()

    assert number_of(walk.nomination) in body
    assert "another name of the person" in body
