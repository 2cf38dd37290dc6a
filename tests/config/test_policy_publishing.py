"""Publishing from the command line, as whoever owns the machine types it."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
import time_machine
from click.testing import Result
from typer.testing import CliRunner

from harness.cast import Cast, utc
from upheld.config.cli import app
from upheld.config.trouble import Trouble
from upheld.desks.models import AuditEntry, PolicyVersion
from upheld.policy import Metric, Standing, pack
from upheld.tickets.letters import current_clock
from upheld.tickets.models import Ticket
from upheld.worker.clocks import sweep

SCHOOL = pack("school-devices").partition("\nexamples:")[0] + "\n"
SHORTER = SCHOOL.replace("within: 24 working hours", "within: 12 working hours")
# Monday noon in London.
NOW = utc("2026-06-01 11:00")
Policy = Callable[..., Result]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def policy(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The command, on the database of the tests."""
    monkeypatch.setattr("upheld.config.running.database_running", lambda say: nullcontext({}))
    return lambda *arguments, **more: CliRunner().invoke(app, ["policy", *map(str, arguments)], **more)


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    """A document with another promise, in a file."""
    path = tmp_path / "shorter.yaml"
    path.write_text(SHORTER)
    return path


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-06-01 08:00")


def due(ticket: Ticket) -> str:
    ticket.refresh_from_db()
    clock = current_clock(Standing.from_json(ticket.standing), Metric.first_response)
    assert clock is not None
    return f"{clock.due_at:%Y-%m-%d %H:%M}"


def trouble(result: Result) -> str:
    """What a command said that did not do it."""
    assert isinstance(result.exception, Trouble), result.output
    return str(result.exception)


def test_a_policy_is_published_for_what_comes_from_now_on(
    policy: Policy, shorter: Path, ticket: Ticket
) -> None:
    result = policy("publish", shorter)
    assert result.exit_code == 0, result.output
    assert "version 2 is in force from Mon 01 Jun 2026 12:00 BST" in result.output
    assert "Open tickets that follow" not in result.output
    assert not sweep(utc("2026-06-01 11:30"))
    assert due(ticket) == "2026-06-03 13:00"


def test_the_preview_says_what_each_mode_would_do_and_publishes_nothing(
    policy: Policy, shorter: Path, ticket: Ticket
) -> None:
    result = policy("publish", shorter, "--preview")
    assert result.exit_code == 0, result.output
    assert "Open tickets then: 1." in result.output
    assert "pin: every one of them stays under its version" in result.output
    assert "carry: 1 due earlier." in result.output
    assert "recompute: 1 due earlier." in result.output
    moved = "Wed 03 Jun 2026 14:00 BST -> Tue 02 Jun 2026 11:30 BST  (1 d 2 h 30 min earlier)"
    assert f"{ticket.number:<12} first response  {moved}" in result.output
    assert PolicyVersion.objects.count() == 1


def test_all_of_the_preview_goes_into_a_table(
    policy: Policy, shorter: Path, ticket: Ticket, tmp_path: Path
) -> None:
    table = tmp_path / "moves.csv"
    assert policy("publish", shorter, "--mode", "carry", "--preview", "--csv", table).exit_code == 0
    [row] = csv.DictReader(io.StringIO(table.read_text()))
    assert row["ticket"] == ticket.number
    assert row["due before"] == "2026-06-03 14:00:00+01:00"
    assert row["due after"] == "2026-06-02 11:30:00+01:00"
    assert row["moved by (seconds)"] == str(-(26 * 3600 + 1800))


def test_open_tickets_are_taken_over_only_after_a_word(
    policy: Policy, shorter: Path, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "--yes" in trouble(policy("publish", shorter, "--mode", "carry"))
    monkeypatch.setattr("upheld.config.commands.policy_publish._can_ask", lambda: True)
    asked = policy("publish", shorter, "--mode", "carry", input="n\n")
    assert "carry: 1 due earlier." in asked.output
    assert trouble(asked) == "Nothing was published."
    assert PolicyVersion.objects.count() == 1
    assert policy("publish", shorter, "--mode", "carry", input="y\n").exit_code == 0
    assert PolicyVersion.objects.count() == 2


def test_with_yes_they_follow(policy: Policy, shorter: Path, ticket: Ticket) -> None:
    result = policy("publish", shorter, "--mode", "carry", "--yes", "--remark", "Faster from June on")
    assert "Open tickets that follow it: 1. Due times: 1 earlier, 0 later, 0 newly breached." in result.output
    sweep(utc("2026-06-01 11:01"))
    assert due(ticket) == "2026-06-02 10:30"
    entry = AuditEntry.objects.get(action="policy published", data__remark="Faster from June on")
    assert entry.actor.endswith("(command line)")


@pytest.mark.parametrize(
    ("typed", "holds_from"),
    [
        ("2026-06-08T09:00", "2026-06-08 08:00"),
        ("2026-06-08", "2026-06-07 23:00"),
        ("2026-06-08T09:00Z", "2026-06-08 09:00"),
        ("2026-12-08T09:00", "2026-12-08 09:00"),
    ],
)
def test_an_instant_is_told_in_the_zone_of_the_desk(
    policy: Policy, shorter: Path, typed: str, holds_from: str
) -> None:
    assert policy("publish", shorter, "--effective", typed).exit_code == 0
    assert PolicyVersion.objects.get(number=2).effective_from == utc(holds_from)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--effective", "2026-05-31"), "has passed"),
        (("--effective", "tomorrow"), "it is read in Europe/London"),
        (("--mode", "magic"), "There are: pin, carry, recompute."),
        (("--desk", "elsewhere"), "There is no desk “elsewhere”"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    policy: Policy, shorter: Path, options: tuple[str, ...], told: str
) -> None:
    assert told in trouble(policy("publish", shorter, *options))
    assert PolicyVersion.objects.count() == 1


def test_a_document_with_problems_is_not_published(policy: Policy, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(SCHOOL.replace("initial_status: open", "initial_status: opened"))
    result = policy("publish", path)
    assert "Mend the document" in trouble(result)
    assert "opened" in result.output


def test_versions_are_listed_printed_published_again_and_withdrawn(policy: Policy, shorter: Path) -> None:
    policy("publish", shorter, "--remark", "Faster")
    policy("publish", "-", "--effective", "2026-07-01", input=SCHOOL)
    listed = policy("versions").output.splitlines()
    assert [line.split()[:2] for line in listed] == [["3", "to"], ["2", "in"], ["1", "former"]]
    assert "from Wed 01 Jul 2026 00:00 BST" in listed[0] and listed[1].endswith("Faster")
    assert policy("source").output == SHORTER
    assert policy("withdraw", 3).exit_code == 0
    assert "withdrawn" in policy("versions").output.splitlines()[0]
    assert "is withdrawn already" in trouble(policy("withdraw", 3))
    assert "has taken effect" in trouble(policy("withdraw", 2))
    assert "no version 9" in trouble(policy("source", 9))
    back = policy("publish", "-", input=policy("source", 1).output)
    assert "version 4 is in force" in back.output
    assert PolicyVersion.objects.get(number=4).source == PolicyVersion.objects.get(number=1).source


def test_the_same_again_makes_no_new_version(policy: Policy, shorter: Path) -> None:
    policy("publish", shorter)
    assert "in force already; nothing was published" in policy("publish", shorter).output
    assert PolicyVersion.objects.count() == 2


def test_a_closed_day_that_becomes_known_late(policy: Policy, ticket: Ticket) -> None:
    policy("publish", "-", input=SCHOOL)
    preview = policy("holiday", "add", "2026-06-02", "Day of mourning", "--preview")
    assert "carry: 2 due later." in preview.output, preview.output
    result = policy("holiday", "add", "2026-06-02", "Day of mourning", "--yes")
    assert result.exit_code == 0, result.output
    version = PolicyVersion.objects.get(number=3)
    assert (version.mode, version.remark) == ("carry", "Closed on 2026-06-02: Day of mourning")
    sweep(utc("2026-06-01 11:01"))
    assert due(ticket) == "2026-06-04 13:00"
    assert "closed on 2026-06-02 already" in trouble(policy("holiday", "add", "2026-06-02", "Again", "--yes"))
    assert policy("holiday", "remove", "2026-06-02", "--yes").exit_code == 0
    sweep(utc("2026-06-01 11:02"))
    assert due(ticket) == "2026-06-03 13:00"
    assert "not a date" in trouble(policy("holiday", "add", "June 2nd", "x"))


def test_a_closed_day_says_which_version_to_come_lacks_it(policy: Policy, shorter: Path) -> None:
    policy("publish", "-", input=SCHOOL)
    policy("publish", shorter, "--effective", "2026-07-01")
    result = policy("holiday", "add", "2026-07-02", "Flood", "--yes")
    assert "Version 3 takes effect later and was made without this day" in result.output


def test_an_example_that_the_closed_day_makes_false_is_named(policy: Policy) -> None:
    result = policy("holiday", "add", "2026-03-17", "Flood", "--yes", "--effective", "2026-06-02")
    assert "Mend the document" in trouble(result)
    assert "2026-03-1" in result.output


def test_newer_zone_data_lists_the_due_times_that_it_moves(
    policy: Policy, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Due times that move: 0." in policy("zones").output
    # What would be stored if the data of then had no summer time.
    standing = ticket.standing
    for clock in standing["clocks"]:
        clock["due_at"] = clock["due_at"].replace("T13:00", "T14:00")
    Ticket.objects.update(standing=standing, wake_at=None)
    output = policy("zones", "--settle").output
    moved = "Wed 03 Jun 2026 15:00 BST -> Wed 03 Jun 2026 14:00 BST"
    assert f"{ticket.number:<12} first response  {moved}" in output
    assert "Due times that move: 1." in output
    assert sweep(utc("2026-06-01 11:01")) == 1
    assert due(ticket) == "2026-06-03 13:00"
    assert "Due times that move: 0." in policy("zones").output
