"""The case page: every fixed block, each only for the roles that need it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.demarcation import is_block_alone
from cases.models import (
    AdoptedPicture,
    Alias,
    AuthorityReturn,
    Case,
    CaseClosure,
    CaseGroupGrant,
    CaseMerge,
    CaseUserGrant,
    ContactEntry,
    Demarcation,
    Designation,
    Escalation,
    Handover,
    InformDuty,
    LevelDecision,
    ListEntry,
    Measure,
    MeasureAdvice,
    Nomination,
    Package,
    PassedReport,
    Person,
    RaisedRiskMoment,
)
from cases.policies import PARTS, may_see
from cases.services import case as cases
from cases.services.access import who_has_access
from cases.services.demarcation import standing
from cases.services.reading import rows
from cases.services.reading.authority import Held, held_over
from cases.services.reading.choices import people_of
from cases.services.reading.contact import ContactBlock, contact_block
from cases.services.reading.duplicates import Alike, duplicates_of
from cases.services.reading.limitative import entries_about
from cases.services.reading.merging import Said, merges_of
from cases.services.reading.reports import reports_on
from cases.services.reading.timeline import ACTS, events, visible_kinds
from stelsel.kernel import audit, norms, vault
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.composition import Event
from stelsel.kernel.models import Organisation

WHY: dict[str, str | Promise] = {  # the act that gave sight; a grant by hand shows the reason that was typed
    "intake.open": _("opened the case"),
    "nomination.hand_in": _("the nomination is at this office"),
    "nomination.sign": _("triage desk"),
    "table.put": _("on the agenda of a triage table"),
    "triage.assign": _("named on the case"),
    "urgent.open": _("urgent call"),
    "escalation.raise": _("escalation to answer"),
    "escalation.decide": _("answered the escalation"),
    "merge.confirm": _("goes on in a case of theirs"),
    "urgent.order": _("carries out urgent measures"),
    "designation.urgent": _("urgent designation to ratify"),
    "level.decide": _("asked for advice on measures"),
    "package.decide": _("carries out the decided measures"),
}
LATEST = 5


def _why(grant: CaseUserGrant | CaseGroupGrant) -> str | Promise:
    return WHY.get(grant.ground) or gettext(grant.reason)


@dataclass(frozen=True)
class Contact:
    """An entry of the contact log with its text."""

    entry: ContactEntry
    text: str = field(repr=False)


@dataclass(frozen=True)
class Access:
    """Who sees the case: a colleague by name, or everybody in one role of an organisation; why, and since when."""

    who: str
    team: bool
    why: str | Promise
    grant: CaseUserGrant | CaseGroupGrant


@dataclass(frozen=True)
class CaseFile:
    """What one actor sees of a case. A block that the role does not need stays empty; `parts` names the others."""

    case: Case
    parts: frozenset[str]
    authority: Sequence[Held]
    nomination: Nomination | None
    designation: Designation | None
    handover: Handover | None
    returned: AuthorityReturn | None
    demarcation: Demarcation | None
    escalation: Escalation | None
    listed: Sequence[ListEntry]
    alike: Sequence[Alike]
    merges: Sequence[Said[CaseMerge]]
    reports: Sequence[PassedReport]
    closure: CaseClosure | None
    closure_reason: str = field(repr=False)
    picture: AdoptedPicture | None
    summary: str = field(repr=False)
    level: LevelDecision | None
    advice: MeasureAdvice | None
    package: Package | None
    unassigned: Package | None
    unassigned_late: bool
    measures: Sequence[Measure]
    ended: int
    duties: Sequence[InformDuty]
    contacts: Sequence[Contact]
    contact: ContactBlock | None
    moments: Sequence[RaisedRiskMoment]
    access: Sequence[Access]
    history: Sequence[Event]

    @property
    def people(self) -> set[UUID]:
        """Whose data it shows."""
        shown = {self.case.person_id} | {held.person.pk for held in self.authority}
        shown |= {one.entry.person_id for one in self.contacts} | {duty.person_id for duty in self.duties}
        shown |= {measure.person_id for measure in self.measures}
        return shown | (self.contact.people if self.contact else set())

    @property
    def goes_on_in(self) -> Case | None:
        """The case in which the person of this one goes on, for who sees that case."""
        return next((one.other for one in self._merges("merged") if one.row.case_id == self.case.pk), None)

    @property
    def resting(self) -> list[Said[CaseMerge]]:
        """The cases that rest because their person goes on here."""
        return [one for one in self._merges("merged") if one.row.case_id != self.case.pk]

    @property
    def merge_waits(self) -> Said[CaseMerge] | None:
        return next((one for one in self._merges("proposed") if one.row.case_id == self.case.pk), None)

    def _merges(self, state: str) -> list[Said[CaseMerge]]:
        return [one for one in self.merges if one.row.state == state]

    @property
    def next_review(self) -> object:
        """The first day on which something of this case must be looked at again, or None."""
        dues = [measure.review_due for measure in self.measures]
        dues += [self.picture.review_due] if self.picture else []
        return min(dues, default=None)


@dataclass(frozen=True)
class Identity:
    """Who a person is. Shown on a page of its own, behind a deliberate click."""

    person: Person
    relation: str
    core_household: bool
    texts: dict[str, str] = field(repr=False)
    aliases: Sequence["Name"] = ()


@dataclass(frozen=True)
class Name:
    """Another name of the person, in the clear; withdrawn ones too."""

    row: Alias
    text: str = field(repr=False)
    withdrawn_reason: str = field(repr=False)


@act
def read_case(*, case_id: UUID, actor: Actor, at: datetime) -> CaseFile:
    """Everything the actor may see of one case, in a number of queries that does not grow with the case.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
    """
    case = rows.open_case_file(case_id=case_id, actor=actor, at=at)
    listed = entries_about(case, actor=actor, at=at)
    also = duplicates_of(case, actor=actor, at=at)
    file = file_of(case, parts=parts_of(actor), listed=listed, box=cases.box_for(case), actor=actor, at=at)
    audit.saw([(key, case.pk) for key in file.people])
    if also:
        audit.saw([(one.case.person_id, one.case.pk) for one in also], kind="list")
    reports = reports_on(case, actor=actor, at=at)
    return replace(file, alike=also, merges=merges_of(case, actor=actor, at=at), reports=reports)


def parts_of(actor: Actor) -> frozenset[str]:
    """The parts of a case that this role needs."""
    return frozenset(part for part in PARTS if may_see(part, actor))


def file_of(
    case: Case, *, parts: frozenset[str], listed: Sequence[ListEntry], box: vault.Box, actor: Actor, at: datetime
) -> CaseFile:
    """These parts of the case, from the tables as this transaction sees them. Part of reading a case.

    Whoever calls it asks whether the actor sees the case, and logs whose data it shows.
    """
    if is_block_alone(case.demarcation):
        parts &= rows.BESIDE_A_BLOCK
    picture = rows.newest_picture(case) if "picture" in parts else None
    package = _package(case) if "package" in parts else None
    unassigned = _unassigned(case) if "measures" in parts else None
    measures = _measures(case) if "measures" in parts else []
    level = rows.newest_level(case) if parts & {"level", "picture"} else None
    authority = held_over(case, at=at)
    duties = _duties(case) if "contact" in parts else []
    contacts = _contacts(case, box) if "contact" in parts else []
    contact = contact_block(case, box, at=at) if "contact" in parts else None
    closure = CaseClosure.objects.filter(case=case, reopened_at=None).first() if case.state == "closed" else None
    return CaseFile(
        case=case,
        parts=parts,
        authority=authority,
        nomination=_nomination(case) if "nomination" in parts else None,
        designation=Designation.objects.filter(case=case, ends_at=None).first(),
        handover=Handover.objects.filter(case=case).first() if "handover" in parts else None,
        listed=listed,
        alike=[],  # of today, never of the past
        merges=[],  # as above: of two cases that one sees today
        reports=[],  # as above
        returned=AuthorityReturn.objects.filter(case=case).order_by("-decided_at").first(),
        demarcation=standing(case),
        escalation=_escalation(case) if "judgement" in parts else None,
        closure=closure,
        closure_reason=box.open(closure, "reason") if closure and "judgement" in parts else "",
        picture=picture,
        summary=box.open(picture, "summary") if picture else "",
        level=level if "level" in parts else None,
        advice=MeasureAdvice.objects.filter(level=level).first() if level and "level" in parts else None,
        package=package,
        unassigned=unassigned,
        unassigned_late=_late(unassigned, at=at),
        measures=[one for one in measures if one.state != "ended"],
        ended=sum(one.state == "ended" for one in measures),
        duties=duties,
        contacts=contacts,
        contact=contact,
        moments=_moments(case) if "measures" in parts else [],
        access=_access(case, at=at) if "access" in parts else [],
        history=_history(case, actor=actor, at=at),
    )


@act
def read_identity(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, list[Identity]]:
    """Names, birth dates, addresses and reach of the person and those close to them; each person's is logged.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role does not need identities, or the case is about the actor.
    """
    case: Case = Case.objects.visible_to(actor, at=at).select_related("person").get(pk=case_id)
    cases.require_no_conflict(actor, case)
    require(may_see("identity", actor))
    relations = {relation.person_id: relation.core_household for relation in case.relations.all()}
    people = people_of(case)
    box = vault.box(*(person.key_id for person, _relation in people))
    audit.saw([(person.pk, case.pk) for person, _relation in people], kind="identity")
    fields = ("name", "birth_date", "address", "reach")
    names = aliases_of(case, box)
    return case, [
        Identity(
            person=person,
            relation=relation,
            core_household=relations.get(person.pk, True),
            texts={name: box.open(person, name) for name in fields},
            aliases=names if person.pk == case.person_id else (),
        )
        for person, relation in people
    ]


@act
def read_aliases(*, case_id: UUID, actor: Actor, at: datetime) -> tuple[Case, list[Name]]:
    """The other names of the person, withdrawn ones too; logged as a look at who the person is.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: the role does not need identities, or the case is about the actor.
    """
    case = rows.open_case_file(case_id=case_id, part="identity", actor=actor, at=at)
    audit.saw([(case.person_id, case.pk)], kind="identity")
    return case, aliases_of(case, cases.box_for(case))


def aliases_of(case: Case, box: vault.Box) -> list[Name]:
    found = Alias.objects.filter(case=case).select_related("added_by", "withdrawn_by").order_by("-added_at", "pk")
    return [Name(one, box.open(one, "name"), box.open(one, "withdrawn_reason")) for one in found]


def _access(case: Case, *, at: datetime) -> list[Access]:
    grants = who_has_access(case, at=at)
    codes = {grant.group.name.partition(":")[0] for grant in grants if isinstance(grant, CaseGroupGrant)}
    teams = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        Access(who=grant.user.get_full_name(), team=False, why=_why(grant), grant=grant)
        if isinstance(grant, CaseUserGrant)
        else Access(
            who=teams.get(grant.group.name.partition(":")[0], ""),
            team=True,
            why=_why(grant),
            grant=grant,
        )
        for grant in grants
    ]


def _nomination(case: Case) -> Nomination | None:
    return Nomination.objects.filter(case=case).order_by("-created_at").first()


def _escalation(case: Case) -> Escalation | None:
    return Escalation.objects.filter(case=case).order_by("-raised_at", "pk").first()


def _package(case: Case) -> Package | None:
    return Package.objects.filter(case=case).exclude(state="withdrawn").order_by("-prepared_at", "pk").first()


def _unassigned(case: Case) -> Package | None:
    """The newest decided package whose assignments did not follow yet."""
    return Package.objects.filter(case=case, state="decided", assigned_at=None).order_by("-decided_at").first()


def _late(package: Package | None, *, at: datetime) -> bool:
    decided = package.decided_at if package else None
    return decided is not None and norms.due("cases.assigned", since=decided) < at


def _measures(case: Case) -> list[Measure]:
    found = Measure.objects.filter(case=case).select_related("person")
    return list(found.order_by("ordered_at", "kind", "pk"))


def _duties(case: Case) -> list[InformDuty]:
    found = InformDuty.objects.filter(case=case).select_related("person", "contact")
    return list(found.order_by("-opened_at", "pk"))


def _contacts(case: Case, box: vault.Box) -> list[Contact]:
    found = ContactEntry.objects.filter(case=case).select_related("person", "by").order_by("-at", "pk")[:LATEST]
    return [Contact(entry=entry, text=box.open(entry, "text")) for entry in found]


def _moments(case: Case) -> list[RaisedRiskMoment]:
    """Ahead, or over without what happened being written down."""
    return list(RaisedRiskMoment.objects.filter(case=case, outcome="").order_by("starts_at", "pk"))


def _history(case: Case, *, actor: Actor, at: datetime) -> list[Event]:
    kinds = visible_kinds(actor)
    return events(case.pk, verbs=[verb for verb, (kind, _words) in ACTS.items() if kind in kinds], at=at)
