"""What was told of a ticket's consequences: of each that asks for it, never before its instant, and of no other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from upheld.policy import Consequence, Event
from upheld.tickets.verifying.consequences import Line
from upheld.tickets.verifying.found import Found

_AT_ONCE = timedelta(minutes=1)
_ALERTS = ("warning", "breach", "escalated", "reminder")


class Told(NamedTuple):
    """One mail, or one row that an agent reads in the pages: its key without the ticket's id, its kind, and when it was
    stored."""

    key: str
    kind: str
    created_at: datetime


def check_told(
    lines: Sequence[Line], told: Sequence[Told], facts: Iterable[Event], *, has_agents: bool
) -> Iterator[Found]:
    """Yield consequences of which nobody on the desk was told, notices that came before what they tell of, and notices
    about something that never happened.

    Nothing is missed on a ticket about which nothing was ever told, such as one that was brought along from another
    program, on a desk on which nobody works, while a ticket was spam, or while it was a part of another, which then
    warns for both.
    """
    by_key = {each.consequence.key: each.consequence for each in lines}
    told_of = set()
    for notice in told:
        key = _cause(notice.key)
        told_of.add(key)
        cause = by_key.get(key)
        if cause is not None and notice.created_at < cause.at:
            yield Found.of(f"{key}: told too early", notice.created_at, cause.at)
        if cause is None and notice.kind in _ALERTS and _names_a_consequence(key):
            yield Found.of(f"{key}: told of what did not happen", notice.created_at, None)
    if not told or not has_agents:
        return
    facts = list(facts)
    apart = [*_between(facts, "merged", "merge_undone"), *_between(facts, "spam", "not_spam")]
    for line in lines:
        each = line.consequence
        if not _asks_for_agents(each) or each.key in told_of or f"nobody-reads:{each.key}" in told_of:
            continue
        if each.data.get("page") and line.recorded_at > each.at + _AT_ONCE:
            # Nobody is paged for what was given while the desk could not record it.
            continue
        if not any(
            start <= line.recorded_at and (end is None or line.recorded_at < end) for start, end in apart
        ):
            yield Found.of(f"{each.key}: nobody was told", None, each.at)


def _between(facts: Iterable[Event], begins: str, ends: str) -> Iterator[tuple[datetime, datetime | None]]:
    """Yield from when to when something was so of the ticket, as it was recorded."""
    since: datetime | None = None
    for fact in facts:
        recorded_at = fact.recorded_at or fact.at
        if fact.kind == begins:
            since = since or recorded_at
        elif fact.kind == ends and since is not None:
            yield since, recorded_at
            since = None
    if since is not None:
        yield since, None


def _cause(key: str) -> str:
    """The consequence's key in that of a notice, which names its recipient behind it."""
    for mark in (":agent:", ":to:"):
        key = key.partition(mark)[0]
    return key


def _names_a_consequence(key: str) -> bool:
    return key.partition(":")[0] in ("warned", "breached", "escalated", "complaint_missed")


def _asks_for_agents(consequence: Consequence) -> bool:
    data: Mapping[str, object] = consequence.data
    match consequence.kind:
        case "warned" | "escalated" | "complaint_missed":
            return True
        case "verdict":
            return data.get("verdict") == "breached" and data.get("cause") != "reclassified"
        case "reminder":
            return data.get("audience") != "customer"
    return False
