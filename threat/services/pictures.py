"""A picture from its start to its lines and severity; and the next version of an adopted one."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Max

from cases.models import Case
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Stale, gettext_noop
from stelsel.kernel.scales import Severity
from threat.lifecycle import PICTURE_LIFECYCLE, PictureState
from threat.methodology import Phenomenon
from threat.models import Assumption, EvidenceItem, Hypothesis, Picture, ThreatLine
from threat.policies import may_make_picture
from threat.services.case import box_for, people_of, refuse_if, text_faults, visible_case
from threat.services.methods import published, version_in_force
from threat.services.templates import use_template

LINE_TEXTS = ("actor", "modus")
EVIDENCE_TEXTS = ("text", "searched", "lapse_reason")
HYPOTHESIS_TEXTS = ("text", "reason")
Copied = TypeVar("Copied", ThreatLine, EvidenceItem, Assumption, Hypothesis)


def locked_picture(picture_id: UUID, *, actor: Actor, at: datetime, revision: int | None = None) -> Picture:
    """The picture, locked; `revision` is the one the actor saw.

    Raises:
        Picture.DoesNotExist: unknown, or not visible to `actor`.
        Stale: a line or item changed since.
    """
    picture = (
        Picture.objects.visible_to(actor, at=at)
        .select_related("case__person")
        .select_for_update(of=("self",))
        .get(pk=picture_id)
    )
    if revision is not None and revision != picture.revision:
        raise Stale(version=picture.revision)
    return picture


def changed(picture: Picture) -> None:
    """Count a change of lines or evidence: the last score no longer speaks of this revision. Part of a service.

    Raises:
        IllegalMove: the picture is proposed, adopted or abandoned.
    """
    picture.state = PICTURE_LIFECYCLE.apply("change", state=picture.state)
    picture.revision += 1
    picture.save(update_fields=["state", "revision"])


@act
def start_picture(*, case_id: UUID, question: str, actor: Actor, at: datetime) -> Picture:
    """Start the first version of a case's picture.

    Raises:
        Case.DoesNotExist: unknown, or not visible to `actor`.
        Forbidden: not an analyst.
        Conflict: an open version exists, or an adopted one (then start a new version of it); or no method is in force.
    """
    case = visible_case(case_id, actor=actor, at=at)
    require(may_make_picture(actor))
    refuse_if(text_faults(question=question))
    if Picture.objects.filter(case=case, state=PictureState.ADOPTED).exists():
        raise Conflict("adopted", gettext_noop("A picture was adopted. Start a new version of it."))
    return _begin(case, question, follows=None, actor=actor, at=at)


def _begin(case: Case, question: str, *, follows: Picture | None, actor: Actor, at: datetime) -> Picture:
    if Picture.objects.filter(case=case).open().exists():
        raise Conflict("open_picture", gettext_noop("An open version of this picture exists. Work on that one."))
    newest = Picture.objects.filter(case=case).aggregate(newest=Max("version"))["newest"] or 0
    picture = Picture(
        case=case,
        version=newest + 1,
        state=PICTURE_LIFECYCLE.initial,
        method_version=version_in_force(at=at),
        follows=follows,
        author_id=actor.user_id,
        created_at=at,
        provenance=actor.organisation,
    )
    box_for(case).seal(picture, "question", question, key=case.person.key_id)
    picture.save(force_insert=True)
    use_template(picture, at=at)
    work.close_items(case.pk, kind="threat.make_picture", verb="picture.start")
    if follows is not None:
        for kind in ("threat.picture_review", "threat.picture_aged"):
            work.close_items(follows.pk, kind=kind, verb="picture.start")
    audit.record("picture.start", picture, scope=case.pk, detail={"version": picture.version})
    return picture


@act
def start_new_version(*, picture_id: UUID, question: str, actor: Actor, at: datetime) -> Picture:
    """Begin the next version with the lines and evidence of an adopted one, which itself never changes.

    Raises:
        Conflict: the picture was not adopted, or an open version exists.
    """
    adopted = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    refuse_if(text_faults(question=question))
    if adopted.state != PictureState.ADOPTED:
        raise Conflict("not_adopted", gettext_noop("Only an adopted picture gets a new version."))
    picture = _begin(adopted.case, question, follows=adopted, actor=actor, at=at)
    box, key = box_for(adopted.case), adopted.case.person.key_id
    lines = {
        line.pk: _copy(line, LINE_TEXTS, box=box, key=key, picture=picture)
        for line in ThreatLine.objects.filter(picture=adopted).kept().order_by("number")
    }
    for item in EvidenceItem.objects.filter(picture=adopted, line__in=lines).kept().order_by("added_at", "pk"):
        _copy(item, EVIDENCE_TEXTS, box=box, key=key, picture=picture, line=lines[item.line_id])
    _carry_reasoning(adopted, picture, box=box, key=key)
    return picture


def _carry_reasoning(adopted: Picture, picture: Picture, *, box: vault.Box, key: UUID) -> None:
    """Other explanations go along, and the assumptions that were not found to fail, with the day they last got."""
    for other in Hypothesis.objects.filter(picture=adopted).kept().order_by("added_at", "pk"):
        _copy(other, HYPOTHESIS_TEXTS, box=box, key=key, picture=picture)
    held = Assumption.objects.filter(picture=adopted).kept().exclude(checks__holds=False)
    for row in held.annotate(checked_until=Max("checks__check_by")).order_by("added_at", "pk"):
        row.check_by = row.checked_until or row.check_by
        _copy(row, ("text",), box=box, key=key, picture=picture)
        work.close_items(row.pk, kind="threat.assumption", verb="picture.start")


def _copy(row: Copied, texts: tuple[str, ...], *, box: vault.Box, key: UUID, **places: Picture | ThreatLine) -> Copied:
    """A row of its own in the new version: sealed texts are bound to their row, so they are sealed again."""
    clear = {name: box.open(row, name) for name in texts}
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in texts
    }
    copy = type(row)(**values)
    for name, place in places.items():
        setattr(copy, name, place)
    for name, text in clear.items():
        if text:
            box.seal(copy, name, text, key=key)
    copy.save(force_insert=True)
    return copy


@dataclass(frozen=True)
class LineOf:
    """A threat line: phenomenon 1-4, whom it aims at, the actor in words ("" when unknown), the modus."""

    phenomenon: int
    target_id: UUID
    actor: str = ""
    modus: str = ""


@act
def add_line(*, picture_id: UUID, line: LineOf, revision: int | None = None, actor: Actor, at: datetime) -> ThreatLine:
    """Add a threat line; relations get lines of their own (O14)."""
    picture = locked_picture(picture_id, actor=actor, at=at, revision=revision)
    require(may_make_picture(actor))
    faults = [fault for fault in text_faults(modus=line.modus, actor=line.actor) if fault.code == "too_long"]
    if line.phenomenon not in set(Phenomenon):
        faults.append(Fault("phenomenon", "invalid", gettext_noop("Choose a phenomenon.")))
    if line.target_id not in {person.pk for person in people_of(picture.case)}:
        faults.append(Fault("target_id", "invalid", gettext_noop("This person is not on the case.")))
    refuse_if(faults)
    changed(picture)
    newest = ThreatLine.objects.filter(picture=picture).aggregate(newest=Max("number"))["newest"] or 0
    row = ThreatLine(
        picture=picture,
        case=picture.case,
        number=newest + 1,
        actor_code=_actor_code(picture, line.actor),
        phenomenon=line.phenomenon,
        target_id=line.target_id,
        added_by_id=actor.user_id,
        added_at=at,
        provenance=actor.organisation,
    )
    box, key = box_for(picture.case), picture.case.person.key_id
    box.seal(row, "actor", line.actor.strip(), key=key)
    box.seal(row, "modus", line.modus, key=key)
    row.save(force_insert=True)
    audit.record("picture.add_line", row, scope=picture.case_id)
    return row


def _actor_code(picture: Picture, label: str) -> str:
    """The code of an actor within the picture: the same words give the same code; unknown gives none."""
    wanted = " ".join(label.casefold().split())
    if not wanted:
        return ""
    box = box_for(picture.case)
    codes = {
        " ".join(box.open(line, "actor").casefold().split()): line.actor_code
        for line in ThreatLine.objects.filter(picture=picture).exclude(actor_code="")
    }
    return codes.get(wanted) or f"A{len(set(codes.values())) + 1}"


@act
def remove_line(*, line_id: UUID, actor: Actor, at: datetime) -> ThreatLine:
    """Take a line with its evidence out of the draft; the history keeps it."""
    line = ThreatLine.objects.visible_to(actor, at=at).kept().get(pk=line_id)
    picture = locked_picture(line.picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    changed(picture)
    line.removed_at = at
    line.save(update_fields=["removed_at"])
    for item in EvidenceItem.objects.filter(line=line).kept():
        item.removed_at = at
        item.save(update_fields=["removed_at"])
    audit.record("picture.remove_line", line, scope=picture.case_id)
    return line


@act
def set_severity(*, picture_id: UUID, severity: int, reason: str, actor: Actor, at: datetime) -> Picture:
    """The analyst chooses the severity E1-E5, with a reason; it is not computed and does not touch the score."""
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    PICTURE_LIFECYCLE.apply("change", state=picture.state)
    faults = text_faults(reason=reason)
    if severity not in set(Severity):
        faults.append(Fault("severity", "invalid", gettext_noop("Choose a severity from E1 to E5.")))
    refuse_if(faults)
    box_for(picture.case).seal(picture, "severity_reason", reason, key=picture.case.person.key_id)
    picture.severity = severity
    picture.save(update_fields=["severity", "severity_reason"])
    audit.record("picture.set_severity", picture, scope=picture.case_id)
    ask_about_urgent_measures(picture)
    return picture


def ask_about_urgent_measures(picture: Picture) -> None:
    """Ask the decision side whether urgent measures are needed; analysts do not see measures. Part of a service."""
    score = picture.score
    if score is None or score.result is None or not score.result["person"]["askUrgent"]:
        return
    method = published()[picture.method_version]
    if picture.severity is None or picture.severity < method.urgent_severity:
        return
    work.open_item(
        "threat.urgent_question",
        picture.case,
        owner_role=Role.CASE_MANAGER,
        label=picture.case.number,
        scope=picture.case_id,
        due=norms.due("threat.urgent_question", since=score.requested_at),
    )


@act
def abandon_picture(*, picture_id: UUID, reason: str, actor: Actor, at: datetime) -> Picture:
    """Stop working on a version; it stays readable for analysts, and an earlier adopted one stands."""
    picture = locked_picture(picture_id, actor=actor, at=at)
    require(may_make_picture(actor))
    refuse_if(text_faults(reason=reason))
    picture.state = PICTURE_LIFECYCLE.apply("abandon", state=picture.state)
    box_for(picture.case).seal(picture, "return_reason", reason, key=picture.case.person.key_id)
    picture.save(update_fields=["state", "return_reason"])
    for kind in ("threat.adopt", "threat.second"):
        work.close_items(picture.pk, kind=kind, verb="picture.abandon")
    audit.record("picture.abandon", picture, scope=picture.case_id)
    return picture
