"""Legal steps around a case (rechtsgang), and rules over them. Plain Python: no Django, no clock, no database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from stelsel.kernel.configuration import CodeList, HouseNorm, Unit, named
from stelsel.kernel.errors import gettext_noop
from stelsel.kernel.lifecycle import Lifecycle, Move


class CaseState(StrEnum):
    INTAKE = "intake"  # reported; the chief prosecutor is the authority
    TRIAGE = "triage"  # nominated; waits for the judgement
    SCHEME = "scheme"  # designated: in the scheme, the NCTV is the authority
    LOCAL = "local"  # in the local domain under the chief prosecutor
    CLOSED = "closed"


CASE_LIFECYCLE = Lifecycle(
    initial=CaseState.INTAKE,
    moves=(
        Move("nominate", {CaseState.INTAKE, CaseState.LOCAL}, CaseState.TRIAGE),
        Move("designate", {CaseState.TRIAGE}, CaseState.SCHEME),
        Move("designate_urgently", {CaseState.INTAKE, CaseState.LOCAL, CaseState.TRIAGE}, CaseState.SCHEME),
        Move("reject", {CaseState.TRIAGE}, CaseState.LOCAL),
        Move("withdraw", {CaseState.INTAKE, CaseState.TRIAGE}, CaseState.LOCAL),
        Move("return_authority", {CaseState.SCHEME}, CaseState.LOCAL),
        Move("close", {CaseState.LOCAL}, CaseState.CLOSED),
        Move("reopen", {CaseState.CLOSED}, CaseState.LOCAL),
    ),
)


class Line(StrEnum):
    DIRECT = "direct"  # directe opname
    INDIRECT = "indirect"  # triagetafel


class NominationState(StrEnum):
    DRAFT = "draft"  # the police fill the intake
    FILLED = "filled"  # handed to the adviser BB&C
    COMPLETED = "completed"  # waits for the chief prosecutor
    SIGNED = "signed"  # nominated; the case manager prepares
    PREPARED = "prepared"  # waits for the judgement of the decider
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


NOMINATION_LIFECYCLE = Lifecycle(
    initial=NominationState.DRAFT,
    moves=(
        Move("hand_in", {NominationState.DRAFT}, NominationState.FILLED),
        Move("send_back", {NominationState.FILLED, NominationState.COMPLETED}, NominationState.DRAFT),
        Move("complete", {NominationState.FILLED}, NominationState.COMPLETED),
        Move("sign", {NominationState.COMPLETED}, NominationState.SIGNED),
        Move("prepare", {NominationState.SIGNED}, NominationState.PREPARED),
        Move("accept", {NominationState.PREPARED}, NominationState.ACCEPTED),
        Move("reject", {NominationState.PREPARED}, NominationState.REJECTED),
        Move(
            "withdraw",
            {
                NominationState.DRAFT,
                NominationState.FILLED,
                NominationState.COMPLETED,
                NominationState.SIGNED,
                NominationState.PREPARED,
            },
            NominationState.WITHDRAWN,
        ),
    ),
)


class HandoverState(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    RETURNED = "returned"


HANDOVER_LIFECYCLE = Lifecycle(  # it moves the file, never authority
    initial=HandoverState.DRAFT,
    moves=(
        Move("propose", {HandoverState.DRAFT, HandoverState.RETURNED}, HandoverState.PROPOSED),
        Move("accept", {HandoverState.PROPOSED}, HandoverState.ACCEPTED),
        Move("return", {HandoverState.PROPOSED}, HandoverState.RETURNED),
    ),
)


class BatchState(StrEnum):
    """A bulk handover (overheveling)."""

    DRAFT = "draft"
    OFFERED = "offered"  # signed by the office
    RUNNING = "running"  # signed by the NCTV; whether items still wait tells whether it is finished
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"


BATCH_LIFECYCLE = Lifecycle(
    initial=BatchState.DRAFT,
    moves=(
        Move("offer", {BatchState.DRAFT}, BatchState.OFFERED),
        Move("start", {BatchState.OFFERED}, BatchState.RUNNING),
        Move("stop", {BatchState.RUNNING}, BatchState.STOPPED),
        Move("go_on", {BatchState.RUNNING, BatchState.STOPPED}, BatchState.RUNNING),
        Move("withdraw", {BatchState.DRAFT, BatchState.OFFERED, BatchState.STOPPED}, BatchState.WITHDRAWN),
    ),
)


class ItemState(StrEnum):
    """One case of a bulk handover."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"  # handed over already


class MeasureState(StrEnum):
    ORDERED = "ordered"
    ACCEPTED = "accepted"
    IN_PLACE = "in_place"
    VERIFIED = "verified"
    ENDED = "ended"


IN_FORCE = frozenset({MeasureState.ORDERED, MeasureState.ACCEPTED, MeasureState.IN_PLACE, MeasureState.VERIFIED})

MEASURE_LIFECYCLE = Lifecycle(
    initial=MeasureState.ORDERED,
    moves=(
        Move("accept", {MeasureState.ORDERED}, MeasureState.ACCEPTED),
        Move("put_in_place", {MeasureState.ORDERED, MeasureState.ACCEPTED}, MeasureState.IN_PLACE),
        Move("verify", {MeasureState.IN_PLACE, MeasureState.VERIFIED}, MeasureState.VERIFIED),
        Move(
            "fall_away",
            {MeasureState.ACCEPTED, MeasureState.IN_PLACE, MeasureState.VERIFIED},
            MeasureState.ORDERED,
        ),
        Move("end", set(IN_FORCE), MeasureState.ENDED),
    ),
)


@dataclass(frozen=True)
class Course:
    """What became of one measure: ordered, then the state each report brought it to, and its end if it has one."""

    ordered_at: datetime
    steps: tuple[tuple[datetime, MeasureState], ...] = ()
    ended_at: datetime | None = None

    def state_at(self, at: datetime) -> MeasureState | None:
        """The state at that instant; None before the order."""
        if at < self.ordered_at:
            return None
        if self.ended_at is not None and self.ended_at <= at:
            return MeasureState.ENDED
        reached = [state for instant, state in sorted(self.steps, key=lambda step: step[0]) if instant <= at]
        return reached[-1] if reached else MeasureState.ORDERED


class Fate(StrEnum):
    """What a handover means for one measure: before it, and now."""

    CONTINUES = "continues"
    NEW = "new"  # ordered after authority passed
    REPLACED = "replaced"  # ended, and another of its kind is in force for the same person
    ENDED = "ended"  # ended by a decision of the authority that holds now
    FALLS = "falls"  # it was in place and is not any more
    RUNS_OUT = "runs_out"  # its review date passed and nobody decided that it goes on


RED = frozenset({Fate.FALLS, Fate.RUNS_OUT})
STANDS = frozenset({MeasureState.IN_PLACE, MeasureState.VERIFIED})


def fate(
    before: MeasureState | None, now: MeasureState, *, replaced: bool = False, review_passed: bool = False
) -> Fate | None:
    """What becomes of a measure; None when it was over before authority passed."""
    if before is MeasureState.ENDED:
        return None
    if now is MeasureState.ENDED:
        return Fate.REPLACED if replaced else Fate.ENDED
    if before in STANDS and now not in STANDS:
        return Fate.FALLS
    if review_passed:
        return Fate.RUNS_OUT
    return Fate.NEW if before is None else Fate.CONTINUES


class ReturnState(StrEnum):
    """A return of authority: it holds from the decision on; the confirmation completes the file."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"


RETURN_LIFECYCLE = Lifecycle(
    initial=ReturnState.WAITING,
    moves=(Move("confirm", {ReturnState.WAITING}, ReturnState.CONFIRMED),),
)


class Outcome(StrEnum):
    """What becomes of a measure when authority returns; none of these ends it."""

    CONTINUES = "continues"  # the order stands, under the new authority
    REORDERED = "reordered"  # the chief prosecutor orders it anew with the confirmation
    ENDED_BEFORE = "ended_before"  # was ended by a decision of its own before


class ListedKind(StrEnum):
    """What stands on the limitative list."""

    PERSON = "person"  # a function with its holders, or a person
    OBJECT = "object"
    SERVICE = "service"


class EntryState(StrEnum):
    PROPOSED = "proposed"
    DESIGNATED = "designated"
    REJECTED = "rejected"
    ENDED = "ended"


ENTRY_LIFECYCLE = Lifecycle(
    initial=EntryState.PROPOSED,
    moves=(
        Move("designate", {EntryState.PROPOSED}, EntryState.DESIGNATED),
        Move("reject", {EntryState.PROPOSED}, EntryState.REJECTED),
        Move("end", {EntryState.DESIGNATED}, EntryState.ENDED),
    ),
)


class Followed(StrEnum):
    """What the authority did with the advice of the NCTV."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class PlannedStep(StrEnum):
    """What a decision makes of a measure: it is ordered, or it stands already and goes on or ends."""

    ORDER = "order"
    CONTINUE = "continue"  # with the numbers of the new decision
    END = "end"


class PackageState(StrEnum):
    """A set of measures on its way to a decision (maatregelenbesluit)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    DECIDED = "decided"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


PACKAGE_LIFECYCLE = Lifecycle(
    initial=PackageState.DRAFT,
    moves=(
        Move("submit", {PackageState.DRAFT, PackageState.RETURNED}, PackageState.SUBMITTED),
        Move("return", {PackageState.SUBMITTED}, PackageState.RETURNED),
        Move("decide", {PackageState.SUBMITTED}, PackageState.DECIDED),
        Move(
            "withdraw",
            {PackageState.DRAFT, PackageState.SUBMITTED, PackageState.RETURNED},
            PackageState.WITHDRAWN,
        ),
    ),
)


class LetterState(StrEnum):
    DRAFT = "draft"  # the case manager writes
    SUBMITTED = "submitted"  # waits for the signature of the decider
    FINAL = "final"  # signed; copies may go out
    WITHDRAWN = "withdrawn"


CONFIRM_WITHIN = timedelta(weeks=1)
"""Until when an oral decision is confirmed in writing, with its reasons (Awb art. 3:47(3))."""

LETTER_LIFECYCLE = Lifecycle(
    initial=LetterState.DRAFT,
    moves=(
        Move("write", {LetterState.DRAFT}, LetterState.DRAFT),
        Move("submit", {LetterState.DRAFT}, LetterState.SUBMITTED),
        Move("return", {LetterState.SUBMITTED}, LetterState.DRAFT),
        Move("sign", {LetterState.SUBMITTED}, LetterState.FINAL),
        Move("withdraw", {LetterState.DRAFT, LetterState.SUBMITTED}, LetterState.WITHDRAWN),
    ),
)


class RelativeState(StrEnum):
    """A relative outside the core household: designated and ended one by one."""

    PROPOSED = "proposed"
    DESIGNATED = "designated"
    DECLINED = "declined"
    ENDING = "ending"  # the end was proposed; until it is decided the designation stands
    ENDED = "ended"


RELATIVE_LIFECYCLE = Lifecycle(
    initial=RelativeState.PROPOSED,
    moves=(
        Move("designate", {RelativeState.PROPOSED}, RelativeState.DESIGNATED),
        Move("decline", {RelativeState.PROPOSED}, RelativeState.DECLINED),
        Move("propose_end", {RelativeState.DESIGNATED}, RelativeState.ENDING),
        Move("keep", {RelativeState.ENDING}, RelativeState.DESIGNATED),
        Move("end", {RelativeState.ENDING}, RelativeState.ENDED),
    ),
)


class BreachState(StrEnum):
    """An agreement not kept (niet-nakoming): no step of it touches a measure (R111)."""

    RECORDED = "recorded"
    TALKED = "talked"
    WARNED = "warned"
    SUBMITTED = "submitted"
    DECIDED = "decided"


BREACH_LIFECYCLE = Lifecycle(
    initial=BreachState.RECORDED,
    moves=(
        Move("talk", {BreachState.RECORDED}, BreachState.TALKED),
        Move("warn", {BreachState.TALKED}, BreachState.WARNED),
        Move("submit", {BreachState.TALKED, BreachState.WARNED}, BreachState.SUBMITTED),
        Move("decide", {BreachState.SUBMITTED}, BreachState.DECIDED),
    ),
)


class CompensationState(StrEnum):
    """A request for compensation (Awb title 4.1)."""

    RECEIVED = "received"
    WAITING = "waiting"
    DECIDED = "decided"


COMPENSATION_LIFECYCLE = Lifecycle(
    initial=CompensationState.RECEIVED,
    moves=(
        Move("ask", {CompensationState.RECEIVED}, CompensationState.WAITING),
        Move("complete", {CompensationState.WAITING}, CompensationState.RECEIVED),
        Move("decide", {CompensationState.RECEIVED, CompensationState.WAITING}, CompensationState.DECIDED),
    ),
)


class ComplaintState(StrEnum):
    """A complaint (Awb ch. 9)."""

    RECEIVED = "received"
    TAKEN = "taken"
    SETTLED = "settled"


COMPLAINT_LIFECYCLE = Lifecycle(
    initial=ComplaintState.RECEIVED,
    moves=(
        Move("take", {ComplaintState.RECEIVED}, ComplaintState.TAKEN),
        Move("settle", {ComplaintState.TAKEN}, ComplaintState.SETTLED),
    ),
)


class Authority(StrEnum):
    """Who may order police and KMar (bevoegd gezag)."""

    NCTV = "nctv"
    CHIEF_PROSECUTOR = "chief_prosecutor"
    MAYOR = "mayor"
    DEFENCE = "defence"  # the Minister of Defence, over military persons


class Scope(StrEnum):
    """What authority is about; exactly one authority per subject and scope at every instant."""

    PERSON_DIRECTED = "person_directed"
    PUBLIC_ORDER = "public_order"
    CRIMINAL_ENFORCEMENT = "criminal_enforcement"


@dataclass(frozen=True)
class Criteria:
    """The three questions of the assessment framework (toetsingskader, Circulaire 2026 par. 2.3.3)."""

    serious: bool
    aimed_at_life: bool
    threatener_known: bool
    phenomenon: bool


def line_for(criteria: Criteria) -> Line:
    """Direct when the threat is serious, aimed at life, of a phenomenon and the threatener known; else the table."""
    if criteria.serious and criteria.aimed_at_life and criteria.phenomenon and criteria.threatener_known:
        return Line.DIRECT
    return Line.INDIRECT


class ItemOutcome(StrEnum):
    """How a case left the agenda of a triage table; a table closes when each has one."""

    OPEN = ""
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    HELD_OVER = "held_over"  # aangehouden: another table
    REMOVED = "removed"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # designated by telephone meanwhile


HANDOVER_CHECKLIST: tuple[str, ...] = (
    "identity_and_household",
    "threat_information",
    "measures_in_force",
    "locations_and_keys",
    "agreements_with_person",
    "contacts",
    "employer_measures",
    "open_promises",
)


@dataclass(frozen=True)
class Span:
    """A period of authority: from `start`, up to but not including `end`; None is open."""

    authority: Authority
    start: datetime
    end: datetime | None


def unbroken(spans: list[Span]) -> bool:
    """Whether these periods follow each other without gap or overlap, the last one open."""
    ordered = sorted(spans, key=lambda span: span.start)
    joined = all(before.end == after.start for before, after in pairwise(ordered))
    return bool(ordered) and joined and ordered[-1].end is None


# The circular names no terms ("as soon as possible"), so the house sets them; pages show them as house norms.
NORMS = (
    HouseNorm("cases.triage.assign", gettext_noop("Name case manager and decider"), Unit.HOURS, 8, 1, 72),
    HouseNorm("cases.triage.prepare", gettext_noop("Prepare the judgement"), Unit.DAYS, 5, 1, 30),
    HouseNorm("cases.triage.judge", gettext_noop("Judge the nomination"), Unit.DAYS, 2, 1, 14),
    HouseNorm("cases.urgent.ratify", gettext_noop("Ratify the urgent designation"), Unit.HOURS, 24, 1, 72),
    HouseNorm("cases.urgent.review", gettext_noop("Review urgent measures"), Unit.DAYS, 7, 1, 30),
    HouseNorm("cases.escalation", gettext_noop("Decide about an escalation"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.report", gettext_noop("Take up a report about somebody known"), Unit.HOURS, 8, 1, 72),
    HouseNorm("cases.merge", gettext_noop("Answer the proposal to merge two cases"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.demarcation", gettext_noop("Confirm that a case was taken over"), Unit.HOURS, 24, 1, 336),
    HouseNorm("cases.demarcation.review", gettext_noop("Ask the other regime again"), Unit.DAYS, 90, 7, 366),
    HouseNorm("cases.handover", gettext_noop("Complete the handover file"), Unit.DAYS, 14, 1, 90),
    HouseNorm("cases.handover.again", gettext_noop("A stalled file goes to both heads again"), Unit.DAYS, 7, 1, 60),
    HouseNorm("cases.handover.batch", gettext_noop("Sign a handover in bulk"), Unit.DAYS, 7, 1, 60),
    HouseNorm("cases.measure.chase", gettext_noop("Say by when a measure is in place"), Unit.HOURS, 24, 1, 168),
    HouseNorm("cases.measure.verify_late", gettext_noop("A verification left undone goes on"), Unit.DAYS, 7, 1, 60),
    HouseNorm("cases.measure.review_late", gettext_noop("A review left undone goes on"), Unit.DAYS, 7, 1, 60),
    HouseNorm("cases.incident", gettext_noop("Say what was done about an incident"), Unit.HOURS, 4, 1, 72),
    HouseNorm("cases.listing.decide", gettext_noop("Decide on an entry of the list"), Unit.DAYS, 14, 1, 60),
    HouseNorm("cases.listing.follow", gettext_noop("Say what is done with the advice"), Unit.DAYS, 2, 1, 14),
    HouseNorm("cases.return", gettext_noop("Confirm the return of authority"), Unit.DAYS, 5, 1, 30),
    HouseNorm("cases.inform", gettext_noop("Inform the person"), Unit.HOURS, 48, 1, 336),
    HouseNorm("cases.level", gettext_noop("Set level and resistance"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.advice", gettext_noop("Advise on measures"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.package", gettext_noop("Prepare measures, decide the measures"), Unit.DAYS, 3, 1, 30),
    HouseNorm(
        "cases.approvers", gettext_noop("Deciders who sign what is less or cannot be carried out"), Unit.PEOPLE, 2, 1, 3
    ),
    HouseNorm("cases.approve", gettext_noop("The other deciders sign"), Unit.DAYS, 2, 1, 14),
    HouseNorm("cases.relative", gettext_noop("Decide on the designation of a relative"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.review", gettext_noop("Review a decision on a picture that changed"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.ratify", gettext_noop("Ratify a decision of the urgent route"), Unit.HOURS, 24, 1, 72),
    HouseNorm("cases.letter.sign", gettext_noop("Sign the letter"), Unit.DAYS, 2, 1, 14),
    HouseNorm("cases.assigned", gettext_noop("Assign what was decided"), Unit.MINUTES, 1, 1, 60),
    HouseNorm("cases.emergency", gettext_noop("How long emergency access lasts"), Unit.MINUTES, 60, 10, 240),
    HouseNorm(
        "cases.care.responsibility", gettext_noop("Settle who is responsible for a measure"), Unit.DAYS, 7, 1, 30
    ),
    HouseNorm("cases.care.expectation", gettext_noop("Get an answer on what may be expected"), Unit.DAYS, 14, 1, 60),
    HouseNorm("cases.care.question", gettext_noop("Answer a question on what may be expected"), Unit.DAYS, 5, 1, 30),
    HouseNorm("cases.care.talk", gettext_noop("Talk about an agreement that was not kept"), Unit.DAYS, 3, 1, 30),
    HouseNorm("cases.care.letter", gettext_noop("Letter, or a decision anew"), Unit.DAYS, 5, 1, 30),
    HouseNorm("cases.care.activity", gettext_noop("Decide about an activity"), Unit.DAYS, 5, 1, 30),
    HouseNorm("cases.care.decide", gettext_noop("Decide anew about an agreement not kept"), Unit.DAYS, 2, 1, 14),
    HouseNorm("cases.contact", gettext_noop("Keep contact with the person"), Unit.DAYS, 7, 1, 90),
    HouseNorm("cases.contact.near", gettext_noop("Contact on the start page, ahead"), Unit.HOURS, 24, 1, 168),
    HouseNorm("cases.contact.escalate", gettext_noop("Overdue contact to the duty officer"), Unit.HOURS, 24, 1, 336),
    HouseNorm("cases.withheld.review", gettext_noop("Look again at what is withheld"), Unit.DAYS, 14, 1, 180),
    HouseNorm("cases.moment.ready", gettext_noop("Protection ready, before the moment"), Unit.HOURS, 72, 1, 720),
    HouseNorm("cases.mayor", gettext_noop("Tell the mayor or not"), Unit.HOURS, 48, 1, 336),
    HouseNorm("cases.mayor.read", gettext_noop("Mayor reads the notice"), Unit.HOURS, 24, 1, 336),
    HouseNorm("cases.mayor.read_acute", gettext_noop("Mayor reads the notice of an acute risk"), Unit.HOURS, 1, 1, 24),
    HouseNorm("cases.moment.evaluate", gettext_noop("Write down what happened at the moment"), Unit.DAYS, 3, 1, 30),
)

# Names that change over time. The circular of 2026 renamed two phenomena and the domains; the codes stay.
CODE_LISTS = (
    CodeList(
        "phenomenon",
        gettext_noop("Phenomenon"),
        (
            named("organised_crime", gettext_noop("Organised, undermining crime")),
            named("terrorism", gettext_noop("Terrorism and extremism"), before=gettext_noop("Terrorism")),
            named("state_actors", gettext_noop("State actors")),
            named("fixated_loners", gettext_noop("Fixated loners"), before=gettext_noop("Radicalised loners")),
            named("other", gettext_noop("Another origin")),
        ),
    ),
    CodeList(
        "case_state",
        gettext_noop("State of a case"),
        (
            named(CaseState.INTAKE, gettext_noop("Intake")),
            named(CaseState.TRIAGE, gettext_noop("Triage")),
            named(CaseState.SCHEME, gettext_noop("In the scheme"), before=gettext_noop("National domain")),
            named(CaseState.LOCAL, gettext_noop("Local domain"), before=gettext_noop("Decentral domain")),
            named(CaseState.CLOSED, gettext_noop("Closed")),
        ),
    ),
    CodeList(
        "inform_channel",
        gettext_noop("How a person was told"),
        (
            named("face_to_face", gettext_noop("Face to face")),
            named("telephone", gettext_noop("By telephone")),
            named("video", gettext_noop("By video call")),
            named("letter", gettext_noop("By letter")),
            named("message", gettext_noop("By secure message")),
        ),
        open=True,
    ),
    CodeList(
        "withheld_ground",
        gettext_noop("Ground to withhold"),
        (
            named("investigation", gettext_noop("Interest of detection")),
            named("intelligence", gettext_noop("Interest of the services")),
            named("safety", gettext_noop("Safety of another person")),
            named("unreachable", gettext_noop("Could not be reached")),
        ),
        open=True,
    ),
)


class ContactAdvice(StrEnum):
    """The ten advices of ARQ 2020 on how to stand beside a threatened person."""

    NORM = "norm"
    PREVENTION = "prevention"
    FIXED_CONTACT = "fixed_contact"
    STRESS_EDUCATION = "stress_education"
    EQUIP_ADVISERS = "equip_advisers"
    PARTNER_AND_CHILDREN = "partner_and_children"
    PEER_CONTACT = "peer_contact"
    SUPPORTING_SERVICES = "supporting_services"
    BUILD_DOWN = "build_down"
    EVALUATE = "evaluate"


class Topic(StrEnum):
    """What a talk with the person was about."""

    THREAT = "threat"
    MEASURES = "measures"
    MOMENT = "moment"
    PROCESS = "process"
    OTHER = "other"


GRADED_FIRST = frozenset({Topic.THREAT, Topic.MEASURES})
WRITTEN = frozenset({"letter", "message"})
CLOCK_OR_TEAM = re.compile(r"\b(?:[01]?\d|2[0-3])[:.][0-5]\d(?![-.]?\d)|\b(?:LX|KMAR|TEAM)[- ]?\d+\b", re.IGNORECASE)


def may_be_told(topic: str, *, graded: bool, protects_life: bool) -> bool:
    """Nothing about threat or measures is told before it was graded, except what protects life at once."""
    return topic not in GRADED_FIRST or graded or protects_life


def unfit_in_writing(text: str, *, channel: str) -> str:
    """The first clock time or team in a written text, or ""; neither is ever put in writing."""
    found = CLOCK_OR_TEAM.search(text) if channel in WRITTEN else None
    return found.group() if found else ""


class GateState(StrEnum):
    """Whether protection is ready for a planned event, as its owner sees it."""

    WAITING = "waiting"
    NOT_READY = "not_ready"
    READY = "ready"
    POSTPONE = "postpone"  # the owner is asked to postpone
    CALLED_OFF = "called_off"


def gate_of(answers: Iterable[str]) -> GateState:
    """What the authority's answers about each person add up to: one that is open or "not ready" keeps the gate shut."""
    given = list(answers)
    if "not_ready" in given:
        return GateState.NOT_READY
    if not given or "" in given:
        return GateState.WAITING
    return GateState.READY if "ready" in given else GateState.WAITING


def next_contact(at: datetime, *, every_days: int) -> datetime:
    """When contact is due again after contact at `at`; an attempt that failed moves nothing."""
    return at + timedelta(days=every_days)


class Scenario(StrEnum):
    """When a mayor is told about a protected person: for public order alone, and minimally (R045)."""

    ADMISSION = "admission"  # opname in het stelsel
    PLANNABLE = "plannable"  # voorzienbare situatie
    ACUTE = "acute"  # acuut risico


class Element(StrEnum):
    """The fixed elements of a notice to a mayor. There is no free text: it would say too much."""

    RESIDENT = "resident"
    EVENT = "event"
    RISK = "risk"
    PERIOD = "period"
    VISIBLE = "visible"
    ATTENTION = "attention"
    CONSULT = "consult"
    REACH = "reach"


_ALWAYS = frozenset({Element.VISIBLE, Element.CONSULT, Element.REACH})
MINIMUM: dict[Scenario, frozenset[Element]] = {
    Scenario.ADMISSION: _ALWAYS | {Element.RESIDENT},
    Scenario.PLANNABLE: _ALWAYS | {Element.EVENT, Element.PERIOD, Element.ATTENTION},
    Scenario.ACUTE: _ALWAYS | {Element.RISK, Element.ATTENTION},
}


def beyond_minimum(scenario: str, elements: Iterable[str]) -> list[str]:
    """The elements that a notice of this scenario does not need, and so may not hold."""
    return sorted(set(elements) - MINIMUM[Scenario(scenario)])


class NoticeState(StrEnum):
    PROPOSED = "proposed"
    SENT = "sent"
    NOT_SENT = "not_sent"


NOTICE_LIFECYCLE = Lifecycle(
    initial=NoticeState.PROPOSED,
    moves=(
        Move("send", {NoticeState.PROPOSED}, NoticeState.SENT),
        Move("keep", {NoticeState.PROPOSED}, NoticeState.NOT_SENT),
    ),
)
