"""What is done on the pages of a case: it takes effect, or it is refused and nothing typed is lost."""

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import (
    Case,
    Designation,
    Nomination,
    UrgentRequest,
)
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.stations import urgently_designated
from tests.cases.walk import Walk
from tests.world import World, code_for

NEAR = {"near-TOTAL_FORMS": "3", "near-INITIAL_FORMS": "0", "near-0-name": "Sanne Terpstra", "near-0-kind": "partner"}


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def intake(walk: Walk, **changes: str) -> dict[str, str]:
    told = {
        "act": "open",
        "name": "Fenna van der Wold",
        "birth_date": "1981-04-12",
        "phenomenon": "terrorism",
        "office": str(walk.world.organisations["om-noord"].pk),
        "region": "noord",
        "purpose": "Protection of life",
        "what_happened": TYPED,
        **NEAR,
        "near-0-core_household": "on",
    }
    return {**told, **changes}


def test_search_comes_first_and_then_the_intake_opens_with_what_was_searched(walk: Walk) -> None:
    answer = send(walk, Role.POLICE_RCCB, "report", None, {"act": "find", "name": "Fenna van der Wold"})

    assert answer.status_code == 200
    assert 'value="Fenna van der Wold"' in answer.text
    assert "What happened" in answer.text


def test_search_finds_a_case_one_may_see_and_reveals_no_other(walk: Walk) -> None:
    walk.opened()
    mine = send(walk, Role.POLICE_RCCB, "report", None, {"act": "find", "name": "fenna  van der wold"})
    other = as_client(walk.world.actor(Role.POLICE_RCCB, of="lx")).post(
        "/cases/report", {"act": "find", "name": "Fenna van der Wold"}
    )

    assert walk.case.number in mine.text
    assert walk.case.number not in other.text


def test_an_intake_opens_a_case_with_its_relations(walk: Walk) -> None:
    answer = send(walk, Role.POLICE_RCCB, "report", None, intake(walk))

    assert answer.status_code == 302
    with acting(walk.actor(Role.POLICE_RCCB), at=timezone.now()):
        assert Case.objects.get().relations.get().core_household


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("office", "not-an-office"), ("birth_date", "yesterday"), ("near-0-kind", ""), ("region", "mars")],
)
def test_a_bad_intake_is_refused_and_keeps_what_was_typed(walk: Walk, field: str, value: str) -> None:
    answer = send(walk, Role.POLICE_RCCB, "report", None, intake(walk, **{field: value}))

    assert refused_with_what_was_typed(answer, 422)
    assert "Sanne Terpstra" in answer.text


def test_an_intake_of_somebody_known_is_refused_and_keeps_what_was_typed(walk: Walk) -> None:
    walk.opened()

    assert refused_with_what_was_typed(send(walk, Role.POLICE_RCCB, "report", None, intake(walk)), 409)


def test_handing_in_saves_what_stands_on_the_page(walk: Walk) -> None:
    nomination = walk.opened()
    told = {"act": "hand_in", "version": nomination.version, "what_happened": TYPED, "serious": "on"}

    answer = send(walk, Role.POLICE_RCCB, "nomination", nomination.pk, told)

    assert answer.status_code == 302
    with acting(walk.actor(Role.POLICE_RCCB), at=timezone.now()):
        assert Nomination.objects.get().state == "filled"
    page = as_client(walk.actor(Role.PROSECUTION_ADVISER)).get(reverse("cases:nomination", args=[nomination.pk]))
    assert TYPED in page.text


def test_a_stale_nomination_shows_both_versions_and_can_then_be_saved(walk: Walk) -> None:
    nomination = walk.opened()
    told = {"act": "save", "version": nomination.version, "what_happened": "First", "measures_now": ""}
    send(walk, Role.POLICE_RCCB, "nomination", nomination.pk, told)

    answer = send(walk, Role.POLICE_RCCB, "nomination", nomination.pk, {**told, "what_happened": TYPED})

    assert refused_with_what_was_typed(answer, 412)
    assert "Saved meanwhile" in answer.text
    assert "First" in answer.text
    assert f'name="version" value="{nomination.version + 1}"' in answer.text


def test_the_adviser_completes_and_the_chief_prosecutor_signs(walk: Walk) -> None:
    walk.handed_in()
    walk.assessed()
    nomination, chief = walk.nomination, walk.actor(Role.CHIEF_PROSECUTOR)

    completed = send(
        walk,
        Role.PROSECUTION_ADVISER,
        "nomination",
        nomination.pk,
        {"act": "complete", "version": nomination.version, "assessment": TYPED},
    )
    signed = send(
        walk,
        Role.CHIEF_PROSECUTOR,
        "nomination",
        nomination.pk,
        {"version": nomination.version + 1, "code": code_for(chief)},
    )

    assert (completed.status_code, signed.status_code) == (302, 302)
    with acting(chief, at=timezone.now()):
        assert Nomination.objects.get().state == "signed"


def test_a_wrong_code_signs_nothing(walk: Walk) -> None:
    nomination = walk.completed()

    answer = send(
        walk, Role.CHIEF_PROSECUTOR, "nomination", nomination.pk, {"version": nomination.version, "code": "000000"}
    )

    assert answer.status_code == 403
    assert "000000" not in answer.text


def test_the_adviser_sends_back(walk: Walk) -> None:
    nomination = walk.handed_in()

    answer = send(
        walk,
        Role.PROSECUTION_ADVISER,
        "nomination",
        nomination.pk,
        {"act": "send_back", "version": nomination.version},
    )

    assert answer.status_code == 302
    with acting(walk.actor(Role.POLICE_RCCB), at=timezone.now()):
        assert Nomination.objects.get().state == "draft"


def test_the_desk_names_two_people(walk: Walk) -> None:
    walk.signed()
    told = {
        "case_manager": str(walk.actor(Role.CASE_MANAGER).user_id),
        "decider": str(walk.actor(Role.DECIDER).user_id),
    }

    answer = send(walk, Role.DUTY_OFFICER, "assign", walk.nomination.case_id, told)

    assert answer.status_code == 302
    assert as_client(walk.actor(Role.DECIDER)).get(answer["Location"]).status_code == 200


def test_the_judgement_is_prepared_and_decided(walk: Walk) -> None:
    walk.assigned()
    key, version = walk.nomination.pk, walk.nomination.version
    prepared = {"version": version, "proposal": "Accept", "information_used": "The intake"}
    decided = {
        "version": version + 1,
        "outcome": "accept",
        "reasons": "The order is known",
        "code": code_for(walk.actor(Role.DECIDER)),
    }

    assert send(walk, Role.CASE_MANAGER, "prepare", key, prepared).status_code == 302
    assert send(walk, Role.DECIDER, "judge", key, decided).status_code == 302

    with acting(walk.actor(Role.DECIDER), at=timezone.now()):
        assert Case.objects.get().state == "scheme"


def test_a_judgement_without_a_choice_is_refused(walk: Walk) -> None:
    nomination = walk.prepared()
    told = {"version": nomination.version, "reasons": TYPED, "code": code_for(walk.actor(Role.DECIDER))}

    assert refused_with_what_was_typed(send(walk, Role.DECIDER, "judge", nomination.pk, told), 422)


def test_a_decider_ratifies_what_was_decided_by_telephone(walk: Walk) -> None:
    designation = urgently_designated(walk)
    told = {"reasons": TYPED, "code": code_for(walk.actor(Role.DECIDER))}

    assert refused_with_what_was_typed(send(walk, Role.DECIDER, "ratify", designation.pk, {**told, "code": "1"}), 403)
    assert send(walk, Role.DECIDER, "ratify", designation.pk, told).status_code == 302
    with acting(walk.actor(Role.DECIDER), at=timezone.now()):
        assert Designation.objects.get().ratified_at is not None


def call(walk: Walk, **changes: object) -> dict[str, object]:
    told = {name: value for name, value in intake(walk).items() if not name.startswith(("near", "act", "purpose"))}
    return {**told, "caller": "Colonel Vermeer", "note": TYPED, "kinds": ["close_protection"], **changes}


def test_a_call_about_an_unknown_person_opens_a_case_and_designates(walk: Walk) -> None:
    answer = send(walk, Role.DUTY_OFFICER, "call", None, call(walk))

    assert answer.status_code == 302
    with acting(walk.actor(Role.DUTY_OFFICER), at=timezone.now()):
        assert UrgentRequest.objects.get().person_directed
        assert Case.objects.get().state == "scheme"


def test_a_call_that_this_role_may_not_grant_is_refused_as_a_whole(walk: Walk) -> None:
    answer = send(walk, Role.POLICE_RCCB, "call", None, call(walk))

    assert refused_with_what_was_typed(answer, 403)
    with acting(walk.actor(Role.POLICE_RCCB), at=timezone.now()):
        assert not Case.objects.exists()
