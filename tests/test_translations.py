"""Dutch is complete and true to the sources: every sentence of the product is in the catalogue, and translated."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/nl/LC_MESSAGES/django.po")
SOURCES = ("capacity", "cases", "resilience", "stelsel", "templates", "threat")
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
EXTRACT = ("makemessages", "-l", "nl", "--no-location", "--no-obsolete", "--extension=py,html")


@pytest.fixture(scope="module")
def catalogue() -> polib.POFile:
    return polib.pofile(str(ROOT / CATALOGUE))


def test_every_sentence_is_translated(catalogue: polib.POFile) -> None:
    bare = [entry.msgid for entry in catalogue if not entry.obsolete and not entry.translated()]

    assert bare == []


def test_every_translation_keeps_the_places_of_its_sentence(catalogue: polib.POFile) -> None:
    for entry in catalogue:
        texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        allowed = set(PLACE.findall(entry.msgid)) | set(PLACE.findall(entry.msgid_plural))
        for text in texts:
            assert set(PLACE.findall(text)) <= allowed, entry.msgid


def test_the_catalogue_holds_what_the_sources_say(catalogue: polib.POFile, tmp_path: Path) -> None:
    if shutil.which("xgettext") is None:
        assert os.environ.get("CI") != "true", "gettext is not installed"
        pytest.skip("gettext is not installed")
    for name in (*SOURCES, "manage.py", "locale"):
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / name)

    subprocess.run([sys.executable, "manage.py", *EXTRACT], cwd=tmp_path, check=True, capture_output=True)

    told = {entry.msgid for entry in polib.pofile(str(tmp_path / CATALOGUE)) if not entry.obsolete}
    assert told == {entry.msgid for entry in catalogue if not entry.obsolete}
