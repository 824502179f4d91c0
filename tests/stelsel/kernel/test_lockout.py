"""One count over password, code and passkey: five failures, whoever makes them and however many at once."""

import threading
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from stelsel.kernel import lockout
from stelsel.kernel.models import LoginLock, User
from tests.stelsel.kernel.conftest import Run
from tests.world import NOON, SECRET, code_for

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet long password"
NAME = "somebody"


@pytest.fixture
def somebody() -> User:
    user = User(username=NAME, full_name="Some Body")
    user.set_password(PASSWORD)
    user.save()
    TOTP.activate(user, SECRET)
    return user


def log_in(client: Client, password: str) -> int:
    return client.post(reverse("account_login"), {"login": NAME, "password": password}).status_code


def type_code(client: Client, code: str) -> int:
    return client.post(reverse("mfa_authenticate"), {"code": code}).status_code


def fail(times: int, *, at: datetime = NOON) -> None:
    for _ in range(times):
        lockout.failed(NAME, at=at)


@pytest.mark.parametrize(("failures", "refused"), [(0, False), (4, False), (5, True), (9, True)])
def test_five_failures_lock(failures: int, refused: bool) -> None:  # noqa: FBT001  # a case of the test
    fail(failures)

    assert lockout.locked(NAME, at=NOON) is refused
    assert lockout.hold(NAME, at=NOON) is refused
    assert not lockout.locked("another", at=NOON)


def test_the_lock_ends_after_half_an_hour() -> None:
    fail(5)

    assert lockout.locked(NAME, at=NOON + timedelta(minutes=29))
    assert not lockout.locked(NAME, at=NOON + timedelta(minutes=30))


def test_old_failures_are_forgotten() -> None:
    fail(4)
    fail(1, at=NOON + timedelta(minutes=31))

    assert not lockout.locked(NAME, at=NOON + timedelta(minutes=31))


def test_a_full_log_in_begins_a_new_count() -> None:
    fail(4)
    lockout.succeeded(NAME)
    fail(4)

    assert not lockout.locked(NAME, at=NOON)


def test_the_name_is_not_kept_in_the_clear(owner: Run) -> None:
    with transaction.atomic():
        fail(1)

    assert owner("SELECT count(*) FROM kernel_loginlock WHERE kernel_loginlock::text LIKE '%somebody%'") == [(0,)]


def test_failures_at_once_are_all_counted(fresh_db: str) -> None:
    def one() -> None:
        lockout.failed(NAME, at=NOON)
        connection.close()

    in_threads(one, 20)

    assert LoginLock.objects.get().failures == 20


def in_threads(step: object, count: int) -> None:
    assert callable(step)
    threads = [threading.Thread(target=step) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def guesses(checks: list[bool], *, holding: bool) -> None:
    """Twenty attempts at once, each as a request makes it: look whether it is locked, check the secret, count."""
    barrier = threading.Barrier(20)

    def attempt() -> None:
        barrier.wait()
        with transaction.atomic():
            look = lockout.hold if holding else lockout.locked
            if not look(NAME, at=NOON):
                checks.append(True)
                threading.Event().wait(0.05)  # the time that a password takes
                lockout.failed(NAME, at=NOON)
        connection.close()

    in_threads(attempt, 20)


def test_no_more_guesses_than_the_limit_are_looked_at_however_many_come_at_once(fresh_db: str) -> None:
    checks: list[bool] = []

    guesses(checks, holding=True)

    assert len(checks) == 5


def test_looking_without_holding_would_let_more_through(fresh_db: str) -> None:
    """The control switched off."""
    checks: list[bool] = []

    guesses(checks, holding=False)

    assert len(checks) > 5


def test_wrong_passwords_and_wrong_codes_count_together(somebody: User) -> None:
    client = Client()
    for _ in range(3):
        log_in(client, "wrong")
    log_in(client, PASSWORD)
    for _ in range(2):
        type_code(client, "000000")

    assert lockout.locked(NAME, at=timezone.now())
    right = code(somebody)
    type_code(client, right)
    assert "_auth_user_id" not in client.session


def code(user: User) -> str:
    from dataclasses import dataclass  # noqa: PLC0415  # only here
    from uuid import UUID  # noqa: PLC0415  # only here

    @dataclass
    class Somebody:
        user_id: UUID

    return code_for(Somebody(user.pk))  # type: ignore[arg-type]  # reads the user's id alone


def test_a_locked_log_in_is_refused_with_the_right_password_and_says_so(somebody: User) -> None:
    client = Client()
    for _ in range(5):
        log_in(client, "wrong")

    answer = client.post(reverse("account_login"), {"login": NAME, "password": PASSWORD})

    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert LoginLock.objects.get().failures == 5


def test_an_unknown_name_is_counted_like_a_known_one() -> None:
    for _ in range(5):
        log_in(Client(), "wrong")

    assert lockout.locked(NAME, at=timezone.now())


def test_a_right_code_logs_in_and_begins_a_new_count(somebody: User) -> None:
    client = Client()
    log_in(client, "wrong")
    log_in(client, PASSWORD)

    assert type_code(client, code(somebody)) == 302
    assert client.session["_auth_user_id"] == str(somebody.pk)
    assert LoginLock.objects.get().failures == 0


def test_a_code_works_once_even_when_the_cache_forgot_it(somebody: User) -> None:
    from django.core.cache import cache  # noqa: PLC0415  # only here

    right = code(somebody)
    now = timezone.now()

    assert lockout.spend_code(somebody, right, at=now)
    cache.clear()
    assert not lockout.spend_code(somebody, right, at=now)
    assert not lockout.spend_code(somebody, f" {right[:3]} {right[3:]}", at=now)


def test_with_allauth_alone_the_code_would_work_again(somebody: User) -> None:
    """The control switched off: the cache forgets a code after 30 seconds, and it is accepted for 90."""
    from django.core.cache import cache  # noqa: PLC0415  # only here

    right = code(somebody)
    authenticator = Authenticator.objects.get(user=somebody)

    assert authenticator.wrap().validate_code(right)
    cache.clear()
    assert authenticator.wrap().validate_code(right)


def test_one_code_sent_many_times_at_once_works_once(fresh_db: str) -> None:
    from django.core.cache import cache  # noqa: PLC0415  # only here

    user = User.objects.create(username=NAME)
    TOTP.activate(user, SECRET)
    right, answers = code(user), []

    def one() -> None:
        cache.clear()
        answers.append(lockout.spend_code(user, right, at=timezone.now()))
        connection.close()

    in_threads(one, 8)

    assert answers.count(True) == 1


def test_secrets_of_authenticators_are_not_in_the_clear(somebody: User) -> None:
    kept = Authenticator.objects.get(user=somebody).data["secret"]

    assert SECRET not in kept
    assert lockout.MfaAdapter().decrypt(kept) == SECRET


def test_secrets_of_authenticators_move_to_a_new_master_key(somebody: User, settings: Settings) -> None:
    from stelsel.kernel import vault  # noqa: PLC0415  # only here
    from tests.stelsel.kernel.test_vault import NEW  # noqa: PLC0415  # only here

    settings.MASTER_KEYS = f"{settings.MASTER_KEYS},{NEW}"
    vault._master_keys.cache_clear()
    assert lockout.reseal() == 1
    settings.MASTER_KEYS = NEW
    vault._master_keys.cache_clear()

    assert Authenticator.objects.get(user=somebody).wrap()
    assert lockout.MfaAdapter().decrypt(Authenticator.objects.get(user=somebody).data["secret"]) == SECRET
    settings.MASTER_KEYS = ""
    vault._master_keys.cache_clear()


def test_a_passkey_of_a_locked_log_in_is_refused(somebody: User) -> None:
    form = lockout.PasskeyForm(user=somebody, data={"credential": "{}"})
    fail(5, at=timezone.now())

    assert not form.is_valid()
