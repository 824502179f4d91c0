"""Agreements between organisations: versions signed by all, conflicts settled, and capacity lent (R046, R024)."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from capacity import services as capacity
from capacity.models import TeamLoan
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, DomainError, Forbidden, Invalid, Stale
from stelsel.kernel.models import WorkItem
from stelsel.legal import services
from stelsel.legal.agreements import Agreed, Kind, Span, Subject, conflict
from stelsel.legal.models import AgreementConflict, AgreementVersion, InteragencyAgreement, LentCapacity
from stelsel.legal.services import Lent, Terms
from tests.browsing import as_client
from tests.capacity.supply import a_team
from tests.world import NOON, World

LEGAL, PLANNER, COORDINATOR = Role.LEGAL_OFFICER, Role.UNIT_PLANNER, Role.LCC_COORDINATOR
TODAY = NOON.date()
YEAR = timedelta(days=365)
TERMS = Terms("LX guards persons, the KMar objects.", "Seen in the assignments of the LCC.", TODAY)
SPANS = st.tuples(st.dates(), st.one_of(st.none(), st.dates())).filter(
    lambda pair: pair[1] is None or pair[0] <= pair[1]
)


def officer(world: World) -> dict[str, Any]:
    return {"actor": world.actor(LEGAL), "at": NOON}


def drafted(world: World, *codes: str, terms: Terms = TERMS, **changes: Any) -> InteragencyAgreement:
    parties = [world.organisations[code].pk for code in codes or ("lx", "kmar")]
    told = {"title": "Persons and objects", "kind": "tasks", "subject": "persons", "parties": parties, **changes}
    return services.draft_agreement(**told, terms=terms, **officer(world))


def signed(world: World, row: InteragencyAgreement) -> AgreementVersion:
    """Every party signs the newest version."""
    version = row.versions.order_by("-number")[0]
    for party in row.parties.all():
        services.sign_version(
            version_id=version.pk, organisation_id=party.pk, signatory="A. Hoofd", signed_on=TODAY, **officer(world)
        )
    row.refresh_from_db()
    return row.versions.get(pk=version.pk)


def lending(world: World, *, teams: int = 1, **changes: Any) -> LentCapacity:
    """An agreement by which LX lends the KMar, signed."""
    line = Lent(world.organisations["lx"].pk, world.organisations["kmar"].pk, teams, "airport")
    terms = replace(TERMS, ends_on=TODAY + YEAR, lent=(line,), **changes)
    return signed(world, drafted(world, kind="capacity", terms=terms)).lent.get()


# --- the rules ---


@given(SPANS, SPANS)
def test_r046_two_periods_overlap_when_a_day_lies_in_both(one: Any, other: Any) -> None:
    first, second = Span(*one), Span(*other)

    assert first.overlaps(second) is second.overlaps(first)
    assert first.overlaps(second) is (first.contains(second.start) or second.contains(first.start))
    assert not first.within(second) or first.overlaps(second)


def test_r046_agreements_conflict_when_they_bind_the_same_two_on_one_subject_at_one_time() -> None:
    a, b, c = uuid4(), uuid4(), uuid4()
    one = Agreed(Kind.TASKS, Subject.PERSONS, frozenset({a, b}), Span(TODAY))
    later = Span(TODAY + YEAR)

    assert conflict(one, replace(one, parties=frozenset({a, b, c})))
    assert not conflict(one, replace(one, parties=frozenset({a, c})))
    assert not conflict(one, replace(one, subject=Subject.OBJECTS))
    assert not conflict(one, replace(one, kind=Kind.CAPACITY))
    assert not conflict(replace(one, span=Span(TODAY, TODAY)), replace(one, span=later))


# --- versions ---


def test_r024_a_version_holds_once_every_party_signed_it(world: World) -> None:
    row = drafted(world)
    version = row.versions.get()
    services.sign_version(
        version_id=version.pk,
        organisation_id=world.organisations["lx"].pk,
        signatory="A. Hoofd",
        signed_on=TODAY,
        **officer(world),
    )
    assert not row.versions.get().holds(TODAY)

    services.sign_version(
        version_id=version.pk,
        organisation_id=world.organisations["kmar"].pk,
        signatory="B. Commandant",
        signed_on=TODAY,
        **officer(world),
    )
    assert row.versions.get().holds(TODAY)


def test_r024_the_next_version_replaces_the_one_before_on_its_first_day_and_changes_nothing_of_it(world: World) -> None:
    row = drafted(world)
    first = signed(world, row)
    starts = TODAY + timedelta(days=30)
    services.write_version(
        agreement_id=row.pk, terms=replace(TERMS, text="More.", starts_on=starts), version=row.version, **officer(world)
    )
    second = signed(world, row)

    first = AgreementVersion.objects.get(pk=first.pk)
    for day, holds in ((starts - timedelta(days=1), first), (starts, second)):
        assert [one.pk for one in (first, second) if one.holds(day)] == [holds.pk]
    assert first.text == TERMS.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms": replace(TERMS, text=" ")}, "text"),
        ({"terms": replace(TERMS, effect="")}, "effect"),
        ({"terms": replace(TERMS, ends_on=TODAY - timedelta(days=1))}, "ends_on"),
        ({"title": " "}, "title"),
        ({"terms": replace(TERMS, lent=(Lent(uuid4(), uuid4(), 1, "x"),))}, "lent"),
        ({"kind": "capacity", "terms": replace(TERMS, lent=(Lent(uuid4(), uuid4(), 1, "x"),))}, "lent"),
    ],
)
def test_r046_what_is_not_whole_is_refused_at_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        drafted(world, **changes)

    assert field in {fault.field for fault in refusal.value.faults}


def test_r046_an_agreement_has_two_parties(world: World) -> None:
    with pytest.raises(Invalid):
        drafted(world, "lx")


def test_r024_nobody_signs_twice_or_without_being_a_party_and_no_version_overtakes_another(world: World) -> None:
    row = drafted(world)
    version = row.versions.get()
    by = {"version_id": version.pk, "signatory": "A", "signed_on": TODAY, **officer(world)}

    with pytest.raises(Invalid):
        services.sign_version(organisation_id=world.organisations["lcc"].pk, **by)
    with pytest.raises(Invalid):
        services.sign_version(organisation_id=world.organisations["lx"].pk, **{**by, "signed_on": TODAY + YEAR})
    services.sign_version(organisation_id=world.organisations["lx"].pk, **by)
    with pytest.raises(Conflict):
        services.sign_version(organisation_id=world.organisations["lx"].pk, **by)
    row.refresh_from_db()
    with pytest.raises(Conflict):
        services.write_version(agreement_id=row.pk, terms=TERMS, version=row.version, **officer(world))
    with pytest.raises(Stale):
        services.end_agreement(agreement_id=row.pk, last_day=TODAY, reason="x", version=1, **officer(world))


def test_r024_ended_it_holds_to_its_last_day_and_nothing_is_added(world: World) -> None:
    row = drafted(world)
    signed(world, row)
    services.end_agreement(agreement_id=row.pk, last_day=TODAY, reason="Merged.", version=row.version, **officer(world))
    row.refresh_from_db()

    version = AgreementVersion.objects.select_related("agreement").get(agreement=row)
    assert (version.holds(TODAY), version.holds(TODAY + timedelta(days=1))) == (True, False)
    with pytest.raises(Conflict):
        services.write_version(agreement_id=row.pk, terms=TERMS, version=row.version, **officer(world))


def test_r024_the_database_keeps_what_was_signed(world: World) -> None:
    row = drafted(world)
    unsigned = row.versions.get()
    with transaction.atomic(), pytest.raises(IntegrityError, match="not every party"):
        AgreementVersion.objects.filter(pk=unsigned.pk).update(agreed_at=NOON)
    version = signed(world, row)
    with transaction.atomic(), pytest.raises(IntegrityError):
        AgreementVersion.objects.filter(pk=version.pk).update(text="Other.")
    with transaction.atomic(), pytest.raises(DatabaseError):
        version.signatures.update(signatory="Somebody")
    with transaction.atomic(), pytest.raises(IntegrityError):
        InteragencyAgreement.objects.filter(pk=row.pk).update(subject="objects")


# --- conflicts ---


def test_r046_two_agreements_that_conflict_are_found_and_settled_once(world: World) -> None:
    first, second = drafted(world), drafted(world, "lx", "kmar", "lcc")
    signed(world, first)
    assert not AgreementConflict.objects.exists()
    signed(world, second)

    row = AgreementConflict.objects.get()
    with acting(world.actor(LEGAL), at=NOON):
        assert WorkItem.objects.filter(kind="agreement.conflict", closed_at=None).count() == 1
    with pytest.raises(Invalid):
        services.settle_conflict(conflict_id=row.pk, prevails_id=uuid4(), reason="x", **officer(world))
    services.settle_conflict(conflict_id=row.pk, prevails_id=second.pk, reason="The later one.", **officer(world))
    with acting(world.actor(LEGAL), at=NOON):
        assert not WorkItem.objects.filter(kind="agreement.conflict", closed_at=None).exists()
    with pytest.raises(Conflict):
        services.settle_conflict(conflict_id=row.pk, prevails_id=first.pk, reason="No.", **officer(world))


def test_r046_one_that_ended_before_the_other_begins_conflicts_with_nothing(world: World) -> None:
    signed(world, drafted(world, terms=replace(TERMS, ends_on=TODAY)))
    signed(world, drafted(world, terms=replace(TERMS, starts_on=TODAY + timedelta(days=1))))

    assert not AgreementConflict.objects.exists()


# --- looked at again ---


def test_r024_what_holds_is_looked_at_again_on_its_day(world: World) -> None:
    row = drafted(world, terms=replace(TERMS, review_on=TODAY + timedelta(days=10)))
    version = signed(world, row)
    late = NOON + timedelta(days=10)
    legal = world.actor(LEGAL)

    assert services.watch(actor=legal, at=NOON) == 0
    assert services.watch(actor=legal, at=late) == services.watch(actor=legal, at=late) == 1
    with pytest.raises(Invalid):
        services.review_agreement(version_id=version.pk, review_on=TODAY + 9 * YEAR, actor=legal, at=late)
    services.review_agreement(version_id=version.pk, review_on=TODAY + YEAR, actor=legal, at=late)
    assert services.watch(actor=legal, at=late) == 0
    with acting(legal, at=late):
        assert not WorkItem.objects.filter(kind="agreement.review", closed_at=None).exists()


# --- who ---


@pytest.mark.parametrize("role", [COORDINATOR, Role.DECIDER, Role.QUALITY_MANAGER])
def test_r046_the_field_reads_the_register_and_the_legal_officer_keeps_it(world: World, role: Role) -> None:
    row, reader = drafted(world), world.actor(role)

    assert [one.row.pk for one in services.list_agreements(actor=reader, at=NOON)] == [row.pk]
    with pytest.raises(Forbidden):
        services.end_agreement(agreement_id=row.pk, last_day=TODAY, reason="x", version=1, actor=reader, at=NOON)
    with pytest.raises(Forbidden):
        services.list_agreements(actor=world.actor(Role.PRODUCT_SUPPLIER), at=NOON)


# --- capacity lent ---


def lend(world: World, line: LentCapacity, code: str, by: Actor | None = None, **changes: Any) -> TeamLoan:
    team = a_team(world, code, at=NOON)
    told = {"first_day": TODAY, "last_day": TODAY + timedelta(days=9), **changes}
    planner = by or world.actor(PLANNER, of="lx")
    return capacity.lend_team(team_id=team.pk, line_id=line.pk, **told, actor=planner, at=NOON)


def test_r046_a_lent_team_shows_to_whom_and_until_when(world: World) -> None:
    line = lending(world)
    lend(world, line, "LX-90")

    (row,) = capacity.teams_now(actor=world.actor(COORDINATOR), at=NOON)
    assert row.loan is not None
    assert (row.loan.borrower, row.loan.until, row.loan.carried) == (
        "Koninklijke Marechaussee",
        TODAY + timedelta(days=9),
        True,
    )


def test_r046_a_loan_whose_agreement_ended_is_shown_as_carried_by_nothing(world: World) -> None:
    line = lending(world)
    lend(world, line, "LX-90")
    row = InteragencyAgreement.objects.get()
    services.end_agreement(
        agreement_id=row.pk, last_day=TODAY - timedelta(days=1), reason="x", version=row.version, **officer(world)
    )

    (team,) = capacity.teams_now(actor=world.actor(COORDINATOR), at=NOON)
    assert team.loan is not None
    assert not team.loan.carried


def test_r046_no_more_teams_are_lent_at_once_than_agreed_and_none_twice(world: World) -> None:
    line = lending(world)
    loan = lend(world, line, "LX-90")

    with pytest.raises(Conflict, match="all_lent"):
        lend(world, line, "LX-91")
    later: dict[str, Any] = {"first_day": TODAY + timedelta(days=10), "last_day": TODAY + timedelta(days=20)}
    lend(world, line, "LX-92", **later)
    with pytest.raises(Conflict, match="lent"):
        capacity.lend_team(
            team_id=loan.team_id,
            line_id=line.pk,
            first_day=TODAY,
            last_day=TODAY,
            actor=world.actor(COORDINATOR),
            at=NOON,
        )
    capacity.take_back_team(
        loan_id=loan.pk, last_day=TODAY + timedelta(days=2), actor=world.actor(COORDINATOR), at=NOON
    )
    lend(world, line, "LX-93", first_day=TODAY + timedelta(days=3))


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": TODAY - timedelta(days=1)},
        {"last_day": TODAY + 2 * YEAR},
        {"last_day": TODAY - timedelta(days=1)},
    ],
)
def test_r046_outside_the_agreement_nothing_is_lent(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        lend(world, lending(world), "LX-90", **changes)


def test_r046_only_who_agreed_to_lend_lends_their_own_team(world: World) -> None:
    line = lending(world)

    with pytest.raises(Forbidden):
        lend(world, line, "LX-90", by=world.actor(PLANNER, of="kmar"))
    team = a_team(world, "KMAR-90", at=NOON, kind="KMAR")
    with pytest.raises(Invalid):
        capacity.lend_team(
            team_id=team.pk,
            line_id=line.pk,
            first_day=TODAY,
            last_day=None,
            actor=world.actor(PLANNER, of="kmar"),
            at=NOON,
        )


def test_r046_the_database_lends_nothing_beyond_the_agreement(world: World) -> None:
    line = lending(world)
    loan = lend(world, line, "LX-90")
    other = a_team(world, "LX-91", at=NOON)
    by = {"recorded_by_id": loan.recorded_by_id, "recorded_at": NOON}

    with transaction.atomic(), pytest.raises(IntegrityError, match="more teams"):
        TeamLoan.objects.create(team=other, line=line, days=loan.days, **by)
    with transaction.atomic(), pytest.raises(IntegrityError, match="no agreement"):
        TeamLoan.objects.create(team=other, line=line, days=(TODAY - YEAR, TODAY), **by)
    with transaction.atomic(), pytest.raises(IntegrityError, match="earlier"):
        TeamLoan.objects.filter(pk=loan.pk).update(days=(TODAY, TODAY + YEAR))


# --- the pages ---


def test_r046_the_pages_go_the_whole_way(world: World) -> None:
    client = as_client(world.actor(LEGAL))
    lx, kmar = (str(world.organisations[code].pk) for code in ("lx", "kmar"))
    today = timezone.localdate().isoformat()
    rows = {"lent-TOTAL_FORMS": "1", "lent-INITIAL_FORMS": "0"}
    told = {
        "title": "Airport",
        "kind": "capacity",
        "subject": "escort",
        "parties": [lx, kmar],
        "text": "Two teams.",
        "effect": "On the roster.",
        "starts_on": today,
        "lent-0-lender": lx,
        "lent-0-borrower": kmar,
        "lent-0-teams": "2",
        "lent-0-purpose": "gates",
        **rows,
    }
    new = reverse("legal:agreement_new")
    assert client.get(new).status_code == 200
    assert client.post(new, {**told, "lent-0-borrower": ""}).status_code == 422
    assert client.post(new, told).status_code == 302
    row = InteragencyAgreement.objects.get()
    address = reverse("legal:agreement", args=[row.pk])
    for party in (lx, kmar):
        sign = {"act": "sign", "organisation_id": party, "signatory": "A. Hoofd", "signed_on": today}
        assert client.post(address, sign).status_code == 302
    assert client.post(address, {"act": "review", "review_on": today}).status_code == 422
    row.refresh_from_db()
    version = reverse("legal:agreement_version", args=[row.pk])
    assert client.get(version).status_code == 200
    later = (timezone.localdate() + timedelta(days=5)).isoformat()
    next_one = {"text": "Three.", "effect": "Seen.", "starts_on": later, "version": row.version, **rows}
    assert client.post(version, next_one).status_code == 302
    row.refresh_from_db()
    end = {"act": "end", "last_day": later, "reason": "No need.", "version": row.version}
    assert client.post(address, end).status_code == 302
    body = client.get(address).content.decode()
    assert "No need." in body
    assert client.get(reverse("legal:agreements")).status_code == 200


def test_r046_a_team_is_lent_and_taken_back_on_its_page(world: World) -> None:
    now = timezone.now()
    today = timezone.localdate()
    line = _without_end(world)
    team = a_team(world, "LX-90", at=now)
    client, address = as_client(world.actor(PLANNER, of="lx")), reverse("capacity:loans", args=[team.pk])

    assert client.get(address).status_code == 200
    assert client.post(address, {"act": "lend", "line_id": str(line), "first_day": ""}).status_code == 422
    told = {"act": "lend", "line_id": str(line), "first_day": today.isoformat()}
    assert client.post(address, told).status_code == 302
    assert "Koninklijke Marechaussee" in client.get(reverse("capacity:teams")).content.decode()
    loan = TeamLoan.objects.get()
    back = {"act": "back", "loan_id": str(loan.pk), "last_day": today.isoformat()}
    assert client.post(address, back).status_code == 302
    assert client.post(address, back).status_code == 422


def _without_end(world: World) -> UUID:
    """A line of an agreement without an end, for pages that act in the present."""
    line = Lent(world.organisations["lx"].pk, world.organisations["kmar"].pk, 1, "gates")
    row = drafted(world, kind="capacity", subject="events", terms=replace(TERMS, lent=(line,)))
    return signed(world, row).lent.get().pk


def test_r046_a_conflict_is_settled_on_its_page(world: World) -> None:
    signed(world, drafted(world))
    signed(world, drafted(world))
    row = AgreementConflict.objects.select_related("first").get()
    client, address = as_client(world.actor(LEGAL)), reverse("legal:agreement_conflict", args=[row.pk])

    assert client.post(address, {"reason": "x"}).status_code == 422
    told = {"prevails_id": str(row.first.agreement_id), "reason": "The older one."}
    assert client.post(address, told).status_code == 302
    assert as_client(world.actor(COORDINATOR)).post(address, told).status_code == 403


def test_r046_the_register_costs_the_same_number_of_queries(world: World) -> None:
    client = as_client(world.actor(COORDINATOR))

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("legal:agreements")).status_code == 200
        return len(queries)

    signed(world, drafted(world))
    cost()
    few = cost()
    for subject, _nth in product(("objects", "escort"), range(2)):
        signed(world, drafted(world, subject=subject))
    assert cost() == few


def test_r046_a_refusal_is_a_domain_error_and_changes_nothing(world: World) -> None:
    row = drafted(world)
    with pytest.raises(DomainError):
        services.write_version(agreement_id=row.pk, terms=TERMS, version=7, **officer(world))
    assert row.versions.count() == 1
