"""Objects and services: measures by whoever has authority, the purpose that leads, the advice of the NCTV."""

from datetime import date, datetime
from uuid import UUID

from cases.lifecycle import MEASURE_LIFECYCLE, Authority, EntryState, Followed, ListedKind, Scope
from cases.models import AuthorityPeriod, EntryAdvice, EntryMeasure, EntryMeasureReport, ListEntry
from cases.policies import (
    may_advise_on_entry,
    may_change_purpose,
    may_order_on_entry,
    may_report_on_entry,
)
from cases.services import case as cases
from cases.services.catalogue import known_kinds
from cases.services.limitative.entries import begin, changed, locked_entry
from cases.services.measures import INSTANT
from stelsel.kernel import audit, norms, vault, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop


def authority_over(entry: ListEntry, *, at: datetime) -> AuthorityPeriod:
    """Who has authority over the entry at `at`.

    Raises:
        Conflict: nobody: it does not stand on the list then.
    """
    found = AuthorityPeriod.objects.filter(entry=entry, period__contains=at).select_related("holder").first()
    if found is None:
        raise Conflict(
            "not_listed", gettext_noop("This entry does not stand on the list: nobody has authority over it.")
        )
    return found


def _designated_thing(entry: ListEntry) -> None:
    if entry.kind == ListedKind.PERSON or entry.state != EntryState.DESIGNATED:
        raise Conflict("no_object", gettext_noop("This is done for an object or service that stands on the list."))


@act
def order_entry_measure(*, entry_id: UUID, kind: str, review_due: date, actor: Actor, at: datetime) -> EntryMeasure:
    """Whoever has authority over the object for its purpose now orders supervision (Politiewet 2012 art. 11-12, 16).

    Raises:
        Forbidden: another authority orders here.
        Invalid: no kind of the catalogue for locations on that day, or the review lies in the past.
    """
    entry = locked_entry(entry_id, actor=actor, at=at)
    _designated_thing(entry)
    held = authority_over(entry, at=at)
    require(may_order_on_entry(actor, authority=Authority(held.authority), holder=held.holder_id))
    faults = []
    if known_kinds([kind], on=at.date())[kind].person_directed:
        faults.append(
            Fault("kind", "person_directed", gettext_noop("This measure goes with a person, not with a place."))
        )
    if review_due < at.date():
        faults.append(Fault("review_due", "past", gettext_noop("This day has passed.")))
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=tuple(faults))
    measure = EntryMeasure.objects.create(
        entry=entry,
        kind=kind,
        purpose=held.scope,
        state=MEASURE_LIFECYCLE.initial,
        ordered_under=held.authority,
        ordered_by_id=actor.user_id,
        ordered_at=at,
        review_due=review_due,
    )
    changed(entry, "listing.order", at=at)
    return measure


def locked_measure(measure_id: UUID, *, actor: Actor, at: datetime, version: int | None) -> EntryMeasure:
    measure: EntryMeasure = (
        EntryMeasure.objects.visible_to(actor, at=at)
        .select_related("entry")
        .select_for_update(of=("self",))
        .get(pk=measure_id)
    )
    if version is not None and version != measure.version:
        raise Stale(theirs={"state": str(measure.get_state_display())}, version=measure.version)
    return measure


@act
def report_entry_measure(
    *, measure_id: UUID, step: str, note: str, version: int | None = None, actor: Actor, at: datetime
) -> EntryMeasureReport:
    """Those who carry it out report: accepted, in place, verified, or fell away; none of these ends it."""
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    require(may_report_on_entry(actor))
    measure.state = MEASURE_LIFECYCLE.apply(step, state=measure.state)
    if step == "fall_away":
        cases.require_texts(note=note)
        measure.accepted_at = measure.in_place_at = measure.verified_at = None
    else:
        setattr(measure, INSTANT[step], at)
    measure.version += 1
    measure.save()
    report = EntryMeasureReport(
        measure=measure, entry=measure.entry, step=step, reported_by_id=actor.user_id, reported_at=at
    )
    key = measure.entry.key_id
    vault.box(key).seal(report, "note", note, key=key)
    report.save(force_insert=True)
    audit.record(f"listing.{step}", measure, scope=measure.entry_id)
    return report


@act
def end_entry_measure(*, measure_id: UUID, reason: str, version: int, actor: Actor, at: datetime) -> EntryMeasure:
    """Whoever has authority now ends the measure; nothing else does."""
    measure = locked_measure(measure_id, actor=actor, at=at, version=version)
    state = MEASURE_LIFECYCLE.apply("end", state=measure.state)
    held = authority_over(measure.entry, at=at)
    require(may_order_on_entry(actor, authority=Authority(held.authority), holder=held.holder_id))
    cases.require_texts(reason=reason)
    measure.state, measure.ended_at = state, at
    key = measure.entry.key_id
    vault.box(key).seal(measure, "end_reason", reason, key=key)
    measure.version += 1
    measure.save()
    audit.record("listing.end_measure", measure, scope=measure.entry_id)
    return measure


@act
def change_purpose(*, entry_id: UUID, purpose: str, version: int, actor: Actor, at: datetime) -> AuthorityPeriod:
    """Another purpose leads from this instant on, in the middle of an event too; authority follows by rule (R043).

    No measure ends by it: each goes on under the authority that is there now, for the new purpose.

    Raises:
        Conflict: this purpose leads already, or changed at this very moment.
    """
    entry = locked_entry(entry_id, actor=actor, at=at, version=version)
    _designated_thing(entry)
    require(may_change_purpose(actor, office=entry.office_id, municipality=entry.municipality_id))
    present = authority_over(entry, at=at)
    if purpose == present.scope or purpose not in (Scope.PUBLIC_ORDER, Scope.CRIMINAL_ENFORCEMENT):
        raise Conflict("same_purpose", gettext_noop("This purpose leads already."))
    if present.period.lower is None or present.period.lower >= at:
        raise Conflict("just_changed", gettext_noop("Authority has changed at this very moment. Try again."))
    cases.end_authority(present, at=at)
    entry.purpose = purpose
    moved = begin(entry, purpose=purpose, at=at, ground="listing.purpose")
    for measure in EntryMeasure.objects.filter(entry=entry).in_force().select_for_update():
        measure.purpose = purpose
        measure.version += 1
        measure.save()
    changed(entry, "listing.purpose", at=at)
    return moved


@act
def give_entry_advice(
    *, entry_id: UUID, severity: int, likelihood: int, advice: str, actor: Actor, at: datetime
) -> EntryAdvice:
    """The NCTV gives the threat level and its advice; whoever has authority says what is done with it."""
    entry = locked_entry(entry_id, actor=actor, at=at)
    _designated_thing(entry)
    require(may_advise_on_entry(actor))
    cases.require_texts(advice=advice)
    row = EntryAdvice(entry=entry, severity=severity, likelihood=likelihood, given_by_id=actor.user_id, given_at=at)
    vault.box(entry.key_id).seal(row, "advice", advice, key=entry.key_id)
    row.save(force_insert=True)
    held = authority_over(entry, at=at)
    roles = {Authority.MAYOR: Role.MAYORS_CONTACT, Authority.CHIEF_PROSECUTOR: Role.CHIEF_PROSECUTOR}
    work.open_item(
        "listing.follow",
        row,
        owner_role=roles.get(Authority(held.authority), Role.DECIDER),
        organisation=held.holder_id,
        label=entry.number,
        due=norms.due("cases.listing.follow", since=at),
    )
    changed(entry, "listing.advise", at=at)
    return row


@act
def settle_entry_advice(*, advice_id: UUID, followed: str, reason: str, actor: Actor, at: datetime) -> EntryAdvice:
    """Whoever has authority says whether the advice was followed, and why.

    Raises:
        Conflict: it was said already.
    """
    row: EntryAdvice = (
        EntryAdvice.objects.visible_to(actor, at=at)
        .select_related("entry")
        .select_for_update(of=("self",))
        .get(pk=advice_id)
    )
    held = authority_over(row.entry, at=at)
    require(may_order_on_entry(actor, authority=Authority(held.authority), holder=held.holder_id))
    if row.followed:
        raise Conflict("settled", gettext_noop("This was settled already."))
    row.followed = Followed(followed)
    cases.require_texts(reason=reason)
    row.followed_by_id, row.followed_at = actor.user_id, at
    vault.box(row.entry.key_id).seal(row, "follow_reason", reason, key=row.entry.key_id)
    row.save()
    work.close_items(row.pk, kind="listing.follow", verb="listing.follow")
    audit.record("listing.follow", row, scope=row.entry_id, detail={"followed": row.followed})
    return row
