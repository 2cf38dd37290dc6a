"""What must hold when the faults are over. Each check says what is wrong, in sentences; nothing is right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg

from drill.browser import Asked
from drill.desk import RunningDesk
from drill.ground import ADMINISTRATOR
from drill.short_promises import consequences

Row = dict[str, Any]
Opened = psycopg.Connection[Any]

# What became of a mail that is on no ticket, and why.
KEPT = ("held", "ignored", "kept", "parked", "spam")
UNTOUCHED = "not exists (select 1 from tickets_message x where x.ticket_id = t.id and x.agent_id is not null)"


@dataclass
class Fate:
    """What became of what was sent: texts that were taken and are nowhere, texts that are there more than once, texts
    that nobody sent, and why others were kept aside."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)

    def complaints(self) -> Iterator[str]:
        yield from (f"lost: {each}" for each in self.lost)
        yield from (f"there more than once: {each}" for each in self.doubled)
        yield from (f"nobody sent: {each}" for each in self.strange)


def fate(taken: Iterable[str], perhaps: Iterable[str], found: Iterable[str], kept: Mapping[str, str]) -> Fate:
    """Compare what was said with what is there. `taken` was answered with yes, and must be there once, or be kept;
    `perhaps` was not, and may be there once. `kept` says why, by the words."""
    there = Counter(found)
    said = list(taken)
    gone = [each for each in said if not there[each]]
    known = {*said, *perhaps}
    return Fate(
        lost=[each for each in gone if each not in kept],
        doubled=sorted(each for each, times in there.items() if times > 1),
        strange=sorted(each for each in there if each not in known),
        kept=Counter(kept[each] for each in gone if each in kept),
    )


def messages(opened: Opened) -> list[str]:
    """The words of every message that a person wrote."""
    return [row["text"].strip() for row in select(opened, "select text from tickets_message order by id")]


def kept_aside(opened: Opened, texts: Sequence[str]) -> dict[str, str]:
    """Which of these lie in a mail that was kept with a reason, or in a reply that the desk gave back with one."""
    mails = select(
        opened,
        "select raw, state || ': ' || reason as why from mailboxes_rawmail where state = any(%s) and reason <> ''"
        " order by id",
        [list(KEPT)],
    )
    replies = select(
        opened,
        "select payload::text as raw, 'given back: ' || why as why from tickets_press"
        " where state = 'refused' and why <> '' order by id",
    )
    papers = [(bytes(row["raw"]), row["why"]) for row in mails]
    papers += [(row["raw"].encode(), row["why"]) for row in replies]
    return {text: why for text in texts for paper, why in papers if text.encode() in paper}


def tickets_and_mails(opened: Opened) -> Iterator[str]:
    """No ticket is without what opened it, and none has somebody else's mail."""
    for row in select(
        opened,
        "select number from tickets_ticket t where not exists (select 1 from tickets_message m"
        " where m.ticket_id = t.id and m.at = t.received_at) order by number",
    ):
        yield f"{row['number']} is without what opened it"
    for row in select(
        opened,
        "select t.number from tickets_message m join tickets_ticket t on t.id = m.ticket_id"
        " where m.contact_id <> t.requester_id order by t.number",
    ):
        yield f"{row['number']} has somebody else's message"


def stories(opened: Opened) -> Iterator[str]:
    """Each story is numbered without a gap, and no consequence stands in it twice."""
    for row in select(
        opened,
        "select t.number from tickets_ticket t"
        " left join tickets_storyevent e on e.ticket_id = t.id group by t.id"
        " having array_agg(e.seq order by e.seq) is distinct from"
        " (select array_agg(n) from generate_series(1, t.last_seq) n) order by t.number",
    ):
        yield f"the story of {row['number']} has a gap, or a line twice"
    for row in select(
        opened,
        "select ticket_id, consequence_key as key from tickets_storyevent where consequence_key is not null"
        " group by 1, 2 having count(*) > 1 order by 1, 2",
    ):
        yield f"{row['key']} happened more than once on ticket {row['ticket_id']}"


def due(opened: Opened, minutes: int, now: datetime) -> Iterator[str]:
    """On tickets that nobody touched, what fell due happened, is stamped with its own instant, and was told once."""
    expected = consequences(minutes)
    found = select(
        opened,
        "select t.number, t.received_at, e.consequence_key as key, e.at, e.recorded_at from tickets_storyevent e"
        " join tickets_ticket t on t.id = e.ticket_id where e.consequence_key is not null"
        f" and {UNTOUCHED} order by e.id",
    )
    for row in found:
        if row["at"] != row["received_at"] + expected[row["key"]]:
            yield f"{row['key']} of {row['number']} is stamped {row['at']}, not when it fell due"
        if row["recorded_at"] < row["at"]:
            yield f"{row['key']} of {row['number']} was recorded before it fell due"
    tickets = select(
        opened, f"select number, received_at from tickets_ticket t where {UNTOUCHED} order by number"
    )
    for number, key in missing(tickets, found, expected, now - timedelta(seconds=2)):
        yield f"{key} of {number} fell due and did not happen"
    told = select(
        opened,
        "select n.ticket_number as number, n.data->>'metric' as metric, n.to_address from notices_notice n"
        f" join tickets_ticket t on t.id = n.ticket_id where n.kind = 'warning' and {UNTOUCHED} order by n.id",
    )
    if strangers := {row["to_address"] for row in told} - {ADMINISTRATOR}:
        yield f"somebody was told who is not concerned: {strangers}"
    warned = [row for row in found if row["key"].startswith("warned")]
    due_to_tell = Counter((row["number"], row["key"].split(":")[1]) for row in warned)
    were_told = Counter((row["number"], row["metric"]) for row in told)
    for each in sorted((due_to_tell - were_told) | (were_told - due_to_tell)):
        yield f"the warning about {each[1]} of {each[0]} was told {were_told[each]} times, not {due_to_tell[each]}"


def missing(
    tickets: list[Row], found: list[Row], expected: dict[str, timedelta], by_then: datetime
) -> list[tuple[str, str]]:
    """What the policy must have made happen by then, and is not in the story."""
    happened = {(row["number"], row["key"]) for row in found}
    fell_due = {
        (ticket["number"], key)
        for ticket in tickets
        for key, after in expected.items()
        if ticket["received_at"] + after <= by_then
    }
    return sorted(fell_due - happened)


def acknowledgements(opened: Opened) -> Iterator[str]:
    """Every ticket was acknowledged once."""
    tickets = Counter(row["number"] for row in select(opened, "select number from tickets_ticket"))
    kind = "select ticket_number as number from notices_notice where kind = 'acknowledgement'"
    told = Counter(row["number"] for row in select(opened, kind))
    for number in sorted((tickets - told) | (told - tickets)):
        yield f"{number} was acknowledged {told[number]} times"


def notices(opened: Opened, copies: dict[str, list[bytes]] | None) -> Iterator[str]:
    """Every notice was sent, by itself or in one mail with another, and arrived; whatever came more than once is the
    same mail to the last byte. `copies` is what arrived before this was asked; None where nothing leaves."""
    rows = select(
        opened,
        "select id, kind, message_id, state, last_error, data->>'together_with' as together_with"
        " from notices_notice order by id",
    )
    for row in rows:
        if row["state"] != "sent" and not (row["state"] == "left_out" and row["last_error"]):
            yield f"notice {row['id']} ({row['kind']}) is {row['state']}: {row['last_error']}"
    if copies is None:
        return
    sent_as = {row["id"]: row["message_id"] for row in rows}
    left = {
        sent_as[int(row["together_with"] or row["id"])]: row["kind"] for row in rows if row["state"] == "sent"
    }
    for message_id in sorted(left.keys() - copies.keys()):
        yield f"{message_id} ({left[message_id]}) is marked as sent and never arrived"
    for message_id in sorted(copies.keys() - set(sent_as.values())):
        yield f"{message_id} arrived, and no notice knows it"
    for message_id, same in sorted(copies.items()):
        if len(set(same)) != 1:
            yield f"{message_id} came {len(same)} times, and not as the same bytes"


def verified(desk: RunningDesk) -> tuple[int, list[str]]:
    """Run `upheld verify`; return how many tickets it replayed, and what it found."""
    done = desk.run("verify", "--json", "--jobs", "1", "--list", "20")
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return 0, [f"upheld verify failed with {done.returncode}: {done.stderr.decode()[-2000:]}"]
    found = [f"verify: {each['ticket']}: {each['what']}" for each in told["found"]]
    if done.returncode and not found:
        found = [f"upheld verify ended with {done.returncode}"]
    return told["counts"]["tickets"], found


def pages(asked: Asked, log: str) -> Iterator[str]:
    """Every page that broke told an error id, and the log explains it."""
    yield from (f"a page broke without an error id: {each}" for each in asked.unnumbered)
    lines = [line for line in log.splitlines() if "error_id=" in line]
    for number in asked.numbers:
        explained = [line for line in lines if f"error_id={number}" in line]
        if not any("Traceback" in line or "error=" in line for line in explained):
            yield f"the log does not explain error {number}"


def select(opened: Opened, query: str, values: Sequence[Any] = ()) -> list[Row]:
    with opened.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()
