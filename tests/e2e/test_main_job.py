"""The main job in the browser and over the API, against the real processes: from a report to a published plan.

Eleven people and two API clients walk one protected person from the first report to the plan of who protects them.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from cases.models import Case, Measure
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.models import OutboxMessage
from tests.capacity.supply import teams
from tests.e2e.people import Somebody, a_browser, sweep
from tests.e2e.stack import running
from tests.services import ROOT, Services
from tests.test_api import SECRET as CLIENT_SECRET
from tests.test_api import a_client_of
from tests.worker import CeleryWorker
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(services: Services, celery_worker_process: CeleryWorker, world: World) -> Iterator[str]:
    for role, nth in ((Role.PRODUCT_SUPPLIER, 1), (Role.THREAT_ANALYST, 1), (Role.THREAT_ANALYST, 2)):
        world.actor(role, nth=nth)  # they are offered as a choice
    teams(world, 6, at=datetime.now(UTC))
    with running(services) as address:
        yield address


@pytest.fixture
def browser() -> Iterator[Browser]:
    with a_browser() as browser:
        yield browser


def until(fact: Callable[[], Any], *, within: float = 45.0) -> Any:
    """Wait for what a worker does; the answer as soon as it is there."""
    last = time.monotonic() + within
    while not (answer := fact()):
        jobs = list(OutboxMessage.objects.values_list("task", "state", "attempts", "error"))
        assert time.monotonic() < last, jobs
        time.sleep(0.3)
    return answer


class Api:
    """An API client of an organisation, over real HTTP."""

    def __init__(self, address: str, client_id: str, scope: str) -> None:
        self.base = f"{address}/api/v1"
        answer = requests.post(
            f"{self.base}/oauth/token",
            {"grant_type": "client_credentials", "scope": scope},
            auth=(client_id, CLIENT_SECRET),
            timeout=20,
        )
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str) -> Any:
        answer = self.session.get(f"{self.base}/{path}", timeout=20)
        assert answer.status_code == 200, answer.text
        assert answer.headers["API-Version"]
        return answer.json()

    def post(self, path: str, body: dict[str, object], **headers: str) -> Any:
        sent = {"Idempotency-Key": f"main-job-{time.monotonic_ns()}", **headers}
        answer = self.session.post(
            f"{self.base}/{path}", json.dumps(body), headers={**sent, "Content-Type": "application/json"}, timeout=20
        )
        assert answer.status_code == 201, answer.text
        return answer.json()


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def moment(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).strftime("%Y-%m-%dT%H:%M")


def test_from_a_report_of_a_threat_to_a_published_protection_plan(  # noqa: PLR0915  # one walk, told in its order
    address: str, browser: Browser, world: World, services: Services
) -> None:
    def comes(role: Role, nth: int = 1) -> Somebody:
        return Somebody(browser, address, world.actor(role, nth=nth))

    # 1. Nominate: the police fill the intake, the adviser completes it, the chief prosecutor signs.
    police = comes(Role.POLICE_RCCB)
    police.go("/cases/report").fill(name="Fenna van der Wold").submit("name")
    police.fill(
        phenomenon="organised_crime",
        what_happened="An explosive was found at the front door.",
        office=world.organisations["om-noord"].pk,
        region="noord",
        purpose="Protection of life",
        serious=True,
        aimed_at_life=True,
        threatener_known=True,
        near__0__name="Sietse van der Wold",
        near__0__kind="partner",
        near__0__core_household=True,
    ).submit("what_happened").accepted()
    number = number_of(world)
    police.submit("what_happened", act="hand_in").accepted()

    adviser = comes(Role.PROSECUTION_ADVISER)
    adviser.open_work(number).follow("/framework")
    adviser.fill(serious="yes", aimed="direct", origin="phenomenon", threatener="known").submit("serious").accepted()
    adviser.open_work(number).fill(assessment="Serious and aimed at life.").submit(
        "assessment", act="complete"
    ).accepted()

    chief = comes(Role.CHIEF_PROSECUTOR)
    chief.open_work(number)
    assert "An explosive was found" in chief.text()
    chief.fill(code=chief.code()).submit("code").accepted()

    # 2. Triage and designation: authority passes to the NCTV at that instant.
    duty = comes(Role.DUTY_OFFICER)
    manager, decider = comes(Role.CASE_MANAGER), comes(Role.DECIDER)
    duty.open_work(number).fill(case_manager=manager.actor.user_id, decider=decider.actor.user_id)
    duty.submit("decider").accepted()
    manager.open_work(number).fill(proposal="Accept.", information_used="Intake and assessment.")
    manager.submit("proposal").accepted()
    decider.open_work(number).fill(outcome="accept", reasons="The criteria are met.", code=decider.code())
    decider.submit("outcome").accepted()
    case_path = f"/cases/{case_of(world).pk}"
    assert "NCTV" in manager.go(case_path).text()

    # The person is told, by the named contact.
    manager.open_work(number, to="/duties/").fill(channel="face_to_face", told="What the scheme means for the family.")
    manager.submit("told").accepted()

    # 3. The handover file: the prosecutor's side supplies and offers, the case manager accepts; nothing moves.
    adviser.open_work(number)
    items = adviser.page.locator("main textarea")
    for nth in range(items.count()):
        items.nth(nth).fill("As agreed by telephone.")
    adviser.submit(items.first.get_attribute("name") or "").accepted()
    chief.go(adviser.page.url).fill(code=chief.code()).submit("code").accepted()
    manager.open_work(number, to="/handovers/").fill(code=manager.code()).submit("code").accepted()

    # 4. Information: a product is commissioned and delivered over the API; the person's own words become a signal.
    analyst, second = comes(Role.THREAT_ANALYST), comes(Role.THREAT_ANALYST, nth=2)
    manager.go(f"/threat/cases/{case_of(world).pk}/commission").fill(
        supplier_id=world.organisations["lx"].pk,
        kind="estimate",
        question="Who gave the order, and can they carry it out?",
        factors=["F1", "F2", "F3"],
        due_at=moment(3),
        analysts=[analyst.actor.user_id, second.actor.user_id],
    ).submit("question").accepted()
    supplier = Api(address, a_client_of(world.actor(Role.PRODUCT_SUPPLIER)), "products")
    asked = supplier.get("information-requests")[0]
    assert asked["question"].startswith("Who gave the order")
    supplier.post(
        f"information-requests/{asked['id']}/products",
        {
            "kind": "estimate",
            "number": "LX-2026-17",
            "dated": day(0),
            "reliability": "B",
            "credibility": 2,
            "validFrom": day(0),
            "text": "An order was given; a vehicle was seen twice.",
        },
    )
    manager.go(f"{case_path}/contact").fill(text="A grey van stood in the street again.", is_signal=True)
    manager.submit("text").accepted()

    # 5. The threat picture: evidence, the score by a worker, adoption by a second analyst.
    analyst.go(f"/threat/cases/{case_of(world).pk}").follow("/threat/cases/").page.wait_for_load_state()
    picture = make_picture(analyst, case_of(world).pk)
    dispose_signal(analyst, case_of(world).pk)
    score_and_propose(analyst, picture)
    second.go(f"{picture}/adopt")
    assert "%" not in second.page.locator("main").inner_text().split("L")[0]
    second.submit("shown").accepted()

    # 6. Level, advice, package, decision: an analyst can do none of it.
    assert analyst.go(case_path).no_link("/level")
    decider.open_work(number, to="/level").fill(severity=4, likelihood=4, resistance=4, reasons="The picture is clear.")
    if decider.page.locator("[name=departure]").count():
        fits_picture(decider)
    decider.submit("resistance").accepted()
    comes(Role.LCC_ADVISER).open_work(number).fill(
        feasible="yes", advice="Close protection outdoors.", guard_safety="Two teams at night."
    ).submit("advice").accepted()
    decide_measures(manager, decider, case_of(world))

    # 7. Assignments and demand follow by a worker, within seconds.
    lcc = Api(address, a_client_of(world.actor(Role.LCC_COORDINATOR, nth=2)), "capacity")
    until(lambda: lcc.get("demand-lines"))
    assert lcc.get("assignments")[0]["concept"] == "close_protection"

    # 8. Prioritisation: a run is solved by a worker, and published.
    coordinator = comes(Role.LCC_COORDINATOR)
    coordinator.go("/capacity/runs").fill(days=3).submit("days").accepted()
    run = coordinator.page.url
    until(lambda: coordinator.go(run).page.locator("form[action*='/publish']").count(), within=120)
    coordinator.page.locator("form[action*='/publish'] button").click()
    coordinator.page.wait_for_load_state()

    # 9. The LCC over REST: the plan, and what became of the measures.
    plan = until(lambda: lcc.get("published-plan"))
    assert plan[0]["team"].startswith("LX-")
    for measure in lcc.get("measures"):
        lcc.post(f"measures/{measure['id']}/reports", {"step": "put_in_place"}, **{"If-Match": str(measure["version"])})

    # 10. The case shows it all to the one who manages it; nothing of the resilience file but its status.
    assert number in manager.go(case_path).text()
    with acting(manager.actor, at=datetime.now(UTC)):
        assert set(Measure.objects.values_list("state", flat=True)) == {"in_place"}
    assert "LX-" in manager.go(f"/capacity/cases/{case_of(world).pk}").text()
    expert = comes(Role.RESILIENCE_EXPERT)
    assert f"P{number[2:]}" in expert.go("/resilience/?show=files").text()

    # The trail of all this is whole, and every page that was opened is accessible, wide and narrow.
    until(lambda: verified(services), within=60)
    people = (police, adviser, chief, duty, manager, decider, analyst, second, coordinator, expert)
    assert sweep(people) == []


def verified(services: Services) -> bool:
    """Whether the verifier finds nothing; asked again while a seal is on its way to the anchor."""
    argv = [sys.executable, "manage.py", "audit", "verify"]
    return subprocess.run(argv, env=services.environment("verify"), cwd=ROOT, check=False).returncode == 0


# --- how each does it -----------------------------------------------------------------------------------------------


def case_of(world: World) -> Case:
    with acting(world.actor(Role.POLICE_RCCB), at=datetime.now(UTC)):
        return Case.objects.get()


def number_of(world: World) -> str:
    return case_of(world).number


def make_picture(analyst: Somebody, case_id: object) -> str:
    analyst.go(f"/threat/cases/{case_id}/start")
    analyst.fill(question="What threatens this person?").submit("question").accepted()
    picture = analyst.page.url
    analyst.follow("/line").fill(phenomenon=1, modus="Firearm or explosive").submit("modus").accepted()
    for factor, value in (("F1", 3), ("F2", 3), ("F3", 3)):
        analyst.go(picture).follow("/threat/lines/").fill(
            factor=factor,
            bound="AT_LEAST",
            value=value,
            kind="concrete",
            text="From the estimate.",
            reliability="B",
            credibility=2,
            valid_as_of=day(-2),
            group=f"G{factor[1]}",
        )
        product = analyst.page.locator("[name=product_id]")
        product.select_option(index=1)
        analyst.submit("factor").accepted()
    analyst.go(picture).follow("/severity").fill(severity=4, reason="An attempt on life is meant.")
    analyst.submit("severity").accepted()
    return picture


def dispose_signal(analyst: Somebody, case_id: object) -> None:
    until(lambda: not analyst.go(f"/threat/cases/{case_id}").no_link("/threat/signals/"))
    analyst.follow("/threat/signals/").fill(disposition="used", reason="Fits the estimate.")
    analyst.submit("disposition").accepted()


def score_and_propose(analyst: Somebody, picture: str) -> None:
    analyst.go(picture).page.locator("form[action*='/score'] button").click()
    analyst.page.wait_for_load_state()
    until(lambda: not analyst.go(picture).no_link("/propose"))
    analyst.follow("/propose").fill(
        summary="A concrete order; preparations were seen.", likelihood=4, review_due=day(10)
    ).submit("summary").accepted()


def fits_picture(decider: Somebody) -> None:
    decider.page.locator("[name=departure]").select_option("")


def decide_measures(manager: Somebody, decider: Somebody, case: Case) -> None:
    number = case.number
    manager.open_work(number, to="/levels/").fill(tier=2, review_due=day(30)).submit("tier").accepted()
    texts = ("alternatives", "household_effect", "necessity", "proportionality", "subsidiarity", "review_trigger")
    manager.fill(**dict.fromkeys((*texts, "exit_criteria", "residual_risk"), "Considered and written down."))
    manager.fill(
        planned__0__kind="close_protection",
        planned__0__person=case.person_id,
        planned__0__starts_on=day(1),
        planned__0__region="noord",
        planned__0__required=1,
        planned__0__floor=1,
        planned__0__shifts=["D", "E", "N"],
    )
    manager.submit("necessity", act="submit").accepted()
    decider.open_work(number, to="/packages/").fill(reasons="Proportionate to the level.", code=decider.code())
    decider.submit("code").accepted()
