"""Authority that moves without a designation: given back, or to another office because of the person's post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.authority import Post, Whose, colleges_are_told, over_person
from cases.lifecycle import RETURN_LIFECYCLE, Authority, CaseState, Outcome
from cases.models import (
    AuthorityReturn,
    Case,
    Designation,
    Measure,
    Package,
    RelativeDesignation,
    ReturnedMeasure,
)
from cases.policies import may_record_post
from cases.services import case as cases
from cases.services.catalogue import Dated
from cases.services.contact import open_duty
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind, Signature
from stelsel.legal import gate
from stelsel.legal.models import InformationType

OFFICE = (Role.CHIEF_PROSECUTOR, Role.PROSECUTION_ADVISER)
OF_THE_SCHEME = frozenset(
    {
        "designation.ratify",
        "designation.ratify_overdue",
        "handover.supply",
        "handover.accept",
        "level.decide",
        "advice.give",
        "package.prepare",
        "triage.assign",
    }
)
"""Work that only a case in the scheme has: the return of authority takes its cause away."""


@dataclass(frozen=True)
class GivenBack:
    """A decision to give authority back: why, by whom, signed, and what becomes of each measure."""

    reasons: str
    decided_by: UUID
    signature: Signature | None
    outcomes: Mapping[UUID, str]


def in_force(case: Case) -> list[Measure]:
    found = Measure.objects.filter(case=case).in_force().select_related("person")
    return list(found.order_by("ordered_at", "kind", "pk"))


def is_central(measure: Measure, catalogue: Dated) -> bool:
    """Whether the measure is person-directed, and so exists in the scheme alone."""
    return catalogue.entry(measure.kind, on=measure.ordered_at.date()).person_directed


def require_returnable(case: Case, outcomes: Mapping[UUID, str]) -> list[Measure]:
    """The measures in force, when authority can go back with these outcomes.

    Raises:
        Conflict: a measure of the scheme alone is in force, a relative is designated, or a package waits.
        Invalid: it was not said of every measure what becomes of it; each is named.
    """
    measures, catalogue = in_force(case), Dated()
    central = sorted({measure.get_kind_display() for measure in measures if is_central(measure, catalogue)})
    if central:
        raise Conflict(
            "central_measures",
            gettext_noop("These measures exist in the scheme alone; end or replace them first: %(kinds)s."),
            params={"kinds": ", ".join(central)},
        )
    if RelativeDesignation.objects.filter(case=case, state__in=["designated", "ending"]).exists():
        raise Conflict(
            "relatives",
            gettext_noop("Relatives outside the core household are designated: end each designation first."),
        )
    if Package.objects.filter(case=case, state="submitted").exists():
        raise Conflict(
            "package_waits",
            gettext_noop("A package of measures lies before the decider. Decide it or send it back first."),
        )
    allowed = {Outcome.CONTINUES, Outcome.REORDERED}
    faults = tuple(
        Fault(f"outcome_{measure.pk}", "required", gettext_noop("Say what becomes of this measure."))
        for measure in measures
        if outcomes.get(measure.pk) not in allowed
    )
    if faults:
        raise Invalid("incomplete", gettext_noop("Say of every measure in force what becomes of it."), faults=faults)
    return measures


def give_back(case: Case, decision: GivenBack, *, at: datetime) -> AuthorityReturn:
    """Return authority over person and core household to the chief prosecutor at this instant. Part of a service.

    No measure ends by it; the designation does. The office confirms in writing, which moves nothing.
    """
    measures = require_returnable(case, decision.outcomes)
    designation = Designation.objects.select_for_update().get(case=case, ends_at=None)
    returned = AuthorityReturn(
        case=case,
        designation=designation,
        office=case.office,
        state=RETURN_LIFECYCLE.initial,
        decided_by_id=decision.decided_by,
        decided_at=at,
        signature=decision.signature,
        confirm_due=norms.due("cases.return", since=at),
    )
    cases.box_for(case).seal(returned, "reasons", decision.reasons, key=case.person.key_id)
    returned.save(force_insert=True)
    _list_measures(returned, measures, decision, since=designation.starts_at)
    designation.ends_at = at
    designation.save(update_fields=["ends_at"])
    cases.transfer_authority(
        case, to=Authority.CHIEF_PROSECUTOR, at=at, ground="authority.return", ground_id=returned.pk
    )
    cases.move(case, "return_authority", at=at)
    _tell_those_concerned(returned, case=case)
    audit.record("authority.return", returned, scope=case.pk, detail={"measures": len(measures)})
    return returned


def _list_measures(returned: AuthorityReturn, measures: list[Measure], decision: GivenBack, *, since: datetime) -> None:
    ended = Measure.objects.filter(case=returned.case, state="ended", ended_at__gte=since).order_by("ended_at", "pk")
    outcomes = [(measure, decision.outcomes[measure.pk]) for measure in measures]
    for measure, outcome in [*outcomes, *((measure, Outcome.ENDED_BEFORE) for measure in ended)]:
        ReturnedMeasure.objects.create(returned=returned, case=returned.case, measure=measure, outcome=outcome)


def _tell_those_concerned(returned: AuthorityReturn, *, case: Case) -> None:
    """The office sees the case and has the confirmation as work; the person must be told; work of the scheme ends."""
    _let_see(case, case.office, reason="authority was returned", ground="authority.return")
    gate.share(
        InformationType.HANDOVER_FILE,
        returned,
        provider=OrganisationKind.NCTV,
        receiver=OrganisationKind.PROSECUTION,
        on=returned.decided_at.date(),
        scope=case.pk,
    )
    work.close_scope(case.pk, kinds=OF_THE_SCHEME, verb="authority.return")
    work.open_item(
        "return.confirm",
        returned,
        owner_role=Role.CHIEF_PROSECUTOR,
        organisation=case.office_id,
        label=case.number,
        scope=case.pk,
        due=returned.confirm_due,
    )
    contact = case.case_manager_id or returned.decided_by_id
    open_duty(case, person=case.person, about="return", subject_id=returned.pk, contact=contact)


def _let_see(case: Case, office: Organisation, *, reason: str, ground: str) -> None:
    for role in OFFICE:
        access.give(case, to=Principal(role=role, group_id=office.group_for(role).pk), reason=reason, ground=ground)


@act
def record_post(
    *, case_id: UUID, post: str, in_district: bool, other_office: UUID | None, actor: Actor, at: datetime
) -> Case:
    """Record that the person holds a post that would have authority, and move authority where the rule says so.

    A chief prosecutor who lives and works in the own district falls under another office; the own office sees the case
    no longer. The College of Procurators General is told when prosecution staff are threatened (Circulaire 2026
    par. 2.4.2).

    Raises:
        Invalid: the rule asks for another office and none was chosen, or does not and one was.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_record_post(actor, office=case.office_id))
    before = case.office
    answer = over_person(on=at.date(), designated=False, post=Post(post), own_district=in_district)
    _check_office(other_office, asked=answer.whose is Whose.ANOTHER, present=case.office_id)
    case.post, case.post_in_district = Post(post), in_district
    if other_office is not None:
        case.office = Organisation.objects.get(pk=other_office, kind=OrganisationKind.PROSECUTION)
        if case.state != CaseState.SCHEME:
            cases.transfer_authority(
                case, to=Authority.CHIEF_PROSECUTOR, at=at, ground="authority.post", ground_id=case.pk
            )
        _let_see(case, case.office, reason="the person holds a post in the other district", ground="authority.post")
    if colleges_are_told(Post(post)):
        work.open_item(
            "college.inform",
            case,
            owner_role=Role.PROSECUTION_ADVISER,
            organisation=case.office_id,
            label=case.number,
            scope=case.pk,
            due=norms.due("cases.inform", since=at),
        )
    cases.touch(case, at=at)
    audit.record("authority.post", case, scope=case.pk, detail={"post": post, "moved": other_office is not None})
    if other_office is not None:
        for role in OFFICE:
            access.end(case, group_id=before.group_for(role).pk)
    return case


def _check_office(chosen: UUID | None, *, asked: bool, present: UUID) -> None:
    sentence = ""
    if asked and chosen in (None, present):
        sentence = gettext_noop("By this rule another office has authority: choose which.")
    elif chosen is not None and not asked:
        sentence = gettext_noop("By this rule authority stays with this office: choose no other.")
    if sentence:
        raise Invalid("invalid", sentence, faults=(Fault("other_office", "rule", sentence),))


@act
def tell_college(*, case_id: UUID, actor: Actor, at: datetime) -> None:
    """Record that the College of Procurators General was told that prosecution staff are threatened."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_record_post(actor, office=case.office_id))
    if not colleges_are_told(Post(case.post)):
        raise Conflict("not_asked", gettext_noop("The person is no staff of the prosecution service."))
    work.close_items(case.pk, kind="college.inform", verb="college.tell")
    audit.record("college.tell", case, scope=case.pk)
