"""The pages around logging in: each opens, in both languages, with every variable it names defined."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from stelsel.kernel.models import User

PASSWORD = "a quiet long password"
WITHOUT_CODE = (
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
    "account_change_password",
    "account_reauthenticate",
    "account_logout",
)
WITH_CODE = (
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "account_logout",
)


@pytest.fixture
def somebody(db: None) -> User:  # the fixture opens the database
    user = User.objects.create(username="somebody", full_name="Some Body", password="")
    user.set_password(PASSWORD)
    user.save()
    return user


def logged_in(user: User) -> Client:
    client = Client(headers={"accept-language": "nl"})
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.django_db
def test_the_log_in_page_opens_for_anybody(language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse("account_login"))

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert 'name="password"' in page.text


def test_a_refused_log_in_says_so_at_the_top(somebody: User) -> None:
    page = Client().post(reverse("account_login"), {"login": somebody.username, "password": "wrong"})

    assert page.status_code == 200
    assert "error-summary" in page.text


@pytest.mark.parametrize("name", WITHOUT_CODE)
def test_a_page_opens_for_somebody_without_a_second_factor(name: str, somebody: User) -> None:
    page = logged_in(somebody).get(reverse(name))

    assert page.status_code == 200
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("name", WITH_CODE)
def test_a_page_opens_for_somebody_with_a_second_factor(name: str, somebody: User) -> None:
    client = logged_in(somebody)
    TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(somebody)

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert page.text.count("<h1") == 1


def test_the_list_of_keys_shows_each_key_with_its_ways_on(somebody: User) -> None:
    client = logged_in(somebody)
    key = Authenticator.objects.create(user=somebody, type="webauthn", data={"name": "Desk key", "credential": {}})

    page = client.get(reverse("mfa_list_webauthn"))

    assert "Desk key" in page.text
    assert reverse("mfa_remove_webauthn", args=[key.pk]) in page.text


def test_log_in_asks_for_the_code_after_the_password(somebody: User) -> None:
    TOTP.activate(somebody, "JBSWY3DPEHPK3PXP")

    page = Client().post(
        reverse("account_login"),
        {"login": somebody.username, "password": PASSWORD},
        follow=True,
    )

    assert page.redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert 'name="code"' in page.text


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_an_error_page_needs_no_context(template: str) -> None:
    assert render_to_string(template).count("<h1") == 1


@pytest.mark.parametrize(
    ("status", "heading"),
    [(403, "Not allowed"), (404, "Not found"), (412, "Changed meanwhile"), (422, "This cannot be")],
)
def test_a_refusal_has_a_heading_a_reason_and_a_code(status: int, heading: str) -> None:

    with override("en"):
        page = render_to_string(
            "errors/refusal.html", {"status": status, "code": "no_mandate", "message": "No mandate today."}
        )

    assert heading in page
    assert "No mandate today." in page
    assert f"{status} no_mandate" in page
