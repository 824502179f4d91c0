"""The first administrator comes from the command line, the others from admin."""

import pytest
from django.core.management import CommandError, call_command

from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import Membership, User
from tests.world import World


def test_the_first_administrator_is_appointed_for_an_organisation_that_is_made(db: None) -> None:
    User.objects.create(username="first", password="!")

    call_command("appoint", "first")

    membership = Membership.objects.get(user__username="first")
    assert (membership.role, membership.organisation.code) == (Role.ADMINISTRATOR, "nctv")


def test_a_second_one_is_not(world: World) -> None:
    world.actor(Role.ADMINISTRATOR)
    User.objects.create(username="second", password="!")

    with pytest.raises(CommandError, match="already"):
        call_command("appoint", "second")


def test_a_user_who_is_not_there_is_named(db: None) -> None:
    with pytest.raises(CommandError, match="nobody"):
        call_command("appoint", "nobody")
