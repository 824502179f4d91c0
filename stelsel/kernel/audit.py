"""The only writer of the trail, the sealer, and the check that nothing in it was changed, cut or slipped in.

Rows carry their leaf hash at insert; a sealer, a process of its own, builds a Merkle root per batch, chains and signs
it and hands count and chain to a place outside the database (docs/decisions/0004-trail.md).
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
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

TRAIL = ("kernel_auditentry", "kernel_readentry", "kernel_historyentry")


def record(
    verb: str,
    target: models.Model,
    *,
    scope: UUID | None = None,
    reason: str = "",
    detail: Mapping[str, str | int | bool | None] | None = None,
) -> None:
    """Write an act to the trail, in the transaction of its effect, for the actor and instant of the unit of work.

    `reason` and `detail` hold codes, ids and short grounds, never text about a person.
    """
    _record(verb, target._meta.label_lower, str(target.pk), scope=scope, reason=reason, detail=detail, outcome="done")


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
            [unit.at, verb, target, target_id, scope, reason, json.dumps(detail) if detail else None, outcome],
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
            [unit.at, [s for s, _ in pairs], [c for _, c in pairs], unit.route or "service", unit.purpose or "work", kind],
        )


def at_route(route: str, purpose: str) -> None:
    """The reads that follow in this unit of work come through `route`, for `purpose` (its row in the access table)."""
    unit = current()
    if unit is not None:
        unit.route, unit.purpose = route, purpose


# --- sealing --------------------------------------------------------------------------------------------------------


class Anchor(Protocol):
    """A place outside the database that keeps the last seals, so that a cut end is noticed."""

    def keep(self, line: str) -> None: ...

    def last(self) -> str | None: ...


@dataclass(frozen=True)
class FileAnchor:
    """An append-only file outside the database's folder; production mounts it on a write-once store."""

    path: Path

    def keep(self, line: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()

    def last(self) -> str | None:
        if not self.path.exists():
            return None
        lines = self.path.read_text(encoding="ascii").splitlines()
        return lines[-1] if lines else None


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """Root of a binary hash tree; leaf and node hashes are told apart by a prefix; an odd node moves up unchanged."""
    level = [hashlib.sha256(b"\0" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        paired = [hashlib.sha256(b"\1" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def _chain(previous: bytes, seal: Seal) -> bytes:
    facts = f"{seal.number}|{seal.from_txid}|{seal.to_txid}|{seal.leaves}|{seal.total}|{seal.at.isoformat()}|".encode()
    return hashlib.sha256(previous + facts + bytes(seal.root)).digest()


def _leaves(from_txid: int, to_txid: int) -> list[bytes]:
    """Leaf hashes of all trail rows of transactions in [from, to), table by table in order of id."""
    found: list[bytes] = []
    with connection.cursor() as cursor:
        for table in TRAIL:
            cursor.execute(
                f"SELECT leaf_hash FROM {table} WHERE txid >= %s AND txid < %s ORDER BY id",  # noqa: S608  # fixed names
                [from_txid, to_txid],
            )
            found += [bytes(row[0]) for row in cursor.fetchall()]
    return found


def seal(*, key: str, anchor: Anchor, at: datetime) -> Seal | None:
    """Seal everything that was committed by transactions older than any still running. None when nothing is new.

    Two sealers at once: the number is the primary key, so the second one fails and tries again later.
    """
    signer = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key))
    with transaction.atomic():
        last = Seal.objects.order_by("-number").first()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            (horizon,) = cursor.fetchone()
        start = last.to_txid if last else 0
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
        new.signature = signer.sign(new.chain)
        new.save(force_insert=True)
    anchor.keep(f"{new.number} {new.total} {new.chain.hex()} {new.signature.hex()}")
    return new


@dataclass(frozen=True)
class Verification:
    """What `verify` found: every fault as a sentence; how many rows are sealed and how many still wait."""

    faults: tuple[str, ...]
    sealed: int
    unsealed: int


def verify(*, public_key: str, anchor: Anchor) -> Verification:
    """Check every leaf hash, every seal, the chain, the signatures and the anchor."""
    verifier = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
    faults = _changed_rows()
    previous, total, start, number = b"", 0, 0, 0
    for found in Seal.objects.order_by("number").iterator():
        number += 1
        leaves = _leaves(found.from_txid, found.to_txid)
        total += len(leaves)
        faults += _seal_faults(found, number=number, start=start, leaves=leaves, total=total, previous=previous)
        try:
            verifier.verify(bytes(found.signature), bytes(found.chain))
        except InvalidSignature:
            faults.append(f"seal {found.number}: the signature is not the sealer's")
        previous, start, total = bytes(found.chain), found.to_txid, found.total
    faults += _anchor_faults(anchor.last(), number=number, chain=previous)
    return Verification(faults=tuple(faults), sealed=total, unsealed=_count() - total)


def _count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + " + ".join(f"(SELECT count(*) FROM {table})" for table in TRAIL))
        (rows,) = cursor.fetchone()
    return int(rows)


def _changed_rows() -> list[str]:
    faults: list[str] = []
    with connection.cursor() as cursor:
        for table in TRAIL:
            cursor.execute(
                f"SELECT id FROM {table} AS leaf WHERE leaf_hash <> kernel_leaf_hash(to_jsonb(leaf)) ORDER BY id"  # noqa: S608
            )
            faults += [f"{table} {row[0]}: the row is not what was written" for row in cursor.fetchall()]
    return faults


def _seal_faults(found: Seal, *, number: int, start: int, leaves: list[bytes], total: int, previous: bytes) -> list[str]:
    checks = (
        (found.number == number and found.from_txid == start, "a seal is missing before it"),
        (found.leaves == len(leaves) and found.total == total, f"{found.leaves} rows were sealed, {len(leaves)} are there"),
        (bytes(found.root) == merkle_root(leaves), "its rows are not the rows that were sealed"),
        (bytes(found.chain) == _chain(previous, found), "it does not follow from the seal before it"),
    )
    return [f"seal {found.number}: {fault}" for holds, fault in checks if not holds]


def _anchor_faults(last: str | None, *, number: int, chain: bytes) -> list[str]:
    if last is None:
        return ["the anchor holds no seal"] if number else []
    anchored, _, anchored_chain, _ = last.split(" ")
    if int(anchored) > number:
        return [f"seals {number + 1} to {anchored} were cut from the end"]
    if int(anchored) == number and anchored_chain != chain.hex():
        return [f"seal {number} is not the seal that was anchored"]
    return []
