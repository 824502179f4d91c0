"""Signing: a fresh code of the office holder over exactly what was shown."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from psycopg2 import errors

from stelsel.kernel import lockout, signing
from stelsel.kernel.access import acting, actor_for
from stelsel.kernel.authorisation import Actor, Role, differs
from stelsel.kernel.errors import Forbidden
from stelsel.kernel.models import Membership, Signature, User
from tests.stelsel.kernel.conftest import Run
from tests.world import NOON, World, code_for

pytestmark = pytest.mark.django_db
CONTENT = {"judgement": "accept", "reasons": "serious", "number": 3}


def sign(actor: Actor, code: str, *, content: dict[str, object] | None = None, at: datetime = NOON) -> Signature:
    with acting(actor, at=at):
        return signing.sign(User.objects.get(pk=actor.user_id), content or dict(CONTENT), actor=actor, at=at, code=code)


def test_a_signature_names_the_office_holder_and_the_instant(world: World) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)

    placed = sign(actor, code_for(actor))

    assert (placed.signer_id, placed.signer_name, placed.office) == (actor.user_id, actor.name, "chief_prosecutor")
    assert (placed.organisation_id, placed.signed_at, placed.method) == (actor.organisation_id, NOON, "totp")
    assert signing.holds(placed, CONTENT)


def test_changed_content_voids_it(world: World) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    placed = sign(actor, code_for(actor))

    assert not signing.holds(placed, {**CONTENT, "reasons": "serious."})
    assert not signing.holds(None, CONTENT)


@given(
    content=st.dictionaries(st.text(), st.text() | st.integers() | st.booleans() | st.none(), max_size=6),
    key=st.text(),
    value=st.text() | st.integers(),
)
def test_any_other_content_has_another_hash(content: dict[str, object], key: str, value: object) -> None:
    changed = {**content, key: value}

    same = signing.content_hash(changed) == signing.content_hash(content)

    assert same is (key in content and content[key] == value and type(content[key]) is type(value))
    assert signing.content_hash(dict(reversed(content.items()))) == signing.content_hash(content)


@pytest.mark.parametrize("code", ["000000", "", "not a code", "12345678901234567890"])
def test_a_wrong_code_signs_nothing(world: World, code: str) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    code_for(actor)

    with pytest.raises(Forbidden) as refused:
        sign(actor, code)

    assert refused.value.code == "wrong_code"
    assert not Signature.objects.exists()


def test_a_code_signs_once(world: World) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    code = code_for(actor)
    sign(actor, code)

    with pytest.raises(Forbidden) as refused:
        sign(actor, code, content={"other": "content"})

    assert refused.value.code == "wrong_code"


def test_without_an_authenticator_nobody_signs(world: World) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)

    with pytest.raises(Forbidden):
        sign(actor, "123456")


def test_a_locked_log_in_signs_nothing(world: World) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    code = code_for(actor)
    for _ in range(5):
        lockout.failed(User.objects.get(pk=actor.user_id).username, at=NOON)

    with pytest.raises(Forbidden) as refused:
        sign(actor, code)

    assert refused.value.code == "locked"


@pytest.mark.parametrize(("start", "end"), [(-9, 0), (1, 9)])
def test_a_mandate_that_is_not_in_force_signs_nothing(world: World, start: int, end: int) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    code = code_for(actor)
    Membership.objects.filter(pk=str(actor.membership_id)).update(
        period=(NOON + timedelta(hours=start), NOON + timedelta(hours=end))
    )

    with pytest.raises(Forbidden) as refused:
        sign(actor, code)

    assert refused.value.code == "no_mandate"


def stand_in(deputy: Actor, chief: Actor, *, until: datetime | None = NOON + timedelta(hours=1)) -> None:
    """The deputy stands in for the chief for some hours."""
    Membership.objects.filter(pk=str(deputy.membership_id)).update(
        deputy_of=chief.user_id, period=(NOON - timedelta(hours=1), until)
    )


def test_a_deputy_signs_as_deputy(world: World) -> None:
    chief, deputy = world.actor(Role.CHIEF_PROSECUTOR), world.actor(Role.CHIEF_PROSECUTOR, nth=2)
    stand_in(deputy, chief)

    assert sign(deputy, code_for(deputy)).deputy_of_id == chief.user_id


def test_a_deputy_stands_in_up_to_an_end(world: World) -> None:
    chief, deputy = world.actor(Role.CHIEF_PROSECUTOR), world.actor(Role.CHIEF_PROSECUTOR, nth=2)

    with transaction.atomic(), pytest.raises(IntegrityError, match="deputy_until_an_end"):
        stand_in(deputy, chief, until=None)
    stand_in(deputy, chief)
    with pytest.raises(Forbidden) as refused:
        sign(deputy, code_for(deputy), at=NOON + timedelta(hours=2))
    assert refused.value.code == "no_mandate"


def test_a_deputy_passes_nothing_on_and_stands_in_for_who_holds_the_role(world: World) -> None:
    chief, deputy = world.actor(Role.CHIEF_PROSECUTOR), world.actor(Role.CHIEF_PROSECUTOR, nth=2)
    third, manager = world.actor(Role.CHIEF_PROSECUTOR, nth=3), world.actor(Role.CASE_MANAGER)
    stand_in(deputy, chief)

    for principal in (deputy, manager, third):
        with transaction.atomic(), pytest.raises(IntegrityError):
            stand_in(third, principal)


def test_who_stands_in_is_not_the_other_pair_of_eyes(world: World) -> None:
    chief, deputy = world.actor(Role.CHIEF_PROSECUTOR), world.actor(Role.CHIEF_PROSECUTOR, nth=2)
    stand_in(deputy, chief)
    acting_deputy = actor_for(User.objects.get(pk=deputy.user_id), at=NOON)

    assert acting_deputy is not None
    assert differs(acting_deputy, chief.user_id).code == "four_eyes"
    assert differs(acting_deputy, None)
    assert differs(chief, deputy.user_id)


def test_the_mandate_of_somebody_else_does_not_sign(world: World) -> None:
    mine, theirs = world.actor(Role.CASE_MANAGER), world.actor(Role.CHIEF_PROSECUTOR)
    forged = Actor(**{**mine.__dict__, "role": theirs.role, "membership_id": theirs.membership_id})

    with pytest.raises(Forbidden):
        sign(forged, code_for(mine))


def test_a_signature_never_changes(world: World, owner: Run) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    with transaction.atomic():
        placed = sign(actor, code_for(actor))

    with pytest.raises(errors.IntegrityConstraintViolation):
        owner("UPDATE kernel_signature SET content_hash = 'x' WHERE id = %s", [str(placed.pk)])
    with pytest.raises((IntegrityError, Exception)):
        Signature.objects.filter(pk=placed.pk).update(content_hash=b"x")
    owner("DROP TRIGGER append_only ON kernel_signature")
    owner("UPDATE kernel_signature SET content_hash = 'x' WHERE id = %s", [str(placed.pk)])
    assert not signing.holds(Signature.objects.get(pk=placed.pk), CONTENT)


def test_signing_is_in_the_trail(world: World, owner: Run) -> None:
    actor = world.actor(Role.CHIEF_PROSECUTOR)
    with transaction.atomic():
        placed = sign(actor, code_for(actor))

    assert owner("SELECT verb, target_id FROM kernel_auditentry WHERE verb = 'signature.place'") == [
        ("signature.place", str(placed.pk))
    ]
    assert uuid4() != placed.pk
