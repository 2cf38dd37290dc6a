"""Every process of a desk is killed, again and again, while mail comes in and clocks fall due: nothing is lost, nothing
happens twice, and the desk stands up by itself.

`KILLS_SEED=7 pytest tests/processes/test_kills.py` repeats the choices of a run; it prints its seed when it fails.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import standings_again
from killer import VICTIMS, Killer, descendants
from mail_server_outside import MailServerOutside
from sending_server import Letter, SendingServer
from short_promises import DESK, consequences, desk_file
from waiting import wait_for

from harness.desk import RunningDesk
from upheld.config.embedded import connection_parameters

pytestmark = pytest.mark.processes

LETTERS = 150
PEOPLE = 50
KILLING = 25.0
# Warnings fall due while processes die; breaches only when all is over, or the checks would race with them.
MINUTES = 3
CONSEQUENCES = consequences(MINUTES)
ADMINISTRATOR = "grace@devices.example.com"

Row = dict[str, Any]


@pytest.fixture
def outside() -> Iterator[MailServerOutside]:
    with MailServerOutside() as server:
        yield server


@pytest.fixture
def desk(outside: MailServerOutside, tmp_path: Path) -> Iterator[RunningDesk]:
    made = RunningDesk("serve", {"UPHELD_EMAIL_URL": f"smtp://127.0.0.1:{outside.port}"})
    done = made.run("setup", "--file", str(desk_file(tmp_path, ADMINISTRATOR, MINUTES)))
    assert done.returncode == 0, done.stderr.decode()
    made.start()
    yield made
    print(made.log())  # noqa: T201 - shown when the test has failed
    made.remove()


def test_whoever_is_killed_whenever_nothing_is_lost_or_doubled(
    desk: RunningDesk, outside: MailServerOutside
) -> None:
    seed = int(os.environ.get("KILLS_SEED") or random.SystemRandom().randrange(1_000_000))
    letters = list(correspondence(random.Random(seed)))
    before = desk.pids()
    sender = SendingServer(desk.smtp_port, DESK["mailbox"], letters, seconds=KILLING - 5, connections=4)
    killer = Killer(desk, seed)
    sender.start()
    killer.rage(KILLING, pauses=(0.4, 1.4))
    sender.join(patience=40)
    print(f"KILLS_SEED={seed}; killed {Counter(killer.killed)}; {sender.refused} times no 250")  # noqa: T201
    assert set(killer.killed) == set(VICTIMS)
    assert sender.refused

    wait_for("the desk on its feet", lambda: all_new(desk, before) and healthy(desk), patience=60)
    # After many alerts the next ones wait for a minute and leave together.
    wait_for("a quiet desk", lambda: quiet(desk), patience=160)
    with psycopg.connect(**connection_parameters(desk.data_dir), autocommit=True) as opened:
        check_messages(opened, letters)
        check_acknowledgements(opened, outside)
        check_stories(opened)
        check_consequences(opened, outside)
    assert differing_standings(desk) == []

    everybody = descendants(desk.pids()["supervisor"])
    assert desk.stop() == 0
    assert not [pid for pid in everybody if Path(f"/proc/{pid}").exists()]
    assert "Traceback" not in desk.log(), desk.log()


def correspondence(dice: random.Random) -> Iterator[Letter]:
    """Each person writes three letters; the second answers the first, and a few come twice."""
    for number in range(LETTERS):
        turn, person = divmod(number, PEOPLE)
        yield Letter(
            message_id=f"<letter-{number}@kills.example.org>",
            sender=f"person-{person}@kills.example.org",
            text=f"This is letter {number}.",
            answers=f"<letter-{person}@kills.example.org>" if turn == 1 else "",
            again=dice.random() < 0.1,
        )


def check_messages(opened: psycopg.Connection[Any], letters: list[Letter]) -> None:
    """Every letter is one message, whatever became of the answers that its server waited for."""
    found = select(opened, "select message_id, text, contact_id, ticket_id from tickets_message")
    assert Counter(row["message_id"].strip("<>") for row in found) == Counter(
        letter.message_id.strip("<>") for letter in letters
    )
    assert sorted(row["text"].strip() for row in found) == sorted(letter.text for letter in letters)
    states = select(opened, "select state, count(*) from mailboxes_rawmail group by state")
    assert [row["state"] for row in states] == ["ticketed"]
    assert states[0]["count"] >= len(letters) + sum(letter.again for letter in letters)
    # No ticket is without its mail, and none has somebody else's.
    assert not select(opened, "select 1 from tickets_ticket t where not exists (select 1 from tickets_message m"
                              " where m.ticket_id = t.id and m.at = t.received_at)")  # fmt: skip
    assert not select(opened, "select 1 from tickets_message m join tickets_ticket t on t.id = m.ticket_id"
                              " where m.contact_id <> t.requester_id")  # fmt: skip
    assert len({row["ticket_id"] for row in found}) >= 2 * PEOPLE


def check_acknowledgements(opened: psycopg.Connection[Any], outside: MailServerOutside) -> None:
    """Every ticket was acknowledged with one mail; copies of it, if any, are the same mail to the last byte."""
    assert not select(opened, "select * from notices_notice where state <> 'sent'")
    tickets = {row["number"] for row in select(opened, "select number from tickets_ticket")}
    sent = select(
        opened, "select ticket_number, message_id from notices_notice where kind = 'acknowledgement'"
    )
    assert Counter(row["ticket_number"] for row in sent) == Counter(tickets)
    arrived = {mail["Message-ID"].strip(): mail["Subject"] for mail in outside.acknowledgements()}
    assert set(arrived) == {row["message_id"] for row in sent}
    assert all(row["ticket_number"] in arrived[row["message_id"]] for row in sent)
    assert all(len(set(copies)) == 1 for copies in outside.copies.values())


def check_stories(opened: psycopg.Connection[Any]) -> None:
    """Each story is numbered without a gap, and no consequence stands in it twice."""
    assert not select(
        opened,
        "select t.number, array_agg(e.seq order by e.seq) from tickets_ticket t"
        " left join tickets_storyevent e on e.ticket_id = t.id group by t.id"
        " having array_agg(e.seq order by e.seq) is distinct from"
        " (select array_agg(n) from generate_series(1, t.last_seq) n)",
    )
    assert not select(
        opened,
        "select ticket_id, consequence_key from tickets_storyevent where consequence_key is not null"
        " group by 1, 2 having count(*) > 1",
    )


def check_consequences(opened: psycopg.Connection[Any], outside: MailServerOutside) -> None:
    """What fell due meanwhile is stamped with its own instant, and the administrator was told of each once."""
    found = select(
        opened,
        "select t.number, t.received_at, e.consequence_key as key, e.at, e.recorded_at from tickets_storyevent e"
        " join tickets_ticket t on t.id = e.ticket_id where e.consequence_key is not null",
    )
    assert [row for row in found if row["at"] != row["received_at"] + CONSEQUENCES[row["key"]]] == []
    assert [row for row in found if row["recorded_at"] < row["at"]] == []
    tickets = select(opened, "select number, received_at from tickets_ticket")
    assert {row["number"] for row in found if row["key"].startswith("warned:resolution")} == {
        row["number"] for row in tickets
    }
    by_then = max(row["recorded_at"] for row in found) - timedelta(seconds=2)
    assert missing(tickets, found, by_then) == []
    told = select(
        opened, "select ticket_number, data->>'metric' as metric, kind, to_address from notices_notice"
                " where kind in ('warning', 'breach')"
    )  # fmt: skip
    assert {row["to_address"] for row in told} == {ADMINISTRATOR}
    assert Counter(
        (row["ticket_number"], row["metric"]) for row in told if row["kind"] == "warning"
    ) == Counter(
        (row["number"], row["key"].split(":")[1]) for row in found if row["key"].startswith("warned")
    )
    # Several alerts at once are one mail: each left by itself, or with one that left.
    notices = select(
        opened, "select id, message_id, state, data->>'together_with' as together_with from notices_notice"
    )
    assert {row["state"] for row in notices} == {"sent"}
    sent_as = {row["id"]: row["message_id"] for row in notices}
    left = {sent_as[int(row["together_with"] or row["id"])] for row in notices}
    assert set(outside.copies) == left


def missing(tickets: list[Row], found: list[Row], by_then: datetime) -> list[tuple[str, str]]:
    """What the policy must have made happen by then, and is not in the story."""
    happened = {(row["number"], row["key"]) for row in found}
    due = {
        (ticket["number"], key)
        for ticket in tickets
        for key, after in CONSEQUENCES.items()
        if ticket["received_at"] + after <= by_then
    }
    return sorted(due - happened)


def differing_standings(desk: RunningDesk) -> list[str]:
    """Evaluate every story anew, in a process that has the desk's settings."""
    done = subprocess.run(
        [sys.executable, standings_again.__file__],
        env=desk.environment() | {"DJANGO_SETTINGS_MODULE": "upheld.config.settings"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: list[str] = json.loads(done.stdout)
    return found


def all_new(desk: RunningDesk, before: dict[str, int]) -> bool:
    """Whether the supervisor is the same, and every other process has been started anew."""
    now = desk.pids()
    running = now.keys() == before.keys() and all(Path(f"/proc/{pid}").exists() for pid in now.values())
    return running and [name for name in now if now[name] == before[name]] == ["supervisor"]


def healthy(desk: RunningDesk) -> bool:
    with suppress(OSError), urllib.request.urlopen(f"{desk.url}/health", timeout=5) as answer:  # noqa: S310
        return bool(answer.status == 200)
    return False


def quiet(desk: RunningDesk) -> bool:
    """Whether every mail is read, every notice sent, every clock settled, and the second warning of each ticket due."""
    with psycopg.connect(**connection_parameters(desk.data_dir), autocommit=True) as opened:
        (row,) = select(
            opened,
            "select (select count(*) from mailboxes_rawmail where state = 'waiting')"
            " + (select count(*) from notices_notice where state = 'waiting')"
            " + (select count(*) from tickets_ticket where wake_at < clock_timestamp()"
            "    or received_at > clock_timestamp() - interval '11 seconds') as count",
        )
    return bool(row["count"] == 0)


def select(opened: psycopg.Connection[Any], query: str) -> list[Row]:
    with opened.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(query)
        return cursor.fetchall()
