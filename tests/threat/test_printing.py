"""A picture on paper: marked, numbered, with the handling of each product at its citation."""

import json

import pytest
from django.utils import translation

from stelsel.kernel import documents
from stelsel.kernel.access import acting
from stelsel.kernel.authorisation import Role
from stelsel.kernel.documents import Letter, Paper
from stelsel.kernel.errors import Forbidden, Invalid
from stelsel.kernel.models.trail import ReadEntry
from tests.browsing import as_client
from tests.threat.scene import Scene, proposal
from tests.world import NOON
from threat.models import Picture, PicturePrint
from threat.services import adopt, print_picture, propose_adoption, set_severity


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Letter]:
    """What went on paper, beside the real pages."""
    found: list[Letter] = []
    compile_ = documents.pdf

    def pdf(letter: Letter, **when: object) -> bytes:
        found.append(letter)
        return compile_(letter, **when)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(documents, "pdf", pdf)
    return found


def printed_by(scene: Scene, picture: Picture) -> Paper:
    with translation.override("en"):
        return print_picture(picture_id=picture.pk, actor=scene.analyst, at=NOON)


def restricted(scene: Scene) -> Picture:
    """A scored picture on a product that its originator must agree to pass on."""
    product = scene.deliver(scene.ask(), caveat="third_party_rule")
    picture = scene.start()
    line = scene.line(picture, actor="The brothers")
    scene.add(line, product, factor="F3", value=3, group="G1")
    scene.add(line, product, factor="F1", value=3, group="G2")
    scene.score(picture)
    return set_severity(picture_id=picture.pk, severity=4, reason="Somebody could die.", actor=scene.analyst, at=NOON)


def test_r066_the_handling_of_a_product_stands_at_its_citation(scene: Scene, printed: list[Letter]) -> None:
    paper = printed_by(scene, restricted(scene))

    assert paper.content.startswith(b"%PDF-")
    assert paper.name == f"{scene.case.number}-B1-1.pdf"
    (letter,) = printed
    citations = [item for part in letter.parts for item in part.items]
    assert len(citations) == 2
    assert all("LX-1" in each and "Third-party rule" in each for each in citations)
    assert letter.draft
    assert letter.marking == "Departementaal VERTROUWELIJK"


def test_r066_each_copy_has_its_number_and_says_who_printed_it(scene: Scene, printed: list[Letter]) -> None:
    picture = scene.adopted()
    for _ in range(2):
        printed_by(scene, picture)

    assert [letter.words["copy"] for letter in printed] == ["Copy 1", "Copy 2"]
    assert not printed[1].draft
    assert scene.analyst.name in printed[1].recipient
    assert bytes(picture.content_hash or b"").hex() in json.dumps(printed[1].facts)
    with acting(scene.analyst, at=NOON):
        assert list(PicturePrint.objects.values_list("number", flat=True).order_by("number")) == [1, 2]
    with acting(scene.world.actor(Role.CONTROLLER), at=NOON):
        assert ReadEntry.objects.filter(actor_id=scene.analyst.user_id, kind="print").exists()


def test_r066_no_name_of_the_person_stands_on_paper(scene: Scene, printed: list[Letter]) -> None:
    printed_by(scene, scene.adopted())

    assert "Verzonnen" not in repr([*printed[0].facts, *printed[0].parts])


def test_r069_nobody_outside_the_analysis_prints_a_picture(scene: Scene) -> None:
    picture = scene.adopted()

    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger):
        with pytest.raises((Forbidden, Picture.DoesNotExist)):
            print_picture(picture_id=picture.pk, actor=actor, at=NOON)


def test_r066_what_may_not_be_passed_on_freely_is_handed_over_with_handling_advice(scene: Scene) -> None:
    picture = restricted(scene)
    with pytest.raises(Invalid) as refusal:
        propose_adoption(picture_id=picture.pk, proposal=proposal(), actor=scene.analyst, at=NOON)
    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("handling_advice", "required")]

    advised = proposal(handling_advice="Ask the originator before any of this is quoted.")
    propose_adoption(picture_id=picture.pk, proposal=advised, actor=scene.analyst, at=NOON)
    assert adopt(picture_id=picture.pk, actor=scene.second, at=NOON).state == "adopted"


def test_r066_the_page_shows_the_handling_and_gives_the_paper(scene: Scene) -> None:
    picture = restricted(scene)
    browser = as_client(scene.analyst)

    assert "Third-party rule" in browser.get(f"/threat/pictures/{picture.pk}").content.decode()
    answer = browser.post(f"/threat/pictures/{picture.pk}/print")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert browser.get(f"/threat/pictures/{picture.pk}/print").status_code == 405
