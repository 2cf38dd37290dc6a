"""What happened to made-up tickets: plain values, one in ten of them still open."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from upheld.lab.generator.words import Words

Kind = Literal["reply", "customer", "note", "status", "assign"]
PRIORITIES = (None, None, None, "low", "low", "medium", "high", "urgent")
_OPEN_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Deed:
    """One action: `value` is what was said, the status that was set, or the number of the assignee."""

    kind: Kind
    at: datetime
    value: str
    agent: int = 0
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket from its receipt on; people are numbers within the desk's contacts and agents."""

    subject: str
    text: str
    contact: int
    channel: str
    priority: str | None
    received_at: datetime
    deeds: tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people a life may pick from, and how many messages a ticket has on average."""

    contacts: int
    agents: int
    messages: int


def lives(count: int, crowd: Crowd, now: datetime, random: Random) -> Iterator[Life]:
    """Return `count` lives that end at `now` at the latest."""
    words = Words(random)
    for _ in range(count):
        yield _life(crowd, now, random, words)


def unanswered(count: int, crowd: Crowd, at: datetime, random: Random) -> Iterator[Life]:
    """Return `count` lives that were received at one instant, assigned a minute later, and then left alone: whatever
    falls due on one of them falls due on all."""
    words = Words(random)
    for number in range(count):
        agent = number % crowd.agents
        yield Life(
            subject=words.subject(),
            text=words.text(),
            contact=random.randrange(crowd.contacts),
            channel="email",
            priority="high",
            received_at=at,
            deeds=(Deed("assign", at + timedelta(minutes=1), str(agent), agent),),
        )


def _life(crowd: Crowd, now: datetime, random: Random, words: Words) -> Life:
    is_open = random.random() < _OPEN_SHARE
    age = timedelta(hours=random.uniform(0.1, 120)) if is_open else timedelta(days=random.uniform(5, 330))
    received = (now - age).replace(microsecond=random.randrange(1_000_000))
    end = now if is_open else received + timedelta(hours=96)
    deeds = _open_deeds if is_open else _done_deeds
    return Life(
        subject=words.subject(),
        text=words.text(),
        contact=random.randrange(crowd.contacts),
        channel=random.choice(("email", "email", "portal")),
        priority=random.choice(PRIORITIES),
        received_at=received,
        deeds=tuple(deeds(crowd, received, end, random, words)),
    )


def _done_deeds(crowd: Crowd, start: datetime, end: datetime, random: Random, words: Words) -> Iterator[Deed]:
    """A talk that ends in a solution; silence closes the ticket."""
    agent = random.randrange(crowd.agents)
    yield from _talk(crowd, agent, _instants(crowd.messages - 1, start, end, random), words, ends=True)


def _open_deeds(crowd: Crowd, start: datetime, end: datetime, random: Random, words: Words) -> Iterator[Deed]:
    """Nothing yet, a talk under way, or a question that waits for its answer."""
    agent = random.randrange(crowd.agents)
    part = random.random()
    if part < 0.3:
        return
    times = _instants(crowd.messages - 1, start, end, random)
    yield from _talk(crowd, agent, times, words, ends=False)
    if part > 0.7 and times:
        status = "waiting_on_customer" if part < 0.85 else "waiting_on_third_party"
        yield Deed("status", times[-1] + (end - times[-1]) / 2, status, agent)


def _talk(crowd: Crowd, agent: int, times: list[datetime], words: Words, *, ends: bool) -> Iterator[Deed]:
    """An assignment, then answers and questions in turn; the last word is an answer where the talk ends."""
    for place, at in enumerate(times):
        if place == 0:
            yield Deed("assign", at - timedelta(seconds=30), str(agent), agent)
        is_last = place == len(times) - 1
        if (ends and is_last) or place % 2 == 0:
            yield Deed("reply", at, words.text(), agent, "resolved" if ends and is_last else None)
        else:
            yield Deed("customer", at, words.text())


def _instants(count: int, start: datetime, end: datetime, random: Random) -> list[datetime]:
    """Return instants in order, at least a minute after the start and whole microseconds apart."""
    first = start + timedelta(minutes=1)
    span = max((end - first) / timedelta(microseconds=1), 0)
    offsets = sorted({int(random.uniform(0, span)) for _ in range(max(count, 0))})
    return [first + timedelta(microseconds=offset) for offset in offsets]
