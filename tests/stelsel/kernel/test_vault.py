"""Text about a person: closed to whoever has only the database, and not to be moved, and gone with its key."""

import base64
from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from cases.models import Person
from stelsel.kernel import vault
from stelsel.kernel.access import acting
from stelsel.kernel.models import PersonKey
from stelsel.kernel.vault import Unreadable
from tests.cases.walk import Walk
from tests.stelsel.kernel.conftest import Run
from tests.world import NOON, World

OLD = "old:" + base64.b64encode(b"o" * 32).decode()
NEW = "new:" + base64.b64encode(b"n" * 32).decode()


@pytest.fixture
def masters(settings: Settings) -> Iterator[Settings]:
    """Which master keys there are is the test's own; the last one is current."""
    settings.MASTER_KEYS = OLD
    vault._master_keys.cache_clear()
    yield settings
    vault._master_keys.cache_clear()


def use(masters: Settings, keys: str) -> None:
    masters.MASTER_KEYS = keys
    vault._master_keys.cache_clear()


def make(text: str = "Fenna") -> Person:
    """A person, not saved: the vault needs no row of its own but the key."""
    key = vault.make_key(at=NOON)
    person = Person(key=key, pseudonym="P")
    vault.box(key.pk).seal(person, "name", text, key=key.pk)
    return person


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["Fenna van der Wold", "", "Ωμέγα 漢字 🙂", "x" * 100_000])
def test_what_was_sealed_opens(text: str) -> None:
    person = make(text)

    assert text.encode() not in person.name or not text
    assert vault.box(person.key_id).open(person, "name") == text


@pytest.mark.django_db
def test_text_moved_to_another_field_does_not_open() -> None:
    person = make()
    person.address = person.name

    with pytest.raises(Unreadable):
        vault.box(person.key_id).open(person, "address")


@pytest.mark.django_db
def test_text_moved_to_another_row_of_the_same_person_does_not_open() -> None:
    person = make()
    other = Person(key=person.key, name=person.name)

    with pytest.raises(Unreadable):
        vault.box(person.key_id).open(other, "name")


@pytest.mark.django_db
def test_text_moved_to_another_person_does_not_open() -> None:
    person, other = make(), make("Sietse")
    other.name = person.name

    with pytest.raises(Unreadable):
        vault.box(other.key_id).open(other, "name")
    with pytest.raises(Unreadable):
        vault.box(person.key_id, other.key_id).open(other, "name")


@pytest.mark.django_db
def test_a_key_put_in_another_persons_place_does_not_open() -> None:
    """Whoever writes the table of keys still cannot make one person's text open as another's."""
    person, other = make(), make("Sietse")
    PersonKey.objects.filter(pk=other.key_id).update(wrapped=person.key.wrapped)

    with pytest.raises(Unreadable):
        vault.box(other.key_id)


@pytest.mark.django_db
def test_without_the_binding_moved_text_would_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control switched off."""
    monkeypatch.setattr(vault, "_binding", lambda *_: b"")
    person = make()
    person.address = person.name

    assert vault.box(person.key_id).open(person, "address") == "Fenna"


@pytest.mark.django_db
@given(place=st.integers(min_value=17), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_changed(place: int, bit: int) -> None:
    person = make()
    blob = bytearray(bytes(person.name))
    blob[17 + (place - 17) % (len(blob) - 17)] ^= 1 << bit
    person.name = bytes(blob)

    with pytest.raises(Unreadable):
        vault.box(person.key_id).open(person, "name")


@pytest.mark.django_db
def test_a_destroyed_key_closes_the_text_for_good() -> None:
    person = make()
    vault.destroy_key(person.key, at=NOON)

    with pytest.raises(Unreadable):
        vault.box(person.key_id).open(person, "name")


@pytest.mark.django_db
def test_a_destroyed_key_is_nowhere_in_the_database(owner: Run) -> None:
    with transaction.atomic():
        key = vault.make_key(at=NOON)
    wrapped = bytes(key.wrapped or b"").hex()
    vault.destroy_key(key, at=NOON)

    assert whatever_holds(owner, wrapped) == []


@pytest.mark.django_db
def test_keys_are_rewrapped_and_the_proof_shows_it(masters: Settings) -> None:
    persons = [make(), make("Sietse")]
    use(masters, f"{OLD},{NEW}")
    assert vault.prove_rotation().closed

    assert vault.rotate() == 2
    use(masters, NEW)

    proof = vault.prove_rotation()
    assert (proof.current, proof.opened, proof.closed) == ("new", 2, ())
    assert [vault.box(p.key_id).open(p, "name") for p in persons] == ["Fenna", "Sietse"]


@pytest.mark.django_db
def test_a_rotation_that_was_broken_off_goes_on(masters: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        make()
    use(masters, f"{OLD},{NEW}")
    rewrap, calls = vault.rewrap, iter(range(3))

    def killed_at_the_second(key: PersonKey) -> bool:
        if next(calls) == 1:
            raise KeyboardInterrupt
        return rewrap(key)

    monkeypatch.setattr(vault, "rewrap", killed_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        vault.rotate()
    monkeypatch.setattr(vault, "rewrap", rewrap)

    assert vault.rotate() == 2
    assert vault.prove_rotation().closed == ()


@pytest.mark.django_db
def test_a_destroyed_key_stays_destroyed_under_a_new_master(masters: Settings) -> None:
    person = make()
    vault.destroy_key(person.key, at=NOON)
    use(masters, f"{OLD},{NEW}")

    assert vault.rotate() == 0
    assert vault.prove_rotation().destroyed == 1


@pytest.mark.django_db
def test_without_the_old_master_key_nothing_is_shown(masters: Settings) -> None:
    person = make()
    use(masters, NEW)

    with pytest.raises(Unreadable):
        vault.box(person.key_id)


def test_secrets_of_the_system_open_again_and_not_elsewhere(masters: Settings) -> None:
    sealed = vault.seal_secret("a secret")
    use(masters, f"{OLD},{NEW}")

    assert vault.open_secret(sealed) == "a secret"
    with pytest.raises(Unreadable):
        vault.open_secret(sealed.replace(b"old:", b"new:"))


def test_the_blind_index_folds_case_accents_and_spaces() -> None:
    assert vault.blind_index("name", "Ömer  Çelik ") == vault.blind_index("name", "omer celik")
    assert vault.blind_index("name", "Ömer Çelik") != vault.blind_index("name", "Omar Celik")
    assert vault.blind_index("a", "bc") != vault.blind_index("ab", "c")


def whatever_holds(owner: Run, text: str) -> list[str]:
    """Tables of ours in which `text` (lower case) stands anywhere, as text or inside bytes."""
    found = []
    tables = owner("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    plain, inside = f"%{text}%", f"%{text.encode().hex()}%"
    for (table,) in tables:
        sql = f"SELECT count(*) FROM {table} AS row WHERE lower(row::text) LIKE ANY (%s)"  # noqa: S608  # our tables
        (there,) = owner(sql, [[plain, inside]])[0]
        if there:
            found.append(str(table))
    return found


def test_no_name_address_or_narrative_is_anywhere_in_the_clear(world: World, owner: Run) -> None:
    """Every table, history and outbox too, after a case went its first steps."""
    Walk(world).signed()

    for told in ("fenna", "van der wold", "lindelaan", "1981-04-12", "explosive", "sietse", "brandsma", "0000 0001"):
        assert whatever_holds(owner, told) == [], told


def test_the_scan_would_find_it(world: World, noon: datetime, owner: Run) -> None:
    """The control: the same scan over something that does stand in the clear."""
    with acting(None, at=noon), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_organisation (id, code, name, kind, region) VALUES (%s, 'x', 'Fenna', 'team', '')",
            [str(uuid4())],
        )

    assert whatever_holds(owner, "fenna") == ["kernel_historyentry", "kernel_organisation"]
