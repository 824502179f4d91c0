"""The intake: the police fill it, the adviser BB&C completes it, the chief prosecutor signs (nomination)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cases.lifecycle import NOMINATION_LIFECYCLE, Criteria, line_for
from cases.models import Case, CloseRelation, Nomination
from cases.policies import (
    may_complete_nomination,
    may_fill_nomination,
    may_open_intake,
    may_sign_nomination,
)
from cases.services import case as cases
from cases.services.naming import Keys
from cases.services.nominable import require_nominable
from stelsel.kernel import access, audit, norms, signing, vault, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType


@dataclass(frozen=True)
class Relation:
    """A close relation as the intake names it."""

    name: str
    kind: str
    birth_date: str = ""
    core_household: bool = False


@dataclass(frozen=True)
class Intake:
    """What the police report of a threatened person."""

    name: str
    phenomenon: str
    what_happened: str
    office: UUID
    region: str
    purpose: str
    birth_date: str = ""
    address: str = ""
    reach: str = ""
    measures_now: str = ""
    serious: bool = False
    aimed_at_life: bool = False
    threatener_known: bool = False
    relations: Sequence[Relation] = field(default_factory=tuple)

    def criteria(self) -> Criteria:
        return Criteria(
            serious=self.serious,
            aimed_at_life=self.aimed_at_life,
            threatener_known=self.threatener_known,
            phenomenon=self.phenomenon != "other",
        )


def require_whole(intake: Intake) -> None:
    """Refuse an intake without what every report needs. Part of a service."""
    texts = {"name": intake.name, "what_happened": intake.what_happened, "purpose": intake.purpose}
    faults = tuple(
        Fault(name, "required", gettext_noop("Fill this in.")) for name, text in texts.items() if not text.strip()
    )
    if faults:
        raise Invalid("incomplete", gettext_noop("The intake is not complete."), faults=faults)


def known_already(name: str, birth_date: str) -> bool:
    """Whether an open case of anybody is about a person with this name (and birth date). Says nothing about which.

    With a birth date another name counts as the name does; without one a nickname would turn away who shares it.
    """
    keys = Keys.of(name, birth_date)
    return cases.known(keys.born or keys.name, with_birth_date=bool(birth_date))


@act
def open_intake(*, intake: Intake, actor: Actor, at: datetime) -> Nomination:
    """Report a threatened person: a case with its own key, the chief prosecutor as authority, and a draft nomination.

    Raises:
        Forbidden: not the police RCCB.
        Invalid: something obligatory is missing; every fault is named.
        Conflict: an open case about this person exists.
    """
    require(may_open_intake(actor))
    require_whole(intake)
    if known_already(intake.name, intake.birth_date):
        raise Conflict(
            "duplicate",
            gettext_noop(
                "There is an open case about a person with this name. Pass on what you know, or call the duty officer."
            ),
        )
    case = open_case(intake=intake, actor=actor, at=at)
    nomination = Nomination(
        case=case,
        state=NOMINATION_LIFECYCLE.initial,
        line=line_for(intake.criteria()),
        filled_by_id=actor.user_id,
        created_at=at,
        provenance=actor.organisation,
    )
    _write(nomination, intake)
    nomination.save(force_insert=True)
    audit.record("nomination.open", nomination, scope=case.pk, detail={"line": nomination.line})
    return nomination


def open_case(*, intake: Intake, actor: Actor, at: datetime) -> Case:
    """The case, its person and relations, their authority, and the opener's sight of it. Part of a service."""
    office = Organisation.objects.get(pk=intake.office, kind=OrganisationKind.PROSECUTION)
    number = cases.next_number(on=at.date())
    person = cases.make_person(
        name=intake.name,
        birth_date=intake.birth_date,
        address=intake.address,
        reach=intake.reach,
        number=f"P{number[2:]}",
        at=at,
    )
    case = Case(
        number=number,
        person=person,
        state="intake",
        phenomenon=intake.phenomenon,
        purpose=intake.purpose,
        ground_id="politiewet-1-2",
        office=office,
        region=intake.region,
        opened_at=at,
        sort_at=at,
        provenance=actor.organisation,
    )
    case.save(force_insert=True)
    cases.begin_authority(case, person, at=at, ground="intake.open")
    for nth, relation in enumerate(intake.relations, start=1):
        _add_relation(case, relation, number=f"{person.pseudonym}/{nth}", at=at)
    access.give(
        case,
        to=Principal(role=actor.role, user_id=actor.user_id),
        reason="opened the case",
        ground="intake.open",
        mine=True,
    )
    audit.record("case.open", case, scope=case.pk)
    return case


def _add_relation(case: Case, relation: Relation, *, number: str, at: datetime) -> None:
    kin = cases.make_person(name=relation.name, birth_date=relation.birth_date, number=number, at=at)
    if relation.core_household:
        cases.begin_authority(case, kin, at=at, ground="intake.open")
    CloseRelation.objects.create(
        case=case, person=kin, kind=relation.kind, core_household=relation.core_household, created_at=at
    )


def _write(nomination: Nomination, intake: Intake) -> None:
    key = nomination.case.person.key_id
    box = vault.box(key)
    box.seal(nomination, "what_happened", intake.what_happened, key=key)
    box.seal(nomination, "measures_now", intake.measures_now, key=key)
    for name in ("serious", "aimed_at_life", "threatener_known"):
        setattr(nomination, name, getattr(intake, name))


def locked_nomination(nomination_id: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> Nomination:
    """The nomination, locked; `version` is the one the actor saw.

    Raises:
        Nomination.DoesNotExist: unknown or not visible.
        Stale: somebody changed it since.
    """
    nomination = (
        Nomination.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=nomination_id)
    )
    if version is not None and version != nomination.version:
        box = vault.box(nomination.case.person.key_id)
        fields = ("what_happened", "measures_now", "assessment")
        raise Stale(theirs={name: box.open(nomination, name) for name in fields}, version=nomination.version)
    return nomination


@act
def fill_nomination(
    *,
    nomination_id: UUID,
    what_happened: str,
    measures_now: str,
    criteria: Criteria,
    version: int,
    actor: Actor,
    at: datetime,
) -> Nomination:
    """Change the draft; only the colleague of the police who opened it."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    require(may_fill_nomination(actor, filled_by=nomination.filled_by_id))
    NOMINATION_LIFECYCLE.apply("hand_in", state=nomination.state)
    key = nomination.case.person.key_id
    box = vault.box(key)
    box.seal(nomination, "what_happened", what_happened, key=key)
    box.seal(nomination, "measures_now", measures_now, key=key)
    nomination.serious, nomination.aimed_at_life = criteria.serious, criteria.aimed_at_life
    nomination.threatener_known, nomination.line = criteria.threatener_known, line_for(criteria)
    return changed(nomination, "nomination.fill")


@act
def hand_in(*, nomination_id: UUID, version: int, actor: Actor, at: datetime) -> Nomination:
    """Hand the filled intake to the prosecutor's office; from now on its adviser and chief prosecutor see the case."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    require(may_fill_nomination(actor, filled_by=nomination.filled_by_id))
    nomination.state = NOMINATION_LIFECYCLE.apply("hand_in", state=nomination.state)
    case = nomination.case
    gate.share(
        InformationType.INTAKE,
        nomination,
        provider=OrganisationKind.POLICE_REGION,
        receiver=OrganisationKind.PROSECUTION,
        on=at.date(),
        scope=case.pk,
    )
    for role in (Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR):
        access.give(
            case,
            to=Principal(role=role, group_id=case.office.group_for(role).pk),
            reason="nomination at this office",
            ground="nomination.hand_in",
        )
    work.open_item(
        "nomination.complete",
        nomination,
        owner_role=Role.PROSECUTION_ADVISER,
        organisation=case.office_id,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.triage.prepare", since=at),
    )
    return changed(nomination, "nomination.hand_in")


@act
def send_back(*, nomination_id: UUID, version: int, actor: Actor, at: datetime) -> Nomination:
    """Send the intake back to the police for completion."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    require(may_complete_nomination(actor))
    nomination.state = NOMINATION_LIFECYCLE.apply("send_back", state=nomination.state)
    work.close_items(nomination.pk, kind="nomination.complete", verb="nomination.send_back")
    work.open_item(
        "nomination.fill",
        nomination,
        owner_role=Role.POLICE_RCCB,
        owner=nomination.filled_by_id,
        label=nomination.case.number,
        scope=nomination.case_id,
        due=norms.due("cases.triage.judge", since=at),
    )
    return changed(nomination, "nomination.send_back")


@act
def complete_nomination(
    *, nomination_id: UUID, assessment: str, version: int, actor: Actor, at: datetime
) -> Nomination:
    """The adviser's assessment; then it waits for the chief prosecutor's signature."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    require(may_complete_nomination(actor))
    if not assessment.strip():
        fault = Fault("assessment", "required", gettext_noop("Fill this in."))
        raise Invalid("incomplete", gettext_noop("The intake is not complete."), faults=(fault,))
    require_nominable(nomination)
    nomination.state = NOMINATION_LIFECYCLE.apply("complete", state=nomination.state)
    key = nomination.case.person.key_id
    vault.box(key).seal(nomination, "assessment", assessment, key=key)
    nomination.completed_by_id = actor.user_id
    work.close_items(nomination.pk, kind="nomination.complete", verb="nomination.complete")
    work.open_item(
        "nomination.sign",
        nomination,
        owner_role=Role.CHIEF_PROSECUTOR,
        organisation=nomination.case.office_id,
        label=nomination.case.number,
        scope=nomination.case_id,
        due=norms.due("cases.triage.judge", since=at),
    )
    return changed(nomination, "nomination.complete")


def signed_content(nomination: Nomination) -> dict[str, object]:
    """What the chief prosecutor signs: exactly what the page shows."""
    box = vault.box(nomination.case.person.key_id)
    return {
        "case": nomination.case.number,
        "line": nomination.line,
        "serious": nomination.serious,
        "aimed_at_life": nomination.aimed_at_life,
        "threatener_known": nomination.threatener_known,
        "what_happened": box.open(nomination, "what_happened"),
        "measures_now": box.open(nomination, "measures_now"),
        "assessment": box.open(nomination, "assessment"),
    }


@act
def sign_nomination(*, nomination_id: UUID, version: int, code: str, actor: Actor, at: datetime) -> Nomination:
    """The chief prosecutor nominates: the case goes to triage and the NCTV's desk sees it."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    case = cases.locked_case(nomination.case_id, actor=actor, at=at)
    require(may_sign_nomination(actor, office=case.office_id))
    require_nominable(nomination)
    nomination.state = NOMINATION_LIFECYCLE.apply("sign", state=nomination.state)
    nomination.signature = signing.sign(nomination, signed_content(nomination), actor=actor, at=at, code=code)
    nomination.signed_at = at
    cases.move(case, "nominate", at=at)
    gate.share(
        InformationType.INTAKE,
        nomination,
        provider=OrganisationKind.PROSECUTION,
        receiver=OrganisationKind.NCTV,
        on=at.date(),
        scope=case.pk,
    )
    desk = cases.nctv().group_for(Role.DUTY_OFFICER)
    access.give(
        case,
        to=Principal(role=Role.DUTY_OFFICER, group_id=desk.pk),
        reason="triage desk",
        ground="nomination.sign",
    )
    work.close_items(nomination.pk, kind="nomination.sign", verb="nomination.sign")
    work.open_item(
        "triage.assign",
        case,
        owner_role=Role.DUTY_OFFICER,
        organisation=cases.nctv().pk,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.triage.assign", since=at),
    )
    return changed(nomination, "nomination.sign")


def changed(nomination: Nomination, verb: str) -> Nomination:
    """Store a step of the nomination, with its act in the trail. Part of a service."""
    nomination.version += 1
    nomination.save()
    audit.record(verb, nomination, scope=nomination.case_id)
    return nomination
