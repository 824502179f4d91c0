"""Relatives outside the core household: designated and ended one by one, by four eyes (Circulaire 2026 par. 2.3)."""

from datetime import datetime
from uuid import UUID

from cases.authority import over_person
from cases.lifecycle import RELATIVE_LIFECYCLE, Authority, CaseState, Scope
from cases.models import AuthorityPeriod, Case, CloseRelation, Measure, Person, RelativeDesignation
from cases.policies import may_decide_package, may_prepare_package
from cases.services import case as cases
from cases.services.care import rows
from cases.services.contact import open_duty
from stelsel.kernel import norms, signing, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, gettext_noop

WORK = "relative.decide"


def designated(case: Case) -> list[Person]:
    """Relatives who are in the scheme beside the household. Part of a service."""
    found = RelativeDesignation.objects.filter(case=case, state__in=["designated", "ending"])
    return [row.person for row in found.select_related("person").order_by("starts_at", "pk")]


def _locked(wanted: UUID, *, actor: Actor, at: datetime, version: int) -> RelativeDesignation:
    row = rows.locked(RelativeDesignation.objects.select_related("person"), wanted, actor=actor, at=at, version=version)
    cases.locked_case(row.case_id, actor=actor, at=at)
    return row


def _require_decider(row: RelativeDesignation, actor: Actor, *, prepared_by: UUID) -> None:
    case = row.case
    require(may_decide_package(actor, prepared_by=prepared_by, decider=case.decider_id, person_user=row.person.user_id))


def _ask(row: RelativeDesignation, *, at: datetime) -> None:
    rows.ask(WORK, row, case=row.case, due=norms.due("cases.relative", since=at), role=Role.DECIDER)


@act
def propose_relative(
    *, case_id: UUID, person_id: UUID, grounds: str, actor: Actor, at: datetime
) -> RelativeDesignation:
    """Propose that this relative is designated, on grounds that are about this relative.

    Raises:
        Conflict: the person of the case is not in the scheme; or this was proposed or decided already.
        CloseRelation.DoesNotExist: nobody outside the core household of this case.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_prepare_package(actor, case_manager=case.case_manager_id))
    _require_in_scheme(case)
    cases.require_texts(grounds=grounds)
    person = (
        CloseRelation.objects.select_related("person").get(case=case, person=person_id, core_household=False).person
    )
    taken = RelativeDesignation.objects.filter(person=person).exclude(state__in=["declined", "ended"])
    if taken.exists():
        raise Conflict(
            "relative_taken", gettext_noop("The designation of this relative was proposed or decided already.")
        )
    row = RelativeDesignation(
        case=case,
        person=person,
        state=RELATIVE_LIFECYCLE.initial,
        version=0,
        proposed_by_id=actor.user_id,
        proposed_at=at,
        marking=case.marking,
    )
    cases.seal(row, case, grounds=grounds)
    rows.changed(row, "relative.propose")
    _ask(row, at=at)
    return row


def _require_in_scheme(case: Case) -> None:
    if case.state != CaseState.SCHEME:
        raise Conflict("not_in_scheme", gettext_noop("The person of this case is not in the scheme."))


def _content(row: RelativeDesignation, grounds: str, reasons: str) -> dict[str, object]:
    """What the decider signs: about whom, on which grounds, for which reasons."""
    case = row.case
    return {
        "case": case.number,
        "person": str(row.person_id),
        "state": row.state,
        "grounds": cases.box_for(case).open(row, grounds),
        "reasons": reasons,
    }


@act
def designate_relative(
    *, relative_id: UUID, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> RelativeDesignation:
    """Designate the relative, signed: from this instant the NCTV is the authority over them.

    Raises:
        Conflict: the person of the case is not in the scheme any more.
    """
    row = _locked(relative_id, actor=actor, at=at, version=version)
    _require_decider(row, actor, prepared_by=row.proposed_by_id)
    row.state = RELATIVE_LIFECYCLE.apply("designate", state=row.state)
    _require_in_scheme(row.case)
    cases.require_texts(reasons=reasons)
    row.signature = signing.sign(row, _content(row, "grounds", reasons), actor=actor, at=at, code=code)
    row.decided_by_id, row.starts_at = actor.user_id, at
    cases.seal(row, row.case, reasons=reasons)
    _pass_authority(row, Authority.NCTV, ground="relative.designate", at=at)
    contact = row.case.case_manager_id or actor.user_id
    open_duty(row.case, person=row.person, about="designation", subject_id=row.pk, contact=contact)
    return _settled(row, "relative.designate", at=at)


@act
def decline_relative(
    *, relative_id: UUID, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> RelativeDesignation:
    """Do not designate the relative, signed: authority stays where it is."""
    row = _locked(relative_id, actor=actor, at=at, version=version)
    _require_decider(row, actor, prepared_by=row.proposed_by_id)
    row.state = RELATIVE_LIFECYCLE.apply("decline", state=row.state)
    cases.require_texts(reasons=reasons)
    row.signature = signing.sign(row, _content(row, "grounds", reasons), actor=actor, at=at, code=code)
    row.decided_by_id = actor.user_id
    cases.seal(row, row.case, reasons=reasons)
    return _settled(row, "relative.decline", at=at)


@act
def propose_end(*, relative_id: UUID, grounds: str, version: int, actor: Actor, at: datetime) -> RelativeDesignation:
    """Propose that the designation of this relative ends; until the decision it stands."""
    row = _locked(relative_id, actor=actor, at=at, version=version)
    require(may_prepare_package(actor, case_manager=row.case.case_manager_id))
    row.state = RELATIVE_LIFECYCLE.apply("propose_end", state=row.state)
    cases.require_texts(grounds=grounds)
    row.end_proposed_by_id = actor.user_id
    cases.seal(row, row.case, end_grounds=grounds)
    _ask(row, at=at)
    return rows.changed(row, "relative.propose_end")


@act
def end_relative(
    *, relative_id: UUID, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> RelativeDesignation:
    """End the designation, signed: from this instant the chief prosecutor is the authority over this relative.

    It ends apart from the case: also after authority over the person of the case returned.

    Raises:
        Conflict: a measure of the scheme is in force for this relative; each ends by a decision of its own first.
    """
    row = _locked(relative_id, actor=actor, at=at, version=version)
    _require_ender(row, actor)
    row.state = RELATIVE_LIFECYCLE.apply("end", state=row.state)
    cases.require_texts(reasons=reasons)
    standing = Measure.objects.filter(case=row.case, person=row.person, ordered_under=Authority.NCTV).in_force()
    if standing.exists():
        raise Conflict(
            "measures_in_force",
            gettext_noop("Measures of the NCTV are in force for this relative: decide the end of each first."),
        )
    row.end_signature = signing.sign(row, _content(row, "end_grounds", reasons), actor=actor, at=at, code=code)
    row.ended_by_id, row.ends_at = actor.user_id, at
    cases.seal(row, row.case, end_reasons=reasons)
    _pass_authority(row, Authority.CHIEF_PROSECUTOR, ground="relative.end", at=at)
    contact = row.case.case_manager_id or actor.user_id
    open_duty(row.case, person=row.person, about="designation", subject_id=row.end_signature.pk, contact=contact)
    return _settled(row, "relative.end", at=at)


@act
def keep_relative(*, relative_id: UUID, reasons: str, version: int, actor: Actor, at: datetime) -> RelativeDesignation:
    """Do not end it: the designation goes on."""
    row = _locked(relative_id, actor=actor, at=at, version=version)
    _require_ender(row, actor)
    row.state = RELATIVE_LIFECYCLE.apply("keep", state=row.state)
    cases.require_texts(reasons=reasons)
    cases.seal(row, row.case, end_reasons=reasons)
    row.end_proposed_by = None
    return _settled(row, "relative.keep", at=at)


def _require_ender(row: RelativeDesignation, actor: Actor) -> None:
    _require_decider(row, actor, prepared_by=row.end_proposed_by_id or row.proposed_by_id)


def _pass_authority(row: RelativeDesignation, to: Authority, *, ground: str, at: datetime) -> None:
    """Authority over this one person, from this instant; what held before ends at it."""
    before = AuthorityPeriod.objects.select_for_update().filter(
        person=row.person, case=row.case, scope=Scope.PERSON_DIRECTED, period__upper_inf=True
    )
    for present in before:
        if present.period.lower is None or present.period.lower >= at:
            raise Conflict("authority_unchanged", gettext_noop("Authority over this person has just changed."))
        cases.end_authority(present, at=at)
    AuthorityPeriod.objects.create(
        case=row.case,
        person=row.person,
        scope=Scope.PERSON_DIRECTED,
        authority=to,
        holder=cases.nctv() if to is Authority.NCTV else row.case.office,
        period=(at, None),
        ground=ground,
        ground_id=row.pk,
        rule=over_person(on=at.date(), designated=to is Authority.NCTV).rule,
    )


def _settled(row: RelativeDesignation, verb: str, *, at: datetime) -> RelativeDesignation:
    work.close_items(row.pk, kind=WORK, verb=verb)
    cases.touch(row.case, at=at)
    return rows.changed(row, verb)
