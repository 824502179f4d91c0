"""From a scored draft to an adopted picture: proposal, second pair of eyes, adoption bound by a hash (R067, R069)."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from cases.services import adopt_picture
from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Stale, gettext_noop
from stelsel.kernel.scales import Likelihood
from stelsel.kernel.signing import content_hash
from stelsel.legal import gate
from threat.lifecycle import PICTURE_LIFECYCLE, Caveat, DepartureGround, Disposition, PictureState
from threat.models import Assumption, EvidenceItem, Hypothesis, Picture, Signal, ThreatLine
from threat.policies import may_adopt, may_make_picture, may_return, may_second
from threat.scoring import Departure, override_requirements
from threat.scoring.adoption import LOW_LEVEL_BLOCKED
from threat.services.case import box_for, nctv, refuse_if, text_faults
from threat.services.double import apart, keep_earlier_levels
from threat.services.elsewhere import close_reviews
from threat.services.methods import published
from threat.services.pictures import locked_picture
from threat.services.scores import lines_with_evidence, withheld_factors

SEALED: Final = {
    ThreatLine: ("actor", "modus"),
    EvidenceItem: ("text", "searched", "lapse_reason"),
    Assumption: ("text",),
    Hypothesis: ("text", "reason"),
    Picture: ("question", "severity_reason", "departure_reason", "cumulation", "summary", "handling_advice"),
}
MESSAGES: Final = {
    "unscored": gettext_noop("Something changed since the last score. Score the picture again."),
    "no_severity": gettext_noop("Choose the severity first."),
    "undisposed": gettext_noop("A signal lies undisposed. Say of every signal whether it is used, and why."),
    "unused_signal": gettext_noop("Evidence rests on a signal that was disposed of as not used."),
    "withdrawn": gettext_noop("Evidence rests on a product that its supplier withdrew. Take it out or mark it lapsed."),
    "no_product": gettext_noop("A level needs at least one product or signal behind it."),
    "restricted": gettext_noop(
        "Evidence rests on a product that may not be passed on freely. Say how the summary may be handled."
    ),
    "second": gettext_noop("This departure from the score needs a second analyst first."),
}


@dataclass(frozen=True)
class Proposal:
    """What is put up for adoption. `likelihood` None is insufficient information, which is never low."""

    likelihood: int | None
    summary: str
    review_due: date
    handling_advice: str = ""
    departure: str = ""
    departure_reason: str = ""
    cumulation: str = ""


def departure_of(picture: Picture, likelihood: int | None) -> Departure:
    """What adopting `likelihood` instead of the score asks."""
    person = _person(picture)
    return override_requirements(
        _level(person.get("level")), _level(likelihood), method=published()[picture.method_version]
    )


def _person(picture: Picture) -> dict[str, Any]:
    result = picture.score.result if picture.score is not None else None
    return dict(result["person"]) if result else {}


def _level(value: int | None) -> Likelihood | None:
    return None if value is None else Likelihood(value)


def blockers(picture: Picture, likelihood: int | None) -> list[Fault]:
    """Why this picture cannot be adopted with this level, whoever does it; empty when it can."""
    withheld = withheld_factors(picture.case_id)
    items = [item for _, each in lines_with_evidence(picture) for item in each]
    signals = Signal.objects.filter(case_id=picture.case_id)
    checks = (
        ("unscored", not _scored(picture, withheld)),
        ("no_severity", picture.severity is None),
        ("undisposed", signals.undisposed().exists()),
        ("unused_signal", _rests_on_unused(items)),
        ("withdrawn", any(i.product and i.product.withdrawn_at and not i.lapsed for i in items)),
        ("no_product", likelihood is not None and not any(i.product_id or i.signal_id for i in items)),
    )
    found = [Fault("", code, MESSAGES[code]) for code, wrong in checks if wrong]
    if likelihood is not None and likelihood <= Likelihood.LOW and withheld:
        found.append(LOW_LEVEL_BLOCKED)
    return found


def _rests_on_restricted(picture: Picture) -> bool:
    """Whether a supplier's product behind it may not be passed on freely: who decides must know (derdenregel)."""
    kept = EvidenceItem.objects.filter(picture=picture, lapsed=False, product__isnull=False).kept()
    return kept.exclude(product__caveat=Caveat.NONE).exists()


def _rests_on_unused(items: Sequence[EvidenceItem]) -> bool:
    return any(
        item.signal is not None and item.signal.disposition == Disposition.NOT_USED and not item.lapsed
        for item in items
    )


def _scored(picture: Picture, withheld: frozenset[Any]) -> bool:
    """Whether the score is of this revision and of the requests as they stand now."""
    score = picture.score
    if score is None or score.result is None or score.revision != picture.revision:
        return False
    frozen = json.loads(score.input)["lines"]
    return all(set(line["evidence"]["withheld"]) == set(withheld) for line in frozen)


@act
def propose_adoption(
    *, picture_id: UUID, proposal: Proposal, revision: int | None = None, actor: Actor, at: datetime
) -> Picture:
    """Freeze the scored draft and put it before a second analyst.

    Raises:
        Invalid: with every fault and every blocker.
        IllegalMove: the draft is not scored.
    """
    picture = locked_picture(picture_id, actor=actor, at=at, revision=revision)
    require(may_make_picture(actor))
    refuse_if(_proposal_faults(picture, proposal, on=timezone.localdate(at)) + blockers(picture, proposal.likelihood))
    picture.state = PICTURE_LIFECYCLE.apply("propose", state=picture.state)
    _write(picture, proposal)
    picture.proposed_by_id, picture.proposed_at = actor.user_id, at
    picture.seconded_by, picture.seconded_at = None, None
    picture.save()
    for kind, role in (("threat.adopt", Role.THREAT_ANALYST), ("threat.adopt", Role.HEAD_OF_ANALYSIS)):
        _ask(picture, kind, role, due=norms.due("threat.adopt", since=at))
    if departure_of(picture, proposal.likelihood).second_analyst_required:
        _ask(picture, "threat.second", Role.THREAT_ANALYST, due=norms.due("threat.adopt", since=at))
    audit.record("picture.propose", picture, scope=picture.case_id)
    return picture


def _write(picture: Picture, proposal: Proposal) -> None:
    picture.likelihood, picture.review_due = proposal.likelihood, proposal.review_due
    picture.departure = proposal.departure
    box, key = box_for(picture.case), picture.case.person.key_id
    for name in ("summary", "handling_advice", "departure_reason", "cumulation"):
        box.seal(picture, name, getattr(proposal, name), key=key)
    picture.marking = gate.highest(
        [picture.marking, *(i.marking for _, each in lines_with_evidence(picture) for i in each)]
    )


def _ask(picture: Picture, kind: str, role: Role, *, due: datetime) -> None:
    work.open_item(
        kind,
        picture,
        owner_role=role,
        organisation=nctv().pk,
        label=picture.case.number,
        scope=picture.case_id,
        due=due,
    )


def _proposal_faults(picture: Picture, proposal: Proposal, *, on: date) -> list[Fault]:
    person = _person(picture)
    if not person:
        return []
    latest = date.fromisoformat(person["reviewBy"]) if person["reviewBy"] else None
    asked = proposal.likelihood in {None, *Likelihood}
    reasoned = not asked or not departure_of(picture, proposal.likelihood).reason_required
    late = gettext_noop("A provisional level is reviewed within 14 days (house norm).")
    checks = (
        ("likelihood", not asked, gettext_noop("Choose a level from W1 to W5, or insufficient information.")),
        (
            "departure",
            not reasoned and proposal.departure not in set(DepartureGround),
            gettext_noop("Say why the level departs from the score."),
        ),
        (
            "departure",
            reasoned and bool(proposal.departure),
            gettext_noop("The level follows the score: there is no departure."),
        ),
        ("review_due", proposal.review_due <= on, gettext_noop("The review lies ahead.")),
        ("review_due", latest is not None and proposal.review_due > latest, late),
    )
    faults = text_faults(summary=proposal.summary)
    if not proposal.handling_advice.strip() and _rests_on_restricted(picture):
        faults.append(Fault("handling_advice", "required", MESSAGES["restricted"]))
    if not reasoned:
        faults += text_faults(departure_reason=proposal.departure_reason)
    if person["cumulationStatementNeeded"]:
        faults += text_faults(cumulation=proposal.cumulation)
    return faults + [Fault(name, "invalid", message) for name, wrong, message in checks if wrong]


@act
def second_departure(*, picture_id: UUID, actor: Actor, at: datetime) -> Picture:
    """A second analyst agrees with a departure that needs two; that analyst does not adopt."""
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_second(actor, proposed_by=picture.proposed_by_id))
    if picture.state != PictureState.PROPOSED or not departure_of(picture, picture.likelihood).second_analyst_required:
        raise Conflict("nothing_to_second", gettext_noop("There is no departure that needs a second analyst."))
    picture.seconded_by_id, picture.seconded_at = actor.user_id, at
    picture.save(update_fields=["seconded_by", "seconded_at"])
    work.close_items(picture.pk, kind="threat.second", verb="picture.second")
    audit.record("picture.second", picture, scope=picture.case_id)
    return picture


@act
def return_proposal(*, picture_id: UUID, reason: str, actor: Actor, at: datetime) -> Picture:
    """Give a proposal back with a reason; it can be worked on again."""
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_return(actor))
    refuse_if(text_faults(reason=reason))
    picture.state = PICTURE_LIFECYCLE.apply("return", state=picture.state)
    box_for(picture.case).seal(picture, "return_reason", reason, key=picture.case.person.key_id)
    picture.save(update_fields=["state", "return_reason"])
    _close(picture, verb="picture.return")
    audit.record("picture.return", picture, scope=picture.case_id)
    return picture


def _close(picture: Picture, *, verb: str) -> None:
    for kind in ("threat.adopt", "threat.second", "threat.adopt_overdue"):
        work.close_items(picture.pk, kind=kind, verb=verb)


def content_of(picture: Picture) -> dict[str, object]:
    """What a picture says, for its hash. Texts count by their ciphertext: destroying the key breaks no hash."""
    score = picture.score
    return {
        "picture": str(picture.pk),
        "case": str(picture.case_id),
        "version": picture.version,
        "method": picture.method_version,
        "marking": picture.marking,
        "severity": picture.severity,
        "likelihood": picture.likelihood,
        "departure": picture.departure,
        "reviewDue": picture.review_due,
        "texts": _sealed(picture),
        "input": score.input if score else None,
        "inputHash": score.input_hash if score else None,
        "result": score.result if score else None,
        "lines": [
            {
                "line": str(line.pk),
                "texts": _sealed(line),
                "evidence": [
                    {
                        "item": str(item.pk),
                        "product": item.product_id,
                        "signal": item.signal_id,
                        "provenance": item.provenance,
                        "searched": [item.searched_from, item.searched_to],
                        "texts": _sealed(item),
                    }
                    for item in items
                ],
            }
            for line, items in lines_with_evidence(picture)
        ],
        **_reasoning(picture),
    }


def _reasoning(picture: Picture) -> dict[str, object]:
    """Assumptions and other explanations; a picture without any has the hash it had before there were such rows."""
    assumptions = Assumption.objects.filter(picture=picture).kept().order_by("added_at", "pk")
    others = Hypothesis.objects.filter(picture=picture).kept().order_by("added_at", "pk")
    found: dict[str, object] = {
        "assumptions": [[str(row.pk), str(row.owner_id), row.check_by, _sealed(row)] for row in assumptions],
        "hypotheses": [[str(row.pk), row.weighing, _sealed(row)] for row in others],
    }
    return {name: rows for name, rows in found.items() if rows}


def _sealed(row: Picture | ThreatLine | EvidenceItem | Assumption | Hypothesis) -> dict[str, str]:
    return {name: hashlib.sha256(bytes(getattr(row, name) or b"")).hexdigest() for name in SEALED[type(row)]}


def hash_of(picture: Picture) -> bytes:
    """SHA-256 over the canonical content."""
    return content_hash(content_of(picture))


@act
def adopt(*, picture_id: UUID, shown: str | None = None, actor: Actor, at: datetime) -> Picture:
    """A second analyst adopts the proposal: final, bound by its hash, and handed to the case in this transaction.

    `shown` is the hexadecimal hash of the content the analyst saw.

    Raises:
        Forbidden: the author, the proposer or who seconded; or not an analyst.
        Stale: what was shown is not what would be adopted.
        Invalid: with every blocker.
    """
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(
        may_adopt(
            actor,
            author=picture.author_id,
            proposed_by=picture.proposed_by_id,
            seconded_by=picture.seconded_by_id,
        )
    )
    picture.state = PICTURE_LIFECYCLE.apply("adopt", state=picture.state)
    digest = hash_of(picture)
    if shown is not None and shown != digest.hex():
        raise Stale(version=picture.revision)
    refuse_if(blockers(picture, picture.likelihood) + apart(picture, picture.likelihood, at=at) + _unseconded(picture))
    picture.content_hash = digest
    picture.adopted_by_id, picture.adopted_at = actor.user_id, at
    picture.save(update_fields=["state", "content_hash", "adopted_by", "adopted_at"])
    _close(picture, verb="picture.adopt")
    close_reviews(picture.case_id, verb="picture.adopt")
    keep_earlier_levels(picture, at=at)
    _hand_over(picture, actor=actor, at=at)
    audit.record("picture.adopt", picture, scope=picture.case_id, detail={"hash": digest.hex()})
    return picture


def _unseconded(picture: Picture) -> list[Fault]:
    needed = departure_of(picture, picture.likelihood).second_analyst_required
    return [Fault("", "second", MESSAGES["second"])] if needed and picture.seconded_by_id is None else []


def _hand_over(picture: Picture, *, actor: Actor, at: datetime) -> None:
    """The frozen facts go to the case: all a decider ever sees of the analysis."""
    person, box = _person(picture), box_for(picture.case)
    if picture.severity is None or picture.review_due is None or picture.content_hash is None:
        raise RuntimeError("blockers() lets no such picture through")
    adopt_picture(
        case_id=picture.case_id,
        picture_id=picture.pk,
        picture_version=picture.version,
        method_version=picture.method_version,
        content_hash=bytes(picture.content_hash),
        outcome=_outcome(picture, person),
        severity=picture.severity,
        likelihood=picture.likelihood,
        index=person["index"],
        low=person["low"],
        high=person["high"],
        coverage=person["coverage"],
        marking=picture.marking,
        summary=box.open(picture, "summary"),
        handling_advice=box.open(picture, "handling_advice"),
        review_due=picture.review_due,
        actor=actor,
        at=at,
    )


def _outcome(picture: Picture, person: dict[str, Any]) -> str:
    """The score's outcome, unless the analysts set a level where there was none, or dropped one."""
    if picture.likelihood is None:
        return "INSUFFICIENT"
    return "PROVISIONAL" if person["outcome"] == "INSUFFICIENT" else str(person["outcome"])
