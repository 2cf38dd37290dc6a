"""Two policies compared in words, as somebody types it: files, shipped policies, and published versions of a desk."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from harness.cast import Cast, utc
from upheld.config.cli import app
from upheld.config.trouble import Trouble
from upheld.desks.actions import create_desk, publish_policy, withdraw_policy
from upheld.policy import pack

PAGE = (Path(__file__).parents[2] / "docs" / "policy" / "diff.md").read_text(encoding="utf-8")
SCHOOL = pack("school-devices")
WITHOUT_EXAMPLES = SCHOOL.partition("\nexamples:")[0] + "\n"
QUICKER = WITHOUT_EXAMPLES.replace("within: 24 working hours", "within: 8 working hours")
LATER = WITHOUT_EXAMPLES.replace("mon-fri: 07:30-17:00", "mon-fri: 09:00-17:00")
MEDIUM = "* Medium: first response is now within 8 working hours instead of 24."
Diff = Callable[..., Result]


@pytest.fixture
def diff(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Diff:
    """The command, in a folder with two files."""
    (tmp_path / "plain.yaml").write_text(WITHOUT_EXAMPLES, encoding="utf-8")
    (tmp_path / "quicker.yaml").write_text(QUICKER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return lambda *arguments, **more: CliRunner().invoke(app, ["policy", "diff", *arguments], **more)


@pytest.fixture
def on_desk(cast: Cast, diff: Diff, monkeypatch: pytest.MonkeyPatch) -> Diff:
    """The command beside a desk with three versions: the shipped one, a quicker one, and one that is still to come."""
    monkeypatch.setattr("upheld.config.running.database_running", lambda say: nullcontext({}))
    publish_policy(cast.desk, QUICKER, now=utc("2026-03-01 00:00"), by="tests")
    publish_policy(
        cast.desk, LATER, now=utc("2026-03-02 00:00"), by="tests", effective_from=utc("2090-01-01 00:00")
    )
    return diff


def told(result: Result) -> str:
    """What the command printed, in one line, when it did what it was asked to."""
    assert result.exit_code == 0, (result.output, result.exception)
    return " ".join(result.stdout.split())


def trouble(result: Result) -> str:
    """What the command said that did not do it."""
    assert isinstance(result.exception, Trouble), result.output
    return str(result.exception)


def test_the_page_shows_what_the_command_prints(diff: Diff) -> None:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _ in blocks] == ["yaml", "yaml", "text"]
    for name, (_, words) in zip(("winter.yaml", "summer.yaml"), blocks, strict=False):
        Path(name).write_text(words, encoding="utf-8")
    assert diff("winter.yaml", "summer.yaml").stdout == blocks[2][1]


def test_files_shipped_policies_and_standard_input(diff: Diff) -> None:
    assert MEDIUM in told(diff("plain.yaml", "quicker.yaml"))
    assert MEDIUM in told(diff("school-devices", "quicker.yaml"))
    assert MEDIUM in told(diff("-", "quicker.yaml", input=WITHOUT_EXAMPLES))
    assert (
        told(diff("-", "school-devices", input=SCHOOL)) == "school-devices says the same as standard input."
    )


def test_the_exit_code_tells_a_difference_only_when_asked(diff: Diff) -> None:
    assert diff("plain.yaml", "quicker.yaml").exit_code == 0
    assert diff("plain.yaml", "quicker.yaml", "--exit-code").exit_code == 1
    assert diff("plain.yaml", "plain.yaml", "--exit-code").exit_code == 0


def test_what_moves_clocks_is_counted_and_marked(diff: Diff) -> None:
    Path("other.yaml").write_text(QUICKER.replace("title: How", "title: This is how"), encoding="utf-8")
    ran = told(diff("plain.yaml", "other.yaml"))
    assert "2 differences. What can move a due time or change a verdict is marked * (1)." in ran
    assert "Wording only - The title is now" in ran
    assert told(diff("quicker.yaml", "other.yaml")).startswith(
        "From quicker.yaml to other.yaml: 1 difference. No due time can move."
    )


def test_the_same_as_json(diff: Diff) -> None:
    found = json.loads(diff("plain.yaml", "quicker.yaml", "--format", "json").stdout)
    assert (found["version"], found["old"], found["new"]) == (1, "plain.yaml", "quicker.yaml")
    (only,) = found["differences"]
    assert only.pop("sentence").startswith(MEDIUM.removeprefix("* "))
    assert only == {
        "kind": "shorter",
        "theme": "promises",
        "moves_clocks": True,
        "old_path": "targets[2].within",
        "new_path": "targets[2].within",
        "old": "24 working hours",
        "new": "8 working hours",
    }
    assert json.loads(diff("plain.yaml", "plain.yaml", "--format", "json").stdout)["differences"] == []


def test_what_stands_in_a_document_does_not_steer_the_terminal(diff: Diff) -> None:
    steering = WITHOUT_EXAMPLES.replace("title: How", 'title: "\\e[2J\\u202e How')
    Path("odd.yaml").write_text(
        steering.replace("school devices\nintro", 'school devices"\nintro'), encoding="utf-8"
    )
    ran = diff("plain.yaml", "odd.yaml")
    assert "The title is now" in told(ran)
    assert "\x1b" not in ran.stdout and "\u202e" not in ran.stdout


def test_what_cannot_be_compared_says_why(diff: Diff) -> None:
    assert "There is no file schol" in trouble(diff("schol", "plain.yaml"))
    assert "Shipped are always-on" in trouble(diff("plain.yaml", "schol"))
    assert "Only one of the policies" in trouble(diff("-", "-"))
    assert "--desk is about published versions" in trouble(diff("plain.yaml", "quicker.yaml", "--desk", "x"))
    Path("broken.yaml").write_text(QUICKER.replace("8 working hours", "8 hours"), encoding="utf-8")
    assert re.match(
        r"broken\.yaml:\d+: '8 hours' is not an amount", trouble(diff("plain.yaml", "broken.yaml"))
    )
    Path("unknown.yaml").write_text(QUICKER.replace("country: GB", "country: XX"), encoding="utf-8")
    assert "no holidays are known for XX" in trouble(diff("plain.yaml", "unknown.yaml"))
    assert diff("plain.yaml", "plain.yaml", "--format", "xml").exit_code == 2


# Published versions


def test_versions_of_a_desk_are_compared(on_desk: Diff) -> None:
    ran = told(on_desk("v1", "v2"))
    assert ran.startswith("From version 1 of school-devices to version 2 of school-devices:")
    assert MEDIUM in ran and "is gone" in ran
    assert "Hours * In “help desk”, Monday to Friday are open 09:00-17:00 now" in told(on_desk("v2", "v3"))
    assert told(on_desk("v2", "v2")).endswith("says the same as version 2 of school-devices.")


def test_current_is_the_version_in_force(on_desk: Diff) -> None:
    assert told(on_desk("v2", "current")) == (
        "version 2 of school-devices (in force) says the same as version 2 of school-devices."
    )


def test_a_file_is_compared_with_a_version_as_it_would_be_published(on_desk: Diff) -> None:
    assert told(on_desk("current", "quicker.yaml")).startswith("quicker.yaml says the same as version 2")
    assert told(on_desk("v1", "school-devices")).startswith("school-devices says the same as version 1")
    assert MEDIUM in told(on_desk("v1", "-", input=QUICKER))
    scottish = Path("scottish.yaml")
    scottish.write_text(QUICKER.replace("subdivision: ENG", "subdivision: SCT"), encoding="utf-8")
    ran = told(on_desk("v2", "scottish.yaml"))
    assert "Easter Monday (13 April 2020, 5 April 2021, 18 April 2022 and 14 more up to 2036)" in ran


def test_versions_that_know_the_holidays_of_other_years_say_so(on_desk: Diff, cast: Cast) -> None:
    publish_policy(cast.desk, QUICKER, now=utc("2027-03-01 00:00"), by="tests")
    ran = told(on_desk("v2", "v4"))
    assert "dates of 2037 are known now: New Year's Day" in ran
    assert "dates of 2020 are no longer known: New Year's Day" in ran


def test_a_version_that_was_withdrawn_can_still_be_compared(on_desk: Diff, cast: Cast) -> None:
    version = cast.desk.policy_versions.get(number=3)
    withdraw_policy(version, by="tests", now=utc("2026-03-03 00:00"))
    assert "09:00-17:00 now instead of 07:30-17:00" in told(on_desk("current", "v3"))


def test_the_desk_is_named_where_there_are_several(on_desk: Diff) -> None:
    other = create_desk(
        slug="bikes",
        name="Harbour Bikes",
        prefix="HB",
        zone="Europe/Amsterdam",
        address="help@bikes.example",
        by="tests",
        now=utc("2026-01-01 00:00"),
    )
    assert "There are several desks." in trouble(on_desk("v1", "v2"))
    assert MEDIUM in told(on_desk("v1", "v2", "--desk", "school-devices"))
    assert "has no version 1" in trouble(on_desk("v1", "plain.yaml", "--desk", "bikes"))
    assert other.name in trouble(on_desk("current", "plain.yaml", "--desk", "bikes"))


def test_a_version_that_there_is_not_is_no_difference(on_desk: Diff) -> None:
    assert "has no version 9" in trouble(on_desk("v1", "v9"))


def test_a_file_that_is_called_like_a_version_is_written_with_its_folder(on_desk: Diff) -> None:
    Path("v2").write_text(WITHOUT_EXAMPLES, encoding="utf-8")
    assert told(on_desk("./v2", "v2")).startswith("From ./v2 to version 2 of school-devices: 1 difference.")
