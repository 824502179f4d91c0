"""Moments of raised risk, and the gate before each: the event waits for protection, never the other way round (O10)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cases.lifecycle import Authority, CaseState, GateState, Scenario, gate_of
from cases.models import Case, MomentAgenda, MomentOwner, RaisedRiskMoment, Readiness
from cases.policies import (
    OWNS_EVENTS,
    may_answer_gate,
    may_evaluate_moment,
    may_give_word,
    may_keep_contact,
    may_move_moment,
    may_own_event,
    may_report_risk_moment,
)
from cases.services import case as cases
from cases.services.mayor import PUBLIC, consider
from cases.services.plan import one_of
from stelsel.kernel import access, audit, norms, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import Membership, Organisation, OrganisationKind
from stelsel.legal import gate
from stelsel.legal.models import InformationType

ANSWERS = ("moment.word", "moment.answer", "moment.not_ready")
AHEAD = gettext_noop("The moment lies ahead and ends after it begins.")


@act
def report_risk_moment(
    *,
    case_id: UUID,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    region: str,
    description: str,
    owner_id: UUID | None = None,
    concerned: Sequence[UUID] = (),
    actor: Actor,
    at: datetime,
) -> RaisedRiskMoment:
    """Report a moment of raised risk (verhoogd risicomoment, Circulaire 2026 par. 3.3), and open its gate.

    The gate asks about the person, the core household and who else is `concerned`. `owner_id` is who decides on the
    event itself and learns only whether protection is ready.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_report_risk_moment(actor))
    _require_ahead(starts_at, ends_at, at=at)
    return add_moment(
        case,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        region=region,
        description=description,
        owner_id=owner_id,
        concerned=concerned,
        by=actor,
        at=at,
    )


def add_moment(
    case: Case,
    *,
    kind: str,
    starts_at: datetime,
    ends_at: datetime,
    region: str,
    description: str,
    owner_id: UUID | None = None,
    concerned: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> RaisedRiskMoment:
    """Write a moment of raised risk on the case and open its gate. Part of a service."""
    moment = RaisedRiskMoment(
        case=case,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        region=region,
        reported_by_id=by.user_id,
        reported_at=at,
    )
    cases.box_for(case).seal(moment, "description", description, key=case.person.key_id)
    moment.save(force_insert=True)
    if owner_id is not None:
        _own(moment, owner_id, actor=by, at=at)
    people = {person.pk for person in cases.household(case)} | {one_of(case, key).pk for key in concerned}
    _open_round(moment, people, at=at)
    _share(moment, actor=by, to=OrganisationKind.LCC, at=at)
    if kind in PUBLIC and case.state == CaseState.SCHEME:
        consider(case, Scenario.PLANNABLE, due=max(at, starts_at - norms.term("cases.moment.ready", at=at)))
    cases.touch(case, at=at)
    audit.record("risk_moment.report", moment, scope=case.pk, detail={"kind": kind})
    return moment


def _require_ahead(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    if ends_at <= starts_at or starts_at < at:
        fault = Fault("starts_at", "period", AHEAD)
        raise Invalid("invalid", fault.message, faults=(fault,))


def _share(moment: RaisedRiskMoment, *, actor: Actor, to: str, at: datetime) -> None:
    """Through the gate of the law, where the moment goes to another kind of organisation."""
    if actor.is_system or actor.organisation_id is None:
        return
    provider = Organisation.objects.get(pk=actor.organisation_id).kind
    if provider != to:
        gate.share(
            InformationType.RISK_MOMENT, moment, provider=provider, receiver=to, on=at.date(), scope=moment.case_id
        )


def _own(moment: RaisedRiskMoment, owner_id: UUID, *, actor: Actor, at: datetime) -> None:
    """Name who decides on the event itself; they see when it is and whether protection is ready."""
    held = (
        Membership.objects.in_force(at=at)
        .filter(user_id=owner_id, role__in=OWNS_EVENTS)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    if held is None:
        fault = Fault("owner", "wrong_role", gettext_noop("This colleague does not decide on events in any role now."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    MomentOwner.objects.create(
        case_id=moment.case_id,
        moment=moment,
        owner_id=owner_id,
        role=held.role,
        reference=cases.next_reference("M", on=at.date()),
        kind=moment.kind,
        starts_at=moment.starts_at,
        ends_at=moment.ends_at,
        state=moment.gate,
    )
    _share(moment, actor=actor, to=held.organisation.kind, at=at)


def _open_round(moment: RaisedRiskMoment, people: set[UUID], *, at: datetime) -> None:
    """Ask the LCC for its word and the authority for its answer about each person."""
    for person_id in sorted(people, key=str):
        Readiness.objects.create(case_id=moment.case_id, moment=moment, person_id=person_id, round=moment.round)
    lcc = cases.lcc()
    coordinators = Principal(role=Role.LCC_COORDINATOR, group_id=lcc.group_for(Role.LCC_COORDINATOR).pk)
    access.give(moment.case, to=coordinators, reason="says whether protection is in place", ground="risk_moment.report")
    due = max(at, moment.starts_at - norms.term("cases.moment.ready", at=at))
    for kind in ANSWERS:
        work.close_items(moment.pk, kind=kind, verb="risk_moment.ask")
    _open(moment, "moment.word", role=Role.LCC_COORDINATOR, organisation=lcc.pk, due=due)
    _ask_authority(moment, "moment.answer", due=due, at=at)


def _ask_authority(moment: RaisedRiskMoment, kind: str, *, due: datetime, at: datetime) -> None:
    authority = Authority(cases.authority_now(moment.case.person_id, at=at).authority)
    if authority is not Authority.NCTV:
        _open(moment, kind, role=Role.CHIEF_PROSECUTOR, organisation=moment.case.office_id, due=due)
    else:
        _open(moment, kind, role=Role.DECIDER, owner=moment.case.decider_id, organisation=cases.nctv().pk, due=due)


def _open(
    moment: RaisedRiskMoment,
    kind: str,
    *,
    role: Role,
    owner: UUID | None = None,
    organisation: UUID | None = None,
    due: datetime,
) -> None:
    work.open_item(
        kind,
        moment,
        owner_role=role,
        owner=owner,
        organisation=None if owner else organisation,
        label=moment.case.number,
        scope=moment.case_id,
        due=due,
    )


def locked_moment(moment_id: UUID, *, actor: Actor, at: datetime, version: int | None = None) -> RaisedRiskMoment:
    moment: RaisedRiskMoment = (
        RaisedRiskMoment.objects.visible_to(actor, at=at)
        .select_related("case__person", "case__office")
        .select_for_update(of=("self",))
        .get(pk=moment_id)
    )
    if version is not None and moment.version != version:
        theirs = {"starts_at": f"{moment.starts_at:%d-%m-%Y %H:%M}", "ends_at": f"{moment.ends_at:%d-%m-%Y %H:%M}"}
        raise Stale(theirs=theirs, version=moment.version)
    return moment


def _answerable(readiness_id: UUID, *, actor: Actor, at: datetime) -> tuple[RaisedRiskMoment, Readiness]:
    """The moment, locked, and the row about one person; only of the round that runs, and before the moment is over."""
    row = Readiness.objects.visible_to(actor, at=at).get(pk=readiness_id)
    moment = locked_moment(row.moment_id, actor=actor, at=at)
    row = Readiness.objects.select_for_update().get(pk=readiness_id)
    if row.round != moment.round:
        raise Conflict("moved", gettext_noop("The moment was moved: its readiness is asked anew."))
    if moment.outcome or moment.ends_at <= at:
        raise Conflict("over", gettext_noop("This moment is over."))
    return moment, row


@act
def give_word(*, readiness_id: UUID, word: str, reason: str, actor: Actor, at: datetime) -> Readiness:
    """The LCC says whether protection of one person is in place for the moment; why not, where it is not."""
    moment, row = _answerable(readiness_id, actor=actor, at=at)
    require(may_give_word(actor))
    if word == "not_in_place" and not reason.strip():
        fault = Fault("reason", "required", gettext_noop("Say what is not in place."))
        raise Invalid("incomplete", fault.message, faults=(fault,))
    if row.answer == "ready" and word != "in_place":
        row.answer, row.answered_by_id, row.answered_at = "", None, None  # the authority answers anew
    row.word, row.word_by_id, row.word_at = word, actor.user_id, at
    cases.box_for(moment.case).seal(row, "word_reason", reason, key=moment.case.person.key_id)
    row.save()
    _share(moment, actor=actor, to=_holder(moment, at=at), at=at)
    audit.record("risk_moment.word", moment, scope=moment.case_id, detail={"word": word})
    if not moment.readiness.filter(round=moment.round, word="").exists():
        work.close_items(moment.pk, kind="moment.word", verb="risk_moment.word")
    _settle(moment, at=at)
    return row


def _holder(moment: RaisedRiskMoment, *, at: datetime) -> str:
    return cases.authority_now(moment.case.person_id, at=at).holder.kind


@act
def answer_gate(*, readiness_id: UUID, answer: str, reason: str, actor: Actor, at: datetime) -> Readiness:
    """The authority says whether protection of one person is ready; "ready" rests on the word of the LCC.

    Raises:
        Invalid: ready without that word, not ready or not concerned without a reason, or the person "not concerned".
        Forbidden: not the authority over the person now.
    """
    moment, row = _answerable(readiness_id, actor=actor, at=at)
    authority = Authority(cases.authority_now(moment.case.person_id, at=at).authority)
    require(may_answer_gate(actor, authority=authority))
    faults = []
    if answer == "ready" and row.word != "in_place":
        message = gettext_noop("Ready rests on the word of the LCC that protection is in place; it is not given.")
        faults.append(Fault("answer", "no_word", message))
    if answer != "ready" and not reason.strip():
        faults.append(Fault("reason", "required", gettext_noop("Say why.")))
    if answer == "not_concerned" and row.person_id == moment.case.person_id:
        faults.append(Fault("answer", "the_person", gettext_noop("The protected person is always concerned.")))
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    row.answer, row.answered_by_id, row.answered_at = answer, actor.user_id, at
    cases.box_for(moment.case).seal(row, "reason", reason, key=moment.case.person.key_id)
    row.save()
    audit.record("risk_moment.answer", moment, scope=moment.case_id, detail={"answer": answer})
    _settle(moment, at=at)
    return row


def _settle(moment: RaisedRiskMoment, *, at: datetime) -> None:
    """What the answers add up to; only "ready" lifts a postponement that was asked."""
    found = gate_of(moment.readiness.filter(round=moment.round).values_list("answer", flat=True))
    if moment.gate != GateState.POSTPONE or found is GateState.READY:
        moment.gate = found
    if found is GateState.READY:
        for kind in ANSWERS:
            work.close_items(moment.pk, kind=kind, verb="risk_moment.ready")
    else:
        due = max(at, moment.starts_at - norms.term("cases.moment.ready", at=at))
        _ask_authority(moment, "moment.answer", due=due, at=at)
    _changed(moment)


def _changed(moment: RaisedRiskMoment) -> None:
    """Keep what the owner sees the same as what is."""
    moment.version += 1
    moment.save()
    owned = MomentOwner.objects.filter(moment=moment).first()
    if owned is None:
        return
    owned.state, owned.starts_at, owned.ends_at = moment.gate, moment.starts_at, moment.ends_at
    owned.save()
    if moment.gate in (GateState.READY, GateState.CALLED_OFF):
        for kind in ("event.not_ready", "event.postpone"):
            work.close_items(owned.pk, kind=kind, verb="risk_moment.ready")


@act
def ask_postponement(*, moment_id: UUID, version: int, actor: Actor, at: datetime) -> RaisedRiskMoment:
    """Ask the owner of the event to postpone it, because protection is not ready."""
    moment = locked_moment(moment_id, actor=actor, at=at, version=version)
    authority = Authority(cases.authority_now(moment.case.person_id, at=at).authority)
    require(may_answer_gate(actor, authority=authority))
    owned = MomentOwner.objects.filter(moment=moment).first()
    if owned is None:
        raise Conflict("no_owner", gettext_noop("Nobody is named who decides on this event."))
    if moment.gate in (GateState.READY, GateState.CALLED_OFF) or moment.outcome or moment.starts_at <= at:
        raise Conflict("not_now", gettext_noop("This moment is ready, or is over."))
    moment.gate = GateState.POSTPONE
    owned.reply, owned.replied_at = "", None
    owned.save()
    _changed(moment)
    _tell_owner(owned, "event.postpone", due=moment.starts_at)
    audit.record("risk_moment.postpone", moment, scope=moment.case_id)
    return moment


def _tell_owner(owned: MomentOwner, kind: str, *, due: datetime) -> None:
    """On the owner's start page by its own reference: the owner sees no case."""
    work.open_item(kind, owned, owner_role=Role(owned.role), owner=owned.owner_id, label=owned.reference, due=due)


@act
def move_moment(
    *, moment_id: UUID, starts_at: datetime, ends_at: datetime, version: int, actor: Actor, at: datetime
) -> RaisedRiskMoment:
    """A moment that is moved is asked about anew: what was ready for one day says nothing of another."""
    moment = locked_moment(moment_id, actor=actor, at=at, version=version)
    require(may_move_moment(actor))
    _require_ahead(starts_at, ends_at, at=at)
    if moment.outcome:
        raise Conflict("over", gettext_noop("This moment is over."))
    if (moment.starts_at, moment.ends_at) == (starts_at, ends_at):
        raise Conflict("unmoved", gettext_noop("The moment stands at this time already."))
    people = set(moment.readiness.filter(round=moment.round).values_list("person_id", flat=True))
    moment.starts_at, moment.ends_at = starts_at, ends_at
    moment.round += 1
    moment.gate = GateState.WAITING
    _changed(moment)
    _open_round(moment, people, at=at)
    audit.record("risk_moment.move", moment, scope=moment.case_id)
    return moment


@act
def reply_as_owner(
    *,
    event_id: UUID,
    reply: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    actor: Actor,
    at: datetime,
) -> MomentOwner:
    """The owner moves the event, or says that it stays; a job carries it to the case, which the owner does not see.

    Raises:
        MomentOwner.DoesNotExist: not the owner of this event.
    """
    owned = MomentOwner.objects.select_for_update().get(pk=event_id, owner_id=actor.user_id)
    require(may_own_event(actor))
    if owned.starts_at <= at or owned.state == GateState.CALLED_OFF:
        raise Conflict("over", gettext_noop("This moment is over."))
    if reply == "moved":
        if starts_at is None or ends_at is None:
            fault = Fault("starts_at", "required", gettext_noop("Give the new begin and end."))
            raise Invalid("incomplete", fault.message, faults=(fault,))
        _require_ahead(starts_at, ends_at, at=at)
        owned.starts_at, owned.ends_at, owned.state = starts_at, ends_at, GateState.WAITING
    owned.reply, owned.replied_at = reply, at
    owned.save()
    for kind in ("event.postpone", "event.not_ready"):
        work.close_items(owned.pk, kind=kind, verb="event.reply")
    enqueue("cases.event_reply", key=f"{owned.pk}:{at.isoformat()}", event_id=owned.pk)
    audit.record("event.reply", owned, detail={"reply": reply})
    return owned


@act
def take_reply(*, event_id: UUID, actor: Actor, at: datetime) -> None:
    """Bring the owner's reply to the case: a moved event re-opens the gate, one that stays alarms the authority."""
    owned = MomentOwner.objects.select_related("moment__case__person").get(pk=event_id)
    moment = owned.moment
    if owned.reply == "moved" and (moment.starts_at, moment.ends_at) != (owned.starts_at, owned.ends_at):
        move_moment(
            moment_id=moment.pk,
            starts_at=owned.starts_at,
            ends_at=owned.ends_at,
            version=moment.version,
            actor=actor,
            at=at,
        )
    elif owned.reply == "stays" and moment.gate != GateState.READY:
        _alarm(moment, at=at)
        audit.record("risk_moment.stays", moment, scope=moment.case_id)


def _alarm(moment: RaisedRiskMoment, *, at: datetime) -> None:
    """Authority and duty officer see that a moment comes near and protection is not ready."""
    due = moment.starts_at
    _ask_authority(moment, "moment.not_ready", due=due, at=at)
    _open(moment, "moment.not_ready", role=Role.DUTY_OFFICER, organisation=cases.nctv().pk, due=due)


@act
def evaluate_moment(
    *, moment_id: UUID, outcome: str, evaluation: str, version: int, actor: Actor, at: datetime
) -> RaisedRiskMoment:
    """Say what happened at a moment that is over, or that it does not take place."""
    moment = locked_moment(moment_id, actor=actor, at=at, version=version)
    require(may_evaluate_moment(actor))
    if moment.outcome:
        raise Conflict("evaluated", gettext_noop("What happened was written down already."))
    faults = []
    if outcome != "did_not" and moment.ends_at > at:
        faults.append(Fault("outcome", "ahead", gettext_noop("This moment is not over yet.")))
    if not evaluation.strip():
        faults.append(Fault("evaluation", "required", gettext_noop("Fill this in.")))
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    moment.outcome, moment.evaluated_by_id, moment.evaluated_at = outcome, actor.user_id, at
    if outcome == "did_not":
        moment.gate = GateState.CALLED_OFF
    cases.box_for(moment.case).seal(moment, "evaluation", evaluation, key=moment.case.person.key_id)
    _changed(moment)
    for kind in (*ANSWERS, "moment.evaluate"):
        work.close_items(moment.pk, kind=kind, verb="risk_moment.evaluate")
    audit.record("risk_moment.evaluate", moment, scope=moment.case_id, detail={"outcome": outcome})
    return moment


@act
def note_agenda(*, case_id: UUID, person_id: UUID, answer: str, actor: Actor, at: datetime) -> MomentAgenda:
    """Write whether the person tells of moments ahead; that they do not tell is "not reported", never "none"."""
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_contact(actor))
    person = one_of(case, person_id)
    row = MomentAgenda.objects.create(case=case, person=person, answer=answer, by_id=actor.user_id, at=at)
    audit.record("risk_moment.agenda", row, scope=case.pk, detail={"answer": answer})
    return row


def watch_moments(at: datetime) -> int:
    """Moments that come near without "ready", and moments that passed and wait for what happened."""
    near = RaisedRiskMoment.objects.filter(
        outcome="", ends_at__gt=at, starts_at__lte=at + norms.term("cases.moment.ready", at=at)
    ).exclude(gate__in=[GateState.READY, GateState.CALLED_OFF])
    moments = list(near.exclude(case__state="closed").select_related("case"))
    owners = {one.moment_id: one for one in MomentOwner.objects.filter(moment__in=moments)}
    for moment in moments:
        _alarm(moment, at=at)
        owned = owners.get(moment.pk)
        if owned is not None and owned.reply != "stays":
            _tell_owner(owned, "event.not_ready", due=moment.starts_at)
    passed = RaisedRiskMoment.objects.filter(outcome="", ends_at__lte=at).exclude(case__state="closed")
    over = list(passed.select_related("case"))
    nctv = cases.nctv().pk if over else None
    for moment in over:
        for kind in ANSWERS:
            work.close_items(moment.pk, kind=kind, verb="risk_moment.pass")
        due = moment.ends_at + norms.term("cases.moment.evaluate", at=at)
        owner = moment.case.case_manager_id
        _open(moment, "moment.evaluate", role=Role.CASE_MANAGER, owner=owner, organisation=nctv, due=due)
    return len(moments) + len(over)
