"""`upheld policy show`, as somebody types it."""

import importlib.util
import io
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.cells import cell_len

from upheld.config.cli import main
from upheld.policy import pack, packs

NOW = ("--now", "2026-03-16T12:00:00Z")
_spec = importlib.util.spec_from_file_location(
    "catalogs", Path(__file__).parents[2] / "scripts" / "catalogs.py"
)
assert _spec is not None and _spec.loader is not None
catalogs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(catalogs)


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def show(monkeypatch, capsys, tmp_path):
    """Run the command as somebody types it; `name` is a shipped policy, or the text of another."""

    def run(name, *arguments, columns="", given=None):
        file = tmp_path / "policy.yaml"
        file.write_text(pack(name) if name in packs() else name, encoding="utf-8")
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setattr(
            sys, "argv", ["upheld", "policy", "show", "-" if given else str(file), *arguments]
        )
        monkeypatch.setattr(sys, "stdin", io.StringIO(given or ""))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(ended.value.code or 0, told.out, told.err)

    return run


@pytest.mark.parametrize("name", packs())
def test_every_shipped_policy_is_shown_within_the_width(show, name):
    for columns, widest in (("", 80), ("60", 60), ("200", 100)):
        ran = show(name, *NOW, columns=columns)
        assert ran.returncode == 0, ran.stderr
        lines = ran.stdout.splitlines()
        assert max(cell_len(line) for line in lines) <= widest
        assert "\x1b" not in ran.stdout and not any(line.endswith(" ") for line in lines)


def test_it_says_what_somebody_wants_to_know_first(show):
    told = show("school-devices", *NOW).stdout
    lines = [" ".join(line.split()) for line in told.splitlines()]
    assert lines[0] == "How we support school devices"
    assert "It is Monday 16 March 2026, 12:00 (London time, GMT)." in lines
    assert "Urgent by Monday 16 March, 14:00 by Wednesday 18 March, 09:00" in lines
    assert "Urgent within 2 working hours within 16 working hours" in lines
    assert "Monday to Friday 07:30–17:00" in lines
    assert "Friday 3 April 2026 closed Good Friday" in lines
    assert told.index("IF YOU WRITE NOW") < told.index("HOW SOON") < told.index("WHAT A STATUS MEANS")


def test_a_table_loses_no_word_however_narrow_it_is(show):
    wide = re.findall(r"[\w-]+", show("always-on", *NOW, columns="100").stdout)
    narrow = "".join(show("always-on", *NOW, columns="60").stdout.split())
    assert [word for word in wide if len(word) < 12 and word not in narrow] == []


def test_times_are_told_in_the_zone_that_is_asked_for(show):
    told = show("school-devices", *NOW, "--zone", "Asia/Kolkata").stdout
    assert "It is Monday 16 March 2026, 17:30 (Kolkata time, GMT+5:30)." in told
    assert "Times of Asia/Kolkata." in told


def test_a_document_comes_from_standard_input_too(show):
    assert "How we support school devices" in show("", *NOW, given=pack("school-devices")).stdout


def test_what_only_agents_are_told_is_shown_here_and_on_no_page(show):
    text = pack("school-devices").replace("remind: customer", "remind: agent", 1)
    assert "reminded" in show(text, *NOW).stdout.split()
    assert "reminded" not in show(text, *NOW, "--html").stdout


def test_a_document_that_is_not_sound_is_refused_with_its_line(show):
    ran = show(pack("school-devices").replace("within: 16 working hours", "within: 16 hours", 1), *NOW)
    assert ran.returncode == 1 and ran.stdout == ""
    assert re.search(r"policy\.yaml:\d+: .*16 hours", ran.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--now", "tomorrow"], "is not an instant. Write for example 2026-03-16T12:00:00Z."),
        (["--now", "2026-03-16T12:00:00"], "has no zone. Write for example 2026-03-16T12:00:00Z."),
        (["--now", "0001-03-16T12:00:00Z"], "is out of range."),
        (["--language", "xx"], "There is no language “xx”. There are: en, de."),
        (["--zone", "Mars/Base"], "Write for example Europe/London."),
    ],
)
def test_what_cannot_be_understood_is_told_with_what_would_be_right(show, arguments, words):
    ran = show("school-devices", *arguments)
    assert ran.returncode == 1
    assert words in ran.stderr


def test_words_of_a_document_do_not_steer_the_terminal(show):
    text = pack("school-devices").replace(
        "title: How we support school devices", r'title: "How\e[31m we \x07support [bold]school[/bold]"'
    )
    first = show(text, *NOW).stdout.splitlines()[0]
    assert first == "How[31m we support [bold]school[/bold]"


class _Fetches(HTMLParser):
    """Everything in a page by which a browser could fetch something or run it."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag in ("script", "link", "img", "iframe", "object", "embed", "form", "base", "use", "image"):
            self.found.append(tag)
        for name, value in attrs:
            leads = tag == "a" and re.match("(#|mailto:|tel:|https://)", value or "")
            if name in ("src", "srcset", "href", "style", "action") and not leads:
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("name", packs())
def test_the_page_is_one_file_that_fetches_nothing(show, name):
    ran = show(name, *NOW, "--html")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("<!doctype html>") and ran.stdout.rstrip().endswith("</html>")
    fetches = _Fetches()
    fetches.feed(ran.stdout)
    assert fetches.found == []
    styles = ran.stdout.split("<style>")[1].split("</style>")[0]
    assert "@import" not in styles and "url(" not in styles


def test_no_desk_and_no_place_on_the_disk_is_needed(tmp_path):
    """In a process of its own, with nothing of ours in its surroundings."""
    (tmp_path / "policy.yaml").write_text(pack("success-plans"), encoding="utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("UPHELD_", "DJANGO_"))}
    env = kept | {"UPHELD_DATA_DIR": str(tmp_path / "data"), "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
    for more in ([], ["--html"]):
        ran = subprocess.run(
            [sys.executable, "-m", "upheld", "policy", "show", "policy.yaml", *NOW, *more],
            cwd=tmp_path,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        assert "within 1 working hour" in ran.stdout
    assert sorted(each.name for each in Path(tmp_path).iterdir()) == ["policy.yaml"]


def test_every_word_of_the_page_is_written_in_german_too():
    assert list(catalogs.problems("de", catalogs.POLICY)) == [], "run python scripts/catalogs.py"
    for message in catalogs.stored("de", catalogs.POLICY):
        wanted = set(re.findall(r"%\(\w+\)[sd]", str(message.id)))
        for said in message.string if isinstance(message.string, tuple) else (message.string,):
            kept = set(re.findall(r"%\(\w+\)[sd]", said))
            # "every hour" has no number, "every 4 hours" has one.
            assert not message.id or kept == wanted or (message.pluralizable and not kept), message.id


@pytest.mark.parametrize("name", packs())
def test_in_german_nothing_of_ours_is_left_in_english(show, name):
    ours = [
        message.id
        for message in catalogs.stored("de", catalogs.POLICY)
        if isinstance(message.id, str) and len(message.id) > 14 and "%(" not in message.id
    ]
    own = " ".join(pack(name).split())
    for more in ([], ["--html"]):
        told = " ".join(re.sub(r"<[^>]+>", " ", show(name, *NOW, "--language", "de", *more).stdout).split())
        assert "innerhalb von" in told
        assert [words for words in ours if words in told and words not in own] == []


def test_words_that_letters_use_too_are_the_same_in_both():
    letters = {message.id: message.string for message in catalogs.stored("de") if isinstance(message.id, str)}
    for message in catalogs.stored("de", catalogs.POLICY):
        if message.id and isinstance(message.id, str) and not message.context:
            assert letters.get(message.id, message.string) == message.string
