"""One click and a shown code: in demonstration mode, and nowhere else."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stelsel.kernel import lockout
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import User
from stelsel.kernel.templatetags.demonstration import demonstration_code
from stelsel.oversight.services.demo.codes import give_authenticator
from tests.world import World


def shown(user: User) -> str:
    code = demonstration_code(user, timezone.now())["code"]
    assert isinstance(code, str)
    return code


@pytest.fixture
def decider(world: World) -> User:
    user = User.objects.get(pk=world.actor(Role.DECIDER).user_id)
    give_authenticator(user)
    return user


def test_the_log_in_page_offers_everybody_with_one_click_in_demonstration_mode(
    decider: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    button = f'value="{decider.username}"'

    assert button in Client().get(reverse("account_login")).text
    monkeypatch.setattr(settings, "DEMO", False)
    assert button not in Client().get(reverse("account_login")).text


def test_one_click_logs_in_and_leads_past_the_log_in_page(decider: User) -> None:
    client = Client()

    answer = client.post(reverse("demo_login"), {"username": decider.username})

    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("home"))


def test_the_shown_code_is_accepted_once_and_then_another_is_shown(decider: User) -> None:
    first = shown(decider)

    assert lockout.spend_code(decider, first, at=timezone.now())
    assert not lockout.spend_code(decider, first, at=timezone.now())
    assert shown(decider) not in {"", first}


def test_no_code_is_shown_outside_demonstration_mode_or_without_authenticator(
    decider: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown(User.objects.get(pk=world.actor(Role.CASE_MANAGER).user_id)) == ""
    monkeypatch.setattr(settings, "DEMO", False)
    assert shown(decider) == ""


def test_the_code_stands_in_the_form_that_asks_for_one(decider: User) -> None:
    code = shown(decider)

    text = render_to_string("components/demonstration_code.html", {"code": code})

    assert f'data-demonstration-code="{code}"' in text


def test_a_secret_of_somebody_elses_choice_works_too(world: World) -> None:
    user = User.objects.get(pk=world.actor(Role.DECIDER).user_id)
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")

    assert lockout.spend_code(user, shown(user), at=timezone.now())
