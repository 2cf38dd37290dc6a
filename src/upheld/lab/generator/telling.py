"""Tells lives one after the other: who writes to whom, how fast the desk is, and how it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from upheld.lab.generator.files import SAMPLES
from upheld.lab.generator.hours import instant_of, when_people_write, worked_until
from upheld.lab.generator.life import Crowd, Deed, Life, Part
from upheld.lab.generator.spread import thread_length, zipf
from upheld.lab.generator.words import Words

USUAL = "medium"
# Office hours within which the desk's policy promises a response and a solution.
_PROMISED = {"urgent": (2, 16), "high": (16, 40), "medium": (24, 80), "low": (40, 120)}
_PRIORITIES = (None, None, None, None, "low", "low", "medium", "high", "high", "urgent")
_YEAR, _LATELY = timedelta(days=365), timedelta(days=18)
# The share of all tickets that the last weeks brought, and how many are open of those and of the ones before.
_RECENT, _OPEN_OF_RECENT, _OPEN_OF_OLD = 0.14, 0.665, 0.009
_LATE, _REOPENED, _FILES, _TAGGED, _TEAM_CHOSEN = 0.028, 0.05, 1 / 20, 0.35, 0.06
_REASONS = (
    "The maker's spare part",
    "The school is closed this week",
    "A permission of the network's owner",
    "The courier",
    "An update that is announced for next week",
)
_LOWERED = ("Only one laptop after all", "There is a way around it", "Agreed with the customer")
_GRACE = timedelta(minutes=15)


class Teller:
    """Tells lives out of one random source."""

    def __init__(self, crowd: Crowd, now: datetime, random: Random, words: Words) -> None:
        self._crowd = crowd
        self._now = now
        self._random = random
        self._words = words.told_by(random)
        self._end = worked_until(now)

    def receipts(self, count: int, part: Part) -> list[tuple[bool, datetime]]:
        """Return when so many tickets were received and which of them are open, by their receipt."""
        random, span = self._random, part.last - part.first
        found = [self._receipt(part.first + span * random.random()) for _ in range(count)]
        found.sort(key=lambda each: each[1])
        return found

    def _receipt(self, place: float) -> tuple[bool, datetime]:
        random, ahead = self._random, 1 - place
        if ahead < _RECENT:
            age, share = _LATELY * (ahead / _RECENT), _OPEN_OF_RECENT
        else:
            age, share = _LATELY + (_YEAR - _LATELY) * ((ahead - _RECENT) / (1 - _RECENT)), _OPEN_OF_OLD
        at = when_people_write(self._now - age, random)
        if at >= self._now:
            at = self._now - timedelta(hours=random.uniform(0.05, 4))
        return random.random() < share, at

    def life(self, received_at: datetime, *, is_open: bool, messages: int = 0) -> Life:
        """Return one life, with so many messages where that is said."""
        random = self._random
        priority = random.choice(_PRIORITIES)
        told = Talk(self, received_at, priority or USUAL)
        deeds = told.under_way() if is_open else told.done(messages)
        return Life(
            subject=self._words.subject(),
            text=self._words.text(),
            contact=self._contact(),
            channel=random.choice(("email", "email", "portal")),
            priority=priority,
            received_at=received_at,
            deeds=tuple(_in_order(deeds, received_at, self._now)),
            files=self.files(),
        )

    def _contact(self) -> int:
        """An organization by its weight, and then anybody of its people; some belong to none."""
        crowd, random = self._crowd, self._random
        inside = crowd.contacts - crowd.outsiders
        if crowd.outsiders and random.random() < 0.08:
            return inside + random.randrange(crowd.outsiders)
        organization = zipf(min(crowd.organizations, inside)).pick(random)
        people = (inside - organization - 1) // crowd.organizations + 1
        return organization + crowd.organizations * random.randrange(people)

    @property
    def random(self) -> Random:
        return self._random

    @property
    def crowd(self) -> Crowd:
        return self._crowd

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def end(self) -> float:
        """The office hours that have passed by now."""
        return self._end

    def text(self) -> str:
        return self._words.text()

    def files(self) -> tuple[int, ...]:
        """Most messages bring none."""
        random = self._random
        if random.random() >= _FILES:
            return ()
        return tuple(random.sample(range(len(SAMPLES)), 1 if random.random() < 0.8 else 2))

    def agent(self) -> int:
        return zipf(self._crowd.agents, 3.0).pick(self._random)


class Talk:
    """The deeds on one ticket, in their order; instants are made to follow each other afterwards."""

    def __init__(self, teller: Teller, received_at: datetime, priority: str) -> None:
        self._teller = teller
        self._random = teller.random
        self._received_at = received_at
        self._priority = priority
        self._agent = teller.agent()
        self._start = worked_until(received_at)
        self._has_been_pending = False

    def done(self, messages: int = 0) -> Iterator[Deed]:
        """A talk that ends in a solution, now and then not the last one; silence closes the ticket."""
        random = self._random
        mean = self._teller.crowd.messages
        count = messages or (1 if mean == 1 else thread_length(mean - 0.03, 2, random))
        if count == 1:
            return
        response, solution = self._paces()
        limit = self._start + (self._teller.end - self._start) * random.uniform(0.5, 0.98)
        last = min(max(response, solution), limit)
        yield from self._talk(min(response, limit), last, count - 1, ends=True)
        if not messages and random.random() < _REOPENED:
            again = instant_of(last) + timedelta(hours=random.uniform(1, 20 * 24))
            yield self._say("customer", again)
            answered = worked_until(again) + random.uniform(1, 12)
            yield replace(self._say("reply", instant_of(answered)), status="resolved")

    def under_way(self) -> Iterator[Deed]:
        """Nothing yet, a talk that goes on, or one that waits for somebody."""
        random, teller = self._random, self._teller
        age = teller.now - self._received_at
        if teller.crowd.messages == 1 or random.random() < (0.45 if age < timedelta(hours=36) else 0.02):
            return
        response, _ = self._paces()
        waits = random.random()
        is_old = age > _LATELY
        limit = max(min(teller.end - 0.1, self._start + (60 if is_old else teller.end)), self._start)
        first = min(response, limit)
        count = thread_length(teller.crowd.messages, 2, random) - 1
        yield from self._talk(first, random.uniform(first, limit), count, ends=False)
        if is_old or waits < 0.3:
            yield self._pause(instant_of(limit), "waiting_on_third_party")
        elif waits < 0.55:
            since = max(teller.now - timedelta(hours=random.uniform(0, 90)), instant_of(first))
            yield replace(self._say("reply", since), status="waiting_on_customer")

    def _paces(self) -> tuple[float, float]:
        """When the response and the solution come, in office hours; a few are late."""
        response, solution = _PROMISED[self._priority]
        return self._start + response * self._pace(), self._start + solution * self._pace()

    def _pace(self) -> float:
        random = self._random
        return random.uniform(1.05, 1.6) if random.random() < _LATE else 0.9 * random.random() ** 2

    def _talk(self, first: float, last: float, count: int, *, ends: bool) -> Iterator[Deed]:
        """The first and the last word at these office hours, the others between them."""
        random = self._random
        yield from self._begin(first)
        between = sorted(random.uniform(first, last) for _ in range(count - 2))
        places = [first, *between, last] if count > 1 else [first]
        waits = False
        for number, place in enumerate(places):
            is_last = number == len(places) - 1
            yield from self._aside(place) if not waits else ()
            if ends and is_last:
                yield replace(self._say("reply", instant_of(place)), status="resolved")
            elif waits or (number % 2 and random.random() < 0.9):
                # Customers write at any hour.
                yield self._say("customer", instant_of(place) - timedelta(hours=random.uniform(0, 8)))
                waits = False
            elif number and random.random() < 0.3:
                yield self._say("note", instant_of(place))
            elif random.random() < 0.06:
                yield self._call(instant_of(place))
            else:
                waits = number < len(places) - (2 if ends else 1) and random.random() < 0.2
                said = self._say("reply", instant_of(place))
                yield replace(said, status="waiting_on_customer") if waits else said

    def _begin(self, first: float) -> Iterator[Deed]:
        """Somebody looks at it: whose it is, and what it is about."""
        random, teller, crowd = self._random, self._teller, self._teller.crowd
        at = instant_of(first) - timedelta(minutes=random.uniform(1, 20))
        by = self._agent if random.random() < 0.6 else teller.agent()
        yield Deed("assign", at, str(self._agent), by)
        if crowd.teams and random.random() < _TEAM_CHOSEN:
            reason, team = random.choice(_REASONS), random.randrange(crowd.teams)
            yield Deed("team", at, str(team), self._agent, reason=reason)
            self._agent = teller.agent()
            yield Deed("assign", at + timedelta(minutes=2), str(self._agent), self._agent)
        if crowd.tags and random.random() < _TAGGED:
            spread = zipf(len(crowd.tags))
            names = dict.fromkeys(crowd.tags[spread.pick(random)] for _ in range(random.choice((1, 1, 2, 3))))
            yield Deed("tags", at, ",".join(names), self._agent)

    def _aside(self, place: float) -> Iterator[Deed]:
        """What happens between two messages: another priority, or a pause of which somebody says why."""
        random, at = self._random, instant_of(place)
        chance = random.random()
        if chance < 0.03:
            yield self._prioritise(at - timedelta(minutes=5))
        elif chance < 0.05 and not self._has_been_pending:
            self._has_been_pending = True
            yield Deed("status", at - timedelta(minutes=5), "pending_action", self._agent)
        elif chance < 0.085:
            yield self._pause(at - timedelta(hours=random.uniform(2, 60)), "waiting_on_third_party")
            yield Deed("status", at - timedelta(minutes=2), "open", self._agent)

    def _prioritise(self, at: datetime) -> Deed:
        before = list(_PROMISED).index(self._priority)
        self._priority = self._random.choice([each for each in _PROMISED if each != self._priority])
        lowered = list(_PROMISED).index(self._priority) > before
        reason = self._random.choice(_LOWERED) if lowered else ""
        return Deed("priority", at, self._priority, self._agent, reason=reason)

    def _pause(self, at: datetime, status: str) -> Deed:
        return Deed("status", at, status, self._agent, reason=self._random.choice(_REASONS))

    def _say(self, kind: str, at: datetime) -> Deed:
        return Deed(kind, at, self._teller.text(), self._agent, files=self._teller.files())  # type: ignore[arg-type]

    def _call(self, at: datetime) -> Deed:
        """A call, entered at once or so late that only its entry counts."""
        late = self._random.random() < 0.1
        ago = _GRACE + timedelta(hours=self._random.uniform(1, 30)) if late else timedelta(0)
        return Deed("call", at, self._teller.text(), self._agent, ago=ago)


def _in_order(deeds: Iterator[Deed] | Sequence[Deed], start: datetime, now: datetime) -> Iterator[Deed]:
    """Let each deed come after the one before it, and leave out what would lie ahead."""
    at = start + timedelta(seconds=20)
    for deed in deeds:
        at = max(deed.at, at + timedelta(seconds=7.25))
        if at >= now:
            return
        yield deed if at == deed.at else replace(deed, at=at)
