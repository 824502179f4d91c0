"""What stands beside the code: the licence is whole, publiccode.yml is valid, and every link leads somewhere."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
SOURCES = [
    path for app in ("stelsel", "cases", "threat", "resilience", "capacity") for path in (ROOT / app).rglob("*.py")
]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    assert all(re.search(rf"^{article}\. [A-Z]", text, flags=re.MULTILINE) for article in range(1, 16))
    assert "Appendix" in text
    assert text.rstrip().endswith("EUPL version.")


def test_publiccode_holds_what_version_0_4_of_the_standard_asks() -> None:
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text())

    assert found["publiccodeYmlVersion"] == "0.4"
    assert {"name", "url", "platforms", "developmentStatus", "softwareType", "legal", "maintenance"} <= set(found)
    assert found["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert found["legal"]["license"] == "EUPL-1.2"
    assert found["maintenance"]["type"] == "internal" or found["maintenance"]["contacts"]
    assert set(found["description"]) == set(found["localisation"]["availableLanguages"]) == {"nl", "en"}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_publiccode_describes_within_its_lengths(language: str) -> None:
    described = yaml.safe_load((ROOT / "publiccode.yml").read_text())["description"][language]

    assert len(described["shortDescription"]) <= 150
    assert 150 <= len(described["longDescription"]) <= 10_000
    assert described["features"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text()) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]

    assert missing == []


def test_every_name_in_the_glossary_is_in_the_code() -> None:
    words = {word for path in SOURCES for word in re.findall(r"\w+", path.read_text())}
    rows = re.findall(r"^\| [^|]+ \|([^|]*)\|", (ROOT / "docs" / "glossary.md").read_text(), flags=re.MULTILINE)

    named = {name for cell in rows for name in re.findall(r"`(\w+)`", cell)}

    assert len(named) > 60
    assert named - words == set()


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/process.md", "README.md"])
def test_every_path_a_page_names_is_there(page: str) -> None:
    named = re.findall(
        r"`((?:cases|threat|capacity|resilience|stelsel|docs|tests)/[\w./-]+)`", (ROOT / page).read_text()
    )

    assert [path for path in named if not (ROOT / path).exists()] == []
