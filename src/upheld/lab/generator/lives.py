"""Lives of made-up tickets: spread as on a living desk, one in ten of them still open."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from upheld.lab.generator.life import WHOLE, Crowd, Deed, Life, Part
from upheld.lab.generator.telling import Teller
from upheld.lab.generator.words import Words

__all__ = ["Crowd", "Deed", "Life", "Part", "lives", "long_life", "unanswered"]


def lives(
    count: int,
    crowd: Crowd,
    now: datetime,
    random: Random,
    *,
    words: Words | None = None,
    part: Part = WHOLE,
) -> Iterator[Life]:
    """Return `count` lives in the order of their receipt, of which nothing lies ahead of `now`."""
    teller = Teller(crowd, now, random, words or Words(random))
    for is_open, received_at in teller.receipts(count, part):
        yield teller.life(received_at, is_open=is_open)


def long_life(messages: int, crowd: Crowd, now: datetime, random: Random) -> Life:
    """Return a life under way with so many messages."""
    teller = Teller(crowd, now, random, Words(random))
    return teller.life(now - timedelta(days=10), is_open=False, messages=messages)


def unanswered(
    count: int,
    crowd: Crowd,
    at: datetime,
    random: Random,
    *,
    words: Words | None = None,
    part: Part = WHOLE,
) -> Iterator[Life]:
    """Return `count` lives that were received at one instant, assigned a minute later, and then left alone: whatever
    falls due on one of them falls due on all."""
    words = words or Words(random)
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
