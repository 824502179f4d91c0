"""What changed between two versions of a picture, word by word and item by item."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stelsel.kernel.errors import NotVisible
from tests.browsing import as_client
from tests.threat.scene import Scene, finding
from tests.world import NOON
from threat.models import Picture
from threat.scoring.change import Kind, paired, words
from threat.services import add_evidence, change_evidence, remove_evidence, start_new_version
from threat.services.versions import Changes, read_changes
from threat.services.workbench import read_picture

TEXT = st.text("ab .,\n", max_size=60)


@given(TEXT, TEXT)
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = words(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED) == new
    assert (old == new) == all(piece.kind is Kind.SAME for piece in pieces)


@given(st.lists(st.integers(0, 5)), st.lists(st.integers(0, 5)))
def test_every_element_stands_in_one_place(old: list[int], new: list[int]) -> None:
    found = paired(old, new, key=lambda each: each)

    assert all(one == other for one, other in found.both)
    assert sorted([one for one, _ in found.both] + list(found.removed)) == sorted(old)
    assert sorted([other for _, other in found.both] + list(found.added)) == sorted(new)
    assert not set(found.removed) & set(found.added)


def changed(scene: Scene) -> Picture:
    """A next version: one item coded otherwise and reworded, one taken out, one new."""
    adopted = scene.adopted()
    draft = start_new_version(picture_id=adopted.pk, question="How likely is it now?", actor=scene.analyst, at=NOON)
    bench = read_picture(picture_id=draft.pk, actor=scene.analyst, at=NOON)
    (line,) = bench.lines
    intent, preparation = sorted(line.items, key=lambda item: item.row.factor)
    add_evidence(line_id=line.row.pk, finding=finding(text="A study says so."), actor=scene.analyst, at=NOON)
    change_evidence(
        evidence_id=intent.row.pk,
        finding=finding(
            intent.row.product, factor="F1", value=2, group="G2", text="Reconnaissance of the school and house."
        ),
        actor=scene.analyst,
        at=NOON,
    )
    remove_evidence(evidence_id=preparation.row.pk, actor=scene.analyst, at=NOON)
    return draft


def seen(scene: Scene, picture: Picture) -> Changes:
    return read_changes(picture_id=picture.pk, actor=scene.analyst, at=NOON)


def test_r067_the_versions_differ_item_by_item(scene: Scene) -> None:
    found = seen(scene, changed(scene))
    (line,) = found.lines
    (change,) = line.changed

    assert [item.row.factor for item in line.removed] == ["F3"]
    assert [item.text for item in line.added] == ["A study says so."]
    assert change.codes == [("value", 3, 2)]
    assert [(piece.kind, piece.text) for piece in change.text if piece.kind is not Kind.SAME] == [
        (Kind.ADDED, "school and ")
    ]
    assert "question" in found.texts
    assert (list(found.removed), list(found.added)) == ([], [])


def test_r067_an_untouched_next_version_shows_no_line(scene: Scene) -> None:
    adopted = scene.adopted()
    draft = start_new_version(picture_id=adopted.pk, question="Still?", actor=scene.analyst, at=NOON)

    assert seen(scene, draft).lines == []


def test_r067_the_first_version_has_nothing_to_compare_with(scene: Scene) -> None:
    picture = scene.start()

    with pytest.raises(NotVisible):
        seen(scene, picture)
    assert as_client(scene.analyst).get(f"/threat/pictures/{picture.pk}/changes").status_code == 404


def test_r069_nobody_outside_the_analysis_compares_versions(scene: Scene) -> None:
    draft = changed(scene)

    for actor in (scene.manager, scene.decider, scene.supplier, scene.stranger):
        with pytest.raises(Picture.DoesNotExist):
            read_changes(picture_id=draft.pk, actor=actor, at=NOON)
        assert as_client(actor).get(f"/threat/pictures/{draft.pk}/changes").status_code == 404


def test_r067_the_page_tells_added_and_removed_in_words(scene: Scene) -> None:
    page = as_client(scene.analyst).get(f"/threat/pictures/{changed(scene).pk}/changes").content.decode()

    assert "<ins>" in page
    assert "school" in page
    assert "A study says so." in page
