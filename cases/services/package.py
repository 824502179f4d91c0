"""The package of measures: prepared by the case manager, decided by a decider who did not prepare it."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import PACKAGE_LIFECYCLE, Authority, PlannedStep
from cases.models import (
    Case,
    CatalogueEntry,
    LevelDecision,
    Measure,
    MeasureAdvice,
    Package,
    Person,
    PlannedMeasure,
)
from cases.policies import (
    may_mark_assigned,
    may_prepare_package,
)
from cases.services import approval, conditions, ratify, review
from cases.services import case as cases
from cases.services import standing as stands
from cases.services.care.life import occasion_of, require_signed
from cases.services.catalogue import Dated, known_kinds
from cases.services.conditions import Condition
from cases.services.contact import open_duty
from cases.services.relatives import designated
from cases.services.review import newest_level, require_sound
from cases.services.standing import Planned
from cases.wording import repeated
from stelsel.kernel import access, audit, norms, signing, vault, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.jobs import enqueue

COMPARED = ("necessity", "proportionality", "subsidiarity")
TEXTS = (
    "alternatives",
    "household_effect",
    "necessity",
    "proportionality",
    "subsidiarity",
    "residual_risk",
    "review_trigger",
    "exit_criteria",
)


@act
def start_package(*, level_id: UUID, tier: int, review_due: date, actor: Actor, at: datetime) -> Package:
    """Begin a package of measures on a decided level."""
    level = LevelDecision.objects.visible_to(actor, at=at).get(pk=level_id)
    case = cases.locked_case(level.case_id, actor=actor, at=at)
    require(may_prepare_package(actor, case_manager=case.case_manager_id))
    package = Package.objects.create(
        case=case,
        level=level,
        advice=MeasureAdvice.objects.filter(level=level).first(),
        state=PACKAGE_LIFECYCLE.initial,
        tier=tier,
        review_due=review_due,
        prepared_by_id=actor.user_id,
        prepared_at=at,
    )
    audit.record("package.start", package, scope=case.pk)
    return package


def locked_package(package_id: UUID, *, actor: Actor, at: datetime, version: int) -> Package:
    package = (
        Package.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office", "level__picture__case")
        .select_for_update(of=("self",))
        .get(pk=package_id)
    )
    if package.version != version:
        box = vault.box(package.case.person.key_id)
        raise Stale(theirs={name: box.open(package, name) for name in TEXTS}, version=package.version)
    return package


@act
def write_package(
    *,
    package_id: UUID,
    texts: dict[str, str],
    planned: Sequence[Planned],
    tier: int,
    review_due: date,
    terms: Sequence[Condition] = (),
    version: int,
    actor: Actor,
    at: datetime,
) -> Package:
    """Write the reasons, measures and conditions (`terms`) of a draft; they replace those of the draft before."""
    package = locked_package(package_id, actor=actor, at=at, version=version)
    require(may_prepare_package(actor, case_manager=package.case.case_manager_id))
    PACKAGE_LIFECYCLE.apply("submit", state=package.state)
    box, key = vault.box(package.case.person.key_id), package.case.person.key_id
    for name in (*TEXTS, "same_because"):
        box.seal(package, name, texts.get(name, ""), key=key)
    package.tier, package.review_due, package.prepared_by_id = tier, review_due, actor.user_id
    people = {person.pk: person for person in [*cases.household(package.case), *designated(package.case)]}
    standing = {one.pk: one for one in Measure.objects.in_force().filter(case=package.case).select_related("person")}
    package.planned.all().delete()
    catalogue = known_kinds({line.kind for line in planned if line.standing_id is None}, on=at.date())
    for line in planned:
        if line.standing_id is None:
            _plan(package, line, entry=catalogue[line.kind], person=_one_of(people, line.person_id))
            continue
        if line.standing_id not in standing:
            raise Measure.DoesNotExist
        measure = standing[line.standing_id]
        entry = Dated().entry(measure.kind, on=measure.ordered_at.date())
        _plan(package, line, entry=entry, person=measure.person, standing=measure)
    conditions.write(package, terms)
    return _changed(package, "package.write")


def _one_of(people: dict[UUID, Person], wanted: UUID) -> Person:
    if wanted not in people:
        raise Person.DoesNotExist
    return people[wanted]


def _plan(
    package: Package, line: Planned, *, entry: CatalogueEntry, person: Person, standing: Measure | None = None
) -> None:
    """One line. A measure that ends asks for no team from then on, so its line counts none."""
    if standing is not None and line.step == PlannedStep.END:
        PlannedMeasure.objects.create(
            package=package,
            case=package.case,
            step=PlannedStep.END,
            standing=standing,
            person=person,
            kind=standing.kind,
            shifts="",
            required=0,
            floor=0,
            region=line.region,
            starts_on=line.starts_on,
        )
        return
    required = entry.required if line.required is None else line.required
    floor = min(entry.floor, required) if line.floor is None else line.floor
    shifts = line.shifts or entry.shifts
    if not 0 <= floor <= required or not 1 <= required <= 9 or not set(shifts) <= set("DEN"):  # noqa: PLR2004
        fault = Fault("planned", "numbers", gettext_noop("Give 1 to 9 teams and a floor that is not above them."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    PlannedMeasure.objects.create(
        package=package,
        case=package.case,
        step=PlannedStep.CONTINUE if standing else PlannedStep.ORDER,
        standing=standing,
        person=person,
        kind=entry.code,
        competence=entry.competence,
        shifts=shifts,
        required=required,
        floor=floor,
        region=line.region,
        starts_on=line.starts_on,
    )


def repeated_reasons(package: Package, *, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Which reasons say again what the package before in this case, or the writer's last one, said (R060)."""
    rows = Package.objects.visible_to(actor, at=at).filter(state__in=["submitted", "decided"]).exclude(pk=package.pk)
    newest_first = rows.select_related("case__person").order_by("-prepared_at", "pk")
    found = [
        newest_first.filter(case=package.case_id).first(),
        newest_first.filter(prepared_by=actor.user_id).first(),
    ]
    before = [(row, vault.box(row.case.person.key_id)) for row in found if row is not None]
    box = vault.box(package.case.person.key_id)
    return repeated(
        {name: box.open(package, name) for name in COMPARED},
        [{name: opened.open(row, name) for name in COMPARED} for row, opened in before],
    )


def _require_own_reasons(package: Package, *, actor: Actor, at: datetime) -> None:
    copied = repeated_reasons(package, actor=actor, at=at)
    if not copied or vault.box(package.case.person.key_id).open(package, "same_because").strip():
        return
    again = gettext_noop("This says again, nearly in the same words, what an earlier package said.")
    why = gettext_noop("Write the reasons of this case now, or say why the same reasons still hold.")
    faults = (*(Fault(name, "repeated", again) for name in copied), Fault("same_because", "required", why))
    raise Invalid("repeated", why, faults=faults)


@act
def submit_package(*, package_id: UUID, version: int, actor: Actor, at: datetime) -> Package:
    """Lay the package before the decider; every reason and at least one measure must be there.

    Raises:
        Invalid: something is missing, or reasons were copied without saying why they still hold.
    """
    package = locked_package(package_id, actor=actor, at=at, version=version)
    require(may_prepare_package(actor, case_manager=package.case.case_manager_id))
    package.state = PACKAGE_LIFECYCLE.apply("submit", state=package.state)
    box = vault.box(package.case.person.key_id)
    cases.require_texts(**{name: box.open(package, name) for name in TEXTS})
    _require_own_reasons(package, actor=actor, at=at)
    if not package.planned.exists():
        fault = Fault("planned", "required", gettext_noop("Plan at least one measure."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    stands.require_settled(package)
    package.prepared_by_id = actor.user_id
    case = package.case
    work.close_items(package.level_id, kind="package.prepare", verb="package.submit")
    work.open_item(
        "package.decide",
        package,
        owner_role=Role.DECIDER,
        owner=case.decider_id,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.package", since=at),
    )
    return _changed(package, "package.submit")


def decided_content(package: Package) -> dict[str, object]:
    """What the decider signs: the reasons, the level it rests on and every planned measure."""
    box = vault.box(package.case.person.key_id)
    lines = package.planned.order_by("pk").values(
        "step", "standing_id", "person_id", "kind", "shifts", "required", "floor", "region", "starts_on"
    )
    return {
        "case": package.case.number,
        "level": str(package.level_id),
        "picture": str(package.level.picture_id),
        "picture_version": package.level.picture.picture_version,
        "picture_hash": bytes(package.level.picture_hash).hex(),
        "tier": package.tier,
        "review_due": package.review_due.isoformat(),
        "planned": list(lines),
        "conditions": conditions.content_of(package),
        **{name: box.open(package, name) for name in (*TEXTS, "same_because")},
    }


@act
def return_package(*, package_id: UUID, reasons: str, version: int, actor: Actor, at: datetime) -> Package:
    """Send the package back to the case manager with reasons."""
    package = locked_package(package_id, actor=actor, at=at, version=version)
    require(approval.may_sign(package, actor))
    cases.require_texts(reasons=reasons)
    package.state = PACKAGE_LIFECYCLE.apply("return", state=package.state)
    vault.box(package.case.person.key_id).seal(package, "decision_reasons", reasons, key=package.case.person.key_id)
    work.close_items(package.pk, kind="package.decide", verb="package.return")
    approval.settled(package, verb="package.return")
    work.open_item(
        "package.prepare",
        package.level,
        owner_role=Role.CASE_MANAGER,
        owner=package.case.case_manager_id,
        label=package.case.number,
        scope=package.case_id,
        due=norms.due("cases.package", since=at),
    )
    return _changed(package, "package.return")


@act
def decide_package(
    *,
    package_id: UUID,
    reasons: str,
    version: int,
    code: str,
    infeasible_statement: str = "",
    urgent_reason: str = "",
    actor: Actor,
    at: datetime,
) -> Package:
    """Decide the measures, signed. Assignments and demand follow by a job that is written in this transaction.

    Where several deciders sign, all but the last one leave it waiting for the others; without `urgent_reason`, that is.

    Raises:
        Conflict: the level the package rests on is not the newest any more; its picture expired or was followed by
            another, and nothing says why the decision cannot wait (R068); or it is less than before or not feasible,
            and the answers on article 2 ECHR were not signed; or a measure in force is not mentioned in it.
        Invalid: without reasons, or without saying why something is ordered that the LCC called infeasible (R019).
    """
    package = locked_package(package_id, actor=actor, at=at, version=version)
    case = cases.locked_case(package.case_id, actor=actor, at=at)
    require(approval.may_sign(package, actor))
    state = PACKAGE_LIFECYCLE.apply("decide", state=package.state)
    _require_decidable(package, case, at=at)
    others = approval.asked(package, at=at) > len(approval.given(package)) + 1
    flaw = require_sound(package.level.picture, urgent_reason=urgent_reason, at=at, waits=others)
    cases.require_texts(reasons=reasons)
    _require_statement(package, infeasible_statement)
    _require_answers(package, case)
    stated = {"infeasible_statement": infeasible_statement, "urgent_reason": urgent_reason}
    content = {**decided_content(package), "reasons": reasons, **stated}
    if others and not urgent_reason.strip():
        approval.approve(package, content, reasons=reasons, actor=actor, at=at, code=code)
        return package
    package.state = state
    package.signature = signing.sign(package, content, actor=actor, at=at, code=code)
    cases.seal(package, case, decision_reasons=reasons, infeasible_statement=infeasible_statement)
    package.decided_by_id, package.decided_at = actor.user_id, at
    _changed(package, "package.decide")
    review.replaced(case, "package", actor=actor, at=at)
    if flaw or others:
        ratify.ask(case, package, why=urgent_reason, actor=actor, at=at)
    if flaw:
        review.mark(case, flaw, caused_at=at, at=at)
    _put_into_force(package, reasons=reasons, actor=actor, at=at)
    _begin(package, case, actor=actor, at=at)
    return package


def _require_decidable(package: Package, case: Case, *, at: datetime) -> None:
    """Refuse what rests on an older level, leaves something in force unmentioned, or is not ours to decide."""
    if cases.authority_now(case.person_id, at=at).authority != Authority.NCTV:
        raise Conflict("no_authority", gettext_noop("Authority is not with the NCTV: it decides no measures here."))
    if newest_level(case) != package.level:
        raise Conflict(
            "newer_level", gettext_noop("The threat level was set anew. The package must rest on that level.")
        )
    stands.require_settled(package)


def _require_answers(package: Package, case: Case) -> None:
    occasion, needed = occasion_of(package)
    if needed:
        require_signed(case, occasion, package.pk)


def _begin(package: Package, case: Case, *, actor: Actor, at: datetime) -> None:
    """What a decision sets going: its conditions, who carries it out, the duty to inform, the demand."""
    conditions.begin(package)
    _let_execute(case)
    contact = case.case_manager_id or actor.user_id
    open_duty(case, person=case.person, about="decision", subject_id=package.pk, contact=contact)
    work.close_items(package.pk, kind="package.decide", verb="package.decide")
    approval.settled(package, verb="package.decide")
    cases.touch(case, at=at)
    enqueue("capacity.raise_demand", key=str(package.pk), package_id=package.pk)


def _put_into_force(package: Package, *, reasons: str, actor: Actor, at: datetime) -> None:
    """Order what is new; let go on or end what stands."""
    lines = list(package.planned.select_related("standing").order_by("pk"))
    ordered = [planned for planned in lines if planned.step == PlannedStep.ORDER]
    catalogue = known_kinds({planned.kind for planned in ordered}, on=at.date())
    for planned in ordered:
        _order(planned, entry=catalogue[planned.kind], package=package, actor=actor, at=at)
    for planned in lines:
        if planned.step != PlannedStep.ORDER:
            stands.settle(planned, package, reasons=reasons, actor=actor, at=at)


def infeasible_kinds(package: Package) -> list[str]:
    """The planned kinds that the LCC cannot carry out: those it named, or all when it said no."""
    advice = MeasureAdvice.objects.filter(level=package.level_id).first()
    planned = set(package.planned.exclude(step=PlannedStep.END).values_list("kind", flat=True))
    if advice is None:
        return []
    return sorted(planned if advice.feasible == "no" else planned & set(advice.infeasible))


def _require_statement(package: Package, statement: str) -> None:
    """What cannot be carried out is not ordered, unless the decider signs why all the same (R019)."""
    if infeasible_kinds(package) and not statement.strip():
        fault = Fault(
            "infeasible_statement",
            "required",
            gettext_noop("The LCC says that this cannot be carried out: say why you order it all the same."),
        )
        raise Invalid("infeasible", fault.message, faults=(fault,))


def _order(planned: PlannedMeasure, *, entry: CatalogueEntry, package: Package, actor: Actor, at: datetime) -> None:
    case, authority = package.case, cases.authority_now(planned.person_id, at=at).authority
    if entry.person_directed and authority != Authority.NCTV:
        raise Conflict("no_authority", gettext_noop("Person-directed measures need a designation."))
    measure = Measure.objects.create(
        case=case,
        person_id=planned.person_id,
        kind=planned.kind,
        state="ordered",
        ordered_under=authority,
        ordered_by_id=actor.user_id,
        planned=planned,
        ordered_at=at,
        review_due=package.review_due,
    )
    audit.record("measure.order", measure, scope=case.pk, detail={"kind": planned.kind})


def _let_execute(case: Case) -> None:
    """The decision lets the LCC see what it needs to carry it out."""
    lcc = cases.lcc()
    for role in (Role.LCC_COORDINATOR, Role.LCC_LIAISON, Role.UNIT_PLANNER):
        access.give(
            case,
            to=Principal(role=role, group_id=lcc.group_for(role).pk),
            reason="carries out the decided measures",
            ground="package.decide",
        )


@act
def mark_assigned(*, package_id: UUID, actor: Actor, at: datetime) -> Package:
    """Capacity made the assignments and demand lines of a decided package; a second time changes nothing."""
    package = Package.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=package_id)
    require(may_mark_assigned(actor))
    if package.assigned_at is None:
        package.assigned_at = at
        package.save(update_fields=["assigned_at"])
        work.close_items(package.pk, kind="package.unassigned", verb="package.assign")
        audit.record("package.assign", package, scope=package.case_id)
    return package


def _changed(package: Package, verb: str) -> Package:
    package.version += 1
    package.save()
    audit.record(verb, package, scope=package.case_id)
    return package
