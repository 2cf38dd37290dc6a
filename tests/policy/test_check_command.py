"""`upheld policy check`, as somebody types it."""

import io
import json
import os
import pty
import select
import subprocess
import sys
from typing import NamedTuple

import pytest
from small_policies import text

from harness.cast import LONG_AGO, Cast
from harness.desk import RunningDesk
from upheld.config.cli import main
from upheld.desks.actions import PolicyRefused, publish_policy
from upheld.people.actions import fill_role
from upheld.people.roles import roles_filled
from upheld.policy import check

ANSWER = "id: answer, metric: first_response, within: 8 working hours"
EXAMPLE = """\
examples:
  - {name: one, received: 2026-03-16 09:00, expect: [{clock: first_response, due: 2026-03-16 17:00}]}
"""
LADDER = """\
roles: [{id: manager, label: Manager}]
escalation:
  customer_path: [{role: manager}]
"""
SOUND = text(ANSWER) + EXAMPLE
DOUBTFUL = text(f"{ANSWER}, clause: We answer in the evening.") + EXAMPLE
MEANT = DOUBTFUL.replace("evening.}", "evening., accept: {undefined-word: Everybody knows.}}")
WRONG = SOUND.replace("8 working hours", "8 hours")
ASSUMED = SOUND + "reopening: {within: 30 elapsed days, assumed: true, note: The page is silent.}\n"
PAGE = "We answer within eight hours. Bring your own pump.\n"


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def checked(monkeypatch, capsys, tmp_path):
    """Check a document as somebody types it; `-` reads it from standard input."""

    def run(document, *arguments, name="shop.yaml"):
        (tmp_path / "shop.yaml").write_text(document, encoding="utf-8")
        (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["upheld", "policy", "check", name, *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(document))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(ended.value.code or 0, told.out, told.err)

    return run


def test_a_sound_document_is_one_line(checked):
    assert checked(SOUND) == (0, "shop.yaml: sound, 1 examples run\n", "")
    assert checked(SOUND, name="-").stdout == "-: sound, 1 examples run\n"


def test_a_finding_is_told_with_its_line_and_code_and_forbids_nothing(checked):
    ran = checked(DOUBTFUL)
    assert ran.returncode == 0 and not ran.stderr
    said, explained, summary = ran.stdout.splitlines()
    assert said.startswith("shop.yaml:25:67: 'evening' says no time") and said.endswith("[undefined-word]")
    assert "docs/policy/findings.md" in explained
    assert summary == "shop.yaml: sound, 1 examples run, 1 finding"


def test_a_strict_check_fails_until_the_document_accepts_what_is_found(checked):
    assert checked(DOUBTFUL, "--strict").returncode == 1
    ran = checked(MEANT, "--strict")
    assert ran.returncode == 0, ran.stdout
    assert "Accepted:" in ran.stdout and "because: Everybody knows." in ran.stdout
    assert ran.stdout.endswith("shop.yaml: sound, 1 examples run, 1 accepted\n")


def test_a_problem_is_told_on_standard_error_and_the_check_fails(checked):
    ran = checked(WRONG)
    assert ran.returncode == 1
    assert (
        ran.stderr.startswith("shop.yaml:25:42: '8 hours' is not an amount of time")
        and "[unreadable]" in ran.stderr
    )
    assert ran.stdout.endswith("shop.yaml: not sound, 0 examples run\n")


def test_one_bad_document_among_several_fails_the_check(checked, tmp_path):
    (tmp_path / "other.yaml").write_text(WRONG, encoding="utf-8")
    ran = checked(SOUND, "other.yaml")
    assert ran.returncode == 1 and "shop.yaml: sound" in ran.stdout and "other.yaml: not sound" in ran.stdout


def test_what_is_assumed_is_listed_with_its_reason(checked):
    ran = checked(ASSUMED, "--strict")
    assert ran.returncode == 0
    assert (
        "Assumed, since the source does not say it:\n  shop.yaml:28:1: reopening: The page is silent.\n"
        in ran.stdout
    )


def test_the_page_is_counted_sentence_by_sentence(checked):
    cited = SOUND.replace("8 working hours}", "8 working hours, cites: [We answer within eight hours.]}")
    ran = checked(cited, "--page", "page.txt")
    assert ran.returncode == 0
    assert "1 of 2 sentences cited\n  page.txt:1: Bring your own pump. [uncited-sentence]\n" in ran.stdout
    misquoted = cited.replace("eight", "nine")
    assert "[citation-not-found]" in checked(misquoted, "--page", "page.txt").stdout
    assert checked(misquoted, "--page", "page.txt", "--strict").returncode == 1
    assert checked(misquoted, "--strict").returncode == 0


def test_a_report_for_programs_is_json(checked):
    ran = checked(MEANT + LADDER, "--format", "json", "--page", "page.txt")
    told = json.loads(ran.stdout)
    (report,) = told["reports"]
    assert (told["version"], report["name"], report["ok"], report["examples_run"]) == (
        1,
        "shop.yaml",
        True,
        1,
    )
    (accepted,) = report["accepted"]
    assert accepted["code"] == "undefined-word" and accepted["reason"] == "Everybody knows."
    assert (accepted["line"], accepted["path"]) == (25, "targets[0].clause")
    assert accepted["documentation"] == "docs/policy/findings.md#undefined-word"
    assert [each["line"] for each in report["citations"]["uncited"]] == [1, 1]
    problems = json.loads(checked(WRONG, "--format", "json").stdout)["reports"][0]["problems"]
    assert [each["code"] for each in problems] == ["unreadable"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--page", "nowhere.txt"], "nowhere.txt cannot be read"),
        (["--format", "xml"], "'xml' is not one of"),
        (["nowhere.yaml"], "nowhere.yaml cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(checked, arguments, said):
    ran = checked(SOUND, *arguments)
    assert ran.returncode in (1, 2) and said in ran.stderr and "Traceback" not in ran.stderr


def on_a_terminal(*arguments):
    """Run the real program on a terminal of its own, and return what it shows."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "upheld", "policy", "check", *map(str, arguments)]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {
        "TERM": "xterm-256color"
    }
    running = subprocess.Popen(
        command, stdout=theirs, stderr=theirs, stdin=subprocess.DEVNULL, env=environment
    )
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            shown += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    running.wait(60)
    os.close(ours)
    return shown.decode()


def test_a_terminal_shows_colours_and_brackets_as_they_are(tmp_path):
    (tmp_path / "shop.yaml").write_text(DOUBTFUL, encoding="utf-8")
    shown = on_a_terminal(tmp_path / "shop.yaml")
    assert "\x1b[33m" in shown and "[undefined-word]" in shown


def test_what_goes_into_a_file_has_no_colours(checked):
    assert "\x1b" not in checked(DOUBTFUL).stdout + checked(WRONG).stderr


def test_a_role_is_missed_until_somebody_on_the_desk_fills_it(cast: Cast):
    document = SOUND + LADDER
    missed = check(document, filled_roles=roles_filled(cast.desk)).findings
    assert [each.code for each in missed] == ["unfilled-role"]
    fill_role(cast.desk, "manager", cast.lena, by="tests", now=LONG_AGO)
    assert not check(document, filled_roles=roles_filled(cast.desk)).findings


@pytest.mark.processes
def test_a_running_desk_says_which_roles_nobody_fills(running_desk: RunningDesk, tmp_path):
    (tmp_path / "shop.yaml").write_text(SOUND + LADDER, encoding="utf-8")
    asked = running_desk.run("policy", "check", str(tmp_path / "shop.yaml"), "--desk", "school-devices")
    assert "nobody on the desk fills the role 'manager'" in asked.stdout.decode(), asked
    unknown = running_desk.run("policy", "check", str(tmp_path / "shop.yaml"), "--desk", "nowhere")
    assert unknown.returncode == 1 and b"nowhere" in unknown.stderr


def test_a_bomb_of_aliases_is_not_published(cast: Cast):
    bomb = "a: &a [x,x]\n" + "".join(
        f"{b}: &{b} [*{a},*{a},*{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(PolicyRefused) as refused:
        publish_policy(cast.desk, bomb, now=LONG_AGO, by="tests")
    assert [each.code for each in refused.value.report.problems] == ["alias"]
