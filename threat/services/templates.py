"""The template of the picture: two of the method board approve a version; a picture keeps the one it started from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stelsel.kernel import proposals
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, require
from stelsel.kernel.errors import Fault, gettext_noop
from stelsel.kernel.models import ChangeState
from threat.models import Picture, PictureTemplate, TemplateUse

CODE = "picture"
LONGEST = 4000
HISTORY = 50  # versions shown
MESSAGES = {
    "text": gettext_noop("Write the text of the template, in at most 4000 characters."),
    "same": gettext_noop("This is the text that was approved last."),
}


@dataclass(frozen=True)
class TemplateView:
    """The template as the method board sees it."""

    holds: PictureTemplate | None
    waiting: PictureTemplate | None
    history: tuple[PictureTemplate, ...]


def template_in_force(*, at: datetime) -> PictureTemplate | None:
    """The version that holds at an instant; None: pictures begin with an empty summary."""
    decided = proposals.approved(PictureTemplate).get(CODE, [])
    return next((each for each in decided if each.starts_at <= at), None)


def read_templates(*, at: datetime) -> TemplateView:
    """Every version with its decision. Nothing of any case."""
    rows = PictureTemplate.objects.select_related("proposed_by", "decided_by").order_by("-proposed_at")[:HISTORY]
    history = tuple(rows)
    waiting = next((row for row in history if row.state == ChangeState.PROPOSED), None)
    return TemplateView(template_in_force(at=at), waiting, history)


@act
def propose_template(*, text: str, starts_at: datetime, reason: str, actor: Actor, at: datetime) -> PictureTemplate:
    """Propose the next version of the template from an instant.

    Raises:
        Forbidden: not of the method board.
        Invalid: no text, too long, no change, no reason, or in the past; every fault is named.
        Conflict: a proposal waits already.
    """
    require(proposals.may_propose(actor, keeper=PictureTemplate.keeper))
    text = text.strip().replace("\r\n", "\n")
    decided = proposals.approved(PictureTemplate).get(CODE, [])
    faults: tuple[Fault, ...] = ()
    if not 0 < len(text) <= LONGEST:
        faults += (Fault("text", "invalid", MESSAGES["text"]),)
    if decided and decided[0].text == text:
        faults += (Fault("text", "no_change", MESSAGES["same"]),)
    change = PictureTemplate(code=CODE, text=text, starts_at=starts_at, reason=reason.strip())
    return proposals.propose(change, faults=faults, actor=actor, at=at)


@act
def approve_template(*, change_id: UUID, actor: Actor, at: datetime) -> PictureTemplate:
    """Let somebody else's version hold: pictures that are started from then on begin with it.

    Raises:
        Forbidden: not of the method board, or it is the actor's own.
        Conflict: it was decided already.
    """
    return proposals.approve(proposals.locked(PictureTemplate, change_id), actor=actor, at=at)


@act
def refuse_template(*, change_id: UUID, actor: Actor, at: datetime) -> PictureTemplate:
    """Do not let a version hold; who proposed it takes it back this way."""
    return proposals.refuse(model=PictureTemplate, change_id=change_id, actor=actor, at=at)


def use_template(picture: Picture, *, at: datetime) -> None:
    """Bind a picture that begins to the version in force, if there is one. Part of starting a picture."""
    template = template_in_force(at=at)
    if template is not None:
        TemplateUse(case_id=picture.case_id, picture=picture, template=template).save(force_insert=True)


def template_of(picture: Picture) -> PictureTemplate | None:
    """The version that a picture was started from. Part of a read that was logged."""
    used = TemplateUse.objects.filter(picture=picture).select_related("template").first()
    return used.template if used else None
