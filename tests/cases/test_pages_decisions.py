"""Handover, decisions, measures, contact and access on their pages: done, or refused with nothing typed lost."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import (
    CaseUserGrant,
    ContactEntry,
    Handover,
    InformDuty,
    LevelDecision,
    Measure,
    MeasureAdvice,
    Package,
    PlannedMeasure,
    RaisedRiskMoment,
)
from cases.models.handover import HANDOVER_ITEMS
from cases.services.package import TEXTS
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.stations import duty_id, handover_id, measure_id
from tests.cases.walk import Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def test_the_file_is_supplied_offered_and_accepted(walk: Walk) -> None:
    key = handover_id(walk)
    adviser, chief, manager = Role.PROSECUTION_ADVISER, Role.CHIEF_PROSECUTOR, Role.CASE_MANAGER
    texts = {code: "Written down." for code, _label in HANDOVER_ITEMS}

    too_early = send(
        walk, chief, "handover", key, {"?": "?act=offer", "version": 1, "code": code_for(walk.actor(chief))}
    )
    supplied = send(walk, adviser, "handover", key, {"?": "?act=supply", "version": 1, **texts})
    offered = send(walk, chief, "handover", key, {"?": "?act=offer", "version": 2, "code": code_for(walk.actor(chief))})
    accepted = send(
        walk, manager, "handover", key, {"?": "?act=accept", "version": 3, "code": code_for(walk.actor(manager))}
    )

    assert too_early.status_code == 422
    assert "is not complete" in too_early.text
    assert [one.status_code for one in (supplied, offered, accepted)] == [302, 302, 302]
    with acting(walk.actor(manager), at=timezone.now()):
        assert Handover.objects.get().state == "accepted"


def test_a_stale_file_shows_both_versions(walk: Walk) -> None:
    key = handover_id(walk)
    send(walk, Role.PROSECUTION_ADVISER, "handover", key, {"?": "?act=supply", "version": 1, "contacts": "Theirs"})

    answer = send(
        walk, Role.PROSECUTION_ADVISER, "handover", key, {"?": "?act=supply", "version": 1, "contacts": TYPED}
    )

    assert refused_with_what_was_typed(answer, 412)
    assert "Theirs" in answer.text


def test_the_decider_follows_the_picture(walk: Walk) -> None:
    picture = walk.pictured()
    told = {"severity": 4, "likelihood": 4, "resistance": 4, "departure": "", "reasons": TYPED}

    departs = send(walk, Role.DECIDER, "level", picture.pk, {**told, "severity": 5})
    follows = send(walk, Role.DECIDER, "level", picture.pk, told)

    assert refused_with_what_was_typed(departs, 422)
    assert follows.status_code == 302
    with acting(walk.actor(Role.DECIDER), at=timezone.now()):
        assert LevelDecision.objects.get().resistance == 4


def test_the_adviser_of_the_lcc_advises_once(walk: Walk) -> None:
    level = walk.levelled()
    told = {"feasible": "partly", "advice": TYPED, "guard_safety": "Two at night"}

    assert send(walk, Role.LCC_ADVISER, "advice", level.pk, told).status_code == 302
    again = send(walk, Role.LCC_ADVISER, "advice", level.pk, told)

    assert refused_with_what_was_typed(again, 409)
    with acting(walk.actor(Role.LCC_ADVISER), at=timezone.now()):
        assert MeasureAdvice.objects.count() == 1


def package_of(walk: Walk, **changes: object) -> dict[str, object]:
    row = {
        "planned-0-kind": "escort",
        "planned-0-person": str(walk.case.person_id),
        "planned-0-starts_on": "2026-12-01",
        "planned-0-region": "noord",
        "planned-0-required": "2",
        "planned-0-floor": "1",
        "planned-0-shifts": ["D", "E"],
    }
    told = {"act": "save", "tier": 2, "review_due": "2027-01-10", **dict.fromkeys(TEXTS, TYPED)}
    forms = {
        "planned-TOTAL_FORMS": "2",
        "planned-INITIAL_FORMS": "0",
        "terms-TOTAL_FORMS": "1",
        "terms-INITIAL_FORMS": "0",
    }
    return {**told, **forms, **row, **changes}


def test_a_package_is_begun_written_and_laid_before_the_decider(walk: Walk) -> None:
    level = walk.advised().level_id

    begun = send(walk, Role.CASE_MANAGER, "package_start", level, {"tier": 2, "review_due": "2027-01-10"})
    key = UUID(begun["Location"].rsplit("/", 1)[1])
    laid = send(walk, Role.CASE_MANAGER, "package", key, package_of(walk, version=1, act="submit"))

    assert laid.status_code == 302
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        assert Package.objects.get().state == "submitted"
        assert PlannedMeasure.objects.get().shifts == "DE"


@pytest.mark.parametrize(
    "change",
    [{"planned-0-required": "12"}, {"planned-0-floor": "3"}, {"planned-0-kind": "moat"}, {"review_due": "soon"}],
    ids=lambda change: next(iter(change)),
)
def test_a_bad_package_is_refused_and_keeps_what_was_typed(walk: Walk, change: dict[str, object]) -> None:
    package = walk.drafted()

    answer = send(walk, Role.CASE_MANAGER, "package", package.pk, package_of(walk, version=package.version, **change))

    assert refused_with_what_was_typed(answer, 422)


def test_a_stale_package_shows_both_versions(walk: Walk) -> None:
    package = walk.drafted()

    answer = send(walk, Role.CASE_MANAGER, "package", package.pk, package_of(walk, version=1))

    assert refused_with_what_was_typed(answer, 412)
    assert "Considered and written down." in answer.text


def test_the_decider_sends_back_or_decides(walk: Walk) -> None:
    package = walk.submitted()
    decider = walk.actor(Role.DECIDER)
    decision = {"version": package.version, "reasons": TYPED}

    wrong = send(walk, Role.DECIDER, "package_decide", package.pk, {**decision, "code": "1"})
    right = send(walk, Role.DECIDER, "package_decide", package.pk, {**decision, "code": code_for(decider)})

    assert refused_with_what_was_typed(wrong, 403)
    assert right.status_code == 302
    with acting(decider, at=timezone.now()):
        assert Measure.objects.in_force().count() == 2
    page = as_client(decider).get(reverse("cases:case", args=[walk.case.pk]))
    assert "ot yet assigned" in page.text


def test_the_decider_sends_a_package_back(walk: Walk) -> None:
    package = walk.submitted()
    told = {"act": "return", "version": package.version, "reasons": TYPED}

    assert send(walk, Role.DECIDER, "package_decide", package.pk, told).status_code == 302
    page = as_client(walk.actor(Role.CASE_MANAGER)).get(reverse("cases:package", args=[package.pk]))
    assert TYPED in page.text


def test_a_measure_is_reported_in_place_and_ended_by_the_authority(walk: Walk) -> None:
    key = measure_id(walk)

    placed = send(
        walk, Role.LCC_COORDINATOR, "measure", key, {"version": 1, "step": "put_in_place", "note": "On the spot"}
    )
    stale = send(walk, Role.LCC_COORDINATOR, "measure", key, {"version": 1, "step": "verify", "note": TYPED})
    walk.answered("ending", key)
    ended = send(walk, Role.DECIDER, "measure", key, {"act": "end", "version": 2, "reason": "The threat is gone"})

    assert placed.status_code == 302
    assert refused_with_what_was_typed(stale, 412)
    assert ended.status_code == 302
    with acting(walk.actor(Role.DECIDER), at=timezone.now()):
        assert Measure.objects.get(pk=key).state == "ended"


def test_who_carries_out_a_measure_does_not_end_it(walk: Walk) -> None:
    told = {"act": "end", "version": 1, "reason": TYPED}

    assert send(walk, Role.LCC_COORDINATOR, "measure", measure_id(walk), told).status_code == 403


def test_the_person_is_told_or_the_ground_to_withhold_is_recorded(walk: Walk) -> None:
    key = duty_id(walk)

    neither = send(walk, Role.CASE_MANAGER, "duty", key, {"told": TYPED})
    told = send(walk, Role.CASE_MANAGER, "duty", key, {"channel": "face_to_face", "told": "What was decided"})

    assert refused_with_what_was_typed(neither, 422)
    assert told.status_code == 302
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        assert InformDuty.objects.get().settled_at is not None


def test_contact_is_logged_as_a_signal(walk: Walk) -> None:
    walk.designated()
    person = walk.case.person_id

    empty = send(walk, Role.CASE_MANAGER, "contact", walk.case.pk, {"person": str(person), "text": " "})
    logged = send(
        walk, Role.CASE_MANAGER, "contact", walk.case.pk, {"person": str(person), "text": TYPED, "is_signal": "on"}
    )

    assert empty.status_code == 422
    assert logged.status_code == 302
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        assert ContactEntry.objects.get().signal_state == "sent"


def test_a_risk_moment_lies_ahead(walk: Walk) -> None:
    walk.designated()
    begin = timezone.localtime() + timedelta(days=3)
    told = {
        "kind": "hearing",
        "starts_at": begin.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (begin + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "region": "noord",
        "description": TYPED,
    }

    past = send(walk, Role.CASE_MANAGER, "risk_moment", walk.case.pk, {**told, "starts_at": "2026-01-01T10:00"})
    ahead = send(walk, Role.CASE_MANAGER, "risk_moment", walk.case.pk, told)

    assert refused_with_what_was_typed(past, 422)
    assert ahead.status_code == 302
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        assert RaisedRiskMoment.objects.count() == 1


def test_access_is_given_with_an_end(walk: Walk) -> None:
    walk.designated()
    colleague = walk.world.actor(Role.CASE_MANAGER, nth=4)
    told = {"holder": str(colleague.membership_id), "reason": TYPED, "until": "2099-01-01"}

    endless = send(walk, Role.CASE_MANAGER, "access", walk.case.pk, {**told, "until": ""})
    given = send(walk, Role.CASE_MANAGER, "access", walk.case.pk, told)

    assert refused_with_what_was_typed(endless, 422)
    assert given.status_code == 302
    assert as_client(colleague).get(reverse("cases:case", args=[walk.case.pk])).status_code == 200
    with acting(colleague, at=timezone.now()):
        assert CaseUserGrant.objects.get(user_id=colleague.user_id).period.upper is not None
