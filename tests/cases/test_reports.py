"""A report about somebody who has a case is never lost: passed on without sight of the case, taken up, and answered."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.models import Case, ContactEntry, PassedReport
from cases.reporting import REPORT_LIFECYCLE, ReportState
from cases.services import reading
from cases.services.reports import watch_reports
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.errors import Conflict, Forbidden, IllegalMove, Invalid
from stelsel.kernel.models import WorkItem
from stelsel.kernel.models.trail import AuditEntry
from tests.browsing import as_client
from tests.cases import wayout
from tests.cases.walk import Walk, an_intake
from tests.world import World

ADVISER, CHIEF, POLICE, DESK = Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR, Role.POLICE_RCCB, Role.DUTY_OFFICER
MANAGER = Role.CASE_MANAGER
SEEN_AT_NIGHT = "A scooter stood at the back door for an hour."


@pytest.fixture
def walk(world: World) -> Walk:
    """A case that lies with the prosecutor's office."""
    walk = Walk(world)
    walk.handed_in()
    return walk


@pytest.fixture
def nctv(world: World) -> Walk:
    """A case that the NCTV judges."""
    walk = Walk(world)
    walk.assigned()
    return walk


def colleague(walk: Walk) -> Actor:
    """Of the same police unit, without sight of the case."""
    return walk.world.actor(POLICE, nth=2)


def passed(walk: Walk, **changes: object) -> PassedReport:
    return services.pass_report(
        intake=an_intake(walk.world, what_happened=SEEN_AT_NIGHT, **changes), actor=colleague(walk), at=walk.tick()
    )


def by(walk: Walk, role: Role) -> dict[str, Any]:
    return {"actor": walk.actor(role), "at": walk.tick()}


def work_of(walk: Walk, row: PassedReport, actor: Actor) -> set[tuple[str, str]]:
    with acting(actor, at=walk.at):
        found = WorkItem.objects.filter(subject_id=row.pk, closed_at=None)
        return set(found.values_list("kind", "owner_role"))


# --- the rules ---


def test_r050_a_report_is_forwarded_from_the_office_alone_and_answered_once() -> None:
    def goes(step: str, state: str) -> bool:
        try:
            REPORT_LIFECYCLE.apply(step, state=state)
        except IllegalMove:
            return False
        return True

    done = {(step, state) for step, state in product(("forward", "take", "differ"), ReportState) if goes(step, state)}
    waiting, forwarded = ReportState.WAITING, ReportState.FORWARDED
    assert done == {(step, state) for step in ("take", "differ") for state in (waiting, forwarded)} | {
        ("forward", waiting)
    }


# --- passed on ---


def test_r050_what_is_reported_about_somebody_known_reaches_the_office_and_nothing_comes_back(walk: Walk) -> None:
    row = passed(walk)

    read = reading.read_passed_report(report_id=row.pk, **by(walk, ADVISER))
    assert (read.case and read.case.pk, read.texts["what_happened"]) == (walk.nomination.case_id, SEEN_AT_NIGHT)
    assert work_of(walk, row, walk.actor(ADVISER)) == {("report.answer", str(ADVISER))}
    own = reading.read_passed_report(report_id=row.pk, actor=colleague(walk), at=walk.tick())
    assert own.case is None
    with pytest.raises(Case.DoesNotExist):
        reading.read_case(case_id=walk.nomination.case_id, actor=colleague(walk), at=walk.tick())


def test_r050_its_texts_are_sealed_and_stand_in_no_trail(walk: Walk) -> None:
    row = passed(walk)

    with connection.cursor() as cursor, acting(walk.actor(ADVISER), at=walk.at):
        cursor.execute("SELECT position(%s::bytea in what_happened) FROM cases_passedreport", [SEEN_AT_NIGHT.encode()])
        assert cursor.fetchone() == (0,)
        assert SEEN_AT_NIGHT not in str(list(AuditEntry.objects.filter(target_id=str(row.pk)).values()))


def test_r050_somebody_without_a_case_is_reported_and_not_passed_on(walk: Walk) -> None:
    with pytest.raises(Conflict, match="not_known"):
        passed(walk, name="Nobody Known")
    with pytest.raises(Invalid):
        passed(walk, name=" ")


@pytest.mark.parametrize("role", [ADVISER, MANAGER, Role.THREAT_ANALYST])
def test_r050_only_the_police_report(walk: Walk, role: Role) -> None:
    with pytest.raises(Forbidden):
        services.pass_report(intake=an_intake(walk.world), **by(walk, role))


def test_r050_another_name_with_the_birth_date_is_somebody_known(walk: Walk) -> None:
    services.add_alias(case_id=walk.nomination.case_id, name="Femke Brandsma", kind="alias", **by(walk, ADVISER))

    row = passed(walk, name="Femke Brandsma")

    with acting(walk.actor(ADVISER), at=walk.at):
        assert PassedReport.objects.get(pk=row.pk).case_id == walk.nomination.case_id


def test_r002_about_somebody_under_another_regime_the_answer_is_the_same_and_names_no_case(walk: Walk) -> None:
    elsewhere = services.Elsewhere("witness_protection", walk.nomination.case.office_id, "")
    row = services.demarcate(case_id=walk.nomination.case_id, elsewhere=elsewhere, **by(walk, CHIEF))
    services.take_over(demarcation_id=row.pk, reference="", **by(walk, ADVISER))

    report = passed(walk)

    assert report.state == "waiting"
    read = reading.read_passed_report(report_id=report.pk, **by(walk, ADVISER))
    assert (read.case, read.texts["what_happened"]) == (None, SEEN_AT_NIGHT)
    services.take_report(report_id=report.pk, answer="Thank you.", **by(walk, ADVISER))


# --- forwarded and taken up ---


def test_r050_where_the_nctv_acts_it_is_forwarded_and_taken_up_as_a_signal(nctv: Walk) -> None:
    row = passed(nctv)
    with pytest.raises(PassedReport.DoesNotExist):
        reading.read_passed_report(report_id=row.pk, **by(nctv, MANAGER))

    services.forward_report(report_id=row.pk, **by(nctv, ADVISER))
    assert work_of(nctv, row, nctv.actor(MANAGER)) == {("report.answer", str(MANAGER))}
    services.take_report(report_id=row.pk, answer="We look into it.", **by(nctv, MANAGER))

    with acting(nctv.actor(MANAGER), at=nctv.at):
        entry = ContactEntry.objects.get(case=nctv.nomination.case_id, is_signal=True)
    assert (entry.informant, entry.signal_state) == ("police", "sent")
    assert work_of(nctv, row, colleague(nctv)) == {("report.answered", str(POLICE))}


def test_r050_in_the_local_domain_the_office_takes_it_up_itself(walk: Walk) -> None:
    row = passed(walk)

    with pytest.raises(Conflict, match="not_with_nctv"):
        services.forward_report(report_id=row.pk, **by(walk, ADVISER))
    services.take_report(report_id=row.pk, answer="With the nomination.", **by(walk, CHIEF))
    for again in (services.take_report, services.differ_report):
        with pytest.raises(IllegalMove):
            again(report_id=row.pk, answer="Again.", **by(walk, CHIEF))


def test_r050_who_reported_reads_what_became_of_it(walk: Walk) -> None:
    row, me = passed(walk), colleague(walk)
    with pytest.raises(Conflict):
        services.read_report_answer(report_id=row.pk, actor=me, at=walk.tick())
    services.differ_report(report_id=row.pk, answer="Which birth date?", **by(walk, ADVISER))

    assert reading.read_passed_report(report_id=row.pk, actor=me, at=walk.tick()).texts["answer"] == "Which birth date?"
    services.read_report_answer(report_id=row.pk, actor=me, at=walk.tick())

    assert work_of(walk, row, me) == set()
    with pytest.raises(Forbidden):
        services.read_report_answer(report_id=row.pk, **by(walk, ADVISER))


@pytest.mark.parametrize(("role", "of"), [(ADVISER, "om-zuid"), (MANAGER, ""), (POLICE, "")])
def test_r050_another_office_and_strangers_do_not_see_it(walk: Walk, role: Role, of: str) -> None:
    row, stranger = passed(walk), walk.world.actor(role, of=of)

    with pytest.raises(PassedReport.DoesNotExist):
        services.take_report(report_id=row.pk, answer="x", actor=stranger, at=walk.tick())


def test_r050_an_answer_says_something(walk: Walk) -> None:
    row = passed(walk)

    with pytest.raises(Invalid):
        services.take_report(report_id=row.pk, answer=" ", **by(walk, ADVISER))


# --- not lost ---


def test_r050_a_report_that_nobody_takes_up_alarms_at_both(nctv: Walk) -> None:
    row = passed(nctv)
    services.forward_report(report_id=row.pk, **by(nctv, ADVISER))
    late = row.due_at + timedelta(minutes=1)
    with acting(nctv.actor(ADVISER), at=late):
        assert watch_reports(row.due_at - timedelta(minutes=1)) == 0
        assert watch_reports(late) == watch_reports(late) == 1

    assert work_of(nctv, row, nctv.actor(CHIEF)) >= {
        ("report.unanswered", str(CHIEF)),
        ("report.unanswered", str(DESK)),
    }
    services.differ_report(report_id=row.pk, answer="Another birth date.", **by(nctv, MANAGER))
    assert work_of(nctv, row, colleague(nctv)) == {("report.answered", str(POLICE))}


def test_r050_a_case_is_not_closed_while_a_report_about_its_person_waits(walk: Walk) -> None:
    services.withdraw_nomination(
        nomination_id=walk.nomination.pk, version=walk.nomination.version, reason="Withdrawn.", **by(walk, CHIEF)
    )
    row = passed(walk)

    with pytest.raises(Conflict):
        wayout.close(walk, walk.nomination.case_id)
    services.take_report(report_id=row.pk, answer="Read.", **by(walk, ADVISER))
    wayout.close(walk, walk.nomination.case_id)


def test_r050_the_database_changes_no_report_and_no_answer(walk: Walk) -> None:
    row = passed(walk)
    for changes in ({"name": b"x"}, {"reported_by_id": walk.actor(ADVISER).user_id}):
        with transaction.atomic(), acting(walk.actor(ADVISER), at=walk.at), pytest.raises(IntegrityError):
            PassedReport.objects.filter(pk=row.pk).update(**changes)
    services.take_report(report_id=row.pk, answer="Read.", **by(walk, ADVISER))
    with transaction.atomic(), acting(walk.actor(ADVISER), at=walk.at), pytest.raises(IntegrityError):
        PassedReport.objects.filter(pk=row.pk).update(answer=b"x")


# --- the pages ---


def test_r050_the_pages_go_the_whole_way(walk: Walk) -> None:
    police, adviser = as_client(colleague(walk)), as_client(walk.actor(ADVISER))
    told = {
        "act": "open",
        "name": "Fenna van der Wold",
        "birth_date": "1981-04-12",
        "phenomenon": "organised_crime",
        "office": str(walk.world.organisations["om-noord"].pk),
        "region": "noord",
        "purpose": "Protection of life",
        "what_happened": SEEN_AT_NIGHT,
        "near-TOTAL_FORMS": "0",
        "near-INITIAL_FORMS": "0",
    }
    refused = police.post(reverse("cases:report"), told)
    assert (refused.status_code, 'name="pass"' in refused.content.decode()) == (409, True)
    sent = police.post(reverse("cases:report"), {**told, "pass": "1"})
    with acting(colleague(walk), at=walk.at):
        row = PassedReport.objects.get()
    address = reverse("cases:passed_report", args=[row.pk])
    assert sent.headers["Location"] == address
    assert row.reference in police.get(reverse("cases:report")).content.decode()
    assert walk.nomination.case.number not in police.get(address).content.decode()

    assert row.reference in adviser.get(reverse("cases:case", args=[walk.nomination.case_id])).content.decode()
    assert adviser.post(address, {"act": "take", "answer": ""}).status_code == 422
    assert adviser.post(address, {"act": "take", "answer": "With the nomination."}).status_code == 302
    assert "With the nomination." in police.get(address).content.decode()
    assert police.post(address, {"act": "read"}).status_code == 302


def test_r050_the_page_costs_the_same_number_of_queries(walk: Walk) -> None:
    client, address = as_client(walk.actor(ADVISER)), reverse("cases:case", args=[walk.nomination.case_id])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    passed(walk)
    cost()
    few = cost()
    for _nth in range(3):
        passed(walk)
    assert cost() == few
