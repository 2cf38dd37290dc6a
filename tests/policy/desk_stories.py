"""Stories in the language of the desk; times are London wall times, `2026-03-20 16:50`."""

from datetime import UTC, datetime, timedelta
from functools import cache

from upheld.clock import zone
from upheld.policy import Actor, Event, Metric, load, pack

HOUR = timedelta(hours=1)


def london(text):
    """Return the instant of a wall time in London; `16:50` alone is on Monday 16 March 2026."""
    text = text if len(text) > 8 else f"2026-03-16 {text}"
    return datetime.fromisoformat(text).replace(tzinfo=zone("Europe/London")).astimezone(UTC)


@cache
def school():
    return load(pack("school-devices"))


@cache
def replying_school():
    """The same desk, which also promises every further reply within eight working hours."""
    text = pack("school-devices")
    target = "  - {id: reply, metric: next_reply, within: 8 working hours}\n\nobjectives:"
    return load(text.replace("\nobjectives:", target, 1))


class Story(list):
    """A list of events that is told step by step."""

    def __init__(self, received, *, priority=None, by_staff=False, **more):
        actor = Actor.agent if by_staff else Actor.customer
        data = {"channel": "email", "priority": priority, "by_staff": by_staff}
        at = london(received) if isinstance(received, str) else received
        super().__init__([Event(at, "opened", actor, data | more)])

    def then(self, at, kind, actor=Actor.agent, **data):
        at = london(at) if isinstance(at, str) else at
        self.append(Event(at, kind, actor, data, seq=len(self)))
        return self

    def customer_writes(self, at, **data):
        return self.then(at, "message", Actor.customer, **{"direction": "in", "public": True, **data})

    def agent_answers(self, at, actor=Actor.agent, **data):
        return self.then(at, "message", actor, **{"direction": "out", "public": True, **data})

    def agent_calls(self, at, stated_at=None):
        stated = None if stated_at is None else london(stated_at)
        return self.then(at, "call", stated_at=stated, direction="out")

    def status(self, at, to, reason=None):
        return self.then(at, "status", to=to, reason=reason)

    def priority(self, at, to):
        return self.then(at, "priority", to=to, reason="we know more")


def clock(standing, metric, cycle=1):
    return next(each for each in standing.clocks if (each.metric, each.cycle) == (Metric(metric), cycle))
