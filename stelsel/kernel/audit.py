"""The only writer of the trail, the sealer, and the check that nothing in it was changed, cut or slipped in.

Rows carry their leaf hash at insert; a sealer, a process of its own, builds a Merkle root per batch, chains
and signs it and hands count and chain to a place outside the database (docs/decisions/0004-trail.md).
"""

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import connection, models, transaction

from stelsel.kernel.access import current
from stelsel.kernel.models import Seal

RESTORED = "restored "
TRAIL = ("kernel_auditentry", "kernel_readentry", "kernel_historyentry")


def record(
    verb: str,
    target: models.Model,
    *,
    scope: UUID | None = None,
    reason: str = "",
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Write an act to the trail, in the transaction of its effect, for actor and instant of the unit of work.

    `reason` and `detail` hold codes, ids and short grounds, never text about a person.
    """
    _record(
        verb,
        target._meta.label_lower,
        str(target.pk),
        scope=scope,
        reason=reason,
        detail=detail,
        outcome="done",
    )


def record_refusal(verb: str, *, target: str, target_id: str, code: str) -> None:
    """Write an act that was refused, after the transaction it was refused in was rolled back."""
    _record(verb, target, target_id, scope=None, reason=code, detail=None, outcome="refused")


def _record(
    verb: str,
    target: str,
    target_id: str,
    *,
    scope: UUID | None,
    reason: str,
    detail: Mapping[str, str | int | bool | None] | None,
    outcome: str,
) -> None:
    unit = current()
    if unit is None:
        raise RuntimeError("the trail needs a unit of work")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kernel_record_act(%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                unit.at,
                verb,
                target,
                target_id,
                scope,
                reason,
                json.dumps(detail) if detail else None,
                outcome,
            ],
        )


def saw(subjects: Iterable[tuple[UUID, UUID | None]], *, kind: str = "view") -> None:
    """Write that the actor saw data of these persons: (person, case) pairs, one row per person.

    Route and purpose come from the unit of work. A repeat within a minute is the same read.
    """
    pairs = sorted(set(subjects), key=str)
    unit = current()
    if not pairs or (unit is not None and unit.actor is not None and unit.actor.is_system):
        return
    if unit is None:
        raise RuntimeError("the trail needs a unit of work")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kernel_record_reads(%s, %s::uuid[], %s::uuid[], %s, %s, %s)",
            [
                unit.at,
                [s for s, _ in pairs],
                [c for _, c in pairs],
                unit.route or "service",
                unit.purpose or "work",
                kind,
            ],
        )


def at_route(route: str, purpose: str) -> None:
    """The reads that follow in this unit of work come through `route`, for the purpose of that route."""
    unit = current()
    if unit is not None:
        unit.route, unit.purpose = route, purpose


# --- sealing --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Anchored:
    """A seal as the anchor holds it."""

    number: int
    chain: str


class Anchor(Protocol):
    """A place outside the database that keeps every seal, so that a cut end is noticed."""

    def keep(self, line: str) -> None: ...

    def last(self) -> int: ...

    def kept(self) -> Iterator[Anchored]: ...

    def restorations(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class FileAnchor:
    """An append-only file outside the database's folder; production mounts it on a write-once store.

    One line per seal: "number total chain signature". A restored backup adds "restored number": the seals after
    that number were in the database that is gone, and their numbers are given out again.
    """

    path: Path

    def keep(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> int:
        """The number of the last seal it holds, or 0; read from the end, because the file only grows."""
        if not self.path.exists():
            return 0
        with self.path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - 1024, 0))
            lines = file.read().decode("ascii").splitlines()
        return int(lines[-1].removeprefix(RESTORED).split(" ")[0]) if lines else 0

    def restorations(self) -> Sequence[str]:
        return [line for _, line in self._lines() if line.startswith(RESTORED)]

    def kept(self) -> Iterator[Anchored]:
        """The seals that should be in the database, by number; those that a restoration gave up are left out."""
        limits = [(at, int(line.split(" ")[1])) for at, line in self._lines() if line.startswith(RESTORED)]
        for position, line in self._lines():
            if line.startswith(RESTORED):
                continue
            number, _, chain, _ = line.split(" ")
            if all(int(number) <= limit for at, limit in limits if at > position):
                yield Anchored(int(number), chain)

    def _lines(self) -> Iterator[tuple[int, str]]:
        if self.path.exists():
            with self.path.open(encoding="ascii") as file:
                for position, line in enumerate(file):
                    yield position, line.rstrip("\n")


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root of a binary hash tree: leaf and node are told apart by a prefix; an odd node moves up unchanged."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        paired = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def _chain(previous: bytes, seal: Seal) -> bytes:
    facts = (seal.number, seal.from_txid, seal.to_txid, seal.leaves, seal.total, seal.at.isoformat())
    text = "|".join(map(str, facts)) + "|"
    return hashlib.sha256(previous + text.encode() + bytes(seal.root)).digest()


def _leaves(from_txid: int, to_txid: int) -> list[bytes]:
    """Leaf hashes of all trail rows of transactions in [from, to), table by table in order of id."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in TRAIL:
            sql = f"SELECT leaf_hash FROM {table} WHERE txid >= %s AND txid < %s ORDER BY id"  # noqa: S608  # fixed
            cursor.execute(sql, [from_txid, to_txid])
            found += [bytes(row[0]) for row in cursor.fetchall()]
    return found


def _horizon() -> int:
    """Every transaction with a lower number than this has ended (pg_snapshot_xmin, on the trail's own count)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_epoch() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        (horizon,) = cursor.fetchone()
    return int(horizon)


def seal(*, key: str, anchor: Anchor, at: datetime) -> Seal | None:
    """Seal everything that transactions older than any still running have committed; None when nothing is new.

    Two sealers at once: the number is the primary key, so the second one fails and tries again later. A seal
    that was stored but not anchored, because the sealer stopped in between, is anchored now.
    """
    signer = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))
    with transaction.atomic():
        new = _next_seal(at=at)
        if new is not None:
            new.signature = signer.sign(new.chain)
            new.save(force_insert=True)
    for stored in Seal.objects.filter(number__gt=anchor.last()).order_by("number").iterator():
        chain, signature = bytes(stored.chain).hex(), bytes(stored.signature).hex()
        anchor.keep(f"{stored.number} {stored.total} {chain} {signature}")
    return new


def _next_seal(*, at: datetime) -> Seal | None:
    last = Seal.objects.order_by("-number").first()
    start, horizon = last.to_txid if last else 0, _horizon()
    leaves = _leaves(start, horizon)
    if not leaves:
        return None
    new = Seal(
        number=last.number + 1 if last else 1,
        at=at,
        from_txid=start,
        to_txid=horizon,
        leaves=len(leaves),
        total=(last.total if last else 0) + len(leaves),
        root=merkle_root(leaves),
    )
    new.chain = _chain(bytes(last.chain) if last else b"", new)
    return new


@dataclass(frozen=True)
class Verification:
    """What `verify` found: every fault and every remark as a sentence; how many rows are sealed, how many wait."""

    faults: tuple[str, ...]
    remarks: tuple[str, ...]
    sealed: int
    unsealed: int


def verify(*, public_key: str, anchor: Anchor) -> Verification:
    """Check every leaf hash, every seal, the chain, the signatures, and that the anchor holds the same seals."""
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    faults = _changed_rows()
    outside = _Outside(anchor.kept())
    last = Seal(number=0, to_txid=0, total=0, chain=b"")
    for found in Seal.objects.order_by("number").iterator():
        faults += _seal_faults(found, after=last) + outside.compare(found)
        try:
            verifier.verify(bytes(found.signature), bytes(found.chain))
        except InvalidSignature:
            faults.append(f"seal {found.number}: the signature is not the sealer's")
        last = found
    faults += outside.rest(last.number)
    remarks = [f"a backup was put back: {line}" for line in anchor.restorations()]
    return Verification(tuple(faults), tuple(remarks), last.total, _count() - last.total)


class _Outside:
    """The anchor's seals, laid beside those of the database in one pass."""

    def __init__(self, kept: Iterator[Anchored]) -> None:
        self._kept = kept
        self._next = next(kept, None)
        self._empty = self._next is None

    def compare(self, found: Seal) -> list[str]:
        faults: list[str] = []
        while self._next is not None and self._next.number <= found.number:
            if self._next.number < found.number:
                faults.append(f"seal {self._next.number} was anchored and is gone")
            elif self._next.chain != bytes(found.chain).hex():
                faults.append(f"seal {found.number} is not the seal that was anchored")
            self._next = next(self._kept, None)
        return faults

    def rest(self, number: int) -> list[str]:
        """What is wrong at the end, after the database's last seal `number`."""
        if self._empty:
            return ["the anchor holds no seal"] if number else []
        if self._next is None:
            return []
        *_, last = (self._next, *self._kept)
        return [f"seals {number + 1} to {last.number} were cut from the end"]


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM {table})" for table in TRAIL))  # noqa: S608  # fixed
        (rows,) = cursor.fetchone()
    return int(rows)


def _changed_rows() -> list[str]:
    faults: list[str] = []
    with connection.cursor() as cursor:
        for table in TRAIL:
            wrong = "leaf_hash <> kernel_leaf_hash(to_jsonb(leaf))"
            cursor.execute(f"SELECT id FROM {table} AS leaf WHERE {wrong} ORDER BY id")  # noqa: S608  # fixed
            faults += [f"{table} {row[0]}: the row is not what was written" for row in cursor.fetchall()]
    return faults


def _seal_faults(found: Seal, *, after: Seal) -> list[str]:
    leaves = _leaves(found.from_txid, found.to_txid)
    whole = found.leaves == len(leaves) and found.total == after.total + len(leaves)
    checks = (
        (found.number == after.number + 1 and found.from_txid == after.to_txid, "a seal is missing before it"),
        (whole, f"{found.leaves} rows were sealed, {len(leaves)} are there"),
        (bytes(found.root) == merkle_root(leaves), "its rows are not the rows that were sealed"),
        (bytes(found.chain) == _chain(bytes(after.chain), found), "it does not follow from the seal before it"),
    )
    return [f"seal {found.number}: {fault}" for holds, fault in checks if not holds]


# --- after a backup was put back ------------------------------------------------------------------------------

# Numbers of transactions belong to a cluster. In one that counts lower than the trail does, new rows would fall into
# ranges that were sealed already; the count goes on after the highest number instead.
GO_ON = """
DO $go_on$
DECLARE
    highest bigint;
    here bigint := pg_current_xact_id()::text::bigint;
BEGIN
    SELECT max(number) INTO highest FROM (
        SELECT max(txid) FROM kernel_auditentry UNION ALL SELECT max(txid) FROM kernel_readentry
        UNION ALL SELECT max(txid) FROM kernel_historyentry UNION ALL SELECT max(to_txid) FROM kernel_seal
    ) AS known (number);
    IF kernel_epoch() + here <= highest THEN
        EXECUTE format('CREATE OR REPLACE FUNCTION kernel_epoch() RETURNS bigint LANGUAGE sql IMMUTABLE AS
                       $epoch$ SELECT %s::bigint $epoch$', highest + 1 - here);
    END IF;
END $go_on$
"""


@dataclass(frozen=True)
class Restored:
    """Up to which seal a backup goes that was put back."""

    number: int
    chain: str
    at: datetime

    @property
    def line(self) -> str:
        return f"{RESTORED}{self.number} {self.chain or '-'} {self.at.isoformat()}"

    def given_up_by(self, anchor: Anchor) -> bool:
        """Whether the anchor holds seals that came after the backup was made."""
        return anchor.last() > self.number


class Cursor(Protocol):
    """A superuser's cursor, on the database that was just restored."""

    def execute(self, query: str, args: Sequence[object] = ..., /) -> object: ...

    def fetchone(self) -> tuple[object, ...] | None: ...


def go_on_after_restore(cursor: Cursor, *, at: datetime) -> Restored:
    """Let the count of transactions go on after the highest in the trail, and write the restoration as an act."""
    cursor.execute(GO_ON)
    cursor.execute("SELECT number, encode(chain, 'hex') FROM kernel_seal ORDER BY number DESC LIMIT 1")
    number, chain = cursor.fetchone() or (0, "")
    cursor.execute(
        "SELECT kernel_record_act(%s, 'trail.restore', 'kernel.seal', %s, NULL, NULL, NULL, 'done')", [at, str(number)]
    )
    return Restored(int(str(number)), str(chain), at)
