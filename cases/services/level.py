"""Adopted picture, threat level and required resistance, advice on measures. An analyst can do none of the deciding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.models import (
    AdoptedPicture,
    Case,
    LevelDecision,
    MeasureAdvice,
)
from cases.models.care.life import Occasion
from cases.models.review import ReviewCause
from cases.policies import (
    may_adopt_picture,
    may_advise,
    may_set_level,
)
from cases.services import case as cases
from cases.services import ratify, review
from cases.services.care.life import require_signed
from cases.services.catalogue import known_kinds
from cases.services.review import require_sound
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType


@dataclass(frozen=True)
class MadeElsewhere:
    """Where a picture comes from that was not made here: its maker, their number, the day, and where it lies."""

    maker: str
    number: str
    on: date
    kept_at: str


@act
def adopt_picture(  # the frozen facts of a picture, each by name
    *,
    case_id: UUID,
    picture_id: UUID,
    picture_version: int,
    method_version: str,
    content_hash: bytes,
    outcome: str,
    severity: int,
    likelihood: int | None,
    index: float | None,
    low: float | None,
    high: float | None,
    coverage: float | None,
    marking: str,
    summary: str,
    handling_advice: str,
    review_due: date,
    made: MadeElsewhere | None = None,
    actor: Actor,
    at: datetime,
) -> AdoptedPicture:
    """Take over the frozen facts of a picture that threat analysis adopted; from here the decider reads.

    Called by threat.services in the transaction of the adoption. Level and package on an older picture are for review.
    A picture that was made elsewhere (`made`) has no score: no method, index, interval or coverage.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_adopt_picture(actor))
    gate.require_below_ceiling(marking)
    picture = AdoptedPicture(
        case=case,
        picture_id=picture_id,
        picture_version=picture_version,
        method_version=method_version,
        content_hash=content_hash,
        outcome=outcome,
        severity=severity,
        likelihood=likelihood,
        index=index,
        low=low,
        high=high,
        coverage=coverage,
        marking=marking,
        review_due=review_due,
        adopted_by_id=actor.user_id,
        adopted_at=at,
    )
    if made is not None:
        picture.maker, picture.maker_number, picture.made_on = made.maker, made.number, made.on
    box, key = cases.box_for(case), case.person.key_id
    box.seal(picture, "summary", summary, key=key)
    box.seal(picture, "handling_advice", handling_advice, key=key)
    if made is not None:
        box.seal(picture, "kept_at", made.kept_at, key=key)
    picture.save(force_insert=True)
    review.mark(case, ReviewCause.NEWER_PICTURE, caused_at=at, at=at)
    cases.touch(case, at=at)
    work.open_item(
        "level.decide",
        picture,
        owner_role=Role.DECIDER,
        owner=case.decider_id,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.level", since=at),
    )
    cases.need_changed(case, why="picture", subject=picture)
    audit.record("picture.adopt", picture, scope=case.pk, detail={"version": picture_version, "outcome": outcome})
    return picture


@act
def decide_level(
    *,
    picture_id: UUID,
    severity: int,
    likelihood: int,
    resistance: int,
    departure: str,
    reasons: str,
    urgent_reason: str = "",
    actor: Actor,
    at: datetime,
) -> LevelDecision:
    """Set the threat level and the required resistance on the newest adopted picture (R068).

    On a picture that expired or was followed by another only by the urgent route: with a reason, and to be ratified.

    Raises:
        Conflict: the picture expired or a newer one was adopted, and nothing says why it cannot wait.
        Conflict: it departs, and the answers on article 2 ECHR were not signed.
        Invalid: the level departs from the picture without a category, or follows it with one.
    """
    picture = AdoptedPicture.objects.visible_to(actor, at=at).get(pk=picture_id)
    case = cases.locked_case(picture.case_id, actor=actor, at=at)
    require(
        may_set_level(actor, decider=case.decider_id, adopted_by=picture.adopted_by_id, person_user=case.person.user_id)
    )
    flaw = require_sound(picture, urgent_reason=urgent_reason, at=at)
    _require_level(picture, severity=severity, likelihood=likelihood, resistance=resistance, departure=departure)
    cases.require_texts(reasons=reasons)
    if departure:
        require_signed(case, Occasion.LEVEL, picture.pk)
    level = LevelDecision(
        case=case,
        picture=picture,
        picture_hash=bytes(picture.content_hash),
        severity=severity,
        likelihood=likelihood,
        resistance=resistance,
        departure=departure,
        decided_by_id=actor.user_id,
        decided_at=at,
    )
    cases.box_for(case).seal(level, "reasons", reasons, key=case.person.key_id)
    level.save(force_insert=True)
    review.replaced(case, "level", actor=actor, at=at)
    if flaw:
        ratify.ask(case, level, why=urgent_reason, actor=actor, at=at)
        review.mark(case, flaw, caused_at=at, at=at)
    work.close_items(picture.pk, kind="level.decide", verb="level.decide")
    _ask_advice(case, level, at=at)
    cases.touch(case, at=at)
    cases.need_changed(case, why="level", subject=level)
    audit.record("level.decide", level, scope=case.pk, reason=departure, detail={"resistance": resistance})
    return level


def _require_level(picture: AdoptedPicture, *, severity: int, likelihood: int, resistance: int, departure: str) -> None:
    faults = [
        Fault(name, "range", gettext_noop("Choose a level from 1 to 5."))
        for name, value in (("severity", severity), ("likelihood", likelihood), ("resistance", resistance))
        if not 1 <= value <= 5  # noqa: PLR2004  # the published scales
    ]
    follows = (severity, likelihood) == (picture.severity, picture.likelihood)
    if not follows and not departure:
        faults.append(Fault("departure", "required", gettext_noop("The level departs from the picture: say why.")))
    if follows and departure:
        faults.append(Fault("departure", "not_needed", gettext_noop("The level follows the picture: no departure.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(faults))


def _ask_advice(case: Case, level: LevelDecision, *, at: datetime) -> None:
    """Share the level with the LCC and ask its advice: level and handling advice only, never the analysis."""
    lcc = cases.lcc()
    gate.share(
        InformationType.ADOPTED_PICTURE,
        level,
        provider=OrganisationKind.NCTV,
        receiver=OrganisationKind.LCC,
        on=at.date(),
        scope=case.pk,
    )
    access.give(
        case,
        to=Principal(role=Role.LCC_ADVISER, group_id=lcc.group_for(Role.LCC_ADVISER).pk),
        reason="asked for advice on measures",
        ground="level.decide",
    )
    work.open_item(
        "advice.give",
        level,
        owner_role=Role.LCC_ADVISER,
        organisation=lcc.pk,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.advice", since=at),
    )


@act
def give_advice(
    *,
    level_id: UUID,
    feasible: str,
    advice: str,
    guard_safety: str,
    infeasible: Sequence[str] = (),
    actor: Actor,
    at: datetime,
) -> MeasureAdvice:
    """The LCC adviser advises: what, whether it is feasible, whether the guards are safe (R019).

    `infeasible` names the kinds that cannot be carried out: whoever orders one signs why.

    Raises:
        Invalid: what is wholly feasible has no exceptions.
    """
    level = LevelDecision.objects.visible_to(actor, at=at).get(pk=level_id)
    case = cases.locked_case(level.case_id, actor=actor, at=at)
    require(may_advise(actor))
    cases.require_texts(feasible=feasible, advice=advice, guard_safety=guard_safety)
    known_kinds(infeasible, on=at.date())
    if feasible == "yes" and infeasible:
        fault = Fault("infeasible", "feasible", gettext_noop("You say that it is feasible, and that this is not."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    if MeasureAdvice.objects.filter(level=level).exists():
        raise Conflict("advised", gettext_noop("Advice on this level was given already."))
    given = MeasureAdvice(
        case=case,
        level=level,
        feasible=feasible,
        infeasible=sorted(set(infeasible)),
        advised_by_id=actor.user_id,
        advised_at=at,
    )
    box, key = cases.box_for(case), case.person.key_id
    box.seal(given, "advice", advice, key=key)
    box.seal(given, "guard_safety", guard_safety, key=key)
    given.save(force_insert=True)
    gate.share(
        InformationType.MEASURE_ADVICE,
        given,
        provider=OrganisationKind.LCC,
        receiver=OrganisationKind.NCTV,
        on=at.date(),
        scope=case.pk,
    )
    work.close_items(level.pk, kind="advice.give", verb="advice.give")
    work.open_item(
        "package.prepare",
        level,
        owner_role=Role.CASE_MANAGER,
        owner=case.case_manager_id,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.package", since=at),
    )
    audit.record("advice.give", given, scope=case.pk, detail={"feasible": feasible})
    return given
