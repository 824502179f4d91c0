"""The pages of threat analysis in a browser's eyes: who sees what, forms that keep what was typed, constant queries."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor, Role
from stelsel.kernel.models import ReadEntry, WorkItem
from tests.browsing import as_client
from tests.threat.scene import Scene, later, run_job
from tests.world import NOON
from threat.models import InformationRequest, Picture, PictureScore, Product, Signal
from threat.services import request_score


def url(name: str, *args: Any) -> str:
    return reverse(f"threat:{name}", args=args)


def page(actor: Actor, address: str, status: int = 200) -> str:
    response = as_client(actor).get(address)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response.content.decode()


def send(who: Actor, address: str, status: int = 302, **fields: Any) -> str:
    response = as_client(who).post(address, fields)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response.content.decode()


def test_the_case_manager_commissions_in_the_browser(scene: Scene) -> None:
    address = url("commission", scene.case.pk)
    assert "Unit" in page(scene.manager, address) or "LX" in page(scene.manager, address)

    send(
        scene.manager,
        address,
        supplier_id=str(scene.supplier_id),
        kind="estimate",
        person_id=str(scene.case.person_id),
        question="Who asked about the school?",
        factors=["F1", "F3"],
        due_at="2040-01-01T12:00",
        analysts=[str(scene.analyst.user_id)],
    )

    assert "Who asked about the school?" in page(scene.manager, url("information", scene.case.pk))


def test_a_refused_form_keeps_what_was_typed(scene: Scene) -> None:
    shown = send(
        scene.manager,
        url("commission", scene.case.pk),
        status=422,
        supplier_id=str(scene.supplier_id),
        kind="estimate",
        person_id=str(scene.case.person_id),
        question="Who asked about the school?",
        factors=["F1"],
        due_at="2020-01-01T12:00",
    )

    assert "Who asked about the school?" in shown
    assert "The due date lies ahead." in shown


def test_a_supplier_sees_question_due_and_pseudonym_and_never_the_case(scene: Scene) -> None:
    request = scene.ask()

    for shown in (page(scene.supplier, url("requests")), page(scene.supplier, url("request", request.pk))):
        assert "Is there preparation?" in shown
        assert request.pseudonym in shown
        assert scene.case.number not in shown
        assert str(scene.case.pk) not in shown
    assert "Is there preparation?" not in page(scene.rival, url("requests"))


def test_a_supplier_delivers_and_reads_back_its_own_product(scene: Scene) -> None:
    request = scene.ask()
    page(scene.supplier, url("deliver", request.pk))

    send(
        scene.supplier,
        url("deliver", request.pk),
        kind="estimate",
        number="LX-77",
        dated="2026-03-01",
        marking="DEP_V",
        data_regime="wpg",
        caveat="none",
        reliability="B",
        credibility="2",
        valid_from="2026-03-01",
        text="Two men looked at the house.",
    )

    with acting(scene.supplier, at=NOON):
        product = Product.objects.get()
    assert "Two men" in page(scene.supplier, url("product", product.pk))
    assert "Two men" in page(scene.analyst, url("product", product.pk))
    assert "Two men" not in page(scene.manager, url("product", product.pk))


def test_content_above_the_ceiling_is_refused_at_its_field_and_kept_in_the_form(scene: Scene) -> None:
    shown = send(
        scene.supplier,
        url("deliver", scene.ask().pk),
        status=422,
        kind="estimate",
        number="LX-77",
        dated="2026-03-01",
        marking="STG_G",
        data_regime="wpg",
        caveat="none",
        reliability="B",
        credibility="2",
        valid_from="2026-03-01",
        text="Something very secret.",
    )

    assert "above what this system may hold" in shown
    assert "Something very secret." in shown


def test_a_supplier_refuses_and_the_case_manager_asks_again(scene: Scene) -> None:
    request = scene.ask()
    page(scene.supplier, url("refuse", request.pk))
    send(
        scene.supplier,
        url("refuse", request.pk),
        exists="yes",
        ground="investigation",
        note="A running case.",
        review_due="2040-01-01",
    )

    shown = page(scene.manager, url("request", request.pk))
    assert "Withheld" in shown
    assert "A running case." not in shown
    assert "A running case." in page(scene.analyst, url("request", request.pk))
    send(scene.manager, url("note", request.pk))
    page(scene.manager, url("again", request.pk))
    send(scene.manager, url("again", request.pk), due_at="2040-02-01T12:00")
    with acting(scene.supplier, at=NOON):
        assert InformationRequest.objects.get().state == "asked"


def test_an_analyst_disposes_of_a_signal(scene: Scene) -> None:
    signal = scene.signal("A car stood in the street.")
    assert "A car stood in the street." in page(scene.analyst, url("signal", signal.pk))

    send(scene.analyst, url("signal", signal.pk), status=422, disposition="used", reason="")
    send(scene.analyst, url("signal", signal.pk), disposition="used", reason="It fits.")

    with acting(scene.analyst, at=NOON):
        assert Signal.objects.get().disposition == "used"


def test_the_analyst_makes_a_picture_and_a_second_adopts_it(scene: Scene) -> None:
    product = scene.deliver(scene.ask())
    page(scene.analyst, url("start", scene.case.pk))
    send(scene.analyst, url("start", scene.case.pk), question="How likely?")
    with acting(scene.analyst, at=NOON):
        picture = Picture.objects.get()
    page(scene.analyst, url("add_line", picture.pk))
    send(scene.analyst, url("add_line", picture.pk), phenomenon="1", target_id=str(scene.case.person_id), actor="X")
    with acting(scene.analyst, at=NOON):
        line = picture.lines.get()
    page(scene.analyst, url("add_evidence", line.pk))
    _add_evidence(scene, line.pk, product)
    send(scene.analyst, url("score", picture.pk))
    assert "The score is being computed" in page(scene.analyst, url("picture", picture.pk))
    with acting(scene.analyst, at=NOON):
        score = PictureScore.objects.get()
    run_job("threat.score_picture", str(score.pk))
    send(scene.analyst, url("severity", picture.pk), severity="4", reason="One person could die.")
    page(scene.analyst, url("propose", picture.pk))
    send(scene.analyst, url("propose", picture.pk), likelihood="4", summary="Seen.", review_due=_soon(scene))
    assert "You took the step before this one" in page(scene.analyst, url("adopt", picture.pk))
    shown = as_client(scene.second).get(url("adopt", picture.pk)).context["bench"].hash
    send(scene.second, url("adopt", picture.pk), status=412, shown="00" * 32)
    send(scene.second, url("adopt", picture.pk), shown=shown)

    final = page(scene.analyst, url("picture", picture.pk))
    assert shown in final
    assert "this version never changes" in final


def _soon(scene: Scene) -> str:
    """A review date that the house norm allows for the score as it is."""
    with acting(scene.analyst, at=NOON):
        person = PictureScore.objects.get().result["person"]  # type: ignore[index]  # scored just now
    return str(person["reviewBy"])


def _add_evidence(scene: Scene, line: object, product: Product) -> None:
    fields: dict[str, Any] = {
        "revision": "2",
        "factor": "F3",
        "bound": "AT_LEAST",
        "value": "3",
        "kind": "concrete",
        "product_id": str(product.pk),
        "text": "Reconnaissance.",
        "reliability": "B",
        "credibility": "2",
        "valid_as_of": "2026-03-01",
    }
    shown = send(scene.analyst, url("add_evidence", line), status=422, **{**fields, "kind": "signal", "value": "0"})
    assert "At least 0 and at most 4 say nothing." in shown
    assert "names its signal" in shown
    send(scene.analyst, url("add_evidence", line), **fields)


def test_the_workbench_explains_each_factor_and_never_calls_the_index_a_percentage(scene: Scene) -> None:
    picture = scene.scored()

    shown = page(scene.analyst, url("picture", picture.pk))

    assert "What happens without each source group" in shown
    assert "of which prior" in shown
    assert "Are urgent measures needed?" in shown
    assert "Draft: not adopted" in shown
    main = shown[shown.index("<main") : shown.index("</main>")].replace('width="100%"', "")
    assert "%" not in main


def test_insufficient_information_is_shown_as_such(scene: Scene) -> None:
    picture = scene.start()
    scene.line(picture)
    scene.score(picture)

    shown = page(scene.analyst, url("picture", picture.pk))
    assert "never the same as low" in shown


def test_progress_asks_again_until_the_score_is_there(scene: Scene) -> None:
    picture = scene.start()
    scene.add(scene.line(picture))
    score = request_score(picture_id=picture.pk, actor=scene.analyst, at=NOON)
    client = as_client(scene.analyst)

    waiting = client.get(url("picture", picture.pk), headers={"hx-request": "true"}).content.decode()
    run_job("threat.score_picture", str(score.pk))
    ready = client.get(url("picture", picture.pk), headers={"hx-request": "true"}).content.decode()

    assert "hx-get" in waiting
    assert "hx-get" not in ready
    assert "The score is there" in ready


def test_a_draft_that_cannot_be_scored_says_why(scene: Scene) -> None:
    shown = send(scene.analyst, url("score", scene.start().pk), status=422)

    assert "at least one threat line" in shown


def test_evidence_is_changed_taken_out_and_marked_as_lapsed(scene: Scene) -> None:
    picture = scene.start()
    line = scene.line(picture)
    item, other = scene.add(line), scene.add(line, group="G2")

    assert "Reconnaissance of the house." in page(scene.analyst, url("evidence", item.pk))
    page(scene.analyst, url("lapse", item.pk))
    send(scene.analyst, url("lapse", item.pk), reason="They left.")
    send(scene.analyst, url("remove_evidence", other.pk))
    send(scene.analyst, url("remove_line", line.pk))
    assert "Threat lines appear here" in page(scene.analyst, url("picture", picture.pk))


def test_a_stale_change_of_evidence_is_refused_and_can_be_saved_again(scene: Scene) -> None:
    picture = scene.start()
    line = scene.line(picture)
    item = scene.add(line)
    fields: dict[str, Any] = {
        "factor": "F3",
        "bound": "AT_LEAST",
        "value": "2",
        "kind": "context",
        "text": "Changed words.",
        "reliability": "B",
        "credibility": "2",
        "valid_as_of": "2026-03-01",
        "group": "G9",
        "provenance": "study",
    }

    shown = send(scene.analyst, url("evidence", item.pk), status=412, revision="1", **fields)

    assert "Changed words." in shown
    assert 'name="revision" value="3"' in shown
    send(scene.analyst, url("evidence", item.pk), revision="3", **fields)


def test_returning_abandoning_and_a_new_version(scene: Scene) -> None:
    picture = scene.proposed()
    page(scene.second, url("give_back", picture.pk))
    send(scene.second, url("give_back", picture.pk), reason="Grade it again.")
    assert "Grade it again." in page(scene.analyst, url("picture", picture.pk))
    page(scene.analyst, url("abandon", picture.pk))
    send(scene.analyst, url("abandon", picture.pk), reason="Another question.")
    assert "Another question." in page(scene.analyst, url("picture", picture.pk))


def test_a_new_version_begins_from_the_adopted_one(scene: Scene) -> None:
    picture = scene.adopted()

    page(scene.analyst, url("new_version", picture.pk))
    send(scene.analyst, url("new_version", picture.pk), question="And now?")

    assert "Version 2" in page(scene.analyst, url("information", scene.case.pk))


def test_a_departure_is_seconded_in_the_browser(scene: Scene) -> None:
    picture = scene.proposed(likelihood=3, departure="expert_judgement", departure_reason="An old car.")

    assert "as second analyst" in page(scene.second, url("adopt", picture.pk))
    send(scene.second, url("second", picture.pk))
    assert "An old car." in page(scene.third, url("adopt", picture.pk))


def test_the_case_manager_answers_the_urgent_question(scene: Scene) -> None:
    scene.scored()
    assert "Answer the analysts" in page(scene.manager, url("information", scene.case.pk))

    page(scene.manager, url("urgent", scene.case.pk))
    send(scene.manager, url("urgent", scene.case.pk), answer="in_force")

    with acting(scene.manager, at=NOON):
        assert not WorkItem.objects.filter(kind="threat.urgent_question", closed_at=None).exists()


def test_the_case_page_shows_the_panel_and_timeline_to_those_who_may(scene: Scene) -> None:
    scene.scored()
    address = reverse("cases:case", args=[scene.case.pk])

    assert "Undisposed signals" in page(scene.analyst, address)
    assert "Threat picture, version 1, started" in page(scene.analyst, address)
    manager = page(scene.manager, address)
    assert "Unanswered requests" in manager
    assert "version 1, started" not in manager
    assert "Unanswered requests" not in page(scene.decider, address)


def test_an_analyst_registers_acknowledges_and_a_supplier_withdraws_a_product(scene: Scene) -> None:
    page(scene.analyst, url("register", scene.case.pk))
    product = scene.deliver(scene.ask())
    send(scene.analyst, url("acknowledge", product.pk))
    page(scene.supplier, url("withdraw", product.pk))
    send(scene.supplier, url("withdraw", product.pk), reason="Wrong person.")
    assert "Wrong person." in page(scene.analyst, url("product", product.pk))


def test_the_desk_lists_what_waits_over_all_cases(scene: Scene) -> None:
    scene.ask()
    scene.signal()
    scene.start()

    shown = page(scene.analyst, url("desk"))
    assert shown.count(scene.case.number) >= 3
    assert scene.case.number not in page(scene.stranger, url("desk"))


# --- walls -----------------------------------------------------------------------------------------------------------


def addresses(scene: Scene) -> dict[str, str]:
    """One address of every kind that shows something of the case."""
    request = scene.ask()
    product = scene.deliver(scene.ask(), "LX-9")
    signal = scene.signal()
    picture = scene.start()
    line = scene.line(picture)
    item = scene.add(line)
    of_case = ("information", "commission", "register", "urgent", "start")
    of_picture = ("picture", "add_line", "severity", "propose", "adopt", "give_back", "abandon", "new_version")
    return {
        **{name: url(name, scene.case.pk) for name in of_case},
        **{name: url(name, picture.pk) for name in of_picture},
        **{name: url(name, request.pk) for name in ("request", "deliver", "refuse", "again")},
        **{name: url(name, product.pk) for name in ("product", "withdraw")},
        "signal": url("signal", signal.pk),
        "add_evidence": url("add_evidence", line.pk),
        "evidence": url("evidence", item.pk),
        "lapse": url("lapse", item.pk),
    }


OF_CASE = {"information", "commission", "register", "urgent", "start"}
ALLOWED: dict[str, set[str]] = {
    "manager": {"information", "commission", "urgent", "request", "again", "product"},
    "supplier": {"request", "deliver", "refuse", "product", "withdraw"},
    "decider": set(),
    "stranger": set(),
    "rival": set(),
}
VISIBLE_BUT_FORBIDDEN: dict[str, set[str]] = {
    "manager": {"register", "start", "deliver", "refuse", "withdraw"},
    "supplier": {"again"},
    "decider": OF_CASE,
    "stranger": set(),
    "rival": set(),
}


@pytest.mark.parametrize("who", list(ALLOWED))
def test_r069_every_address_answers_each_role_as_the_wall_says(scene: Scene, who: str) -> None:
    known = addresses(scene)
    client = as_client(getattr(scene, who))

    answers = {name: client.get(address).status_code for name, address in known.items()}

    expected = {
        name: 200 if name in ALLOWED[who] else 403 if name in VISIBLE_BUT_FORBIDDEN[who] else 404 for name in known
    }
    assert answers == expected


@pytest.mark.parametrize("role", [Role.LCC_ADVISER, Role.LCC_COORDINATOR, Role.RESILIENCE_EXPERT, Role.DUTY_OFFICER])
def test_r069_other_roles_on_the_case_open_no_page_of_the_analysis(scene: Scene, role: Role) -> None:
    known = addresses(scene)
    actor = scene.world.actor(role)
    scene.see(actor)
    client = as_client(actor)

    answers = {name: client.get(address).status_code for name, address in known.items()}
    assert answers == {name: 403 if name in OF_CASE else 404 for name in known}


def test_every_read_of_the_workbench_is_logged_with_its_purpose(scene: Scene) -> None:
    picture = scene.start()
    page(scene.analyst, url("picture", picture.pk))

    controller = scene.world.actor(Role.CONTROLLER)
    with acting(controller, at=NOON):
        read = ReadEntry.objects.get(route="threat:picture")
        assert (read.subject_id, read.purpose) == (scene.case.person_id, "threat analysis")


# --- queries ---------------------------------------------------------------------------------------------------------


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


@pytest.mark.parametrize("name", ["information", "picture", "desk", "requests"])
def test_a_page_asks_as_many_questions_for_one_row_as_for_many(scene: Scene, name: str) -> None:
    request = scene.ask()
    product = scene.deliver(request)
    picture = scene.start()
    line = scene.line(picture, actor="X")
    scene.add(line, product)
    scene.signal()
    address: dict[str, Callable[[], str]] = {
        "information": lambda: url("information", scene.case.pk),
        "picture": lambda: url("picture", picture.pk),
        "desk": lambda: url("desk"),
        "requests": lambda: url("requests"),
    }
    client = as_client(scene.supplier if name == "requests" else scene.analyst)
    before = queries(client, address[name]())

    for number in range(3):
        other = scene.ask(days=2 + number)
        scene.add(scene.line(picture, actor=f"Y{number}"), scene.deliver(other, f"LX-1{number}"))
        scene.add(line, product, group=f"G{number}", valid_as_of=later(-number))
        scene.signal()
        scene.ask(days=9)

    assert queries(client, address[name]()) == before
