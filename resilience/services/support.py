"""Support: offered from the palette, and what the person answered (R030)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from resilience.lifecycle import OFFER_LIFECYCLE, OfferState
from resilience.models import ResilienceFile, SupportItem, SupportOffer, Talk
from resilience.services import texts
from resilience.services.files import locked_file
from stelsel.kernel import audit, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor
from stelsel.kernel.errors import Fault, gettext_noop

OPEN: Final = (OfferState.OFFERED, OfferState.LATER, OfferState.ACCEPTED)


def offerable(
    file: ResilienceFile, ids: Collection[UUID], *, on: date, field: str = "offers"
) -> tuple[list[SupportItem], list[Fault]]:
    """The items of the palette that may be offered to this person on that day, and what is wrong with the others."""
    found = list(SupportItem.objects.available(on=on).filter(pk__in=ids).order_by("code"))
    open_now = set(SupportOffer.objects.filter(file=file, state__in=OPEN).values_list("item_id", flat=True))
    faults = []
    if len(found) != len(set(ids)):
        faults.append(Fault(field, "unavailable", gettext_noop("This support is not available (any more).")))
    if any(not item.suits(file.age_band) for item in found):
        faults.append(Fault(field, "age", gettext_noop("This support is not meant for this age.")))
    if any(item.pk in open_now for item in found):
        faults.append(Fault(field, "twice", gettext_noop("This was offered already and is still open or accepted.")))
    return found, faults


def make_offer(
    file: ResilienceFile, item: SupportItem, *, talk: Talk | None, actor: Actor, at: datetime
) -> SupportOffer:
    """Write one offer, in the phase the person is in. Part of a service."""
    offer = SupportOffer(
        case=file.case,
        file=file,
        item=item,
        talk=talk,
        phase=file.phase,
        offered_at=at,
        offered_by_id=actor.user_id,
        marking=file.marking,
        provenance="resilience.offer",
    )
    offer.save(force_insert=True)
    work.close_items(file.pk, kind="resilience.offer", verb="resilience.offer")
    audit.record("resilience.offer", offer, detail={"item": item.code})
    return offer


@act
def offer_support(*, file_id: UUID, item_id: UUID, actor: Actor, at: datetime) -> SupportOffer:
    """Offer an item of the palette apart from a talk.

    Raises:
        Invalid: not available on this day, not meant for this age, or offered already.
    """
    file = locked_file(file_id, actor=actor, at=at)
    items, faults = offerable(file, [item_id], on=at.date(), field="item")
    texts.refuse_if(faults)
    return make_offer(file, items[0], talk=None, actor=actor, at=at)


@act
def answer_offer(
    *,
    offer_id: UUID,
    step: str,
    why: str = "",
    ask_again_on: date | None = None,
    version: int,
    clinical_confirmed: bool = False,
    actor: Actor,
    at: datetime,
) -> SupportOffer:
    """Record the answer: "accept", "decline" (with why) or "later" (and when to ask again). One may change one's mind.

    Raises:
        IllegalMove: that answer stands already.
    """
    file_id = SupportOffer.objects.visible_to(actor, at=at).values_list("file_id", flat=True).get(pk=offer_id)
    file = locked_file(file_id, actor=actor, at=at)
    offer = SupportOffer.objects.select_for_update(of=("self",)).get(pk=offer_id)
    state = OFFER_LIFECYCLE.apply(step, state=offer.state)
    texts.same_version(offer.version, version, theirs={"state": str(offer.get_state_display())})
    faults = texts.required(why=why) if state is OfferState.DECLINED else []
    if (state is OfferState.LATER) != (ask_again_on is not None and ask_again_on > at.date()):
        message = gettext_noop("With “later”, and only then, say on which day ahead you ask again.")
        faults.append(Fault("ask_again_on", "day", message))
    confirmed = texts.check({"why": why}, confirmed=clinical_confirmed, faults=faults)
    texts.seal(offer, {"why": why}, key=file.person.key_id)
    offer.state, offer.ask_again_on = state, ask_again_on
    offer.answered_at, offer.answered_by_id = at, actor.user_id
    offer.version += 1
    offer.save()
    audit.record(f"resilience.{step}_offer", offer, detail={"confirmed": confirmed})
    return offer
