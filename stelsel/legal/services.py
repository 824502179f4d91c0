"""The register of agreements between organisations: written, signed, replaced, ended, conflicts settled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from stelsel.kernel import audit, norms, work
from stelsel.kernel.access import act
from stelsel.kernel.authorisation import Actor, Role, require
from stelsel.kernel.errors import Conflict, Fault, Invalid, Stale, gettext_noop
from stelsel.kernel.models import Organisation
from stelsel.legal.agreements import Kind, conflict
from stelsel.legal.models import (
    AgreementConflict,
    AgreementSignature,
    AgreementVersion,
    InteragencyAgreement,
    LentCapacity,
)
from stelsel.legal.policies import may_keep_agreements, may_read_agreements

REQUIRED = gettext_noop("Fill this in.")


@dataclass(frozen=True)
class Lent:
    """So many teams that one party lends the other."""

    lender: UUID
    borrower: UUID
    teams: int
    purpose: str


@dataclass(frozen=True)
class Terms:
    """What a version says; `ends_on` is its last day. A day to look at it again: by the house norm, or earlier."""

    text: str
    effect: str
    starts_on: date
    ends_on: date | None = None
    review_on: date | None = None
    lent: Sequence[Lent] = ()


@act
def draft_agreement(
    *, title: str, kind: str, subject: str, parties: Sequence[UUID], terms: Terms, actor: Actor, at: datetime
) -> InteragencyAgreement:
    """Write a new agreement down; it holds once every party signed its first version.

    Raises:
        Forbidden: not a legal officer.
        Invalid: fewer than two parties, a text is missing, a period ends before it begins, or a line lends nothing.
    """
    require(may_keep_agreements(actor))
    known = Organisation.objects.filter(pk__in=parties)
    faults = [] if len(known) > 1 else [Fault("parties", "few", gettext_noop("An agreement has two parties or more."))]
    if not title.strip():
        faults.append(Fault("title", "required", REQUIRED))
    _refuse([*faults, *_faults(terms, kind=kind, parties={one.pk for one in known})])
    row = InteragencyAgreement.objects.create(
        number=_next_number(on=timezone.localdate(at)), title=title.strip(), kind=kind, subject=subject
    )
    row.parties.set(known)
    _write(row, terms, number=1, actor=actor, at=at)
    audit.record("agreement.draft", row)
    return row


@act
def write_version(*, agreement_id: UUID, terms: Terms, version: int, actor: Actor, at: datetime) -> AgreementVersion:
    """Write the next version; the one before holds until this one was signed by all and begins.

    Raises:
        Stale: the agreement changed since.
        Conflict: it ended, or a version waits for signatures.
        Invalid: as for `draft_agreement`, or it begins no later than the one before.
    """
    row = _locked(agreement_id, version=version, actor=actor)
    last = row.versions.order_by("-number").first()
    if last is None or last.agreed_at is None:
        raise Conflict("version_open", gettext_noop("A version waits for signatures: have it signed first."))
    faults = _faults(terms, kind=row.kind, parties=_parties(row))
    if terms.starts_on <= last.starts_on:
        faults.append(Fault("starts_on", "early", gettext_noop("It begins after the version before it.")))
    _refuse(faults)
    written = _write(row, terms, number=last.number + 1, actor=actor, at=at)
    _changed(row, "agreement.version")
    return written


@act
def sign_version(
    *, version_id: UUID, organisation_id: UUID, signatory: str, signed_on: date, actor: Actor, at: datetime
) -> AgreementVersion:
    """Record that a party signed on paper. Signed by all it holds, replaces the one before, and is compared.

    Raises:
        Conflict: that party signed already, or the version was signed by all.
        Invalid: no party, no name, or a day that lies ahead.
    """
    require(may_keep_agreements(actor))
    seen = AgreementVersion.objects.get(pk=version_id)
    row = InteragencyAgreement.objects.select_for_update().get(pk=seen.agreement_id)
    version = row.versions.select_for_update().get(pk=version_id)
    version.agreement = row
    if version.agreed_at is not None or version.signatures.filter(organisation=organisation_id).exists():
        raise Conflict("signed", gettext_noop("This party signed already."))
    faults = []
    if organisation_id not in _parties(row):
        faults.append(Fault("organisation_id", "no_party", gettext_noop("This organisation is no party.")))
    if not signatory.strip():
        faults.append(Fault("signatory", "required", REQUIRED))
    if signed_on > timezone.localdate(at):
        faults.append(Fault("signed_on", "ahead", gettext_noop("This lies ahead.")))
    _refuse(faults)
    AgreementSignature.objects.create(
        version=version,
        organisation_id=organisation_id,
        signatory=signatory.strip(),
        signed_on=signed_on,
        recorded_by_id=actor.user_id,
        recorded_at=at,
    )
    if _parties(row) == set(version.signatures.values_list("organisation_id", flat=True)):
        _agreed(version, at=at)
    _changed(row, "agreement.sign")
    return version


@act
def end_agreement(
    *,
    agreement_id: UUID,
    last_day: date,
    reason: str,
    version: int,
    actor: Actor,
    at: datetime,  # noqa: ARG001  # every act has an instant
) -> InteragencyAgreement:
    """End it after this day. What was lent under it shows that nothing carries it any more.

    Raises:
        Stale, Conflict: as for `write_version`.
        Invalid: no reason.
    """
    row = _locked(agreement_id, version=version, actor=actor)
    _refuse([] if reason.strip() else [Fault("reason", "required", REQUIRED)])
    row.ended_on, row.ended_reason, row.ended_by_id = last_day, reason.strip(), actor.user_id
    _changed(row, "agreement.end")
    for one in row.versions.all():
        work.close_items(one.pk, kind="agreement.review", verb="agreement.end")
    return row


@act
def settle_conflict(
    *, conflict_id: UUID, prevails_id: UUID, reason: str, actor: Actor, at: datetime
) -> AgreementConflict:
    """Say which of the two agreements prevails, and why.

    Raises:
        Conflict: settled before.
        Invalid: no reason, or neither of the two.
    """
    require(may_keep_agreements(actor))
    row = (
        AgreementConflict.objects.select_related("first", "second").select_for_update(of=("self",)).get(pk=conflict_id)
    )
    if row.settled_at is not None:
        raise Conflict("settled", gettext_noop("This was settled before."))
    faults = [] if reason.strip() else [Fault("reason", "required", REQUIRED)]
    if prevails_id not in (row.first.agreement_id, row.second.agreement_id):
        faults.append(Fault("prevails_id", "neither", gettext_noop("Choose one of the two.")))
    _refuse(faults)
    row.prevails_id, row.reason = prevails_id, reason.strip()
    row.settled_by_id, row.settled_at = actor.user_id, at
    row.save()
    work.close_items(row.pk, kind="agreement.conflict", verb="agreement.settle")
    audit.record("agreement.settle", row)
    return row


@act
def review_agreement(*, version_id: UUID, review_on: date, actor: Actor, at: datetime) -> AgreementVersion:
    """Somebody looked: it still says what is done. When to look again.

    Raises:
        Conflict: it is not the version that holds.
        Invalid: a day that does not lie ahead, or too far.
    """
    require(may_keep_agreements(actor))
    version = AgreementVersion.objects.select_related("agreement").select_for_update(of=("self",)).get(pk=version_id)
    today = timezone.localdate(at)
    if not version.holds(today):
        raise Conflict("not_in_force", gettext_noop("This version does not hold today."))
    if not today < review_on <= today + norms.term("legal.agreement.review", at=at):
        message = gettext_noop("Choose a day ahead, within the house norm.")
        _refuse([Fault("review_on", "range", message)])
    version.review_on = review_on
    version.save(update_fields=["review_on"])
    work.close_items(version.pk, kind="agreement.review", verb="agreement.review")
    audit.record("agreement.review", version)
    return version


@act
def watch(*, actor: Actor, at: datetime) -> int:  # noqa: ARG001  # @act binds it
    """Open the work of looking again at what holds and is due. A second run opens nothing twice."""
    today = timezone.localdate(at)
    due = AgreementVersion.objects.filter(agreed_at__isnull=False, review_on__lte=today).select_related("agreement")
    late = [one for one in due if one.holds(today)]
    for one in late:
        _ask("agreement.review", one, label=one.agreement.number)
    return len(late)


# --- reading ---


@dataclass(frozen=True)
class Listed:
    """An agreement in the register: the version that holds on the day, or else the newest."""

    row: InteragencyAgreement
    shown: AgreementVersion
    holds: bool
    to_sign: bool
    conflicts: int


@act
def list_agreements(*, actor: Actor, at: datetime) -> list[Listed]:
    """The register, in a constant number of queries."""
    require(may_read_agreements(actor))
    today = timezone.localdate(at)
    open_conflicts = list(
        AgreementConflict.objects.filter(settled_at=None).values_list("first__agreement_id", "second__agreement_id")
    )
    in_conflict = [one for pair in open_conflicts for one in pair]
    return [
        Listed(
            row=row,
            shown=next((one for one in versions if one.holds(today)), versions[0]),
            holds=any(one.holds(today) for one in versions),
            to_sign=versions[0].agreed_at is None,
            conflicts=in_conflict.count(row.pk),
        )
        for row in _with_versions()
        if (versions := own(row))
    ]


@act
def read_agreement(*, agreement_id: UUID, actor: Actor, at: datetime) -> InteragencyAgreement:  # noqa: ARG001  # an act
    """One agreement with its versions, the newest first, their signatures and lines.

    Raises:
        InteragencyAgreement.DoesNotExist: there is none.
    """
    require(may_read_agreements(actor))
    return _with_versions().get(pk=agreement_id)


@act
def read_conflict(*, conflict_id: UUID, actor: Actor, at: datetime) -> AgreementConflict:  # noqa: ARG001  # an act
    """A conflict with both versions.

    Raises:
        AgreementConflict.DoesNotExist: there is none.
    """
    require(may_read_agreements(actor))
    return AgreementConflict.objects.select_related("first__agreement", "second__agreement").get(pk=conflict_id)


def conflicts_of(row: InteragencyAgreement) -> list[AgreementConflict]:
    """The conflicts of any version of it, open ones first. Part of reading it."""
    found = AgreementConflict.objects.filter(Q(first__agreement=row) | Q(second__agreement=row)).select_related(
        "first__agreement", "second__agreement", "prevails", "settled_by"
    )
    return sorted(found, key=lambda one: (one.settled_at is not None, one.found_at))


def lines_in_force(*, lender: UUID, on: date) -> list[LentCapacity]:
    """What this organisation lends on that day under an agreement that holds."""
    rows = LentCapacity.objects.filter(lender=lender, version__agreed_at__isnull=False).select_related(
        "version__agreement", "borrower"
    )
    return [one for one in rows.order_by("version__agreement__number") if one.version.holds(on)]


def _with_versions() -> QuerySet[InteragencyAgreement]:
    versions = AgreementVersion.objects.order_by("-number").prefetch_related(
        Prefetch("signatures", AgreementSignature.objects.select_related("organisation")),
        Prefetch("lent", LentCapacity.objects.select_related("lender", "borrower")),
    )
    return InteragencyAgreement.objects.order_by("-number").prefetch_related("parties", Prefetch("versions", versions))


def own(row: InteragencyAgreement) -> list[AgreementVersion]:
    """Its versions, the newest first, each knowing its agreement without another query."""
    found = list(row.versions.all())
    for one in found:
        one.agreement = row
    return found


# --- parts ---


def _locked(agreement_id: UUID, *, version: int, actor: Actor) -> InteragencyAgreement:
    require(may_keep_agreements(actor))
    row = InteragencyAgreement.objects.select_for_update().get(pk=agreement_id)
    if row.version != version:
        raise Stale(theirs={"title": row.title}, version=row.version)
    if row.ended_on is not None:
        raise Conflict("ended", gettext_noop("This agreement was ended."))
    return row


def _parties(row: InteragencyAgreement) -> set[UUID]:
    return set(row.parties.values_list("pk", flat=True))


def _faults(terms: Terms, *, kind: str, parties: set[UUID]) -> list[Fault]:
    texts = {"text": terms.text, "effect": terms.effect}
    faults = [Fault(name, "required", REQUIRED) for name, text in texts.items() if not text.strip()]
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        faults.append(Fault("ends_on", "period", gettext_noop("The end must come after the start.")))
    if terms.lent and kind != Kind.CAPACITY:
        faults.append(Fault("lent", "kind", gettext_noop("Only an agreement on capacity lends teams.")))
    if any(one.lender == one.borrower or not {one.lender, one.borrower} <= parties for one in terms.lent):
        faults.append(Fault("lent", "parties", gettext_noop("One party lends, another one borrows.")))
    return faults


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise Invalid("invalid", gettext_noop("What was sent is not valid."), faults=faults)


def _write(row: InteragencyAgreement, terms: Terms, *, number: int, actor: Actor, at: datetime) -> AgreementVersion:
    latest = max(timezone.localdate(at), terms.starts_on) + norms.term("legal.agreement.review", at=at)
    written = AgreementVersion.objects.create(
        agreement=row,
        number=number,
        text=terms.text,
        effect=terms.effect,
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        review_on=min(terms.review_on or latest, latest),
        written_by_id=actor.user_id,
        written_at=at,
    )
    for one in terms.lent:
        LentCapacity.objects.create(
            version=written, lender_id=one.lender, borrower_id=one.borrower, teams=one.teams, purpose=one.purpose
        )
    return written


def _agreed(version: AgreementVersion, *, at: datetime) -> None:
    """Every party signed: the one before ends the day before; what it conflicts with goes to the legal officer."""
    version.agreed_at = at
    version.save(update_fields=["agreed_at"])
    before = version.agreement.versions.filter(number=version.number - 1).select_for_update().first()
    if before is not None:
        before.replaced_on = version.starts_on
        before.save(update_fields=["replaced_on"])
        work.close_items(before.pk, kind="agreement.review", verb="agreement.version")
    mine = version.as_agreed()
    others = AgreementVersion.objects.filter(agreed_at__isnull=False).exclude(agreement=version.agreement)
    same = others.filter(agreement__kind=mine.kind, agreement__subject=mine.subject)
    for other in same.select_related("agreement").prefetch_related("agreement__parties"):
        if conflict(mine, other.as_agreed()):
            found = AgreementConflict.objects.create(first=other, second=version, found_at=at)
            _ask("agreement.conflict", found, label=version.agreement.number)


def _changed(row: InteragencyAgreement, verb: str) -> None:
    row.version += 1
    row.save()
    audit.record(verb, row)


def _ask(kind: str, subject: AgreementVersion | AgreementConflict, *, label: str) -> None:
    work.open_item(kind, subject, owner_role=Role.LEGAL_OFFICER, organisation=None, label=label, due=None)


def _next_number(*, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('legal_agreement_number')")
        (running,) = cursor.fetchone()
    return f"AF{on:%y}-{running:04d}"
