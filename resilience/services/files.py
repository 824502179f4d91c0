"""Files: begun by the designation, one per person; their phases and what is known for a talk.

Acts of resilience are in the trail without the case's id: whoever sees a case reads the acts on it, and must not learn
from them who talks, refuses or gets support (R026). Controllers see them all.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cases.models import Case, CaseGroupGrant, CloseRelation, Designated, Designation, Person
from cases.services import give_access
from cases.services.case import nctv
from resilience.lifecycle import PHASE_LIFECYCLE, AgeBand, Awareness, Consent, Norm, Phase, TalkState, talk_due
from resilience.models import PhaseChange, ResilienceFile, Talk
from resilience.policies import may_begin, may_keep_file
from resilience.services import texts
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, gettext_noop

CONTACT_STATES = (TalkState.HELD, TalkState.REFUSED)


@act
def begin(*, designation_id: UUID, actor: Actor, at: datetime) -> list[ResilienceFile]:
    """Open a file for the person and each designated member of the household, in phase impact; give the experts sight.

    A second time opens nothing: who has a file keeps it as it is. Returns the files that were opened.

    Raises:
        Designation.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not by the system.
    """
    designation = Designation.objects.visible_to(actor, at=at).select_related("case").get(pk=designation_id)
    require(may_begin(actor))
    _let_experts_see(designation.case, actor=actor, at=at)
    return open_files(designation, at=at)


def open_files(designation: Designation, *, at: datetime) -> list[ResilienceFile]:
    """The files of everybody the designation covers who has none yet, and work to plan a talk. Part of a service."""
    case = designation.case
    known = set(ResilienceFile.objects.filter(case=case).values_list("person_id", flat=True))
    relations = {relation.person_id: relation for relation in CloseRelation.objects.filter(case=case)}
    covered = Designated.objects.filter(designation=designation).select_related("person")
    due = talk_due(phase_norm(Phase.IMPACT, at=at), phase_since=at, contacts=())
    opened = [
        _open(case, each.person, relation=relations.get(each.person_id), due=due, at=at)
        for each in covered.order_by("person__pseudonym")
        if each.person_id not in known
    ]
    for file in opened:
        ask_to_plan(file, due=due)
    return opened


def _open(case: Case, person: Person, *, relation: CloseRelation | None, due: datetime, at: datetime) -> ResilienceFile:
    file = ResilienceFile(
        case=case,
        person=person,
        relation=relation,
        phase=Phase.IMPACT,
        phase_since=at,
        talk_due_at=due,
        awareness=Awareness.UNKNOWN if relation else Awareness.KNOWS,
        opened_at=at,
        marking=case.marking,
        provenance="resilience.begin",
    )
    file.save(force_insert=True)
    PhaseChange(case=case, file=file, phase=Phase.IMPACT, since=at).save(force_insert=True)
    audit.record("resilience.begin", file)
    return file


def _let_experts_see(case: Case, *, actor: Actor, at: datetime) -> None:
    """Experts see that the case is there, and of it their own part; every other part asks for another role."""
    group = nctv().group_for(Role.RESILIENCE_EXPERT)
    held = CaseGroupGrant.objects.filter(
        content_object=case, group=group, role=Role.RESILIENCE_EXPERT, period__contains=at
    )
    if not held.exists():
        give_access(
            case_id=case.pk,
            role=Role.RESILIENCE_EXPERT,
            group_id=group.pk,
            reason=gettext_noop("support of the person and the household"),
            ground="resilience.begin",
            actor=actor,
            at=at,
        )


def ask_to_plan(file: ResilienceFile, *, due: datetime) -> None:
    """Work for the experts: somebody plans a talk. Part of a service."""
    work.open_item(
        "resilience.plan",
        file,
        owner_role=Role.RESILIENCE_EXPERT,
        organisation=nctv().pk,
        label=file.person.pseudonym,
        scope=file.case_id,
        due=due,
    )


def locked_file(file_id: UUID, *, actor: Actor, at: datetime) -> ResilienceFile:
    """The file, locked for this act by an expert.

    Raises:
        ResilienceFile.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not an expert, or the file or case is about the actor.
    """
    file: ResilienceFile = (
        ResilienceFile.objects.visible_to(actor, at=at)
        .select_related("case__person", "person")
        .select_for_update(of=("self",))
        .get(pk=file_id)
    )
    require(may_keep_file(actor, people=(file.person.user_id, file.case.person.user_id)))
    return file


def phase_norm(phase: str, *, at: datetime) -> Norm:
    """The house norms of a phase that are in force at `at`."""
    return Norm(
        first_talk=norms.term(f"resilience.{phase}.first_talk", at=at),
        next_talk=norms.term(f"resilience.{phase}.next_talk", at=at),
        first_offer=norms.term(f"resilience.{phase}.first_offer", at=at),
    )


def set_due(file: ResilienceFile, *, at: datetime) -> None:
    """Set when the next talk must have been held, from the phase and the talks of this file. Part of a service."""
    talks = Talk.objects.filter(file=file, state__in=CONTACT_STATES).values_list("held_at", "ended_at")
    contacts = [instant for held_at, ended_at in talks if (instant := held_at or ended_at)]
    file.talk_due_at = talk_due(phase_norm(file.phase, at=at), phase_since=file.phase_since, contacts=contacts)


@act
def change_phase(
    *,
    file_id: UUID,
    phase: str,
    reason: str,
    version: int,
    clinical_confirmed: bool = False,
    actor: Actor,
    at: datetime,
) -> ResilienceFile:
    """Move the person to another phase, with the reason; back and forth, and each relation at their own pace (R028).

    Raises:
        IllegalMove: the person is in that phase already, or there is no such phase.
        Stale: somebody changed the file since it was read.
    """
    file = locked_file(file_id, actor=actor, at=at)
    texts.same_version(file.version, version, theirs={"phase": file.get_phase_display()})
    confirmed = texts.check({"reason": reason}, confirmed=clinical_confirmed, faults=texts.required(reason=reason))
    before = file.phase
    file.phase, file.phase_since = PHASE_LIFECYCLE.apply(f"to_{phase}", state=file.phase), at
    file.version += 1
    set_due(file, at=at)
    file.save()
    change = PhaseChange(case=file.case, file=file, phase=file.phase, since=at, changed_by_id=actor.user_id)
    texts.seal(change, {"reason": reason}, key=file.person.key_id)
    change.save(force_insert=True)
    work.close_items(file.pk, kind="resilience.offer", verb="resilience.phase")
    work.close_items(file.pk, kind="resilience.overdue", verb="resilience.phase")
    if not Talk.objects.filter(file=file, state=TalkState.PLANNED).exists():
        ask_to_plan(file, due=file.talk_due_at)
    audit.record("resilience.phase", file, detail={"from": before, "to": file.phase, "confirmed": confirmed})
    return file


@dataclass(frozen=True)
class About:
    """What one must know before a talk: age, consent, whether a relation knows, language, needs and agreements."""

    age_band: str
    consent: str
    awareness: str
    language: str = ""
    needs: str = ""
    agreements: str = ""

    def faults(self) -> list[Fault]:
        closed = (("age_band", AgeBand), ("consent", Consent), ("awareness", Awareness))
        return [
            Fault(name, "invalid", gettext_noop("Choose one of the list."))
            for name, values in closed
            if getattr(self, name) not in set(values)
        ]


@act
def write_about(
    *, file_id: UUID, about: About, version: int, clinical_confirmed: bool = False, actor: Actor, at: datetime
) -> ResilienceFile:
    """Write what one must know before a talk (R025); consent and needs are the person's own words, no diagnosis.

    Raises:
        Stale: somebody changed the file since it was read; both versions are shown.
    """
    file = locked_file(file_id, actor=actor, at=at)
    texts.same_version(file.version, version, theirs=_about_now(file))
    free = {"needs": about.needs, "agreements": about.agreements}
    confirmed = texts.check(free, confirmed=clinical_confirmed, faults=about.faults())
    texts.seal(file, free, key=file.person.key_id)
    file.age_band, file.consent, file.awareness = about.age_band, about.consent, about.awareness
    file.language = about.language
    file.version += 1
    file.save()
    audit.record("resilience.about", file, detail={"consent": file.consent, "confirmed": confirmed})
    return file


def _about_now(file: ResilienceFile) -> dict[str, str]:
    """What holds now, for the one who was overtaken. It is read, so it is logged."""
    audit.saw([(file.person_id, file.case_id)])
    box = vault.box(file.person.key_id)
    return {
        "age_band": str(file.get_age_band_display()),
        "consent": str(file.get_consent_display()),
        "awareness": str(file.get_awareness_display()),
        "language": file.language,
        "needs": box.open(file, "needs"),
        "agreements": box.open(file, "agreements"),
    }
