"""Triage: who handles the case, the prepared judgement, and the decision that designates or rejects."""

from datetime import datetime
from uuid import UUID

from cases.lifecycle import NOMINATION_LIFECYCLE, Authority, ItemOutcome, Outcome, Scenario
from cases.models import Case, Designated, Designation, Judgement, Nomination
from cases.models.care.life import Occasion
from cases.policies import may_assign_case, may_judge, may_prepare_judgement, may_ratify, not_judged
from cases.services import case as cases
from cases.services.agenda import leave_agenda, require_discussed
from cases.services.authority import GivenBack, give_back, in_force
from cases.services.care.life import require_signed
from cases.services.contact import open_duty
from cases.services.escalation import judged_before
from cases.services.handover import open_file
from cases.services.intake import locked_nomination
from cases.services.mayor import consider
from cases.services.plan import begin_contact, pass_contact
from stelsel.kernel import access, audit, norms, signing, vault, work
from stelsel.kernel.access import Principal, act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Fault, Invalid, gettext_noop
from stelsel.kernel.jobs import enqueue
from stelsel.kernel.models import Membership, Signature


@act
def assign_case(*, case_id: UUID, case_manager: UUID, decider: UUID, actor: Actor, at: datetime) -> Case:
    """Name the case manager and the decider; they alone of the NCTV see the case from now on, beside the desk.

    Raises:
        Invalid: one of them does not hold that role now, both are the same person, or one judged before (escalation).
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_assign_case(actor))
    chosen = (("case_manager", case_manager, Role.CASE_MANAGER), ("decider", decider, Role.DECIDER))
    in_force = Membership.objects.in_force(at=at)
    faults = [
        Fault(name, "wrong_role", gettext_noop("This colleague does not hold that role now."))
        for name, user, role in chosen
        if not in_force.filter(user_id=user, role=role).exists()
    ]
    nomination = Nomination.objects.filter(case=case, state="signed").first()
    before = judged_before(nomination) if nomination else frozenset()
    faults += [
        Fault(name, "judged_before", gettext_noop("This colleague prepared or decided the rejection: name another."))
        for name, user, _role in chosen
        if user in before
    ]
    if case_manager == decider:
        faults.append(Fault("decider", "four_eyes", gettext_noop("Case manager and decider are two people.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(faults))
    case.case_manager_id, case.decider_id = case_manager, decider
    cases.touch(case, at=at)
    for _, user, role in chosen:
        access.give(
            case,
            to=Principal(role=role, user_id=user),
            reason="named on the case",
            ground="triage.assign",
            mine=True,
        )
    work.close_items(case.pk, kind="triage.assign", verb="triage.assign")
    if nomination is not None:
        work.open_item(
            "triage.prepare",
            nomination,
            owner_role=Role.CASE_MANAGER,
            owner=case_manager,
            label=case.number,
            scope=case.pk,
            due=norms.due("cases.triage.prepare", since=at),
        )
    pass_contact(case, user_id=case_manager, at=at)
    audit.record("triage.assign", case, scope=case.pk)
    return case


@act
def prepare_judgement(
    *, nomination_id: UUID, proposal: str, information_used: str, version: int, actor: Actor, at: datetime
) -> Judgement:
    """The case manager prepares the judgement: a proposal and the information it rests on."""
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    case = nomination.case
    require(may_prepare_judgement(actor, case_manager=case.case_manager_id))
    require(not_judged(actor, judged_before(nomination)))
    cases.require_texts(proposal=proposal, information_used=information_used)
    nomination.state = NOMINATION_LIFECYCLE.apply("prepare", state=nomination.state)
    nomination.version += 1
    nomination.save(update_fields=["state", "version"])
    judgement = Judgement(nomination=nomination, case=case, prepared_by_id=actor.user_id, prepared_at=at)
    box, key = cases.box_for(case), case.person.key_id
    box.seal(judgement, "proposal", proposal, key=key)
    box.seal(judgement, "information_used", information_used, key=key)
    judgement.save(force_insert=True)
    work.close_items(nomination.pk, kind="triage.prepare", verb="triage.prepare")
    work.open_item(
        "triage.judge",
        nomination,
        owner_role=Role.DECIDER,
        owner=case.decider_id,
        label=case.number,
        scope=case.pk,
        due=norms.due("cases.triage.judge", since=at),
    )
    audit.record("triage.prepare", judgement, scope=case.pk)
    return judgement


def judged_content(judgement: Judgement, *, outcome: str, reasons: str) -> dict[str, object]:
    """What the decider signs."""
    box = vault.box(judgement.case.person.key_id)
    return {
        "case": judgement.case.number,
        "proposal": box.open(judgement, "proposal"),
        "information_used": box.open(judgement, "information_used"),
        "outcome": outcome,
        "reasons": reasons,
    }


@act
def judge(
    *, nomination_id: UUID, outcome: str, reasons: str, version: int, code: str, actor: Actor, at: datetime
) -> Judgement:
    """Decide on the nomination, signed: accept designates the person and the core household at this instant.

    Raises:
        Forbidden: not the named decider, prepared it, is the person, or the code is wrong.
        IllegalMove: the nomination does not wait for a judgement.
        Conflict: it is rejected, and the answers on article 2 ECHR were not signed.
    """
    nomination = locked_nomination(nomination_id, actor=actor, at=at, version=version)
    case = cases.locked_case(nomination.case_id, actor=actor, at=at)
    step = "accept" if outcome == "accept" else "reject"
    nomination.state = NOMINATION_LIFECYCLE.apply(step, state=nomination.state)
    judgement = (
        Judgement.objects.select_for_update(of=("self",)).select_related("case__person").get(nomination=nomination)
    )
    require(
        may_judge(
            actor,
            prepared_by=judgement.prepared_by_id,
            decider=case.decider_id,
            person_user=case.person.user_id,
        )
    )
    require(not_judged(actor, judged_before(nomination)))
    cases.require_texts(reasons=reasons)
    if step == "reject":
        require_signed(case, Occasion.REJECTION, nomination.pk)
    require_discussed(nomination)
    content = judged_content(judgement, outcome=step, reasons=reasons)
    judgement.signature = signing.sign(judgement, content, actor=actor, at=at, code=code)
    cases.box_for(case).seal(judgement, "reasons", reasons, key=case.person.key_id)
    judgement.outcome, judgement.decided_by_id, judgement.decided_at = step, actor.user_id, at
    judgement.save()
    nomination.version += 1
    nomination.save()
    work.close_items(nomination.pk, kind="triage.judge", verb=f"triage.{step}")
    audit.record(f"triage.{step}", judgement, scope=case.pk)
    judged = ItemOutcome.ACCEPTED if step == "accept" else ItemOutcome.REJECTED
    leave_agenda(case, judged, by=actor.user_id, at=at)
    if step == "accept":
        _accept(judgement, case=case, reasons=reasons, actor=actor, at=at)
    else:
        _reject(case, judgement=judgement, reasons=reasons, actor=actor, at=at)
        open_duty(
            case,
            person=case.person,
            about="rejection",
            subject_id=judgement.pk,
            contact=nomination.filled_by_id,
        )
    return judgement


def _accept(judgement: Judgement, *, case: Case, reasons: str, actor: Actor, at: datetime) -> None:
    """Designate; or, where a telephone call designated meanwhile, ratify that designation."""
    standing = Designation.objects.select_for_update().filter(case=case, ends_at=None).first()
    if standing is None:
        designation = Designation(case=case, judgement=judgement, decided_by_id=actor.user_id, starts_at=at)
        designation.signature = judgement.signature
        designate(designation, case=case, step="designate", reasons=reasons)
    elif standing.ratified_at is None:
        require(may_ratify(actor, decided_by=standing.decided_by_id))
        ratify(standing, signature=judgement.signature, actor=actor, at=at)


def _reject(case: Case, *, judgement: Judgement, reasons: str, actor: Actor, at: datetime) -> None:
    """Keep the case in the local domain; where a telephone call designated meanwhile, authority goes back there.

    Raises:
        Conflict: a measure that exists in the scheme alone is in force; it is ended by a decision of its own first.
    """
    if case.state == "scheme":
        outcomes = {measure.pk: Outcome.CONTINUES for measure in in_force(case)}
        give_back(case, GivenBack(reasons, actor.user_id, judgement.signature, outcomes), at=at)
    else:
        cases.move(case, "reject", at=at)


def ratify(designation: Designation, *, signature: Signature | None, actor: Actor, at: datetime) -> None:
    """Record that somebody else confirmed an urgent designation. Part of a service."""
    designation.signature = signature
    designation.ratified_by_id, designation.ratified_at = actor.user_id, at
    designation.save()
    for kind in ("designation.ratify", "designation.ratify_overdue"):
        work.close_items(designation.pk, kind=kind, verb="designation.ratify")
    audit.record("designation.ratify", designation, scope=designation.case_id)


def designate(designation: Designation, *, case: Case, step: str, reasons: str) -> None:
    """Place person and core household in the scheme (aanwijzing, Politiewet 2012 art. 42(1)(c)). Part of a service.

    Authority passes to the NCTV at the instant of designation; every measure in force stays in force under it. The
    handover file, the duty to inform and the support of the person begin.
    """
    at = designation.starts_at
    cases.box_for(case).seal(designation, "reasons", reasons, key=case.person.key_id)
    designation.save(force_insert=True)
    for person in cases.household(case):
        Designated.objects.create(designation=designation, case=case, person=person)
    cases.transfer_authority(case, to=Authority.NCTV, at=at, ground="designation.decide", ground_id=designation.pk)
    cases.move(case, step, at=at)
    open_file(case, at=at)
    contact = case.case_manager_id or designation.decided_by_id
    open_duty(case, person=case.person, about="designation", subject_id=designation.pk, contact=contact)
    begin_contact(case, user_id=contact, at=at)
    consider(case, Scenario.ADMISSION, due=norms.due("cases.mayor", since=at))
    enqueue("resilience.begin", key=str(designation.pk), designation_id=designation.pk)
    audit.record("designation.decide", designation, scope=case.pk, detail={"urgent": designation.judgement_id is None})
