"""`upheld policy simulate`, as somebody types it: over a file of stories, and over a desk's own past."""

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections import Counter
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import transaction

from harness.cast import Cast, at, utc
from upheld.config.cli import main
from upheld.config.simulation.chunks import MOST_STORIES, chunks, lines
from upheld.config.simulation.processes import Task, run
from upheld.desks.actions import prepare, publish_policy, publish_prepared
from upheld.desks.models import Desk
from upheld.lab.generator.past_stories import past_stories as made_up
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import Mode, freeze, pack
from upheld.policy.simulation import PastStory
from upheld.tickets.actions import reply, set_priority, set_status, settle_ticket
from upheld.tickets.models import Ticket
from upheld.tickets.past_stories import past_stories, past_tickets

NOW = utc("2026-03-20 15:00")
DOCUMENTATION = Path(__file__).parents[2] / "docs" / "policy" / "simulation.md"


@cache
def sixty() -> list[str]:
    """Return sixty made-up stories, each a line."""
    return [json.dumps(story) + "\n" for story in made_up(60, NOW)]


def repeated(count):
    """Return so many lines of the sixty stories, over and over."""
    return islice(cycle(sixty()), count)


class Ran(NamedTuple):
    returncode: int
    stdout: str
    stderr: str

    @property
    def json(self) -> dict:
        return json.loads(self.stdout)


@pytest.fixture
def simulate(monkeypatch, capsys):
    """Run the command as somebody types it."""

    def typed(*arguments, given=b""):
        monkeypatch.setattr(sys, "argv", ["upheld", "policy", "simulate", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        return Ran(ended.value.code or 0, told.out, told.err)

    return typed


def quicker():
    """Return the shipped policy, where a ticket of medium priority is answered in a third of the time."""
    document = pack("school-devices").replace("within: 24 working hours", "within: 8 working hours")
    return document.split("\nexamples:")[0] + "\n"


@pytest.fixture
def files(tmp_path):
    (tmp_path / "school.yaml").write_text(pack("school-devices"), encoding="utf-8")
    (tmp_path / "quicker.yaml").write_text(quicker(), encoding="utf-8")
    (tmp_path / "stories.jsonl").write_text("".join(sixty()), encoding="utf-8")
    return tmp_path


@pytest.fixture
def over_file(files, simulate):
    def typed(*more, policy="quicker.yaml", against="school.yaml", stories="stories.jsonl", given=b""):
        compared = ("--against", files / against) if against else ()
        source = stories if stories == "-" else files / stories
        return simulate(files / policy, *compared, "--stories", source, *more, given=given)

    return typed


# A file of stories


def test_two_policies_are_set_side_by_side(over_file):
    ran = over_file()
    assert ran.returncode == 0, ran.stderr
    assert "quicker.yaml beside school.yaml: 60 stories of" in ran.stdout
    assert "each as it stood at its last event." in ran.stdout
    head = next(line for line in ran.stdout.splitlines() if line.startswith("Verdicts"))
    assert head.split() == ["Verdicts", "quicker.yaml", "school.yaml", "difference"]
    assert re.search(r"First response: met \(school.yaml\) → breached \(quicker.yaml\) +[1-9]", ran.stdout)
    assert "Alerts by hour (Europe/London)" in ran.stdout
    assert "by medium_response (8 working hours: “Medium: response in up to 24 working hours”)" in ran.stdout


def test_a_policy_beside_itself_differs_in_nothing(over_file):
    ran = over_file(policy="school.yaml")
    assert ran.returncode == 0
    assert "No ticket differs." in ran.stdout
    assert not re.search(r" [+-]\d", ran.stdout)


def test_the_same_as_json(over_file):
    found = over_file("--json", "--list", "3").json
    assert (found["version"], found["complete"], found["stories"]) == (1, True, 60)
    assert (found["policy"], found["against"]) == ("quicker.yaml", "school.yaml")
    assert len(found["listed"]) == 3 < found["differing"]
    judged = Counter()
    for each in found["verdicts"]:
        judged["policy"] += each["policy"]
        judged["against"] += each["against"]
    assert judged["policy"] == judged["against"] >= 120


def test_as_many_tickets_are_explained_as_are_asked_for(over_file):
    for count in (0, 2):
        told = over_file("--list", count).stdout
        assert f" of 60 tickets differ; {count} explained, the largest difference first." in told
        assert told.count("\nline ") == count


def test_one_policy_alone_gives_figures_and_nothing_to_compare(over_file):
    ran = over_file(against="")
    assert ran.returncode == 0 and "difference" not in ran.stdout and "differ" not in ran.stdout
    assert "met of judged" in ran.stdout
    assert all("against" not in each for each in over_file("--json", against="").json["verdicts"])


def test_every_story_is_looked_at_at_the_instant_that_is_asked_for(over_file):
    ran = over_file("--at", "2026-01-01T00:00:00Z")
    assert "each as it stood at 2026-01-01 00:00:00 UTC." in ran.stdout
    found = over_file("--at", "2026-01-01T00:00:00Z", "--json").json
    assert found["stories"] + found["not_yet_opened"] == 60 and 0 < found["not_yet_opened"] < 60
    assert re.search(rf"{found['not_yet_opened']} more had not been opened by then", ran.stdout)
    assert over_file("--at", "now", "--json").json["at"] > "2026-01-01T00:00:00Z"


def test_stories_come_by_standard_input_too(over_file, files):
    given = (files / "stories.jsonl").read_bytes()
    assert over_file("--json", stories="-", given=given).json == over_file("--json").json


def test_escalations_are_set_side_by_side_step_by_step(over_file, files):
    document = freeze(quicker(), range(2025, 2027))["document"]
    rungs = [
        {"after": "2 working hours", "tell": ["lead"]},
        {"after": "9 working hours", "tell": ["lead", "head"], "page": True},
    ]
    document["roles"] = [{"id": "lead", "label": "Team lead"}, {"id": "head", "label": "Head of support"}]
    document["escalation"] = {"ladders": [{"id": "late", "until": "first_response", "steps": rungs}]}
    (files / "ladder.yaml").write_text(json.dumps(document), encoding="utf-8")
    told = over_file(policy="ladder.yaml").stdout
    assert re.search(r"^late +1 +[1-9]\d* +0 +\+", told, re.MULTILINE)
    assert re.search(r"^late +2 +[1-9]\d* +0 +\+", told, re.MULTILINE)
    assert re.search(r"^Escalations that page +[1-9]", told, re.MULTILINE)
    found = over_file("--json", policy="ladder.yaml").json
    first, second = (each["policy"] for each in found["escalations"])
    assert {each["role"]: each["policy"] for each in found["roles_told"]} == {
        "lead": first + second,
        "head": second,
    }


def test_stories_to_try_it_with_are_made_by_a_command(over_file, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["upheld", "bench", "stories", "--tickets", "3"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    found = over_file("--json", stories="-", given=capsys.readouterr().out.encode()).json
    assert (found["stories"], found["unread"]["count"]) == (3, 0)


def test_many_processes_find_what_one_finds(over_file, files):
    (files / "many.jsonl").write_text("{\n" + "".join(repeated(3 * MOST_STORIES)), encoding="utf-8")
    side_by_side = over_file("--json", "--jobs", "2", stories="many.jsonl")
    alone = over_file("--json", "--jobs", "1", stories="many.jsonl")
    assert side_by_side.returncode == 1 and side_by_side.json == alone.json
    assert alone.json["stories"] == 3 * MOST_STORIES


def test_what_cannot_be_read_is_named_by_its_line_and_the_rest_is_counted(over_file, files):
    good = (files / "stories.jsonl").read_bytes()
    ran = over_file(stories="-", given=b"{\n\n" + good + b"\xff\n")
    assert ran.returncode == 1 and "60 stories of -" in ran.stdout
    assert [line.split(": ")[0] for line in ran.stderr.splitlines()[:2]] == ["-:1", "-:63"]
    assert "2 stories could not be read and are in none of the figures." in ran.stderr
    few = over_file("--list", "1", stories="-", given=b"{\n" * 5)
    assert "... and 4 more" in few.stderr


def test_a_priority_of_another_name_is_counted_and_the_remedy_is_told(over_file, files):
    told = (files / "stories.jsonl").read_text().replace('"urgent"', '"p1"')
    (files / "old.jsonl").write_text(told, encoding="utf-8")
    ran = over_file(stories="old.jsonl")
    count = int(re.search(r"Not known as a priority: p1 \((\d+)\)", ran.stderr)[1])
    assert ran.returncode == 1 and count > 0 and f"{60 - count} stories of" in ran.stdout
    assert "as in --map-priority p1=urgent; there are urgent, high, medium, low." in ran.stderr
    assert "has no priority 'p1'" in ran.stderr.splitlines()[0]
    mapped = over_file("--json", "--map-priority", "p1=urgent", stories="old.jsonl")
    assert mapped.returncode == 0 and mapped.json == over_file("--json").json


def test_a_status_of_another_name_is_mapped(over_file, files):
    told = (files / "stories.jsonl").read_text().replace('"resolved"', '"solved"')
    (files / "old.jsonl").write_text(told, encoding="utf-8")
    assert "--map-status solved=open" in over_file(stories="old.jsonl").stderr
    mapped = over_file("--json", "--map-status", "solved=resolved", stories="old.jsonl")
    assert mapped.returncode == 0 and mapped.json == over_file("--json").json


def test_what_a_stranger_wrote_into_an_id_does_not_steer_the_terminal(over_file, files):
    story = json.loads((files / "stories.jsonl").read_text().splitlines()[0])
    story["id"] = "T-1\x1b[2J\u202e"
    story["events"][0]["data"]["priority"] = "p\x1b[31m1"
    ran = over_file("--at", "now", stories="-", given=json.dumps(story).encode())
    assert "\x1b" not in ran.stdout + ran.stderr
    del story["events"][0]["data"]["priority"]
    ran = over_file("--at", "now", stories="-", given=json.dumps(story).encode())
    assert "line 1 (T-1" in ran.stdout and "\x1b" not in ran.stdout and "\u202e" not in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--stories", "nowhere.jsonl"],
            "nowhere.jsonl cannot be read: No such file or directory. Check the path.",
        ),
        (["--stories", "-", "--since", "2026-01-01"], "--desk and --since are about a desk's stories."),
        (["--stories", "-", "--against", "-"], "Only one of the files can be standard input."),
        (
            ["--stories", "-", "--map-priority", "p1"],
            "--map-priority p1 is no pair of names. Write for example",
        ),
        (
            ["--stories", "-", "--map-priority", "p1=top"],
            "has no priority “top”. It has urgent, high, medium, low.",
        ),
        (
            ["--stories", "-", "--map-status", "a=open", "--map-status", "a=closed"],
            "--map-status names “a” twice.",
        ),
        (["--stories", "-", "--at", "noon"], "“noon” is not an instant."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments, said, files, simulate):
    ran = simulate(files / "quicker.yaml", *arguments)
    assert ran.returncode == 1 and said in ran.stderr and "Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_document_that_is_not_sound_is_refused_before_anything_is_read(files, simulate):
    (files / "bad.yaml").write_text("policy: 1\nname: x\n", encoding="utf-8")
    ran = simulate(files / "bad.yaml", "--stories", files / "stories.jsonl")
    assert ran.returncode == 1 and "the key 'title' is missing" in ran.stderr and ran.stdout == ""


def test_two_files_of_one_name_are_told_apart_by_their_folders(files, simulate):
    (files / "new").mkdir()
    (files / "new" / "school.yaml").write_text(quicker(), encoding="utf-8")
    ran = simulate(
        files / "new" / "school.yaml",
        "--against",
        files / "school.yaml",
        "--stories",
        files / "stories.jsonl",
        "--json",
    )
    assert (ran.json["policy"], ran.json["against"]) == (
        str(files / "new/school.yaml"),
        str(files / "school.yaml"),
    )


def test_a_line_without_an_end_is_not_read_into_memory():
    source = io.BytesIO(b"a" * 1000 + b"\n" + b"b" * 10_000 + b"\nc\n" + b"d" * 64)
    found = list(lines(source, 64))
    assert [(each.place, len(each.raw), each.is_whole) for each in found] == [
        (1, 64, False),
        (2, 64, False),
        (3, 2, True),
        (4, 64, False),
    ]


def test_chunks_hold_few_stories_and_few_bytes():
    stories = [PastStory(place, "", ()) for place in range(450)]
    assert [chunk.weight for chunk in chunks(stories, lambda story: 1)] == [200, 200, 50]
    long = lines(io.BytesIO((b"x" * 600_000 + b"\n") * 5))
    assert [len(chunk.items) for chunk in chunks(long, lambda line: 1)] == [2, 2, 1]


def test_stories_are_taken_from_their_source_no_faster_than_they_are_looked_at():
    """However many stories there are, only those of a few chunks are in memory."""
    taken = looked_at = ahead = 0

    def endless():
        nonlocal taken
        for story in repeated(14 * MOST_STORIES):
            taken += 1
            yield from lines(io.BytesIO(story.encode()))

    def done(weight, tally):
        nonlocal looked_at, ahead
        looked_at += weight
        ahead = max(ahead, taken - looked_at)

    task = Task(freeze(pack("school-devices"), range(2025, 2027)))
    tally, is_complete = run(task, chunks(endless(), lambda line: 1), 2, done)
    assert is_complete and tally.stories == taken == looked_at
    assert ahead <= 5 * MOST_STORIES


# Ctrl-C


@pytest.mark.processes
def test_somebody_watches_a_bar_and_stops_it(files):
    """The bar is drawn on the terminal; after Ctrl-C what was counted is told, and how far it came."""
    terminal, shown = pty.openpty()
    command = [sys.executable, "-m", "upheld", "policy", "simulate", str(files / "quicker.yaml")]
    command += ["--against", str(files / "school.yaml"), "--stories", "-", "--jobs", "2", "--list", "1"]
    running = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=shown,
        env=os.environ | {"TERM": "xterm"},
        # Who runs the tests in the background has Ctrl-C ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    os.close(shown)
    try:
        running.stdin.write("".join(repeated(8 * MOST_STORIES)).encode())
        running.stdin.flush()
        drawn = b""
        while not re.search(rb"Simulating.* [1-9][\d,]* stories", drawn):
            drawn += os.read(terminal, 4096)
        running.send_signal(signal.SIGINT)
        while b"Stopped after" not in drawn:
            drawn += os.read(terminal, 4096)
        told = running.stdout.read().decode()
        assert running.wait(30) == 130
    finally:
        running.kill()
        running.communicate()
        os.close(terminal)
    counted = int(re.search(rb"Stopped after ([\d,]+) stories", drawn)[1].replace(b",", b""))
    assert 0 < counted < 8 * MOST_STORIES and counted % MOST_STORIES == 0
    assert f"the first {counted:,} stories of -" in told and "Traceback" not in told + drawn.decode()


# A desk's own past


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A week of the desk: answered late, answered soon, urgent about a child, left to the customer, not answered."""
    late = cast.writes("2026-03-16 09:00", "Laptop will not start")
    reply(late.pk, cast.bob, "Try again.", at("2026-03-17 10:00"), status="resolved")
    soon = cast.writes("2026-03-16 09:30", "New charger")
    reply(soon.pk, cast.bob, "It is on its way.", at("2026-03-16 10:00"), status="waiting_on_customer")
    child = cast.writes("2026-03-16 10:00", "A child is being filmed at home")
    set_priority(child.pk, cast.bob, "urgent", at("2026-03-16 10:10"))
    set_status(
        child.pk, cast.bob, "waiting_on_third_party", at("2026-03-16 10:20"), reason="the child's parents"
    )
    cast.writes("2026-03-18 12:00", "Nobody answers this one")
    for ticket in Ticket.objects.order_by("pk"):
        settle_ticket(ticket.pk, at("2026-03-20 15:00"))
    return cast


@pytest.fixture
def over_desk(files, simulate):
    def typed(*more, policy="quicker.yaml", when="2026-03-20T15:00:00Z"):
        return simulate(files / policy, *(("--at", when) if when else ()), *more)

    return typed


def test_a_desk_is_compared_with_the_version_under_which_its_tickets_live(busy, over_desk):
    ran = over_desk()
    assert ran.returncode == 0, ran.stderr
    assert "quicker.yaml beside version 1: 4 stories of school-devices" in ran.stdout
    assert "each as it stood at 2026-03-20 15:00:00 UTC." in ran.stdout
    found = over_desk("--json").json
    assert found["changed_verdicts"] == [
        {"metric": "first_response", "against": "met", "policy": "breached", "clocks": 1},
        {"metric": "first_response", "against": "open", "policy": "breached", "clocks": 1},
    ]
    assert {each["name"] for each in found["listed"]} >= {"SDS-1001", "SDS-1004"}
    assert "under version 1 it was due" in found["listed"][0]["sentences"][0]


def test_the_published_policy_beside_itself_gives_the_standings_that_the_desk_has(busy, over_desk):
    found = over_desk("--json", policy="school.yaml").json
    assert (found["differing"], found["stories"], found["unread"]["count"]) == (0, 4, 0)
    assert in_figures(found) == in_database()


def in_database():
    """Count the verdicts that are stored with the tickets."""
    stored = Counter()
    for ticket in Ticket.objects.all():
        for clock in ticket.standing["clocks"]:
            stored[clock["metric"], ticket.priority, clock["verdict"] or "open"] += 1
    return stored


def in_figures(found):
    """Return the verdicts that a simulation counted for what the tickets lived under."""
    listed = found["verdicts"]
    return Counter({(each["metric"], each["priority"], each["verdict"]): each["against"] for each in listed})


def test_alerts_are_what_people_on_the_desk_were_told(busy, over_desk):
    found = over_desk("--json", policy="school.yaml").json
    alerts = Notice.objects.filter(kind__in=[NoticeKind.WARNING, NoticeKind.BREACH])
    consequences = {key.rsplit(":agent:", 1)[0] for key in alerts.values_list("key", flat=True)}
    assert sum(each["against"] for each in found["alerts_by_hour"]) == len(consequences) > 0


def test_of_a_restricted_ticket_nothing_is_told_but_its_number(busy, over_desk, files):
    (files / "other.yaml").write_text(
        quicker().replace("within: 16 working hours", "within: 12 working hours"), encoding="utf-8"
    )
    for ran in (over_desk(policy="other.yaml"), over_desk("--json", policy="other.yaml")):
        assert "SDS-1003" in ran.stdout
        for word in ("child", "filmed", "parents", "Amina", "Laptop"):
            assert word not in ran.stdout + ran.stderr


def test_a_ticket_under_a_later_version_is_compared_with_that_one(busy, over_desk):
    publish_policy(busy.desk, quicker(), now=utc("2026-03-19 00:00"), by="tests")
    busy.writes("2026-03-19 09:00", "Under the second version")
    found = over_desk("--json").json
    assert (found["against"], found["stories"]) == ("own version", 5)
    assert "SDS-1005" not in {each["name"] for each in found["listed"]}
    assert {each["against"] for each in found["listed"]} == {"version 1"}
    back = over_desk("--json", policy="school.yaml").json
    assert [(each["name"], each["against"]) for each in back["listed"]] == [("SDS-1005", "version 2")]


def test_tickets_that_a_version_took_over_are_compared_with_all_that_they_lived_under(busy, over_desk):
    with transaction.atomic():
        prepared = prepare(quicker(), utc("2026-03-18 14:00"))
        publish_prepared(busy.desk, prepared, now=utc("2026-03-18 14:00"), by="tests", mode=Mode.recompute)
    for ticket in Ticket.objects.order_by("pk"):
        settle_ticket(ticket.pk, at("2026-03-20 15:00"))
    found = over_desk("--json", policy="school.yaml").json
    listed = {each["name"]: each["against"] for each in found["listed"]}
    assert found["against"] == "own version" and listed["SDS-1004"] == "versions 1 and 2"
    assert "SDS-1001" not in listed, "it was resolved before the second version took effect"
    assert in_figures(found) == in_database()


def test_a_desk_may_be_compared_with_any_policy(busy, over_desk, files):
    found = over_desk("--json", "--against", files / "school.yaml", policy="school.yaml").json
    assert (found["differing"], found["stories"]) == (0, 4)
    publish_policy(busy.desk, quicker(), now=utc("2026-03-19 00:00"), by="tests")
    busy.writes("2026-03-19 09:00", "Under the second version")
    found = over_desk("--json", "--against", files / "school.yaml").json
    assert "SDS-1005" in {each["name"] for each in found["listed"]}, "its own version is not asked"
    assert {each["against"] for each in found["listed"]} == {"school.yaml"}


def test_only_tickets_since_a_date_and_until_the_instant_count(busy, over_desk):
    assert over_desk("--json", "--since", "2026-03-17").json["stories"] == 1
    assert over_desk("--json", "--since", "2026-03-16").json["stories"] == 4
    assert over_desk("--json", when="2026-03-16T09:45:00Z").json["stories"] == 2
    assert over_desk("--json", when="").json["at"] > "2026-03-20"


def test_a_date_begins_at_midnight_in_the_zone_of_the_policy(cast, over_desk):
    cast.writes("2026-06-14 22:59")
    cast.writes("2026-06-14 23:00")
    assert over_desk("--json", "--since", "2026-06-15", when="2026-06-16T00:00:00Z").json["stories"] == 1


def test_an_urgent_ticket_is_mapped_where_the_policy_has_another_name_for_it(busy, over_desk, files):
    renamed = pack("school-devices").replace("id: urgent\n", "id: p1\n").replace("[urgent]", "[p1]")
    (files / "renamed.yaml").write_text(renamed.split("\nexamples:")[0] + "\n", encoding="utf-8")
    ran = over_desk(policy="renamed.yaml")
    assert (
        ran.returncode == 1 and "SDS-1003: event " in ran.stderr and "--map-priority urgent=p1" in ran.stderr
    )
    mapped = over_desk("--json", "--map-priority", "urgent=p1", policy="renamed.yaml")
    assert (mapped.returncode, mapped.json["differing"], mapped.json["stories"]) == (0, 0, 4)


def test_the_desk_of_others_is_left_out(busy, charlie, over_desk):
    assert "There are several desks." in over_desk().stderr
    assert over_desk("--desk", "other", "--json").json["stories"] == 0
    assert over_desk("--desk", "school-devices", "--json").json["stories"] == 4


def test_nothing_is_written(busy, over_desk):
    def everything():
        return [list(model.objects.order_by("pk").values()) for model in (Ticket, Notice, Desk)]

    before = everything()
    over_desk()
    assert everything() == before


def test_stories_of_a_desk_are_facts_in_their_order(busy):
    told = list(past_stories(past_tickets(busy.desk, None, NOW)))
    assert [each.name for each in told] == ["SDS-1001", "SDS-1002", "SDS-1003", "SDS-1004"]
    for story in told:
        kinds = [event.kind for event in story.events]
        assert kinds[0] == "opened" and "warned" not in kinds and "verdict" not in kinds
        assert [event.at for event in story.events] == sorted(event.at for event in story.events)


# The chapter


def chapter():
    """Return the blocks of the chapter: the stories, the change to the policy, the command, and what it prints."""
    return dict(
        re.findall(
            r"```(stories|change|command|printed)\n(.*?)```",
            DOCUMENTATION.read_text(encoding="utf-8"),
            re.DOTALL,
        )
    )


def test_the_example_of_the_chapter_is_what_the_command_prints(tmp_path, simulate, monkeypatch):
    blocks = chapter()
    before, after = re.search(r"s/(.+)/(.+)/", blocks["change"]).groups()
    document = pack("school-devices")
    assert document.count(before) == 2, "the target, and its clause"
    (tmp_path / "school.yaml").write_text(document, encoding="utf-8")
    (tmp_path / "quicker.yaml").write_text(document.replace(before, after), encoding="utf-8")
    (tmp_path / "stories.jsonl").write_text(blocks["stories"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = blocks["command"].split()
    assert arguments[:3] == ["upheld", "policy", "simulate"]
    ran = simulate(*arguments[3:])
    assert ran.returncode == 0, ran.stderr
    printed = [line.rstrip() for line in ran.stdout.splitlines()]
    assert printed == blocks["printed"].splitlines()
