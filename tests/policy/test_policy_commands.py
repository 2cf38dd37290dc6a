"""`upheld policy explain`, `evaluate` and `schema`, as somebody types them."""

import io
import json
import sys
from typing import NamedTuple

import pytest
from desk_stories import Story, london, school
from small_policies import text

from upheld.config.cli import main
from upheld.policy import Standing, evaluate, pack, story_json

TARGETS = (
    "id: hours, metric: resolution, within: 48 elapsed hours",
    "id: days, metric: resolution, also: true, within: 2 business days, note: meant",
    "id: answer, metric: first_response, within: best effort",
)


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def upheld(monkeypatch, capsys):
    """Run a command as somebody types it."""

    def run(*arguments, given=""):
        monkeypatch.setattr(sys, "argv", ["upheld", "policy", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(ended.value.code or 0, told.out, told.err)

    return run


@pytest.fixture
def files(tmp_path):
    (tmp_path / "school.yaml").write_text(pack("school-devices"), encoding="utf-8")
    (tmp_path / "shop.yaml").write_text(text(*TARGETS), encoding="utf-8")
    story = Story("2026-04-02 16:00", priority="high").status(
        "2026-04-07 09:00", "waiting_on_customer", "the log"
    )
    story.customer_writes("2026-04-07 11:00:00.000001")
    (tmp_path / "story.json").write_text(json.dumps(story_json(story, "T-1")), encoding="utf-8")
    shop_story = Story("2026-03-16 20:00")
    (tmp_path / "shop.json").write_text(json.dumps(story_json(shop_story)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def explained(files, upheld):
    def run(*more, policy="school.yaml", story="story.json", at="2026-04-07T12:00:00Z"):
        return upheld("explain", files / policy, "--story", files / story, "--at", at, *more)

    return run


def test_a_story_is_explained_in_sentences_a_ledger_that_sums_up_and_a_picture(explained):
    ran = explained()
    assert ran.returncode == 0, ran.stderr
    assert "Closed until Tuesday 7 April 07:30 (Good Friday, Easter Monday)." in ran.stdout
    assert "2026-04-07 09:00:00         2026-04-07 11:00:00.000001  paused" in ran.stdout
    assert "the log [event 1: status] (agent)" in ran.stdout
    assert "4:29:59.999999  of 16:00:00 (high_response)" in ran.stdout
    assert "▼" in ran.stdout and "▲" in ran.stdout and "█ ran" in ran.stdout


def test_it_is_explained_in_german(explained):
    told = explained("--language", "de").stdout
    assert "Gezählt wird ab Donnerstag, 2. April 2026 16:00 BST." in told
    assert "Sie stand von 09:00 bis 11:00 still: the log." in told
    assert "stand still" in told and "verbraucht" in told


def test_joined_targets_and_promises_without_a_clock_are_told(explained):
    told = explained(policy="shop.yaml", story="shop.json", at="2026-03-16T21:00:00Z").stdout
    assert "would have been due 13 h later, Thursday 19 March 2026 09:00 GMT; the earlier holds." in told
    assert "First response: best effort; no time is promised and no clock runs." in told


def test_what_lies_ahead_of_the_instant_is_counted_and_not_looked_at(explained):
    told = explained(at="2026-04-07T07:00:00Z").stdout
    assert "2 events lie after this instant and were not looked at." in told


def test_the_same_as_json(explained):
    told = json.loads(explained("--json").stdout)
    assert Standing.from_json(told["standing"]).clocks[0].target == "high_response"
    for ledger in told["ledgers"]:
        assert sum(line["counted"] for line in ledger["lines"]) == ledger["used"]


def test_every_story_has_its_standing_on_one_line(files, upheld):
    stories = [Story("09:00"), Story("10:00", priority="urgent")]
    lines = "\n".join(json.dumps(story_json(each, f"T-{number}")) for number, each in enumerate(stories))
    ran = upheld(
        "evaluate", files / "school.yaml", "--stories", "-", "--at", "2026-03-17T12:00:00Z", given=lines
    )
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert ran.returncode == 0 and [each["id"] for each in told] == ["T-0", "T-1"]
    for story, each in zip(stories, told, strict=True):
        assert Standing.from_json(each) == evaluate(school(), story, london("2026-03-17 12:00"))


def test_a_bad_line_is_named_and_the_others_are_evaluated(files, upheld):
    lines = "\n".join(["{", json.dumps(story_json(Story("09:00"))), json.dumps({"version": 1, "events": []})])
    ran = upheld("evaluate", files / "school.yaml", "--stories", "-", given=lines)
    assert ran.returncode == 1 and len(ran.stdout.splitlines()) == 1
    assert [line.split(": ")[0] for line in ran.stderr.splitlines()] == ["-:1", "-:3"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--at", "noon"], "“noon” is not an instant. Write for example"),
        (["--at", "2026-03-16T12:00:00"], "has no zone. Write for example 2026-03-16T12:00:00Z."),
        (["--at", "9999-01-01T00:00:00Z"], "out of range"),
        (["--at", "8999-01-01T00:00:00Z"], "lies more than ten years after the receipt"),
        (["--zone", "Mars/Olympus"], "is not the IANA name of a time zone"),
        (["--language", "tlh"], "There is no language “tlh”. There are: en, de."),
        (["--story", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, said, explained):
    ran = explained(*arguments)
    assert ran.returncode == 1 and said in ran.stderr and "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_story_of_another_policy_is_refused(files, explained):
    strange = story_json(Story("09:00").status("10:00", "waiting"))
    (files / "strange.json").write_text(json.dumps(strange), encoding="utf-8")
    assert "event 2: the policy has no status 'waiting'" in explained(story="strange.json").stderr


@pytest.mark.parametrize("what", ["document", "story", "standing", "ledger"])
def test_the_schemas_are_printed(what, upheld):
    assert json.loads(upheld("schema", what).stdout)["type"] == "object"


def test_an_unknown_schema_is_refused(upheld):
    assert "There is no schema of “clock”." in upheld("schema", "clock").stderr
