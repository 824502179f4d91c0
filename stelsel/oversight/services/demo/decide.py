"""The demonstration's way from a designated person to measures in place: picture, level, advice, package, reports."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from cases import services
from cases.models import AdoptedPicture, Case, Designation, LevelDecision, Measure, Package
from cases.services import Planned
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from stelsel.oversight.services.demo import care, texts
from stelsel.oversight.services.demo.outbox import work_off
from stelsel.oversight.services.demo.walk import Walk

REVIEW_AFTER = timedelta(days=90)
TECHNICAL, GUARDED = ("camera", "alarm", "attention"), ("patrol", "static_b")
ALWAYS_GUARDED = 3  # the first cases, so that the smallest demonstration has something to plan
STEPS = ("accept", "put_in_place", "verify")


def level(walk: Walk, on: AdoptedPicture) -> LevelDecision:
    """The decider follows the picture, and departs from it now and then with a category and reason."""
    likelihood = on.likelihood or 3
    departs = on.likelihood is None or (likelihood < 5 and walk.chance.random() < 0.15)  # noqa: PLR2004  # a share
    if departs:
        care.answer(walk, "level", on.pk)
    return services.decide_level(
        picture_id=on.pk,
        severity=on.severity,
        likelihood=likelihood + (1 if departs and on.likelihood is not None else 0),
        resistance=max(2, min(5, likelihood + 1)),
        departure=("insufficient" if on.likelihood is None else "newer_information") if departs else "",
        reasons=texts.LEVEL_REASONS[2] if departs else walk.say(texts.LEVEL_REASONS[:2]),
        actor=walk.decider,
        at=walk.clock.after(20),
    )


def advice(walk: Walk, on: LevelDecision) -> None:
    adviser = walk.world.field.actor(walk.chance.choice(("jet", "sven")))
    services.give_advice(
        level_id=on.pk,
        feasible=walk.chance.choice(("yes", "yes", "partly")),
        advice=walk.say(texts.ADVICE),
        guard_safety=walk.say(texts.GUARD_SAFETY),
        actor=adviser,
        at=walk.clock.after(22),
    )


def submitted(walk: Walk, on: LevelDecision) -> Package:
    """The case manager writes the package and lays it before the decider."""
    at = walk.clock.after(20)
    due = max(at + REVIEW_AFTER, walk.clock.end + timedelta(days=walk.chance.randint(-4, 80))).date()
    tier = walk.chance.randint(1, 3)
    with acting(walk.manager, at=at):
        standing = services.going_on(walk.case, on=at.date())
    there = {one.kind for one in standing}
    planned = [*standing, *(one for one in _measures(walk, on) if one.kind not in there)]
    return written(walk, on.pk, planned, tier=tier, due=due)


def written(walk: Walk, level_id: UUID, planned: Sequence[Planned], *, tier: int, due: date) -> Package:
    """The case manager writes the package, for some with a condition, and lays it before the decider."""
    at = walk.clock.at
    terms = [services.Condition(text, (at + timedelta(days=days)).date()) for text, days in _conditions(walk)]
    package = services.start_package(level_id=level_id, tier=tier, review_due=due, actor=walk.manager, at=at)
    package = services.write_package(
        package_id=package.pk,
        texts={**texts.package_texts(walk.chance), "same_because": texts.SAME_BECAUSE},
        planned=planned,
        terms=terms,
        tier=tier,
        review_due=due,
        version=package.version,
        actor=walk.manager,
        at=walk.clock.after(5),
    )
    return services.submit_package(
        package_id=package.pk, version=package.version, actor=walk.manager, at=walk.clock.after(2)
    )


def _conditions(walk: Walk) -> Sequence[tuple[str, int]]:
    """With a chance of its own, so that the other stories stay what they are."""
    chance = random.Random(f"condition {walk.case.number}")  # noqa: S311  # a demonstration, not a secret
    return chance.sample(texts.CONDITIONS, 1) if chance.random() < 0.3 else []  # noqa: PLR2004  # a share


def _measures(walk: Walk, on: LevelDecision) -> Sequence[Planned]:
    """Something at the house for everybody; for most, person-directed protection that grows with the resistance."""
    starts = (walk.clock.at + timedelta(days=3)).date()
    person, region = walk.case.person_id, walk.story.region
    plan = [Planned(person, walk.say(TECHNICAL), starts, region)]
    if walk.chance.random() < 0.25:  # noqa: PLR2004  # a share
        plan.append(Planned(person, walk.say(GUARDED), starts, region, shifts=walk.say(("D", "E", "DE"))))
    if walk.chance.random() < 0.5 or walk.world.guarded < ALWAYS_GUARDED:  # noqa: PLR2004  # half of them
        walk.world.guarded += 1
        kind = walk.say(("close_protection", "close_protection", "escort"))
        strength = 2 if on.resistance >= 5 and walk.chance.random() < 0.5 else 1  # noqa: PLR2004  # the highest level
        plan.append(Planned(person, kind, starts, region, strength, 1, walk.say(("D", "DE", "DE", "DEN"))))
    return plan


def returned(walk: Walk, package: Package) -> None:
    services.return_package(
        package_id=package.pk,
        reasons=walk.say(texts.RETURN_REASONS),
        version=package.version,
        actor=walk.decider,
        at=walk.clock.after(10),
    )


def decided(walk: Walk, package: Package) -> None:
    """Signed by the decider of the case, and by the other one where it takes two."""
    care.answer_package(walk, package)
    if sign(walk, package, walk.decider, walk.say(texts.DECISION_REASONS)).state == "submitted":
        sign(walk, package, other_decider(walk), texts.DECISION_REASONS[0])
    work_off(at=walk.clock.at)


def other_decider(walk: Walk) -> Actor:
    return walk.world.field.actor("nienke" if walk.story.decider == "aldert" else "aldert")


def sign(walk: Walk, package: Package, decider: Actor, reasons: str) -> Package:
    return services.decide_package(
        package_id=package.pk,
        reasons=reasons,
        version=package.version,
        code=walk.code(decider),
        actor=decider,
        at=walk.clock.after(15),
    )


def carried_out(walk: Walk) -> None:
    """The LCC reports on the measures: most are in place, some only ordered, one fell away."""
    coordinator = walk.world.field.actor(walk.chance.choice(("bram", "zohra")))
    at = walk.clock.after(12)
    with acting(coordinator, at=at):
        ordered = list(
            Measure.objects.filter(case=walk.case, state="ordered", planned__isnull=False).order_by("kind", "pk")
        )
    for measure in ordered:
        reached = walk.chance.choices((0, 1, 2, 3), (1, 1, 9, 12))[0]
        for step in STEPS[:reached]:
            services.report_measure(
                measure_id=measure.pk,
                step=step,
                note=walk.say(texts.IN_PLACE),
                actor=coordinator,
                at=walk.clock.after(3),
            )
        if reached < len(STEPS) - 1:
            _promised(walk, measure)
        if reached and walk.chance.random() < 0.06:  # noqa: PLR2004  # a share
            services.report_measure(
                measure_id=measure.pk,
                step="fall_away",
                note=walk.say(texts.FALLEN_AWAY),
                actor=coordinator,
                at=walk.clock.after(30),
            )


def _promised(walk: Walk, measure: Measure) -> None:
    """What is not there: a date was promised, or asked for; the promised day may lie in the past by now."""
    with acting(walk.manager, at=walk.clock.at):
        measure = Measure.objects.get(pk=measure.pk)
    if walk.chance.random() < 0.4:  # noqa: PLR2004  # a share
        note, at = walk.say(texts.CHASED), walk.clock.after(20)
        services.chase_measure(measure_id=measure.pk, note=note, version=measure.version, actor=walk.manager, at=at)
        return
    at = walk.clock.after(20)
    services.promise_date(
        measure_id=measure.pk,
        promised_on=at.date() + timedelta(days=walk.chance.randint(2, 12)),
        supplier=walk.say(texts.SUPPLIERS) if measure.kind in TECHNICAL else "",
        note="",
        actor=walk.world.field.actor("bram"),
        at=at,
    )
    if walk.chance.random() < 0.3:  # noqa: PLR2004  # a share
        services.correct_told(
            measure_id=measure.pk,
            person_id=measure.person_id,
            text=texts.CORRECTED,
            actor=walk.manager,
            at=walk.clock.after(5),
        )


def looked_again(walk: Walk) -> None:
    """Not long before today what stands was verified on the spot, and the prosecutor's patrol reviewed."""
    walk.clock.at = max(walk.clock.at, walk.clock.end - timedelta(days=walk.chance.randint(1, 6)))
    coordinator, at = walk.world.field.actor("bram"), walk.clock.after(2)
    with acting(coordinator, at=at):
        standing = Measure.objects.filter(case=walk.case, state__in=("in_place", "verified")).order_by("kind", "pk")
        keys = list(standing.values_list("pk", flat=True))
    for key in keys:
        services.report_measure(measure_id=key, step="verify", note="", actor=coordinator, at=walk.clock.after(0.5))
    with acting(walk.manager, at=walk.clock.at):
        due = list(Measure.objects.in_force().filter(case=walk.case, provisional=True).order_by("kind", "pk"))
    for measure in due:
        at = walk.clock.after(1)
        services.review_measure(
            measure_id=measure.pk,
            note=texts.REVIEWED,
            review_due=at.date() + timedelta(days=60),
            version=measure.version,
            actor=walk.manager,
            at=at,
        )


def incident(walk: Walk) -> None:
    """Something happened to those who guard; half of it was answered."""
    coordinator = walk.world.field.actor("zohra")
    with acting(coordinator, at=walk.clock.at):
        measure = Measure.objects.filter(case=walk.case).in_force().order_by("kind", "pk").first()
    if measure is None:
        return
    kind, text = walk.chance.choice(texts.INCIDENTS)
    happened, at = walk.clock.after(20), walk.clock.after(2)
    reported = services.report_incident(
        measure_id=measure.pk, kind=kind, happened_at=happened, stopped=False, text=text, actor=coordinator, at=at
    )
    if walk.chance.random() < 0.5:  # noqa: PLR2004  # half of them
        services.answer_incident(
            incident_id=reported.pk,
            answer=walk.say(texts.INCIDENT_ANSWERS),
            actor=walk.manager,
            at=walk.clock.after(3),
        )


def urgent(walk: Walk) -> Case:
    """A call at night: the desk opens the case and orders person-directed measures, which designates at once."""
    walk.case = services.open_urgent_case(intake=walk.intake(), actor=walk.desk, at=walk.clock.at)
    _order(walk, ("close_protection", "attention"))
    work_off(at=walk.clock.at)
    return walk.case


def urgent_local(walk: Walk) -> None:
    """Before designation the chief prosecutor's side orders what is not person-directed."""
    walk.opened()
    services.hand_in(
        nomination_id=walk.nomination.pk,
        version=walk.nomination.version,
        actor=walk.police,
        at=walk.clock.after(1),
    )
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller=walk.say(texts.CALLERS),
        note=walk.say(texts.URGENT_NOTES),
        kinds=walk.chance.sample(("patrol", "attention", "camera", "static_a"), 2),
        actor=walk.adviser,
        at=walk.clock.after(1),
    )


def _order(walk: Walk, kinds: Sequence[str]) -> None:
    services.order_urgent_measures(
        case_id=walk.case.pk,
        caller=walk.say(texts.CALLERS),
        note=walk.say(texts.URGENT_NOTES),
        kinds=[kinds[0], *(kind for kind in kinds[1:] if walk.chance.random() < 0.7)],  # noqa: PLR2004  # a share
        actor=walk.desk,
        at=walk.clock.after(0.5),
    )


def ratified(walk: Walk) -> None:
    at = walk.clock.after(9)
    with acting(walk.decider, at=at):
        designation = Designation.objects.get(case=walk.case)
    services.ratify_designation(
        designation_id=designation.pk,
        reasons=walk.say(texts.RATIFY),
        code=walk.code(walk.decider),
        actor=walk.decider,
        at=at,
    )
