"""How a ticket's life goes, before it has begun: a few plots, and how often each is played.

Some desks are quick and some forget, and customers answer or fall silent: between them the plots make everything happen
that a policy speaks of - answers in time and late, reminders, closing by itself, missed updates, complaints.
"""

from dataclasses import dataclass
from typing import Literal

Deed = Literal["take", "answer", "sorry", "ask", "update", "resolve", "note", "write", "worry", "again", "late", "confirm", "complain"]  # noqa: E501 # fmt: skip
BY_CUSTOMERS = frozenset({"write", "worry", "again", "late", "confirm", "complain"})


@dataclass(frozen=True, slots=True)
class Turn:
    """One deed of a plot. `share` is how much of the time until the next promise is used up when it happens (above 1
    the promise is broken by then); `hours` is plain time after the turn before."""

    deed: Deed
    share: float | None = None
    hours: float = 0.0

    @property
    def by_customer(self) -> bool:
        return self.deed in BY_CUSTOMERS


@dataclass(frozen=True, slots=True)
class Plot:
    """A life, and how often it is played beside the others."""

    name: str
    weight: int
    turns: tuple[Turn, ...]


PLOTS = (
    Plot(
        "solved at once",
        22,
        (Turn("take", share=0.3), Turn("resolve", hours=0.1), Turn("confirm", hours=3)),
    ),
    Plot(
        "worked on",
        18,
        (
            Turn("take", share=0.4),
            Turn("answer", hours=0.1),
            Turn("note", hours=1.5),
            Turn("update", share=0.7),
            Turn("resolve", share=0.8),
        ),
    ),
    Plot(
        "asks back",
        16,
        (
            Turn("take", share=0.5),
            Turn("ask", hours=0.1),
            Turn("write", hours=5),
            Turn("answer", share=0.6),
            Turn("resolve", hours=4),
            Turn("confirm", hours=8),
        ),
    ),
    Plot(
        "falls silent",
        14,
        (Turn("take", share=0.5), Turn("ask", hours=0.1), Turn("late", hours=24 * 16)),
    ),
    Plot(
        "forgotten",
        10,
        (
            Turn("worry", hours=30),
            Turn("take", share=1.6),
            Turn("sorry", hours=0.2),
            Turn("resolve", hours=6),
        ),
    ),
    Plot(
        "kept waiting",
        9,
        (
            Turn("take", share=0.6),
            Turn("answer", hours=0.1),
            Turn("update", share=1.5),
            Turn("worry", hours=20),
            Turn("sorry", share=1.2),
            Turn("resolve", hours=5),
        ),
    ),
    Plot(
        "comes back",
        7,
        (
            Turn("take", share=0.3),
            Turn("resolve", hours=0.3),
            Turn("again", hours=26),
            Turn("answer", share=0.5),
            Turn("resolve", hours=5),
        ),
    ),
    Plot(
        "complains",
        4,
        (
            Turn("take", share=1.3),
            Turn("sorry", hours=0.1),
            Turn("complain", hours=8),
            Turn("answer", share=0.5),
            Turn("resolve", hours=6),
        ),
    ),
)
