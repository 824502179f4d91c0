"""Registering a threat picture that was made elsewhere: one analyst writes it down, another confirms; then it binds."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.services import MadeElsewhere, adopt_picture
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Stale, gettext_noop
from stelsel.kernel.scales import Likelihood, Severity
from stelsel.kernel.signing import content_hash
from stelsel.legal.models import Marking
from threat.lifecycle import ElsewhereState
from threat.models import ElsewherePicture, Picture, Signal
from threat.policies import may_confirm_elsewhere, may_make_picture
from threat.scoring.adoption import LOW_LEVEL_BLOCKED
from threat.services.case import box_for, nctv, refuse_if, text_faults, visible_case
from threat.services.scores import withheld_factors

KIND = "threat.confirm_elsewhere"
REVIEW = "threat.elsewhere_review"
TEXTS = ("kept_at", "summary", "handling_advice")
MESSAGES = {
    "maker": gettext_noop("Name who made it, in at most 150 characters."),
    "number": gettext_noop("Give the maker's number, in at most 60 characters."),
    "future": gettext_noop("The date lies in the future."),
    "marking": gettext_noop("Choose a marking."),
    "severity": gettext_noop("Choose a severity from E1 to E5."),
    "likelihood": gettext_noop("Choose a level from W1 to W5, or insufficient information."),
    "review_due": gettext_noop("The review lies ahead."),
    "known": gettext_noop("This picture of this maker was registered before."),
    "decided": gettext_noop("This registration was confirmed or taken back already."),
    "undisposed": gettext_noop("A signal lies undisposed. Say of every signal whether it is used, and why."),
}


@dataclass(frozen=True)
class Registration:
    """What may be known here of a picture made elsewhere. `likelihood` None is insufficient information."""

    maker: str
    number: str
    made_on: date
    own_marking: str
    kept_at: str
    severity: int
    likelihood: int | None
    summary: str
    review_due: date
    handling_advice: str = ""


@dataclass(frozen=True)
class ElsewhereView:
    """A registration in clear, with the hash of its content."""

    row: ElsewherePicture
    kept_at: str
    summary: str
    handling_advice: str
    hash: str


@act
def register_elsewhere(*, case_id: UUID, told: Registration, actor: Actor, at: datetime) -> ElsewherePicture:
    """Write down what may be known of a picture made elsewhere; a second analyst confirms it.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Invalid: with every fault.
        Conflict: this picture of this maker was registered before.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_make_picture(actor))
    refuse_if(_faults(told, on=timezone.localdate(at)))
    maker, number = told.maker.strip(), told.number.strip()
    held = ElsewherePicture.objects.filter(case=case, maker=maker, number=number)
    if held.exclude(state=ElsewhereState.DROPPED).exists():
        raise Conflict("duplicate", MESSAGES["known"])
    row = ElsewherePicture(
        case=case,
        state=ElsewhereState.REGISTERED,
        maker=maker,
        number=number,
        made_on=told.made_on,
        own_marking=told.own_marking,
        severity=told.severity,
        likelihood=told.likelihood,
        review_due=told.review_due,
        provenance=maker,
        registered_by_id=actor.user_id,
        registered_at=at,
    )
    box, key = box_for(case), case.person.key_id
    for name in TEXTS:
        box.seal(row, name, getattr(told, name).strip(), key=key)
    row.save(force_insert=True)
    for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS):
        work.open_item(
            KIND,
            row,
            owner_role=role,
            organisation=nctv().pk,
            label=case.number,
            scope=case.pk,
            due=norms.due("threat.adopt", since=at),
        )
    audit.record("picture.register_elsewhere", row, scope=case.pk)
    return row


def _faults(told: Registration, *, on: date) -> list[Fault]:
    checks = (
        ("maker", not 0 < len(told.maker.strip()) <= 150, "maker"),  # noqa: PLR2004  # the column
        ("number", not 0 < len(told.number.strip()) <= 60, "number"),  # noqa: PLR2004  # as above
        ("made_on", told.made_on > on, "future"),
        ("own_marking", told.own_marking not in set(Marking), "marking"),
        ("severity", told.severity not in set(Severity), "severity"),
        ("likelihood", told.likelihood not in {None, *Likelihood}, "likelihood"),
        ("review_due", told.review_due <= on, "review_due"),
    )
    faults = text_faults(kept_at=told.kept_at, summary=told.summary)
    return faults + [Fault(field, "invalid", MESSAGES[name]) for field, wrong, name in checks if wrong]


@act
def confirm_elsewhere(*, elsewhere_id: UUID, shown: str | None = None, actor: Actor, at: datetime) -> ElsewherePicture:
    """A second analyst confirms that it says what the maker's picture says: from here it binds decisions.

    Raises:
        ElsewherePicture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst, or who registered it.
        Stale: what was shown is not what would be confirmed.
        Conflict: confirmed or taken back already.
        Invalid: a signal lies undisposed; or a low level while a request for information is unanswered.
    """
    row = _locked(elsewhere_id, actor=actor, at=at)
    require(may_confirm_elsewhere(actor, registered_by=row.registered_by_id))
    digest = _hash(row)
    if shown is not None and shown != digest.hex():
        raise Stale(version=0)
    refuse_if(_blockers(row))
    row.state, row.content_hash = ElsewhereState.CONFIRMED, digest
    row.decided_by_id, row.decided_at = actor.user_id, at
    row.save()
    work.close_items(row.pk, kind=KIND, verb="picture.confirm_elsewhere")
    close_reviews(row.case_id, verb="picture.confirm_elsewhere")
    _hand_over(row, actor=actor, at=at)
    audit.record("picture.confirm_elsewhere", row, scope=row.case_id, detail={"hash": digest.hex()})
    return row


def _blockers(row: ElsewherePicture) -> list[Fault]:
    found = []
    if Signal.objects.filter(case_id=row.case_id).undisposed().exists():
        found.append(Fault("", "undisposed", MESSAGES["undisposed"]))
    low = row.likelihood is not None and row.likelihood <= Likelihood.LOW
    return [*found, LOW_LEVEL_BLOCKED] if low and withheld_factors(row.case_id) else found


def _hand_over(row: ElsewherePicture, *, actor: Actor, at: datetime) -> None:
    box = box_for(row.case)
    adopt_picture(
        case_id=row.case_id,
        picture_id=row.pk,
        picture_version=1,
        method_version="",
        content_hash=bytes(row.content_hash or b""),
        outcome="INSUFFICIENT" if row.likelihood is None else "LEVEL",
        severity=row.severity,
        likelihood=row.likelihood,
        index=None,
        low=None,
        high=None,
        coverage=None,
        marking=row.marking,
        summary=box.open(row, "summary"),
        handling_advice=box.open(row, "handling_advice"),
        review_due=row.review_due,
        made=MadeElsewhere(row.maker, row.number, row.made_on, box.open(row, "kept_at")),
        actor=actor,
        at=at,
    )


@act
def drop_elsewhere(*, elsewhere_id: UUID, actor: Actor, at: datetime) -> ElsewherePicture:
    """Take a registration back before it is confirmed; what was confirmed stands until a newer picture.

    Raises:
        ElsewherePicture.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: no analyst.
        Conflict: confirmed or taken back already.
    """
    row = _locked(elsewhere_id, actor=actor, at=at)
    require(may_make_picture(actor))
    row.state = ElsewhereState.DROPPED
    row.decided_by_id, row.decided_at = actor.user_id, at
    row.save()
    work.close_items(row.pk, kind=KIND, verb="picture.drop_elsewhere")
    audit.record("picture.drop_elsewhere", row, scope=row.case_id)
    return row


def _locked(elsewhere_id: UUID, *, actor: Actor, at: datetime) -> ElsewherePicture:
    rows = ElsewherePicture.objects.visible_to(actor, at=at).select_related("case__person")
    row = rows.select_for_update(of=("self",)).get(pk=elsewhere_id)
    if row.state != ElsewhereState.REGISTERED:
        raise Conflict("decided", MESSAGES["decided"])
    return row


def _hash(row: ElsewherePicture) -> bytes:
    names = ("maker", "number", "made_on", "own_marking", "severity", "likelihood", "review_due", "marking")
    texts = {name: hashlib.sha256(bytes(getattr(row, name) or b"")).hexdigest() for name in TEXTS}
    return content_hash(
        {"elsewhere": str(row.pk), "case": str(row.case_id), "texts": texts}
        | {name: getattr(row, name) for name in names}
    )


@act
def read_elsewhere(*, elsewhere_id: UUID, actor: Actor, at: datetime) -> ElsewhereView:
    """A registration in clear, for analysts.

    Raises:
        ElsewherePicture.DoesNotExist: unknown, or not visible to `actor`.
    """
    rows = ElsewherePicture.objects.visible_to(actor, at=at)
    row = rows.select_related("case__person", "registered_by", "decided_by").get(pk=elsewhere_id)
    require(may_make_picture(actor))
    audit.saw([(row.case.person_id, row.case_id)])
    box = vault.box(row.case.person.key_id)
    texts = {name: box.open(row, name) for name in TEXTS}
    return ElsewhereView(row=row, hash=_hash(row).hex(), **texts)


def elsewhere_of(case_id: UUID, *, actor: Actor, at: datetime) -> Sequence[ElsewherePicture]:
    """The registrations of a case, newest first. Part of a read that was logged."""
    rows = ElsewherePicture.objects.visible_to(actor, at=at).filter(case_id=case_id)
    return list(rows.order_by("-registered_at", "pk"))


def in_date(cases: Sequence[UUID], *, on: date) -> set[UUID]:
    """Which of these cases have a confirmed picture made elsewhere whose review is not due."""
    rows = ElsewherePicture.objects.filter(case__in=cases, state=ElsewhereState.CONFIRMED, review_due__gt=on)
    return set(rows.values_list("case_id", flat=True))


def close_reviews(case_id: UUID, *, verb: str) -> None:
    """A newer picture was adopted: no earlier one made elsewhere waits for its review any more. Part of a service."""
    for row in ElsewherePicture.objects.filter(case=case_id, state=ElsewhereState.CONFIRMED):
        work.close_items(row.pk, kind=REVIEW, verb=verb)


def watch_elsewhere(at: datetime) -> int:
    """Confirmed pictures made elsewhere whose review is due, while nothing newer was adopted. Part of the watch."""
    confirmed = ElsewherePicture.objects.filter(state=ElsewhereState.CONFIRMED)
    later = confirmed.filter(case=OuterRef("case"), decided_at__gt=OuterRef("decided_at"))
    made_here = Picture.objects.filter(case=OuterRef("case"), adopted_at__gt=OuterRef("decided_at"))
    waiting = confirmed.filter(~Exists(later), ~Exists(made_here), review_due__lte=timezone.localdate(at))
    due = list(waiting.select_related("case"))
    for row in due:
        for role in (Role.THREAT_ANALYST, Role.HEAD_OF_ANALYSIS):
            work.open_item(
                REVIEW,
                row,
                owner_role=role,
                organisation=nctv().pk,
                label=row.case.number,
                scope=row.case_id,
                due=at,
            )
    return len(due)
