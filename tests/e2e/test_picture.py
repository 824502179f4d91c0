"""A threat picture in the browser, against the real processes: from a product to its adoption and a blind coding.

A supplier delivers, one analyst makes the picture, another adopts it, a third who does not see the case codes it blind,
and the head of analysis reads how far they agree.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Actor
from tests.e2e.people import Somebody, a_browser, sweep
from tests.e2e.stack import running
from tests.e2e.test_main_job import day, make_picture, moment, score_and_propose
from tests.services import Services
from tests.threat.scene import set_scene
from tests.worker import CeleryWorker
from tests.world import World
from threat.models import Coding, InformationRequest, Picture
from threat.services import score_document

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(services: Services, celery_worker_process: CeleryWorker) -> Iterator[str]:
    with running(services) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


def test_from_a_product_to_an_adopted_picture_and_a_blind_coding(  # noqa: PLR0915  # one walk, told in its order
    address: str, browser: Browser, world: World
) -> None:
    scene = set_scene(world)
    case_id = scene.case.pk

    def comes(actor: Actor) -> Somebody:
        return Somebody(browser, address, actor)

    manager, supplier = comes(scene.manager), comes(scene.supplier)
    manager.go(f"/threat/cases/{case_id}/commission").fill(
        supplier_id=scene.supplier_id,
        kind="estimate",
        question="Who prepares what, and with which means?",
        factors=["F1", "F2", "F3"],
        due_at=moment(3),
        analysts=[scene.analyst.user_id],
    ).submit("question").accepted()
    with acting(scene.supplier, at=datetime.now(UTC)):
        asked = InformationRequest.objects.get()
    supplier.open_work(asked.number, to="/threat/requests/").follow("/deliver").fill(
        kind="estimate",
        number="LX-2026-31",
        dated=day(-1),
        reliability="B",
        credibility=2,
        valid_from=day(-1),
        text="Two men drove past the house three times; one of them looked for a weapon.",
    ).submit("number").accepted()

    analyst, second = comes(scene.analyst), comes(scene.second)
    analyst.open_work(asked.number, to="/threat/products/")
    assert "looked for a weapon" in analyst.text()
    picture = make_picture(analyst, case_id)
    score_and_propose(analyst, picture)
    assert analyst.go(f"{picture}/adopt").page.locator("[name=shown]").count() == 0
    second.open_work(scene.case.number, to="/adopt").submit("shown").accepted()
    adopted = stored(scene.analyst, picture)
    assert (adopted.state, adopted.likelihood) == ("adopted", 4)
    assert adopted.score is not None
    assert score_document(adopted.score.input) == adopted.score.result

    head, coder = comes(scene.head), comes(scene.stranger)
    head.go(f"{picture}/compare").fill(coders=[scene.stranger.user_id]).submit("coders").accepted()
    with acting(scene.stranger, at=datetime.now(UTC)):
        coding = Coding.objects.get()
    coder.open_work(coding.reference)
    assert scene.case.number not in coder.text()
    values = coder.page.locator("select[name$=_value]")
    assert values.count() == 3
    for nth in range(values.count()):
        values.nth(nth).select_option("3")
        coder.page.locator("select[name$=_source]").nth(nth).select_option("B")
        coder.page.locator("select[name$=_information]").nth(nth).select_option("2")
    coder.submit(values.first.get_attribute("name") or "").accepted()
    assert coder.page.goto(picture).status == 404  # type: ignore[union-attr]  # a page answers

    head.open_work(scene.case.number, to="/threat/comparisons/")
    assert "1,00" in head.text()
    head.page.locator("main form button:not([type=button])").first.click()
    head.page.wait_for_load_state()
    head.accepted()

    assert sweep((supplier, analyst, second, coder, head)) == []


def stored(actor: Actor, picture: str) -> Picture:
    with acting(actor, at=datetime.now(UTC)):
        return Picture.objects.select_related("score").get(pk=UUID(picture.rpartition("/")[2]))
