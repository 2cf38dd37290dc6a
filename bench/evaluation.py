"""One evaluation: a story of twenty events under a policy, three clocks, no ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.row import Row, rate
from upheld.policy import Actor, Event, evaluate, load, pack

_COUNT = 2_000
_RECEIVED = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)


def run() -> Iterator[Row]:
    policy = load(pack("school-devices"))
    story = _story()
    at = story[-1].at + timedelta(hours=1)
    clocks = len(evaluate(policy, story, at).clocks)
    speed = rate(lambda: [evaluate(policy, story, at) for _ in range(_COUNT)], _COUNT)
    what = f"evaluate, {len(story)} events, {clocks} clocks"
    yield Row("policy", what, 1e6 / speed, "µs", "≤ 150")


def _story() -> list[Event]:
    """Asked, answered, put aside, waited for, resolved and reopened: twenty events."""
    said_in = {"direction": "in", "public": True, "automatic": False, "reopens": True, "channel": "email"}
    said_out = {"direction": "out", "public": True, "automatic": False, "channel": "web"}
    deeds: list[tuple[str, Actor, dict[str, object]]] = [
        ("opened", Actor.customer, {"channel": "email", "priority": "high", "by_staff": False}),
        ("acknowledged", Actor.system, {}),
        ("assigned", Actor.agent, {"to": "Alice"}),
    ]
    for round_ in range(5):
        deeds.append(("message", Actor.agent, said_out))
        deeds.append(("status", Actor.agent, {"to": "resolved" if round_ == 3 else "waiting_on_customer"}))
        deeds.append(("message", Actor.customer, said_in))
    deeds += [("note", Actor.agent, {}), ("message", Actor.agent, said_out)]
    return [
        Event(_RECEIVED + timedelta(minutes=37 * place), kind, actor, data, place + 1)
        for place, (kind, actor, data) in enumerate(deeds)
    ]
