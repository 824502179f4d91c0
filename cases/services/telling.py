"""Telling and withholding: nothing before it was graded, each withholding on a dated ground and looked at again."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import Topic, may_be_told, unfit_in_writing
from cases.models import AdoptedPicture, Case, InformDuty, LevelDecision, Telling
from cases.policies import may_keep_contact
from cases.services import case as cases
from cases.services.plan import contacts_now, end_of, one_of
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, gettext_noop
from stelsel.legal.models import LegalGround

WITHHOLD = "withhold-"  # the code of each ground to withhold begins so
TOPIC_OF = {"decision": Topic.MEASURES, "displacement": Topic.MEASURES}


@dataclass(frozen=True)
class Said:
    """What was told, withheld, or both. `ground` is the code of a legal ground."""

    topic: str
    channel: str = ""
    told: str = ""
    received: str = "unknown"
    protects_life: bool = False
    withheld: str = ""
    ground: str = ""
    review_on: date | None = None
    corrects: bool = False


def grading(case: Case, topic: str) -> LevelDecision | None:
    """The level that grades what may be told: of the threat that of the newest picture, of measures the newest one."""
    level = LevelDecision.objects.filter(case=case).order_by("-decided_at", "pk").first()
    if level is None or topic != Topic.THREAT:
        return level
    newest = AdoptedPicture.objects.filter(case=case).order_by("-adopted_at", "-picture_version").first()
    return level if newest is not None and level.picture_id == newest.pk else None


def grounds(*, on: date) -> list[LegalGround]:
    """The grounds to withhold that are in force on a day."""
    return list(LegalGround.objects.filter(code__startswith=WITHHOLD, in_force__contains=on).order_by("code"))


@act
def tell(
    *, case_id: UUID, person_id: UUID, said: Said, follows: UUID | None = None, actor: Actor, at: datetime
) -> Telling:
    """Write down what somebody was told, by which channel and how it was received, or what was withheld and why.

    `follows` is what was told or withheld before: this corrects it, or is the second look at it.

    Raises:
        Invalid: told before it was graded, a clock time or team in writing, or a withholding without ground or review.
    """
    case = cases.locked_case(case_id, actor=actor, at=at)
    require(may_keep_contact(actor))
    one_of(case, person_id)
    earlier = _earlier(follows, case=case, actor=actor, at=at)
    if earlier is not None and earlier.person_id != person_id:
        fault = Fault("person", "another", gettext_noop("What was said to one person is corrected to that person."))
        raise Invalid("invalid", fault.message, faults=(fault,))
    return record(case, person_id, said, earlier=earlier, actor=actor, at=at)


def _earlier(follows: UUID | None, *, case: Case, actor: Actor, at: datetime) -> Telling | None:
    if follows is None:
        return None
    return Telling.objects.visible_to(actor, at=at).select_for_update(of=("self",)).get(pk=follows, case=case)


def record(
    case: Case,
    person_id: UUID,
    said: Said,
    *,
    earlier: Telling | None = None,
    duty: InformDuty | None = None,
    actor: Actor,
    at: datetime,
) -> Telling:
    """Write a telling and what follows from it. Part of a service."""
    level = grading(case, said.topic)
    faults = _faults(said, graded=level is not None, earlier=earlier, on=at.date())
    if faults:
        raise Invalid("incomplete", faults[0].message, faults=tuple(faults))
    row = Telling(
        case=case,
        person_id=person_id,
        topic=said.topic,
        at=at,
        by_id=actor.user_id,
        channel=said.channel,
        received=said.received if said.channel else "unknown",
        protects_life=said.protects_life,
        level=level if said.channel else None,
        ground_id=said.ground or None,
        review_on=said.review_on if said.ground else None,
        follows=earlier,
        corrects=said.corrects,
        duty=duty,
    )
    box, key = cases.box_for(case), case.person.key_id
    box.seal(row, "told", said.told if said.channel else "", key=key)
    box.seal(row, "withheld", said.withheld if said.ground else "", key=key)
    row.save(force_insert=True)
    if earlier is not None:
        work.close_items(earlier.pk, kind="telling.review", verb="telling.add")
    if row.review_on is not None:
        _come_back(row, actor=actor, at=at)
    detail: dict[str, str | int | bool | None] = {
        "topic": str(said.topic),
        "told": bool(said.channel),
        "withheld": bool(said.ground),
        "corrects": said.corrects,
    }
    audit.record("telling.add", row, scope=case.pk, detail=detail)
    return row


def _come_back(row: Telling, *, actor: Actor, at: datetime) -> None:
    assert row.review_on is not None  # noqa: S101  # held by the caller and a constraint
    named = contacts_now(at=at, case=row.case, person_id=row.person_id).get((row.case_id, row.person_id))
    work.open_item(
        "telling.review",
        row,
        owner_role=Role(named.role) if named else actor.role,
        owner=named.user_id if named else actor.user_id,
        label=row.case.number,
        scope=row.case_id,
        due=end_of(row.review_on),
    )


def _faults(said: Said, *, graded: bool, earlier: Telling | None, on: date) -> list[Fault]:
    found = []
    if not said.channel and not said.ground:
        message = gettext_noop("Say how the person was told, or on which ground it is withheld.")
        found.append(Fault("channel", "required", message))
    if said.corrects and (earlier is None or not said.channel):
        message = gettext_noop("A correction tells anew, and says what it corrects.")
        found.append(Fault("corrects", "nothing_corrected", message))
    return found + _faults_of_telling(said, graded=graded) + _faults_of_withholding(said, on=on)


def _faults_of_telling(said: Said, *, graded: bool) -> list[Fault]:
    if not said.channel:
        return []
    found = []
    if not said.told.strip():
        found.append(Fault("told", "required", gettext_noop("Write down what was told. Give no times or teams.")))
    if unfit_in_writing(said.told, channel=said.channel):
        message = gettext_noop("A clock time or a team never stands in a letter or message. Leave it out.")
        found.append(Fault("told", "in_writing", message))
    if not may_be_told(said.topic, graded=graded, protects_life=said.protects_life):
        message = gettext_noop(
            "Nothing about threat or measures is told before the level was set, except what protects life at once."
        )
        found.append(Fault("topic", "not_graded", message))
    return found


def _faults_of_withholding(said: Said, *, on: date) -> list[Fault]:
    if not said.ground:
        return []
    found = []
    if said.ground not in {ground.pk for ground in grounds(on=on)}:
        found.append(Fault("ground", "not_in_force", gettext_noop("This ground to withhold is not in force.")))
    if said.review_on is None or said.review_on <= on:
        message = gettext_noop("Say on which day ahead this is looked at again.")
        found.append(Fault("review_on", "required", message))
    return found


@act
def note_received(*, telling_id: UUID, received: str, actor: Actor, at: datetime) -> Telling:
    """Fill in afterwards, once, whether what was told arrived and was understood."""
    row = (
        Telling.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=telling_id)
    )
    require(may_keep_contact(actor))
    if not row.channel or row.received != "unknown":
        raise Conflict("settled", gettext_noop("This was settled already."))
    row.received = received
    row.save(update_fields=["received"])
    audit.record("telling.receive", row, scope=row.case_id, detail={"received": received})
    return row
