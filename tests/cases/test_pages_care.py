"""The pages of the duty of care: what is typed takes effect, or is refused and not lost."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cases.models import Agreement, Breach, DutyAnswers, Measure, Responsibility
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from tests.browsing import as_client
from tests.cases.caring import a_breach, submitted, talked
from tests.cases.sending import TYPED, refused_with_what_was_typed, send
from tests.cases.walk import Walk
from tests.world import World, code_for


@pytest.fixture
def walk(world: World) -> Walk:
    return Walk(world)


def test_r106_the_four_answers_are_written_on_a_page_and_signed_on_another(walk: Walk) -> None:
    walk.designated()
    case, decider = walk.case, walk.actor(Role.DECIDER)
    told = {"act": "answer", "decision": f"other:{case.pk}", "known": TYPED, "risk": "yes", "available": "x"}

    refused = send(walk, Role.CASE_MANAGER, "answers", case.pk, told)
    written = send(walk, Role.CASE_MANAGER, "answers", case.pk, {**told, "risk_reasons": "x", "choice": "x"})
    with acting(decider, at=timezone.now()):
        row = DutyAnswers.objects.get()
    page = as_client(decider).get(reverse("cases:answered", args=[row.pk]))
    code = {"act": "sign", "version": row.version, "code": code_for(decider)}
    signed = send(walk, Role.DECIDER, "answered", row.pk, code)

    assert refused_with_what_was_typed(refused, 422)
    assert (written.status_code, signed.status_code) == (302, 302)
    assert TYPED in page.text
    with acting(decider, at=timezone.now()):
        assert DutyAnswers.objects.get().state == "signed"


def test_r106_the_texts_cite_article_2(walk: Walk) -> None:
    walk.designated()

    page = as_client(walk.actor(Role.CASE_MANAGER)).get(reverse("cases:answers", args=[walk.case.pk])).text

    assert "article 2 ECHR" in page
    assert "Kurt v. Austria" in page
    assert "article 12" not in page


def test_r106_whoever_may_not_sign_is_told_so(walk: Walk) -> None:
    walk.designated()
    manager = walk.actor(Role.CASE_MANAGER)
    told = {"decision": f"other:{walk.case.pk}", "known": "x", "risk": "no", "available": "x", "risk_reasons": "x"}
    send(walk, Role.CASE_MANAGER, "answers", walk.case.pk, {"act": "answer", **told, "choice": "x"})
    with acting(manager, at=timezone.now()):
        row = DutyAnswers.objects.get()

    answer = send(walk, Role.CASE_MANAGER, "answered", row.pk, {"act": "sign", "version": row.version, "code": "1"})

    assert answer.status_code == 403


def test_r109_the_matrix_shows_every_measure_and_no_amount(walk: Walk) -> None:
    walk.decided()
    manager = walk.actor(Role.CASE_MANAGER)
    with acting(manager, at=walk.at):
        measure = Measure.objects.get(kind="camera")
    told = {"act": "settle", "party": "employer", "cost_bearer": "employer", "reason": "It hangs at the office."}

    answer = send(walk, Role.CASE_MANAGER, "responsible", measure.pk, told)
    page = as_client(manager).get(reverse("cases:responsibility", args=[walk.case.pk])).text

    assert answer.status_code == 302
    assert "The employer" in page
    assert "By the order; to be settled" in page
    assert "€" not in page
    with acting(manager, at=timezone.now()):
        assert Responsibility.objects.filter(measure=measure).count() == 2


def test_r111_agreement_and_breach_are_written_on_one_page(walk: Walk) -> None:
    walk.designated()
    case = walk.case
    agreed = {"act": "agree", "person": str(case.person_id), "text": "Journeys are told a day before."}
    send(walk, Role.CASE_MANAGER, "cooperation", case.pk, agreed)
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        agreement = Agreement.objects.get()
    told = {"act": "breach", "person": str(case.person_id), "kind": "not_kept", "facts": TYPED}
    when = {"occurred_on": "2026-03-01", "agreement_id": str(agreement.pk)}

    refused = send(walk, Role.CASE_MANAGER, "cooperation", case.pk, told)
    recorded = send(walk, Role.CASE_MANAGER, "cooperation", case.pk, {**told, **when})

    assert refused_with_what_was_typed(refused, 422)
    assert recorded.status_code == 302
    with acting(walk.actor(Role.CASE_MANAGER), at=timezone.now()):
        breach = Breach.objects.get()
    page = as_client(walk.actor(Role.CASE_MANAGER)).get(reverse("cases:breach", args=[breach.pk])).text
    assert "Journeys are told a day before." in page


def test_r111_a_stale_step_shows_what_changed_and_keeps_what_was_typed(walk: Walk) -> None:
    walk.designated()
    breach = a_breach(walk)
    talked(walk, breach)
    told = {"act": "talk", "version": 1, "talked_on": "2026-03-02", "interpreter": "none", "said": TYPED}

    answer = send(walk, Role.CASE_MANAGER, "breach", breach.pk, told)

    assert refused_with_what_was_typed(answer, 412)
    assert "Talked about" in answer.text


def test_r111_the_decider_signs_the_decision_anew_on_the_page(walk: Walk) -> None:
    walk.decided()
    breach = submitted(walk, talked(walk, a_breach(walk)))
    decider = walk.actor(Role.DECIDER)
    told = {"act": "decide", "version": breach.version, "outcome": "unchanged", "reasons": TYPED}

    wrong = send(walk, Role.DECIDER, "breach", breach.pk, {**told, "code": "000000"})
    right = send(walk, Role.DECIDER, "breach", breach.pk, {**told, "code": code_for(decider)})

    assert refused_with_what_was_typed(wrong, 403)
    assert right.status_code == 302


def test_the_block_on_the_case_page_says_what_waits(walk: Walk) -> None:
    walk.designated()
    a_breach(walk)

    page = as_client(walk.actor(Role.CASE_MANAGER)).get(reverse("cases:case", args=[walk.case.pk])).text

    assert "Duty of care" in page
    assert reverse("cases:cooperation", args=[walk.case.pk]) in page


@pytest.mark.parametrize("page", ["cooperation", "answers"])
def test_the_number_of_questions_does_not_grow_with_what_stands_there(
    walk: Walk, page: str, django_assert_num_queries: Any
) -> None:
    walk.designated()
    address, client = reverse(f"cases:{page}", args=[walk.case.pk]), as_client(walk.actor(Role.CASE_MANAGER))

    def more() -> None:
        a_breach(walk)
        walk.answered("other", walk.case.pk)

    more()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    more()
    more()

    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200
