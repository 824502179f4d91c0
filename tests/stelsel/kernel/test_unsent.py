"""What was typed when the session had ended is on its page again after the log-in: for that person, in that browser.

Nothing of it is done, and nothing of it is readable anywhere else.
"""

import copy
import pickle
import time
from datetime import timedelta
from typing import Any

import pytest
import redis
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from stelsel.kernel import unsent
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import Organisation, User
from tests.services import ROOT
from tests.stelsel.kernel import doors
from tests.stelsel.kernel.doors import logged_in
from tests.world import SECRET, World

pytestmark = [pytest.mark.urls("tests.stelsel.kernel.doors"), pytest.mark.django_db]

PASSWORD = "a quiet long password"
TEXT = "They meet at the harbour on Tuesday"
TYPED = {"version": "5", "text": TEXT, "kind": "b", "on": "2026-03-04", "code": "123456"}
FROM = {"Referer": "http://testserver/note"}


@pytest.fixture(autouse=True)
def _a_page(settings: Any) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"].append(ROOT / "tests" / "stelsel" / "kernel" / "templates")
    settings.TEMPLATES = templates


@pytest.fixture
def manager(world: World) -> Actor:
    actor = world.actor(Role.CASE_MANAGER)
    user = User.objects.get(pk=actor.user_id)
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, SECRET)
    cache.clear()
    return actor


def reading(actor: Actor) -> Client:
    """A browser in which this person has the page open."""
    client = logged_in(actor)
    assert client.get("/note").status_code == 200
    return client


def ended(client: Client) -> Client:
    """Logged out elsewhere: the session is gone, its cookie is not."""
    Session.objects.all().delete()
    return client


def typed_in_vain(client: Client, **more: Any) -> Any:
    return client.post("/note", {**TYPED, **more}, headers=FROM)


def log_in(client: Client, actor: Actor, *, to: str) -> Any:
    """With password and code, as the log-in page asks them."""
    client.post(to, {"login": User.objects.get(pk=actor.user_id).username, "password": PASSWORD})
    return client.post(
        "/account/2fa/authenticate/",
        {"code": format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))},
        follow=True,
    )


def value(page: Any, name: str, form: str = "form") -> Any:
    return page.context[form][name].value()


# --- it comes back ----------------------------------------------------------------------------------------------------


def test_what_was_typed_stands_in_its_form_after_the_log_in_and_nothing_was_done(manager: Actor) -> None:
    client = ended(reading(manager))
    away = typed_in_vain(client)
    assert away["Location"] == "/account/login/?next=/note"

    page = log_in(client, manager, to=away["Location"])

    assert page.redirect_chain[-1][0] == "/note"
    assert {name: value(page, name) for name in ("version", "text", "kind", "on", "tick")} == {
        "version": "5",
        "text": TEXT,
        "kind": "b",
        "on": "2026-03-04",
        "tick": False,
    }
    assert page.text.count(TEXT) == 1
    assert "niets veranderd" in page.text
    assert not Organisation.objects.filter(code="a-team").exists()
    assert not page.context["form"].is_bound


@pytest.mark.parametrize("minutes", [31, 10 * 60 + 31])
def test_also_when_the_session_was_idle_or_too_old(manager: Actor, minutes: int) -> None:
    client, now = reading(manager), timezone.now()
    if minutes > 60:
        session = client.session
        session["started"] = now.timestamp() - minutes * 60
        session.save()
        minutes = 1
    with time_machine.travel(now + timedelta(minutes=minutes)):
        away = typed_in_vain(client)
        page = log_in(client, manager, to=away["Location"])

    assert value(page, "text") == TEXT


def test_it_is_shown_once(manager: Actor) -> None:
    client = ended(reading(manager))
    page = log_in(client, manager, to=typed_in_vain(client)["Location"])
    again = client.get("/note")

    assert TEXT in page.text
    assert TEXT not in again.text
    assert "unsent" not in client.cookies or not client.cookies["unsent"].value
    assert kept() == {}


def test_the_other_form_of_the_page_stays_empty(manager: Actor) -> None:
    """Both ask a version and a text; only one has what was sent with them."""
    client = ended(reading(manager))
    page = log_in(client, manager, to=typed_in_vain(client)["Location"])

    assert value(page, "text", "back") is None


def test_a_text_that_two_forms_could_have_sent_stands_above_them(manager: Actor) -> None:
    client = ended(reading(manager))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doors, "Note", doors.Back)
        away = client.post("/note", {"version": "5", "text": TEXT}, headers=FROM)
        page = log_in(client, manager, to=away["Location"])

    assert (value(page, "text"), value(page, "text", "back")) == (None, None)
    assert page.context["unsent"].texts == [TEXT]
    assert page.text.count(TEXT) == 1


def test_rows_come_back_all(manager: Actor) -> None:
    client = ended(reading(manager))
    rows = {"line-TOTAL_FORMS": "3", "line-INITIAL_FORMS": "0", **{f"line-{n}-what": f"row {n}" for n in range(3)}}
    page = log_in(client, manager, to=client.post("/note", rows, headers=FROM)["Location"])

    assert [row["what"].value() for row in page.context["rows"]] == ["row 0", "row 1", "row 2"]


def test_what_is_sent_to_an_address_without_a_page_comes_back_where_it_was_typed(manager: Actor) -> None:
    client = ended(reading(manager))
    away = client.post("/note/down", TYPED, headers=FROM)

    assert value(log_in(client, manager, to=away["Location"]), "text") == TEXT


@pytest.mark.parametrize("came_from", ["", "https://elsewhere.example/note", "http://testserver/account/login/"])
def test_without_that_page_it_stands_on_the_start_page(manager: Actor, came_from: str) -> None:
    """Another site does not choose where one lands."""
    client = ended(reading(manager))
    away = client.post("/note/down", TYPED, headers={"Referer": came_from})
    assert away["Location"] == "/account/login/?next=/note/down"
    page = log_in(client, manager, to=away["Location"])

    assert page.redirect_chain[-1][0] == "/"
    assert page.context["unsent"].texts == [TEXT]
    assert not Organisation.objects.filter(code="a-team").exists()


# --- for nobody else --------------------------------------------------------------------------------------------------


def test_another_user_gets_nothing_and_it_is_gone(manager: Actor, world: World) -> None:
    client = ended(reading(manager))
    typed_in_vain(client)
    other = world.actor(Role.DECIDER)
    client.cookies["sessionid"] = logged_in(other).cookies["sessionid"].value

    first = client.get("/note")
    client.cookies["sessionid"] = logged_in(manager).cookies["sessionid"].value
    second = client.get("/note")

    assert TEXT not in first.text
    assert TEXT not in second.text
    assert kept() == {}


def test_another_browser_gets_nothing(manager: Actor) -> None:
    client = ended(reading(manager))
    typed_in_vain(client)

    assert TEXT not in logged_in(manager).get("/note").text


def test_nothing_is_kept_of_somebody_who_was_never_logged_in(manager: Actor) -> None:
    client = Client()
    away = typed_in_vain(client)

    assert away["Location"] == "/account/login/?next=/note"
    assert "unsent" not in client.cookies
    assert kept() == {}


def test_who_was_logged_in_is_not_for_the_browser_to_say(manager: Actor, world: World) -> None:
    client = ended(reading(manager))
    client.cookies["who"] = str(world.actor(Role.DECIDER).user_id)
    typed_in_vain(client)

    assert kept() == {}


def test_a_password_alone_shows_nothing(manager: Actor) -> None:
    client = ended(reading(manager))
    typed_in_vain(client)
    client.cookies["sessionid"] = logged_in(manager, confirmed=False).cookies["sessionid"].value

    assert TEXT not in client.get("/note", follow=True).text


# --- nowhere in the clear, and not for long ---------------------------------------------------------------------------


def kept() -> dict[str, bytes]:
    """What the cache holds of all this, as a thief of the cache has it."""
    url = cache._cache._servers[0]  # type: ignore[attr-defined]  # Django's Redis backend
    valkey = redis.Redis.from_url(url)
    found: dict[str, bytes] = {key.decode(): valkey.get(key) for key in valkey.scan_iter("*unsent:*")}  # type: ignore[misc]
    valkey.close()
    return found


def test_neither_cache_nor_address_nor_cookie_holds_it_in_the_clear(manager: Actor) -> None:
    client = ended(reading(manager))
    away = typed_in_vain(client)
    (name, sealed), *others = kept().items()
    cookie = client.cookies["unsent"]

    assert others == []
    for part in ("harbour", str(manager.user_id)):
        assert part.encode() not in sealed
        assert part not in away["Location"] + cookie.value + name
    assert cookie.value not in name
    assert isinstance(pickle.loads(sealed), bytes)  # noqa: S301  # ours
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 1800)


def test_nothing_of_it_is_logged(manager: Actor, caplog: pytest.LogCaptureFixture) -> None:
    client = ended(reading(manager))
    log_in(client, manager, to=typed_in_vain(client)["Location"])

    assert "harbour" not in caplog.text


def test_codes_passwords_and_files_are_never_kept(manager: Actor) -> None:
    client = ended(reading(manager))
    secrets = {"password": "not this", "sub-password1": "nor this", "credential": "nor that"}
    seal, seen = unsent._seal, list[unsent.Typed]()

    def see(key: bytes, typed: unsent.Typed, user_id: str) -> None:
        seen.append(typed)
        seal(key, typed, user_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unsent, "_seal", see)
        away = typed_in_vain(client, **secrets, file=SimpleUploadedFile("a.txt", b"what the neighbours saw"))
    page = log_in(client, manager, to=away["Location"])

    assert set(seen[0].fields) == {"version", "text", "kind", "on"}
    assert not value(page, "code")
    assert (page.context["unsent"].files, page.context["unsent"].secrets) == (True, True)


def test_after_half_an_hour_it_is_gone(manager: Actor) -> None:
    client = ended(reading(manager))
    typed_in_vain(client)
    (name,) = kept()
    valkey = redis.Redis.from_url(cache._cache._servers[0])  # type: ignore[attr-defined]  # as above
    assert 1790 < int(str(valkey.ttl(name))) <= 1800
    valkey.delete(name)
    valkey.close()
    client.cookies["sessionid"] = logged_in(manager).cookies["sessionid"].value

    page = client.get("/note")

    assert (page.status_code, page.context["unsent"]) == (200, None)
    assert not client.cookies["unsent"].value


def test_what_is_too_large_is_not_kept_and_the_page_says_so(manager: Actor) -> None:
    client = ended(reading(manager))
    away = typed_in_vain(client, text="word " * 60_000)
    (sealed,) = kept().values()
    assert len(sealed) < 1000
    page = log_in(client, manager, to=away["Location"])

    assert value(page, "text") is None
    assert "te lang om te bewaren" in page.text


def test_a_browser_keeps_one_text_at_most(manager: Actor) -> None:
    client = ended(reading(manager))
    typed_in_vain(client)
    away = typed_in_vain(client, text="The later text")

    assert len(kept()) == 1
    assert value(log_in(client, manager, to=away["Location"]), "text") == "The later text"


@pytest.mark.parametrize("cookie", ["", "nonsense", "é", "A" * 44])
def test_a_cookie_of_nothing_is_taken_back(manager: Actor, cookie: str) -> None:
    client = reading(manager)
    client.cookies["unsent"] = cookie

    assert client.get("/note").status_code == 200
    assert not client.cookies["unsent"].value


def test_a_form_without_its_token_is_refused_and_not_kept(manager: Actor) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = ended(reading(manager)).cookies

    assert typed_in_vain(client).status_code == 403
    assert kept() == {}
