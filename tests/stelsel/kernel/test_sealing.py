"""Seals: what was written is found to be changed, removed, slipped in, moved or cut off; nothing is left out."""

import base64
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from stelsel.kernel import audit
from stelsel.kernel.access import acting
from stelsel.kernel.audit import FileAnchor, Verification, merkle_root
from stelsel.kernel.models import Organisation, Seal
from tests.services import Services
from tests.stelsel.kernel.conftest import Run, others_ended
from tests.world import NOON

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = base64.b64encode(PRIVATE.private_bytes_raw()).decode()
PUBLIC = base64.b64encode(PRIVATE.public_key().public_bytes_raw()).decode()


@pytest.fixture
def anchor(tmp_path: Path) -> FileAnchor:
    return FileAnchor(tmp_path / "outside" / "seals.log")


@pytest.fixture
def as_sealer(connected_as: Callable[[str], None]) -> None:
    """Sealing and verifying go over this process's own connection, in the sealer's role."""
    connected_as("sealer")


def write(owner: Run, *codes: str) -> None:
    for code in codes:
        owner(
            "INSERT INTO kernel_organisation (id, code, name, kind, region)"
            " VALUES (gen_random_uuid(), %s, '', 'team', '')",
            [code],
        )


def seal(anchor: FileAnchor) -> Seal | None:
    others_ended()
    return seal_now(anchor)


def seal_now(anchor: FileAnchor) -> Seal | None:
    return audit.seal(key=KEY, anchor=anchor, at=datetime.now(UTC))


def verify(anchor: FileAnchor) -> Verification:
    return audit.verify(public_key=PUBLIC, anchor=anchor)


def unguard(owner: Run) -> None:
    """What the owner of the database can do, and no process can."""
    owner("SET timezone = 'UTC'")
    for table in ("kernel_historyentry", "kernel_auditentry", "kernel_readentry", "kernel_seal"):
        owner(f"ALTER TABLE {table} DISABLE TRIGGER append_only")


@pytest.fixture
def sealed(owner: Run, as_sealer: None, anchor: FileAnchor) -> FileAnchor:  # asked for its effect
    """Three seals over what the migrations wrote and six rows."""
    for number in range(3):
        write(owner, f"a{number}", f"b{number}")
        assert seal(anchor)
    return anchor


def test_an_untouched_trail_has_no_fault(sealed: FileAnchor) -> None:
    found = verify(sealed)

    assert found.faults == ()
    assert found.unsealed == 0
    assert found.sealed > 6


def test_what_is_not_yet_sealed_is_counted(sealed: FileAnchor, owner: Run) -> None:
    write(owner, "later")

    assert verify(sealed).unsealed == 1


def test_nothing_new_makes_no_seal(sealed: FileAnchor) -> None:
    assert seal(sealed) is None


def newest(owner: Run) -> object:
    return owner("SELECT max(id) FROM kernel_historyentry")[0][0]


def test_a_changed_row_is_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    owner("UPDATE kernel_historyentry SET row_id = 'other' WHERE id = %s", [newest(owner)])

    assert any("not what was written" in fault for fault in verify(sealed).faults)


def test_a_changed_row_with_a_new_hash_is_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    owner("UPDATE kernel_historyentry SET row_id = 'other' WHERE id = %s", [newest(owner)])
    owner("UPDATE kernel_historyentry AS leaf SET leaf_hash = kernel_leaf_hash(to_jsonb(leaf))")

    assert verify(sealed).faults == ("seal 3: its rows are not the rows that were sealed",)


def test_without_seals_a_changed_row_with_a_new_hash_is_not_found(
    owner: Run, as_sealer: None, anchor: FileAnchor
) -> None:
    """The control switched off: this is why the length of the unsealed window is shown."""
    write(owner, "a")
    unguard(owner)
    owner("UPDATE kernel_historyentry SET row_id = 'other' WHERE id = %s", [newest(owner)])
    owner("UPDATE kernel_historyentry AS leaf SET leaf_hash = kernel_leaf_hash(to_jsonb(leaf))")

    assert verify(anchor).faults == ()


def test_a_removed_row_is_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    owner("DELETE FROM kernel_historyentry WHERE id = %s", [newest(owner)])

    assert any("were sealed" in fault for fault in verify(sealed).faults)


def test_a_row_slipped_in_among_sealed_ones_is_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    owner("ALTER TABLE kernel_historyentry DISABLE TRIGGER leaf")
    owner(
        """INSERT INTO kernel_historyentry (recorded_at, txid, leaf_hash, table_name, row_id, operation, data)
           SELECT recorded_at, txid, leaf_hash, table_name, row_id, operation, data FROM kernel_historyentry
           ORDER BY id DESC LIMIT 1"""
    )

    assert any(fault.startswith("seal 3:") for fault in verify(sealed).faults)


def test_two_rows_in_each_others_place_are_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    (last,), (before,) = owner("SELECT id FROM kernel_historyentry ORDER BY id DESC LIMIT 2")
    for old, new in ((last, -1), (before, last), (-1, before)):
        owner("UPDATE kernel_historyentry SET id = %s WHERE id = %s", [new, old])

    assert verify(sealed).faults


def test_a_cut_tail_is_found_by_the_anchor(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    cut_the_tail(owner)

    assert verify(sealed).faults == ("seals 3 to 3 were cut from the end",)


def cut_the_tail(owner: Run) -> None:
    owner("DELETE FROM kernel_historyentry WHERE txid >= (SELECT from_txid FROM kernel_seal WHERE number = 3)")
    owner("DELETE FROM kernel_seal WHERE number = 3")


def test_without_an_anchor_outside_a_cut_tail_is_not_found(sealed: FileAnchor, owner: Run) -> None:
    """The control switched off: an anchor that the thief cut as well."""
    unguard(owner)
    cut_the_tail(owner)
    lines = sealed.path.read_text().splitlines(keepends=True)
    sealed.path.write_text("".join(lines[:-1]))

    assert verify(sealed).faults == ()


def test_a_missing_seal_is_found(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    owner("DELETE FROM kernel_seal WHERE number = 2")

    faults = verify(sealed).faults
    assert "seal 3: a seal is missing before it" in faults
    assert "seal 2 was anchored and is gone" in faults


def test_a_trail_written_again_under_another_key_is_found(sealed: FileAnchor, owner: Run) -> None:
    """Who owns the database can hash everything again, but does not hold the sealer's key."""
    thief = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    unguard(owner)
    owner("DELETE FROM kernel_seal WHERE number = 3")
    again = FileAnchor(sealed.path.with_name("thief.log"))
    again.keep("2 0 - -")
    audit.seal(key=thief, anchor=again, at=NOON)

    faults = verify(sealed).faults
    assert "seal 3: the signature is not the sealer's" in faults
    assert "seal 3 is not the seal that was anchored" in faults


def test_a_seal_that_was_stored_but_not_anchored_is_anchored_next_time(sealed: FileAnchor, owner: Run) -> None:
    lines = sealed.path.read_text().splitlines(keepends=True)
    sealed.path.write_text("".join(lines[:-1]))
    write(owner, "later")
    seal(sealed)

    assert [kept.number for kept in sealed.kept()] == [1, 2, 3, 4]
    assert verify(sealed).faults == ()


def test_the_time_zone_of_a_session_does_not_change_what_is_hashed(sealed: FileAnchor, owner: Run) -> None:
    owner("SET timezone = 'America/New_York'")
    write(owner, "from-afar")
    seal(sealed)

    assert verify(sealed).faults == ()


def test_writers_and_the_sealer_at_once_leave_nothing_out(
    owner: Run, as_sealer: None, anchor: FileAnchor, services: Services
) -> None:
    """A transaction that began before a seal and ends after it is sealed by a later one."""
    import psycopg2  # noqa: PLC0415  # only here

    address, done = services.database_address("stelsel_web"), threading.Event()

    def writer(name: int) -> None:
        own = psycopg2.connect(address)
        for number in range(40):
            with own, own.cursor() as cursor:
                for part in range(2):
                    cursor.execute(
                        "INSERT INTO kernel_organisation (id, code, name, kind, region)"
                        " VALUES (gen_random_uuid(), %s, '', 'team', ''), (gen_random_uuid(), %s, '', 'team', '')",
                        [f"w{name}-{number}-{part}", f"w{name}-{number}-{part}-b"],
                    )
        own.close()

    writers = [threading.Thread(target=writer, args=(name,)) for name in range(4)]
    held = psycopg2.connect(address)  # a slow transaction, older than every seal that is made meanwhile
    with held.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_organisation (id, code, name, kind, region)"
            " VALUES (gen_random_uuid(), 'slow', '', 'team', '')"
        )
    for thread in writers:
        thread.start()
    while any(thread.is_alive() for thread in writers):
        seal_now(anchor)
    done.set()
    held.commit()
    held.close()
    seal(anchor)

    found = verify(anchor)
    assert found.faults == ()
    assert found.unsealed == 0
    assert found.sealed >= 4 * 40 * 4 + 1
    assert owner("SELECT count(*) FROM kernel_historyentry")[0][0] == found.sealed


def test_sealing_by_the_newest_id_would_leave_rows_out(owner: Run, services: Services) -> None:
    """The control switched off: a slow transaction's rows have lower ids than those sealed before it ended."""
    import psycopg2  # noqa: PLC0415  # only here

    held = psycopg2.connect(services.database_address("stelsel_web"))
    with held.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_organisation (id, code, name, kind, region)"
            " VALUES (gen_random_uuid(), 'slow', '', 'team', '')"
        )
    write(owner, "quick")
    sealed_up_to = newest(owner)
    held.commit()
    held.close()

    later = owner("SELECT row_id FROM kernel_historyentry WHERE id > %s", [sealed_up_to])
    assert later == []  # and yet the slow row was not in the seal


def test_a_backup_put_back_into_a_younger_cluster_goes_on_counting(sealed: FileAnchor, owner: Run) -> None:
    """The rows of the old cluster have high numbers; the new cluster's own count is far below them."""
    old_cluster_wrote_until(owner, sealed, 4_000_000_000)
    (before,) = owner("SELECT max(to_txid) FROM kernel_seal")[0]

    owner(audit.GO_ON)
    write(owner, "after-restore")
    made = seal(sealed)

    assert made is not None
    assert isinstance(before, int)
    assert made.to_txid > before
    found = verify(sealed)
    assert (found.faults, found.unsealed) == ((), 0)


def test_without_that_the_new_rows_are_never_sealed(sealed: FileAnchor, owner: Run) -> None:
    old_cluster_wrote_until(owner, sealed, 4_000_000_000)

    write(owner, "after-restore")

    assert seal(sealed) is None
    assert verify(sealed).unsealed == 1


def old_cluster_wrote_until(owner: Run, anchor: FileAnchor, number: int) -> None:
    """Write and seal as if the cluster counted from `number`; then be a cluster that counts from zero."""
    epoch = "CREATE OR REPLACE FUNCTION kernel_epoch() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT {}::bigint'"
    owner(epoch.format(number))
    write(owner, "before-backup")
    assert seal(anchor)
    owner(epoch.format(0))


def test_seals_after_the_backup_are_given_up_in_the_open(sealed: FileAnchor, owner: Run) -> None:
    unguard(owner)
    cut_the_tail(owner)
    (chain,) = owner("SELECT encode(chain, 'hex') FROM kernel_seal WHERE number = 2")[0]
    restored = audit.Restored(2, str(chain), NOON)
    assert restored.given_up_by(sealed)
    sealed.keep(restored.line)
    write(owner, "after-restore")
    seal(sealed)

    found = verify(sealed)
    assert found.faults == ()
    assert len(found.remarks) == 1


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_any_change_of_any_leaf_changes_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(leaves) - 1))
    other = data.draw(st.binary(min_size=32, max_size=32).filter(lambda leaf: leaf != leaves[place]))

    changed = [*leaves[:place], other, *leaves[place + 1 :]]

    assert merkle_root(changed) != merkle_root(leaves)
    assert merkle_root(leaves[:-1]) != merkle_root(leaves)
    assert merkle_root([*leaves, leaves[-1]]) != merkle_root(leaves)


@pytest.mark.django_db
def test_an_act_is_written_with_its_effect_or_not_at_all() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic(), acting(None, at=NOON):
        made = Organisation.objects.create(code="x", name="x", kind="team")
        audit.record("test.make", made)
        raise ZeroDivisionError

    assert not Organisation.objects.filter(code="x").exists()
