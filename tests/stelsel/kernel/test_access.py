"""Need to know: what a grant opens, from when until when, for whom; and the second wall behind it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.models import Case, CaseGroupGrant, CaseUserGrant
from stelsel.kernel import access
from stelsel.kernel.access import Principal, acting, actor_for, give, page
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import NotVisible
from stelsel.kernel.jobs import system_actor
from stelsel.kernel.models import Membership, User
from tests.cases.walk import Walk
from tests.stelsel.kernel.conftest import Run
from tests.stelsel.kernel.doors import logged_in
from tests.world import NOON, World, later

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MANY = 20_000


@pytest.fixture
def case(world: World) -> UUID:
    """A case that its police region opened, an hour after noon."""
    return Walk(world).opened().case_id


def sees(actor: Actor, case: UUID, *, hours: int = 3) -> bool:
    at = later(hours=hours)
    with acting(actor, at=at):
        return Case.objects.visible_to(actor, at=at).filter(pk=case).exists()


def sees_without_filter(actor: Actor, *, hours: int = 3) -> int:
    with acting(actor, at=later(hours=hours)):
        return Case.objects.count()


def grant(world: World, case: UUID, to: Principal, *, hours: int = 2, until: int | None = None) -> None:
    """Given by somebody who sees the case."""
    at = later(hours=hours)
    giver = world.actor(Role.POLICE_RCCB)
    with acting(giver, at=at):
        give(
            Case.objects.get(pk=case),
            to=to,
            reason="takes part",
            ground="test",
            until=later(hours=until) if until is not None else None,
        )


def test_a_stranger_sees_nothing(world: World, case: UUID) -> None:
    stranger = world.actor(Role.CASE_MANAGER)

    assert not sees(stranger, case)
    assert sees_without_filter(stranger) == 0


def test_a_grant_opens_the_case_for_its_period_alone(world: World, case: UUID) -> None:
    analyst = world.actor(Role.THREAT_ANALYST)
    grant(world, case, Principal(Role.THREAT_ANALYST, user_id=analyst.user_id), hours=2, until=4)

    assert [sees(analyst, case, hours=hour) for hour in (1, 2, 3, 4, 5)] == [False, True, True, False, False]
    assert [sees_without_filter(analyst, hours=hour) for hour in (1, 3, 5)] == [0, 1, 0]


def test_a_grant_to_a_group_opens_it_for_that_role_of_that_organisation(world: World, case: UUID) -> None:
    group = world.organisations["lcc"].group_for(Role.LCC_ADVISER)
    grant(world, case, Principal(Role.LCC_ADVISER, group_id=group.pk))

    assert sees(world.actor(Role.LCC_ADVISER), case)
    assert sees(world.actor(Role.LCC_ADVISER, nth=2), case)
    assert not sees(world.actor(Role.LCC_COORDINATOR), case)
    assert not sees(world.actor(Role.LCC_ADVISER, of="kmar"), case)


def test_a_grant_in_one_role_opens_nothing_in_another(world: World, case: UUID) -> None:
    analyst = world.actor(Role.THREAT_ANALYST)
    grant(world, case, Principal(Role.THREAT_ANALYST, user_id=analyst.user_id))
    user = User.objects.get(pk=analyst.user_id)
    other_hat = world.appoint(user, Role.CONTROLLER, of="nctv")

    assert sees(analyst, case)
    assert not sees(other_hat, case)


def test_an_ended_role_opens_nothing_at_once(world: World, case: UUID) -> None:
    """No restart, no cached actor: the next request has no actor, and its group's grants are out of reach."""
    adviser = world.actor(Role.LCC_ADVISER)
    grant(world, case, Principal(Role.LCC_ADVISER, group_id=adviser.group_id))
    user = User.objects.get(pk=adviser.user_id)
    Membership.objects.filter(pk=str(adviser.membership_id)).update(period=(later(hours=-100), later(hours=3)))

    assert actor_for(user, at=later(hours=2)) is not None
    assert actor_for(user, at=later(hours=3)) is None


def test_an_inactive_user_acts_in_no_role(world: World) -> None:
    actor = world.actor(Role.DECIDER)
    User.objects.filter(pk=actor.user_id).update(is_active=False)

    assert actor_for(User.objects.get(pk=actor.user_id), at=NOON) is None


def test_a_membership_of_somebody_else_is_not_taken(world: World) -> None:
    mine, theirs = world.actor(Role.DECIDER), world.actor(Role.SECURITY_OFFICER)
    user = User.objects.get(pk=mine.user_id)

    taken = actor_for(user, at=NOON, membership_id=theirs.membership_id)

    assert taken is not None
    assert taken.role is Role.DECIDER


@pytest.mark.urls("tests.stelsel.kernel.doors")
def test_a_role_that_ended_yesterday_opens_no_page(world: World, case: UUID) -> None:
    actor = world.actor(Role.POLICE_RCCB)
    client = logged_in(actor)
    assert client.get("/write?code=a").status_code == 200

    Membership.objects.filter(pk=str(actor.membership_id)).update(
        period=(later(hours=-100), timezone.now() - timedelta(days=1))
    )

    assert client.get("/write?code=b").status_code == 403


@pytest.mark.urls("tests.stelsel.kernel.doors")
def test_a_view_without_its_filter_shows_nothing_foreign(world: World, case: UUID) -> None:
    """The second wall: the list of the page has no `visible_to` at all."""
    number = Case.objects.get(pk=case).number  # the opener's sight is still there
    stranger, opener = logged_in(world.actor(Role.CASE_MANAGER)), logged_in(world.actor(Role.POLICE_RCCB))

    assert stranger.get("/list").content == b""
    assert opener.get("/list").content.decode() == number


def test_with_row_level_security_off_such_a_view_shows_everything(world: World, owner: Run) -> None:
    """The control switched off by the owner: the test above would then fail."""
    Walk(world).opened()
    owner("ALTER TABLE cases_case DISABLE ROW LEVEL SECURITY")

    assert sees_without_filter(world.actor(Role.CASE_MANAGER)) == 1


def test_without_a_unit_of_work_the_connection_sees_no_case(world: World, owner: Run) -> None:
    Walk(world).opened()

    assert owner("SELECT 1")
    assert Case.objects.count() == 0


def test_the_web_role_is_never_the_system(world: World, case: UUID) -> None:
    """A forged actor in the web process gets past the filter, and meets the second wall."""
    assert not sees(system_actor(), case)


def test_has_perm_respects_the_period(world: World, case: UUID) -> None:
    analyst = world.actor(Role.THREAT_ANALYST)
    user = User.objects.get(pk=analyst.user_id)
    now = timezone.now()
    with acting(world.actor(Role.POLICE_RCCB), at=later(hours=2)):
        subject = Case.objects.get(pk=case)
        made = give(subject, to=Principal(Role.THREAT_ANALYST, user_id=user.pk), reason="a", ground="test")
    answers = []
    for period in ((now - HOUR, now + HOUR), (now - 2 * HOUR, now - HOUR), (now + HOUR, None)):
        type(made)._default_manager.filter(pk=made.pk).update(period=period)
        with acting(analyst, at=now):
            answers.append(user.has_perm("cases.view_case", subject))

    assert answers == [True, False, False]
    assert not user.has_perm("cases.view_case")
    assert not User.objects.get(pk=world.actor(Role.DECIDER).user_id).has_perm("cases.view_case", subject)


def test_has_perm_by_group_ends_with_the_membership(world: World, case: UUID) -> None:
    adviser = world.actor(Role.LCC_ADVISER)
    user = User.objects.get(pk=adviser.user_id)
    grant(world, case, Principal(Role.LCC_ADVISER, group_id=adviser.group_id))
    with acting(world.actor(Role.POLICE_RCCB), at=later(hours=2)):
        subject = Case.objects.get(pk=case)
    with acting(adviser, at=timezone.now()):
        assert user.has_perm("cases.view_case", subject)
        Membership.objects.filter(pk=str(adviser.membership_id)).update(period=(later(hours=-9), timezone.now() - HOUR))
        assert not user.has_perm("cases.view_case", subject)


def test_a_superuser_sees_no_case(world: World, case: UUID) -> None:
    user = User.objects.create(username="root", is_superuser=True, is_staff=True)
    with acting(world.actor(Role.POLICE_RCCB), at=later(hours=2)):
        subject = Case.objects.get(pk=case)

    assert not access.DatedObjectPermissions().has_perm(user, "cases.view_case", subject)
    assert not sees(world.appoint(user, Role.ADMINISTRATOR, of="nctv"), case)


def test_two_grants_of_one_role_do_not_overlap(world: World, case: UUID) -> None:
    analyst = world.actor(Role.THREAT_ANALYST)
    to = Principal(Role.THREAT_ANALYST, user_id=analyst.user_id)
    grant(world, case, to, until=4)
    grant(world, case, to, hours=5)

    with acting(analyst, at=later(hours=6)):
        held = CaseUserGrant.objects.get(user_id=analyst.user_id, period__contains=later(hours=6))
    with acting(analyst, at=later(hours=6)), pytest.raises(IntegrityError), transaction.atomic():
        CaseUserGrant.objects.create(
            user_id=analyst.user_id,
            role=held.role,
            permission_id=held.permission_id,
            content_object_id=case,
            reason="again",
            ground="test",
            period=(later(hours=3), None),
            sort_at=NOON,
        )


def test_a_grant_gives_its_reason(world: World, case: UUID) -> None:
    with pytest.raises(IntegrityError), acting(world.actor(Role.POLICE_RCCB), at=later(hours=2)):
        give(
            Case.objects.get(pk=case),
            to=Principal(Role.LCC_ADVISER, group_id=world.actor(Role.LCC_ADVISER).group_id),
            reason="",
            ground="test",
        )


def test_a_grant_needs_somebody_who_acts(case: UUID) -> None:
    with pytest.raises(RuntimeError):
        give(Case(pk=case), to=Principal(Role.DECIDER, user_id=uuid4()), reason="a", ground="test")


# --- lists ---


@pytest.fixture
def many(world: World, owner: Run) -> Actor:
    """Somebody who may see 3 of 20,003 cases, another who may see them all by name."""
    sparse, rich = world.actor(Role.CASE_MANAGER), world.actor(Role.DECIDER)
    walk = Walk(world)
    template = walk.opened().case_id
    permission = Permission.objects.get(codename="view_case").pk
    for table in ("cases_case", "cases_caseusergrant"):
        owner(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    columns = [str(name) for (name,) in owner(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'cases_case'::regclass AND attnum > 0 AND NOT attisdropped"
    )]  # fmt: skip
    given = {
        "id": "gen_random_uuid()",
        "number": "'N' || n",
        "state": "'closed'",
        "sort_at": "sort_at - n * interval '1 minute'",
    }
    taken = ", ".join(given.get(name, f'"{name}"') for name in columns)
    copies = f"SELECT {taken} FROM cases_case, generate_series(1, {MANY}) AS n"  # noqa: S608  # names from the catalogue
    owner(f"INSERT INTO cases_case {copies} WHERE cases_case.id = %s", [str(template)])
    sql = """
        INSERT INTO cases_caseusergrant
            (id, user_id, permission_id, content_object_id, role, reason, period, ground, mine, sort_at, state, kind)
        SELECT gen_random_uuid(), %s, %s, id, %s, 'bulk', tstzrange('2026-01-01', NULL), 'test', false,
               sort_at, state, phenomenon FROM cases_case ORDER BY sort_at DESC LIMIT %s"""
    owner(sql, [str(rich.user_id), permission, rich.role, MANY])
    owner(sql, [str(sparse.user_id), permission, sparse.role, 3])
    owner("ANALYZE")
    return sparse


def test_a_page_is_two_queries_whatever_one_may_see(world: World, many: Actor) -> None:
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415  # only here

    for actor, expected in ((many, 3), (world.actor(Role.DECIDER), 50)):
        with (
            acting(actor, at=later(hours=3)),
            CaptureQueriesContext(
                connection,
            ) as queries,
        ):
            found = page(Case, to=actor, at=later(hours=3))
        asked = [query for query in queries if "grant" in query["sql"]]
        assert (len(found.ids), len(asked)) == (expected, 2)
        assert bool(found.following) is (expected == 50)


@pytest.mark.parametrize("whose", ["sparse", "rich"])
def test_a_page_reads_the_index_of_its_order_and_few_rows(world: World, many: Actor, whose: str) -> None:
    actor = many if whose == "sparse" else world.actor(Role.DECIDER)
    with acting(actor, at=later(hours=3)), connection.cursor() as cursor:
        rows = (
            CaseUserGrant.objects.filter(access._in_force(later(hours=3)), user_id=actor.user_id, role=actor.role)
            .order_by("-sort_at", "-content_object_id")
            .values_list("content_object_id", "sort_at")[:51]
        )
        sql, params = rows.query.sql_with_params()
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()[0]
    read = nodes(plan["Plan"])

    assert any(node.get("Index Name") == "case_user_grant_list" for node in read), read
    assert not any(node["Node Type"] in {"Seq Scan", "Sort"} for node in read), read
    assert max(node["Actual Rows"] for node in read) <= 51


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", []) for node in nodes(part))]


def test_pages_follow_each_other_without_gap_or_repeat(world: World, many: Actor) -> None:
    actor = world.actor(Role.DECIDER)
    found: list[UUID] = []
    after = ""
    with acting(actor, at=later(hours=3)):
        for _ in range(5):
            part = page(Case, to=actor, at=later(hours=3), size=7, after=after)
            found += part.ids
            after = part.following
        whole = page(Case, to=actor, at=later(hours=3), size=35)

    assert found == whole.ids
    assert len(set(found)) == 35


@pytest.mark.parametrize("cursor", ["nonsense", "2026-03-02~x", "~", "2026-03-02T12:00:00+00:00~1"])
def test_a_cursor_that_is_not_ours_is_not_found(world: World, cursor: str) -> None:
    actor = world.actor(Role.DECIDER)

    with pytest.raises(NotVisible), acting(actor, at=NOON):
        page(Case, to=actor, at=NOON, after=cursor)


def test_a_list_merges_the_grants_of_user_and_group(world: World) -> None:
    walks = [Walk(world), Walk(world, at=later(hours=5))]
    cases = [walk.opened(name=f"Person {number}").case_id for number, walk in enumerate(walks)]
    adviser = world.actor(Role.LCC_ADVISER)
    grant(world, cases[0], Principal(Role.LCC_ADVISER, user_id=adviser.user_id), hours=7)
    grant(world, cases[0], Principal(Role.LCC_ADVISER, group_id=adviser.group_id), hours=7)
    grant(world, cases[1], Principal(Role.LCC_ADVISER, group_id=adviser.group_id), hours=7)

    with acting(adviser, at=later(hours=8)):
        assert page(Case, to=adviser, at=later(hours=8)).ids == [cases[1], cases[0]]
        assert page(Case, to=adviser, at=later(hours=8), filters={"state": "closed"}).ids == []


def test_the_list_follows_the_state_of_the_case(world: World) -> None:
    walk = Walk(world)
    case = walk.opened().case_id
    actor = world.actor(Role.POLICE_RCCB)
    with acting(actor, at=later(hours=3)):
        Case.objects.filter(pk=case).update(sort_at=later(hours=2), phenomenon="terrorism")
        held: QuerySet[CaseGroupGrant] | QuerySet[CaseUserGrant] = CaseGroupGrant.objects.filter(content_object_id=case)
        if not held:
            held = CaseUserGrant.objects.filter(content_object_id=case)
        found = set(held.values_list("sort_at", "kind"))

    assert found == {(later(hours=2), "terrorism")}


# --- who acts ---


def test_a_block_gives_back_who_acted_before(world: World) -> None:
    first, second = world.actor(Role.DECIDER), world.actor(Role.CASE_MANAGER)
    with acting(first, at=NOON):
        with acting(second, at=NOON):
            assert who() == str(second.user_id)
        assert who() == str(first.user_id)
        with pytest.raises(ZeroDivisionError), acting(second, at=NOON):
            raise ZeroDivisionError
        assert who() == str(first.user_id)


def who() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_actor()::text")
        return str(cursor.fetchone()[0])


def test_who_acts_ends_with_the_transaction(world: World, owner: Run) -> None:
    with acting(world.actor(Role.DECIDER), at=NOON):
        pass

    assert who() == "None"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(start=st.integers(-5, 5), length=st.integers(1, 5), at=st.integers(-8, 12))
def test_a_period_contains_its_start_and_not_its_end(world: World, start: int, length: int, at: int) -> None:
    with transaction.atomic():
        user = User.objects.create(username=str(uuid4()))
        world.appoint(
            user, Role.BUDDY_COORDINATOR, of="nctv", start=later(hours=start), end=later(hours=start + length)
        )

    acts = actor_for(user, at=later(hours=at)) is not None

    assert acts is (start <= at < start + length)


def test_an_actor_is_only_what_it_is(world: World) -> None:
    """An actor is a value: nobody changes the role of one that a request holds."""
    actor = world.actor(Role.DECIDER)

    with pytest.raises(AttributeError):
        actor.role = Role.SYSTEM  # type: ignore[misc]  # that is the point
    assert replace(actor, role=Role.SYSTEM) != actor
