"""The four answers of article 2 ECHR: written, signed, and asked for where a decision goes below what was needed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import models

from cases.lifecycle import PlannedStep
from cases.models import (
    Case,
    ContactEntry,
    Designation,
    DutyAnswers,
    Measure,
    MeasureAdvice,
    Nomination,
    Package,
)
from cases.models.care.life import Occasion
from cases.models.decision import AdoptedPicture
from cases.policies import may_sign_answers, may_write_answers
from cases.services import case as cases
from cases.services.care import rows
from stelsel.kernel import audit, composition, signing
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Conflict, gettext_noop

TEXTS: Final = ("known", "risk_reasons", "available", "choice")
SUBJECT: Final[Mapping[str, models.Manager[Any]]] = {
    Occasion.LEVEL: AdoptedPicture.objects,
    Occasion.PACKAGE: Package.objects,
    Occasion.REDUCTION: Package.objects,
    Occasion.RETURN: Designation.objects,
    Occasion.REJECTION: Nomination.objects,
    Occasion.ENDING: Measure.objects,
}
FOUR_EYES: Final = frozenset({Occasion.ENDING, Occasion.REDUCTION})
SIGNALS_SHOWN: Final = 50


@dataclass(frozen=True)
class Answers:
    """What people answer; nothing of it is computed."""

    known: str
    risk: str
    risk_reasons: str
    available: str
    choice: str


@act
def write_answers(
    *, case_id: UUID, occasion: str, subject_id: UUID, answers: Answers, actor: Actor, at: datetime
) -> DutyAnswers:
    """Write the answers at a decision; an unsigned version is replaced, a signed one is followed by the next.

    Raises:
        DoesNotExist: the decision is not one of this case.
        Invalid: an answer is missing; every one is named.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_write_answers(actor))
    records = SUBJECT.get(occasion)
    if records is not None:
        records.get(pk=subject_id, case=case)
    elif subject_id != case.pk:
        raise Case.DoesNotExist
    cases.require_texts(risk=answers.risk, **{name: getattr(answers, name) for name in TEXTS})
    last = newest_answers(case, occasion, subject_id)
    row = last if last is not None and last.state == "draft" else _next(case, occasion, subject_id, last)
    picture = _picture(case)
    row.risk, row.evidence, row.picture_id = answers.risk, evidence(case, at=at), picture.pk if picture else None
    row.written_by_id, row.written_at = actor.user_id, at
    cases.seal(row, case, **{name: getattr(answers, name) for name in TEXTS})
    return rows.changed(row, "care.answer", occasion=occasion, number=row.number)


def _next(case: Case, occasion: str, subject_id: UUID, last: DutyAnswers | None) -> DutyAnswers:
    number = last.number + 1 if last else 1
    return DutyAnswers(case=case, occasion=occasion, subject_id=subject_id, number=number, state="draft", version=0)


def newest_answers(case: Case, occasion: str, subject_id: UUID) -> DutyAnswers | None:
    found = DutyAnswers.objects.filter(case=case, occasion=occasion, subject_id=subject_id)
    return found.select_for_update(of=("self",)).order_by("-number").first()


def _picture(case: Case) -> AdoptedPicture | None:
    return AdoptedPicture.objects.filter(case=case).order_by("-adopted_at", "-picture_version").first()


def evidence(case: Case, *, at: datetime) -> dict[str, object]:
    """What lay there at this instant, by number and instant alone: the wall between analysis and decision stands."""
    picture = _picture(case)
    signals = ContactEntry.objects.filter(case=case, is_signal=True, at__lte=at).order_by("-at", "pk")
    return {
        "at": at.isoformat(),
        "picture": {"version": picture.picture_version, "adopted_at": picture.adopted_at.isoformat()}
        if picture
        else None,
        "signals": [one.isoformat() for one in signals.values_list("at", flat=True)[:SIGNALS_SHOWN]],
        "products": [number for source in composition.EVIDENCE for number in source(case.pk, at)],
    }


def answered_content(row: DutyAnswers) -> dict[str, object]:
    """What is signed: the four answers, at which decision, and what lay there."""
    box = cases.box_for(row.case)
    return {
        "case": row.case.number,
        "occasion": row.occasion,
        "subject": str(row.subject_id),
        "number": row.number,
        "risk": row.risk,
        "evidence": row.evidence,
        **{name: box.open(row, name) for name in TEXTS},
    }


@act
def sign_answers(*, answers_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> DutyAnswers:
    """Sign the answers: from here they are final. Below what was, whoever wrote them does not sign them."""
    row = rows.locked(DutyAnswers.objects.all(), answers_id, actor=actor, at=at, version=version)
    require(may_sign_answers(actor, written_by=row.written_by_id, four_eyes=row.occasion in FOUR_EYES))
    if row.state == "signed":
        raise Conflict("signed", gettext_noop("These answers were signed already. Write a new version."))
    row.signature = signing.sign(row, answered_content(row), actor=actor, at=at, code=code)
    row.state, row.signed_by_id, row.signed_at = "signed", actor.user_id, at
    return rows.changed(row, "care.sign_answers", occasion=row.occasion, number=row.number)


def require_signed(case: Case, occasion: str, subject_id: UUID) -> DutyAnswers:
    """Go on only where the newest answers at this decision are signed and rest on the newest picture.

    Raises:
        Conflict: they are missing, unsigned, or older than the newest adopted picture.
    """
    row = newest_answers(case, occasion, subject_id)
    if row is None or row.state != "signed":
        raise Conflict(
            "duty_of_care",
            gettext_noop(
                "First answer the four questions of article 2 ECHR about this decision, and have them signed."
            ),
        )
    picture = _picture(case)
    if picture is not None and picture.pk != row.picture_id:
        raise Conflict(
            "duty_of_care_older",
            gettext_noop("A threat picture was adopted after the answers on article 2 ECHR. Write a new version."),
        )
    audit.record("care.rely", row, scope=case.pk)
    return row


def occasion_of(package: Package) -> tuple[str, bool]:
    """At which decision a package stands, and whether the answers must be there: less than before, or not feasible.

    Less is a lower tier, fewer teams, or a measure that ends.
    """
    if package.planned.filter(step=PlannedStep.END).exists():
        return Occasion.REDUCTION, True
    before = (
        Package.objects.filter(case=package.case_id, state="decided")
        .exclude(pk=package.pk)
        .order_by("-decided_at")
        .first()
    )
    if before is not None and (package.tier > before.tier or _teams(before) - _teams(package)):
        return Occasion.REDUCTION, True
    advice = MeasureAdvice.objects.filter(level=package.level_id).first()
    return Occasion.PACKAGE, advice is not None and advice.feasible != "yes"


def _teams(package: Package) -> Counter[tuple[UUID, str]]:
    teams: Counter[tuple[UUID, str]] = Counter()
    for one in package.planned.all():
        teams[one.person_id, one.kind] += one.required * len(one.shifts)
    return teams
