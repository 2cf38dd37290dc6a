"""The stories that a simulation is about, and the names by which another policy knows the same things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from upheld.policy.policy import Policy
from upheld.policy.story import Event


class Line(NamedTuple):
    """A line of a file as it stands there; `is_whole` is false where it was too long to be read to its end."""

    place: int
    raw: bytes
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class PastStory:
    """The story of one ticket. `place` is unique in a run: the number of a line, say; `name` is what people call it.

    `versions` are those of the policy under which it lived, by the ids that a run knows them by: the one of its
    opening, then those that took it over later.
    """

    place: int
    name: str
    events: tuple[Event, ...]
    versions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Unread:
    """A story that could not be simulated, and why. `strange` are the ids that a policy does not know, by what they
    name: "priority" or "status"."""

    place: int
    name: str
    reason: str
    strange: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Renames:
    """What a policy calls the priorities and statuses that stories name otherwise, by the ids in the stories."""

    priorities: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    def needed_by(self, policy: Policy) -> "Renames":
        """Return the renames of ids that a policy does not know itself."""
        return Renames(
            {old: new for old, new in self.priorities.items() if not policy.has_priority(old)},
            {old: new for old, new in self.statuses.items() if not policy.has_status(old)},
        )

    def retold(self, events: Sequence[Event]) -> Sequence[Event]:
        """Return a story as it would have been told with the new ids."""
        if not self.priorities and not self.statuses:
            return events
        return tuple([self._retold(event) for event in events])

    def _retold(self, event: Event) -> Event:
        name, renamed = _NAMING.get(event.kind, ("", ""))
        if not name or event.consequence:
            return event
        old, known = event.data.get(name), self.priorities if renamed == "priority" else self.statuses
        new = known.get(old) if isinstance(old, str) else None
        return event if new is None else replace(event, data={**event.data, name: new})


# Where a fact names a priority or a status.
_NAMING: Mapping[str, tuple[str, str]] = {
    "opened": ("priority", "priority"),
    "priority": ("to", "priority"),
    "status": ("to", "status"),
}
