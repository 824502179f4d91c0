"""A request is one transaction: all of it or nothing, and the refusal is written afterwards."""

from uuid import uuid4

import pytest
from django.test import override_settings

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Organisation
from stelsel.kernel.web import UnitOfWork
from tests.stelsel.kernel.conftest import Run
from tests.stelsel.kernel.doors import logged_in
from tests.world import World

pytestmark = [pytest.mark.urls("tests.stelsel.kernel.doors"), pytest.mark.django_db]


def written(code: str) -> bool:
    return Organisation.objects.filter(code=code).exists()


def test_what_a_page_writes_is_committed_with_its_act(world: World, owner: Run) -> None:
    client = logged_in(world.actor(Role.CASE_MANAGER))

    answer = client.get("/write?code=a-team")

    assert answer.status_code == 200
    assert owner("SELECT verb, outcome FROM kernel_auditentry WHERE verb = 'test.write'") == [("test.write", "done")]
    assert owner("SELECT count(*) FROM kernel_organisation WHERE code = 'a-team'") == [(1,)]


def test_an_error_after_the_write_leaves_nothing(world: World, owner: Run) -> None:
    answer = logged_in(world.actor(Role.CASE_MANAGER)).get("/write-and-break?code=a-team")

    assert answer.status_code == 500
    assert not written("a-team")
    assert owner("SELECT count(*) FROM kernel_auditentry WHERE verb = 'test.write'") == [(0,)]


def test_without_the_unit_of_work_the_write_would_stay(world: World, fresh_db: str) -> None:
    client = logged_in(world.actor(Role.CASE_MANAGER))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stelsel.kernel.web.transaction.set_rollback", lambda _: None)
        client.get("/write-and-break?code=a-team")

    assert written("a-team")


def test_a_refused_act_is_written_after_the_rollback(world: World, owner: Run) -> None:
    actor = world.actor(Role.CASE_MANAGER)

    answer = logged_in(actor).get("/write-and-refuse?code=a-team")

    assert answer.status_code == 403
    assert not written("a-team")
    assert owner("SELECT actor_id::text, verb, reason FROM kernel_auditentry WHERE outcome = 'refused'") == [
        (str(actor.user_id), "page.write_and_refuse", "wrong_role")
    ]


def test_a_look_at_what_one_may_not_see_is_written_and_answers_404(world: World, owner: Run) -> None:
    wanted = uuid4()

    answer = logged_in(world.actor(Role.CASE_MANAGER)).get(f"/look/{wanted}")

    assert answer.status_code == 404
    assert owner("SELECT target_id, reason FROM kernel_auditentry WHERE outcome = 'refused'") == [
        (str(wanted), "not_found")
    ]


def test_no_byte_leaves_before_the_commit(world: World, fresh_db: str) -> None:
    """The constraint is checked at commit, after the page was rendered: the reader must not get that page."""
    answer = logged_in(world.actor(Role.CASE_MANAGER)).get("/break-at-commit?code=a-team")

    assert answer.status_code == 409
    assert b"said too early" not in answer.content
    assert not written("a-team")


def test_who_did_not_confirm_with_a_second_factor_gets_no_page(world: World) -> None:
    client = logged_in(world.actor(Role.CASE_MANAGER), confirmed=False)

    answer = client.get("/write?code=a-team")

    assert answer.status_code == 302
    assert not written("a-team")


@override_settings(MIDDLEWARE=[])
def test_the_unit_of_work_is_in_the_settings_of_every_environment() -> None:
    from stelsel.settings import base  # noqa: PLC0415  # the module as it is, not as the test overrides it

    assert base.MIDDLEWARE[-1] == f"{UnitOfWork.__module__}.{UnitOfWork.__name__}"
    assert base.DATABASES["default"]["ATOMIC_REQUESTS"] is False
