"""Stories of made-up tickets as lines of JSON, to simulate policies with: the same lives as a desk full of tickets."""

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from upheld.lab.generator.life import Crowd, Deed, Life
from upheld.lab.generator.lives import lives
from upheld.policy import Actor, Event, story_json

_CROWD = Crowd(contacts=5_000, agents=20, messages=3, organizations=400)


def past_stories(count: int, now: datetime, source: int = 1) -> Iterator[dict[str, Any]]:
    """Yield stories under the school-devices policy that end at `now` at the latest; the same for the same `source`."""
    random = Random(source)  # noqa: S311
    for number, life in enumerate(lives(count, _CROWD, now, random), start=1):
        yield story_json(_events(life), f"T-{number}")


def _events(life: Life) -> list[Event]:
    opened = {"channel": life.channel, "priority": life.priority}
    facts: list[tuple[datetime, str, Actor, dict[str, Any]]] = [
        (life.received_at, "opened", Actor.customer, opened),
        (life.received_at, "acknowledged", Actor.system, {}),
    ]
    for deed in life.deeds:
        facts += [(deed.at, *fact) for fact in _facts(deed)]
    return [Event(*fact, seq=seq) for seq, fact in enumerate(facts, start=1)]


def _facts(deed: Deed) -> Iterator[tuple[str, Actor, dict[str, Any]]]:
    match deed.kind:
        case "customer":
            yield "message", Actor.customer, {"direction": "in"}
        case "reply":
            yield "message", Actor.agent, {"direction": "out"}
            if deed.status:
                yield "status", Actor.agent, {"to": deed.status}
        case "note":
            yield "note", Actor.agent, {}
        case "call":
            yield "call", Actor.agent, {"stated_at": (deed.at - deed.ago).isoformat()}
        case "priority":
            yield "priority", Actor.agent, {"to": deed.value, "reason": deed.reason}
        case "status":
            yield "status", Actor.agent, {"to": deed.value, "reason": deed.reason}
        case "assign":
            yield "assigned", Actor.agent, {"to": f"Agent {deed.value}"}
