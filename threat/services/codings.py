"""Blind coding of frozen evidence: given to a coder who does not see the case, handed in or declined (GDB-1.0 5.2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from cases.services import case as cases
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Forbidden, gettext_noop
from threat.lifecycle import CodingState
from threat.methodology import Methodology
from threat.models import Coding, Comparison
from threat.policies import may_code
from threat.scoring import InvalidEvidence
from threat.services.case import nctv, refuse_if, text_faults
from threat.services.methods import published
from threat.services.scores import score_document

WORK: Final = ("threat.code", "threat.code_overdue")


@dataclass(frozen=True)
class Code:
    """How an analyst codes one item: the value (0-4), the grade of its source (A-F) and of what it says (1-6)."""

    value: int
    reliability: str
    credibility: int


def see_the_case(case_id: UUID, users: Sequence[UUID]) -> bool:
    """Whether one of them could see the case in any role now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_any_sees(%s, %s::uuid[])", [case_id, list(users)])
        (sees,) = cursor.fetchone()
    return bool(sees)


def ask_coder(row: Comparison, coder: UUID, packet: str, *, at: datetime) -> None:
    """Give the packet to one coder, under a key of its own. Part of asking for a comparison."""
    key = vault.make_key(at=at)
    coding = Coding(
        reference=cases.next_reference("B", on=at.date()),
        comparison=row,
        case_id=row.case_id,
        coder_id=coder,
        key=key,
        state=CodingState.ASKED,
        due_at=row.due_at,
        marking=row.marking,
    )
    vault.box(key.pk).seal(coding, "packet", packet, key=key.pk)
    coding.save(force_insert=True)
    work.open_item(
        "threat.code",
        coding,
        owner_role=Role.THREAT_ANALYST,
        owner=coder,
        label=coding.reference,
        due=row.due_at,
    )


@dataclass(frozen=True)
class ToCode:
    """A coding with the packet in clear, for its coder alone; values are told by the anchors of `method`."""

    row: Coding
    method: Methodology
    items: Sequence[Mapping[str, Any]] = field(repr=False)


@act
def read_coding(*, coding_id: UUID, actor: Actor, at: datetime) -> ToCode:  # noqa: ARG001  # an act
    """The packet for its coder; that the person's data were read is logged, whoever the person is.

    Raises:
        Coding.DoesNotExist: unknown, or somebody else's.
    """
    row: Coding = Coding.objects.own(actor).get(pk=coding_id)
    require(may_code(actor, coder=row.coder_id))
    audit.saw([(_person_of(row), row.case_id)])
    items = json.loads(vault.box(row.key_id).open(row, "packet"))
    return ToCode(
        row,
        published()[_frozen(row)["method"]],
        [{**one, "observed": date.fromisoformat(one["observed"])} for one in items],
    )


def _person_of(row: Coding) -> UUID:
    """Whom a packet is about, for the trail: the coder does not see the case."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_coded_person(%s)", [row.pk])
        (person_id,) = cursor.fetchone()
    return UUID(str(person_id))


@act
def hand_in(*, coding_id: UUID, codes: Mapping[str, Code], actor: Actor, at: datetime) -> Coding:
    """Hand the own coding in; it is final. When it was the last one, all are compared.

    Raises:
        Forbidden: somebody else's, or the coder sees the case by now.
        Conflict: handed in, declined or withdrawn before.
        Invalid: an item without a code, or codes that the method refuses.
    """
    row = _own_open(coding_id, actor=actor)
    if see_the_case(row.case_id, [actor.user_id]):
        raise Forbidden("not_blind", gettext_noop("You see this case by now: a coding of yours is not blind."))
    wanted = {item["id"] for item in json.loads(vault.box(row.key_id).open(row, "packet"))}
    missing = sorted(wanted - set(codes))
    refuse_if([Fault(one, "required", gettext_noop("Code every item.")) for one in missing])
    row.codes = {one: [codes[one].value, codes[one].reliability, codes[one].credibility] for one in sorted(wanted)}
    try:
        row.result = _rescored(row)
    except InvalidEvidence as refusal:
        refuse_if([Fault("", fault.code, fault.message) for fault in refusal.faults])
    _answer(row, CodingState.HANDED_IN, verb="coding.hand_in", at=at)
    return row


def _rescored(row: Coding) -> dict[str, Any]:
    frozen = json.dumps(_recoded(_frozen(row), row.codes or {}))
    person: dict[str, Any] = score_document(frozen, methods=published())["person"]
    return person


def _frozen(row: Coding) -> dict[str, Any]:
    """The frozen input of the score, which names no person; its own grades are overwritten, never shown."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_coded_input(%s)", [row.pk])
        (text,) = cursor.fetchone()
    document: dict[str, Any] = json.loads(text)
    return document


def _recoded(document: dict[str, Any], codes: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The same evidence as another one codes it. Lapsed items keep their codes: nobody was asked about them."""
    for line in document["lines"]:
        for item, evidence_id in zip(line["evidence"]["items"], line["evidenceIds"], strict=True):
            if evidence_id in codes:
                item["value"], item["reliability"], item["credibility"] = codes[evidence_id]
    return document


@act
def decline_coding(*, coding_id: UUID, reason: str, actor: Actor, at: datetime) -> Coding:
    """Not by me: a tie to somebody in it, or no time. The reason is for the head of analysis."""
    row = _own_open(coding_id, actor=actor)
    refuse_if(text_faults(reason=reason))
    vault.box(row.key_id).seal(row, "declined_because", reason, key=row.key_id)
    _answer(row, CodingState.DECLINED, verb="coding.decline", at=at)
    return row


def _own_open(coding_id: UUID, *, actor: Actor) -> Coding:
    row: Coding = Coding.objects.own(actor).select_for_update(of=("self",)).get(pk=coding_id)
    require(may_code(actor, coder=row.coder_id))
    with connection.cursor() as cursor:  # the last two at the same instant: one of them is the last
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"coding {row.comparison_id}"])
    if row.state != CodingState.ASKED:
        raise Conflict("answered", gettext_noop("This coding was handed in, declined or withdrawn."))
    return row


def _answer(row: Coding, state: CodingState, *, verb: str, at: datetime) -> None:
    row.state, row.answered_at = state, at
    row.save()
    for kind in WORK:
        work.close_items(row.pk, kind=kind, verb=verb)
    audit.record(verb, row, scope=row.case_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT threat_all_in(%s)", [row.comparison_id])
        if cursor.fetchone() != (True,):
            return
    work.open_item(
        "threat.compare",
        Comparison(pk=row.comparison_id),  # the coder does not see it
        owner_role=Role.HEAD_OF_ANALYSIS,
        organisation=nctv().pk,
        label=row.reference,
        scope=row.case_id,
        due=norms.due("threat.coding", since=at),
    )


def watch_codings(at: datetime) -> int:
    """A coding that is not handed in within the norm is told to the head of threat analysis. Part of watching."""
    late = list(Coding.objects.filter(state=CodingState.ASKED, due_at__lte=at))
    for row in late:
        work.open_item(
            "threat.code_overdue",
            row,
            owner_role=Role.THREAT_ANALYST,
            owner=row.coder_id,
            label=row.reference,
            due=row.due_at,
        )
    return len(late)
