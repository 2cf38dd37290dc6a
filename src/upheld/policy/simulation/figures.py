"""What one policy makes of many stories, in figures that add up."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from upheld.policy.standing import Consequence, Standing, Verdict

OPEN = "open"
HOURS = 24
_NO_ALERTS = (0,) * HOURS

# What tells the consequences of one kind apart.
_DETAILS = {"warned": "mark", "reminder": "audience", "status": "cause", "correction": "cause"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one policy; two of them add up to the figures of all their stories.

    `verdicts` go by metric, priority and verdict; clocks that have none yet count as `OPEN`. `consequences` are all
    others, by kind and by what tells them apart; `steps` are escalations by ladder and number of the step, `roles`
    whom they told. `alerts` are by hour of the day in the zone that was asked for: everything that would tell
    somebody on the desk.
    """

    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    consequences: Counter[tuple[str, str]] = field(default_factory=Counter)
    steps: Counter[tuple[str, int]] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    alerts: tuple[int, ...] = _NO_ALERTS

    def __add__(self, other: "Figures") -> "Figures":
        """Return the figures of the stories of both."""
        return Figures(
            self.verdicts + other.verdicts,
            self.consequences + other.consequences,
            self.steps + other.steps,
            self.roles + other.roles,
            tuple([mine + theirs for mine, theirs in zip(self.alerts, other.alerts, strict=True)]),
        )


class Counting:
    """Counts standings one by one."""

    def __init__(self, zone: ZoneInfo, priorities: Mapping[str, str]) -> None:
        """Count alerts by the hours of a zone, and priorities under the names that `priorities` gives them."""
        self._zone, self._priorities = zone, priorities
        self._figures = Figures()
        self._alerts = [0] * HOURS

    def count(self, standing: Standing) -> None:
        """Add what a policy made of one story."""
        figures = self._figures
        priority = self._priorities.get(standing.priority, standing.priority)
        for metric, verdict in _verdicts(standing):
            figures.verdicts[metric, priority, verdict] += 1
        for consequence in standing.consequences:
            if consequence.kind != "verdict":
                figures.consequences[sort_of(consequence)] += 1
            if consequence.kind == "escalated":
                self._count_step(consequence)
            if tells_agents(consequence):
                self._alerts[consequence.at.astimezone(self._zone).hour] += 1

    def _count_step(self, consequence: Consequence) -> None:
        data = consequence.data
        self._figures.steps[str(data.get("ladder", "")), int(data.get("step", 0))] += 1
        self._figures.roles.update(str(role) for role in data.get("tell", ()))

    def figures(self) -> Figures:
        """Return what was counted so far."""
        counted = self._figures
        return Figures(
            counted.verdicts, counted.consequences, counted.steps, counted.roles, tuple(self._alerts)
        )


def figures_of(standing: Standing, zone: ZoneInfo) -> Figures:
    """Return the figures of one standing."""
    counting = Counting(zone, {})
    counting.count(standing)
    return counting.figures()


def sort_of(consequence: Consequence) -> tuple[str, str]:
    """Return the kind of a consequence, and what tells those of its kind apart."""
    kind, data = consequence.kind, consequence.data
    if kind == "escalated":
        return kind, "page" if data.get("page") else ""
    return kind, str(data.get(_DETAILS.get(kind, ""), ""))


def tells_agents(consequence: Consequence) -> bool:
    """Whether a consequence tells somebody on the desk.

    Who raised a priority so that a clock was breached at that instant is not told of it: they did it themselves.
    """
    data = consequence.data
    match consequence.kind:
        case "warned" | "escalated":
            return True
        case "verdict":
            return data.get("verdict") == Verdict.breached.value and data.get("cause") != "reclassified"
        case "reminder":
            return data.get("audience") != "customer"
    return False


def _verdicts(standing: Standing) -> Iterator[tuple[str, str]]:
    """Yield metric and verdict of every verdict that was given, and of every clock that waits for one."""
    for consequence in standing.consequences:
        if consequence.kind == "verdict":
            yield str(consequence.data["metric"]), str(consequence.data["verdict"])
    for clock in standing.clocks:
        if clock.verdict is None:
            yield clock.metric.value, OPEN
