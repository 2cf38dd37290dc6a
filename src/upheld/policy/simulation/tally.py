"""What a simulation has counted so far; tallies of parts add up to the tally of the whole, in whatever order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from upheld.policy.simulation.figures import Figures
from upheld.policy.simulation.past import Unread
from upheld.policy.story import Event

LISTED = 20
# Of ids that a policy does not know, so many are counted one by one: the first in their order.
_IDS = 100


@dataclass(frozen=True, slots=True, order=True)
class Differing:
    """A story about which the policies differ, kept so that it can be explained; the larger differences come first.

    `order` is the size of the difference, negative; `versions` are those under which the story lived.
    """

    order: tuple[int, int, int]
    place: int
    name: str
    events: tuple[Event, ...] = field(compare=False)
    at: datetime = field(compare=False)
    versions: tuple[int, ...] = field(compare=False, default=())


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a simulation. Only `keep` stories of a kind are kept by themselves; everything else is counted.

    `stories` were looked at under the policy and under the one that it was compared with, if there was one; those
    counted as `not_yet` had not been opened at the instant that was asked about. `changed` counts clocks whose
    verdict differs, by metric, verdict of the other policy, and verdict of the policy; intervals of a cadence are not
    among them. `strange` counts stories by an id in them that a policy does not know.
    """

    keep: int = LISTED
    stories: int = 0
    not_yet: int = 0
    policy: Figures = field(default_factory=Figures)
    against: Figures = field(default_factory=Figures)
    changed: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    differing: int = 0
    largest: tuple[Differing, ...] = ()
    unread: int = 0
    strange: Counter[tuple[str, str]] = field(default_factory=Counter)
    first_unread: tuple[Unread, ...] = ()

    @property
    def seen(self) -> int:
        """How many stories there were, whatever became of them."""
        return self.stories + self.not_yet + self.unread

    def __add__(self, other: "Tally") -> "Tally":
        """Return the tally of the stories of both; of what is kept by itself, as many as either keeps."""
        keep = min(self.keep, other.keep)
        return Tally(
            keep=keep,
            stories=self.stories + other.stories,
            not_yet=self.not_yet + other.not_yet,
            policy=self.policy + other.policy,
            against=self.against + other.against,
            changed=self.changed + other.changed,
            differing=self.differing + other.differing,
            largest=first((*self.largest, *other.largest), keep),
            unread=self.unread + other.unread,
            strange=_first_ids(self.strange + other.strange),
            first_unread=tuple(sorted((*self.first_unread, *other.first_unread))[:keep]),
        )


def first(differing: Sequence[Differing], keep: int) -> tuple[Differing, ...]:
    """Return the largest of some differences."""
    return tuple(sorted(differing)[:keep])


def _first_ids(strange: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    # Whichever is among the first of the whole is among the first of every part that has it, so no count is lost.
    if len(strange) <= _IDS:
        return strange
    return Counter({each: strange[each] for each in sorted(strange)[:_IDS]})
