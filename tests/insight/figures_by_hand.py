"""Figures counted by hand: every story told anew under its policy, once at the end and once at each of its instants,
and what comes of it added up clock by clock. It shares no code with what counts in the program."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from upheld.policy import Actor, Event, Policy, evaluate, explain
from upheld.tickets.models import StoryEvent, Ticket

BEFORE_ANYBODY_COULD_KNOW = ("reclassified", "admitted", "not spam", "published")


@dataclass(frozen=True)
class Clock:
    """One clock at the end: when it fell due, and what became of it."""

    ticket: int
    metric: str
    cycle: int
    due: datetime | None
    became: str
    reason: str
    marks: frozenset[str]
    of: dict[str, str]


@dataclass
class Life:
    """One ticket: its story, and how it ended."""

    ticket: Ticket
    policy: Policy
    story: list[Event]
    team_of: dict[int, str]
    until: datetime
    clocks: list[Clock] = field(default_factory=list)


def lives_of(tickets: Iterable[Ticket], policy: Policy, until: datetime) -> list[Life]:
    found = []
    for ticket in tickets:
        rows = StoryEvent.objects.filter(ticket=ticket, consequence_key=None).order_by("at", "seq")
        story = [
            Event(each.at, each.kind, Actor(each.actor), each.data, each.seq, each.recorded_at)
            for each in rows
        ]
        teams = {each.seq: str(each.data["desk_team"] or "") for each in rows if "desk_team" in each.data}
        life = Life(ticket, policy, story, teams, until)
        life.clocks = list(_clocks(life))
        found.append(life)
    return found


def _clocks(life: Life) -> Iterator[Clock]:
    standing = evaluate(life.policy, life.story, life.until)
    corrected = {
        (each.data["metric"], each.data["cycle"]): each.data["verdict"]
        for each in standing.consequences
        if each.kind == "correction"
    }
    late = [each.entered_at for each in standing.late_calls]
    judged = set()
    for each in standing.consequences:
        if each.kind == "verdict":
            data = each.data
            name = data["metric"], data["cycle"]
            judged.add(name)
            yield Clock(
                life.ticket.pk,
                *name,
                datetime.fromisoformat(data["due_at"]),
                "spam" if life.ticket.is_spam else _became(corrected.get(name, data["verdict"])),
                _reason(life, data, each.at, corrected.get(name)),
                frozenset(_marks(life, data, each.at, name in corrected, late)),
                _what(life, each.at),
            )
    for each in standing.clocks:
        name = each.metric.value, each.cycle
        if name not in judged:
            due = each.paused_since if life.ticket.is_spam else each.due_at
            became = "spam" if life.ticket.is_spam else "pending"
            reason = "marked-as-spam" if life.ticket.is_spam else ""
            yield Clock(life.ticket.pk, *name, due, became, reason, frozenset(), _what(life, life.until))


def _became(verdict: str) -> str:
    return "missed" if verdict == "breached" else verdict


def _reason(life: Life, data: Any, at: datetime, corrected: str | None) -> str:
    if life.ticket.is_spam:
        return "marked-as-spam"
    verdict = corrected or data["verdict"]
    if verdict in ("met", "breached"):
        return ""
    if corrected:
        return "corrected-by-hand"
    if verdict == "abandoned":
        return "closed-unanswered"
    closing = [each for each in life.story if each.kind == "status" and each.at == at]
    return str(closing[-1].data["reason"])


def _marks(life: Life, data: Any, at: datetime, is_corrected: bool, late: list[datetime]) -> Iterator[str]:
    if is_corrected:
        yield "corrected"
    elif data["verdict"] == "breached" and data["cause"] in BEFORE_ANYBODY_COULD_KNOW:
        yield "reclassified"
    if data["metric"] == "resolution":
        return
    answered = at if data["verdict"] == "met" else None
    if data["verdict"] == "breached" and data["metric"] != "update":
        answers = [each.at for each in life.story if _answers(life, each) and each.at > at]
        answered = min(answers, default=None)
    if answered in late:
        yield "late_calls"


def _answers(life: Life, event: Event) -> bool:
    if life.policy.responses.only_when_assigned and not _is_assigned(life, event):
        return False
    if event.kind == "call":
        return True
    return (
        event.kind == "message"
        and event.data.get("direction") == "out"
        and bool(event.data.get("public", True))
    )


def _is_assigned(life: Life, event: Event) -> bool:
    said = [
        each for each in life.story if each.kind == "assigned" and (each.at, each.seq) < (event.at, event.seq)
    ]
    return bool(said) and said[-1].data["to"] is not None


def _what(life: Life, at: datetime) -> dict[str, str]:
    """What the ticket was at an instant: the last that was said of it."""
    found = {"priority": "", "plan": "", "team": ""}
    for each in life.story:
        if each.at > at:
            break
        if each.kind == "opened":
            named = each.data.get("priority")
            found["priority"] = named if life.policy.has_priority(named) else life.policy.default_priority
            found["plan"] = each.data.get("plan") or ""
        elif each.kind == "priority":
            found["priority"] = each.data["to"]
        elif each.kind == "field" and each.data["name"] == "plan":
            found["plan"] = each.data["to"] or ""
        if each.seq in life.team_of:
            found["team"] = life.team_of[each.seq]
    return found


@dataclass
class Counted:
    """A month by hand."""

    outcomes: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    marks: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, set[int]] = field(default_factory=dict)
    tickets: set[int] = field(default_factory=set)


def count(lives: Iterable[Life], start: datetime, end: datetime) -> Counted:
    """Count the clocks that fell due in [start, end)."""
    counted = Counted()
    for life in lives:
        for clock in life.clocks:
            if clock.due is None or not start <= clock.due < end:
                continue
            counted.tickets.add(clock.ticket)
            sides = {"metric": clock.metric, **clock.of}
            for side, key in sides.items():
                counted.outcomes[clock.metric, side, key, clock.became] += 1
                for mark in clock.marks:
                    counted.marks[clock.metric, side, key, mark] += 1
            if clock.reason:
                counted.reasons[clock.reason] += 1
                counted.left_out.setdefault(clock.reason, set()).add(clock.ticket)
    return counted


def stood(lives: Iterable[Life], start: datetime, end: datetime) -> Counter[tuple[str, int | None]]:
    """How long clocks stood still within [start, end), in microseconds, by reason and by the agent behind it: what the
    ledgers said at each instant of each story, laid on top of each other."""
    found: Counter[tuple[str, int | None]] = Counter()
    for life in lives:
        agents = dict(StoryEvent.objects.filter(ticket=life.ticket).values_list("seq", "agent_id"))
        lines: dict[tuple[str, int], set[tuple[datetime, datetime]]] = {}
        for at in _instants(life):
            for ledger in explain(life.policy, life.story, at):
                for line in ledger.lines:
                    if line.kind == "paused" and not _is_over(life, line.start, line.cause):
                        lines.setdefault((line.reason, line.cause or 0), set()).add((line.start, line.end))
        for (reason, cause), spans in lines.items():
            found[reason, agents.get(cause)] += _length(spans, start, end)
    return Counter({each: length for each, length in found.items() if length})


def _instants(life: Life) -> list[datetime]:
    """Clocks begin and end to stand still when something is told, or when a status changes by itself."""
    consequences = evaluate(life.policy, life.story, life.until).consequences
    by_itself = [each for each in consequences if each.kind == "status"]
    return sorted({each.at for each in (*life.story, *by_itself)} | {life.until})


def _is_over(life: Life, at: datetime, cause: int | None) -> bool:
    status = life.policy.status(evaluate(life.policy, life.story, at).status)
    return status.is_done or any(each.kind == "spam" for each in life.story if each.seq == cause)


def _length(spans: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> int:
    length, reached = timedelta(), start
    for begins, stops in sorted(spans):
        begins, stops = max(begins, reached), min(stops, end)
        if begins < stops:
            length, reached = length + (stops - begins), stops
    return length // timedelta(microseconds=1)
