"""The tour of the documentation: every picture is there and is shown, and every link leads somewhere."""

import importlib.util
import re
import struct
from pathlib import Path

import pytest

from upheld.policy import pack, packs

ROOT = Path(__file__).parents[1]
TOUR = ROOT / "docs" / "tour"
PAGES = sorted(TOUR.glob("*.md"))
SHOWN = (*PAGES, ROOT / "README.md")
LARGEST = 150_000

_LINK = re.compile(r"\]\(([^)#\s]+)[^)\s]*\)|<img [^>]*?src=\"([^\"]+)\"")
_WORDLESS = re.compile(r"!\[\]\(|<img (?![^>]*alt=\"[^\"]+\")")
_CLAUSE = re.compile(r"(?<!\*)\*([A-Z][^*]{24,})\*(?!\*)")


def leads_to(page: Path) -> list[Path]:
    """Return the files that a page names, pictures included."""
    found = [first or second for first, second in _LINK.findall(page.read_text(encoding="utf-8"))]
    return [(page.parent / each).resolve() for each in found if "://" not in each]


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_every_link_and_picture_of_a_page_is_there(page: Path) -> None:
    named = leads_to(page)
    assert named
    assert [each for each in named if not each.exists()] == []


@pytest.mark.parametrize("folder", ["docs/tour/images", "docs/images"])
def test_every_picture_is_shown_somewhere(folder: str) -> None:
    shown = {each for page in SHOWN for each in leads_to(page)}
    kept = sorted((ROOT / folder).iterdir())
    assert kept
    assert [each.name for each in kept if each.resolve() not in shown] == []


def test_pictures_are_small_and_are_pictures() -> None:
    for picture in sorted((ROOT / "docs").rglob("images/*.png")):
        data = picture.read_bytes()
        assert data.startswith(b"\x89PNG\r\n\x1a\n"), picture.name
        width, height = struct.unpack(">II", data[16:24])
        assert len(data) <= LARGEST, f"{picture.name} has {len(data)} bytes"
        assert width <= 1280, picture.name
        assert height <= 2400, picture.name


@pytest.mark.parametrize("page", SHOWN, ids=lambda page: page.name)
def test_who_sees_no_pictures_reads_what_is_on_them(page: Path) -> None:
    assert _WORDLESS.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", packs())
def test_each_shipped_policy_has_a_life_that_can_be_played(name: str) -> None:
    assert (TOUR / f"{name}.md").is_file()
    assert f"({name}.md)" in (TOUR / "README.md").read_text(encoding="utf-8")
    assert (ROOT / "scripts" / "tour" / f"{name.replace('-', '_')}.py").is_file()


@pytest.mark.parametrize("name", packs())
def test_what_is_quoted_from_a_policy_stands_in_it(name: str) -> None:
    policy = " ".join(pack(name).split())
    quoted = _CLAUSE.findall((TOUR / f"{name}.md").read_text(encoding="utf-8"))
    assert quoted
    missing = [each for each in quoted if " ".join(each.split()).rstrip(".").lower() not in policy.lower()]
    assert missing == []


def test_the_script_knows_what_it_may_be_asked_for() -> None:
    spec = importlib.util.spec_from_file_location("screenshots", ROOT / "scripts" / "screenshots.py")
    assert spec and spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert set(script.SCENES) == {*packs(), "agents-day", "readme"}
    with pytest.raises(SystemExit, match="There is no scene"):
        script.main(["never-heard-of"])
