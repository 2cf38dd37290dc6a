"""Who fills a role for one case at one instant.

The stated rule: who fills it for just this product, region and organization comes first, by how many of the three are
named. Among those who fill it equally closely the lowest rank comes first: 0 is the holder, 1 and up are deputies. Who
is absent, or outside their hours, is passed over - for the next rank, then for whoever fills the role for more. Where
nobody at all can be reached, it goes to the first in line all the same: a message that waits is better than one that
nobody gets.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holding:
    """That an agent fills a role. An empty product, region or organization means whatever they are, an empty calendar
    around the clock."""

    agent_id: int
    product: str = ""
    region: str = ""
    organization: str = ""
    rank: int = 0
    calendar: str = ""

    @property
    def closeness(self) -> int:
        """How many of product, region and organization it is for."""
        return bool(self.product) + bool(self.region) + bool(self.organization)

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in line: the closest first, and among those the lowest rank."""
        return -self.closeness, self.rank


@dataclass(frozen=True, slots=True)
class Case:
    """What is asked: a case's values, who is absent, and which calendars are closed at that instant. A calendar that
    nobody knows any more is not closed."""

    product: str = ""
    region: str = ""
    organization: str = ""
    absent: frozenset[int] = frozenset()
    closed: frozenset[str] = frozenset()

    def concerns(self, holding: Holding) -> bool:
        """Whether somebody fills the role for such a case."""
        return (
            holding.product in ("", self.product)
            and holding.region in ("", self.region)
            and holding.organization in ("", self.organization)
        )

    def reaches(self, holding: Holding) -> bool:
        """Whether they are there, and within their hours."""
        return holding.agent_id not in self.absent and holding.calendar not in self.closed


def who_fills(holdings: Iterable[Holding], case: Case) -> tuple[int, ...]:
    """Return the agents who fill the role for a case, by their ids; nobody where nobody fills it for such a one."""
    concerned = [each for each in holdings if case.concerns(each)]
    in_line = [each for each in concerned if case.reaches(each)] or concerned
    first = min((each.place for each in in_line), default=None)
    return tuple(sorted({each.agent_id for each in in_line if each.place == first}))


def who_follows(holdings: Iterable[Holding], case: Case) -> tuple[int, ...]:
    """Return all who fill the role for a case and are not absent, one after the other: those within their hours first,
    then the closest, then by rank."""
    concerned = [each for each in holdings if case.concerns(each) and each.agent_id not in case.absent]
    ordered = sorted(concerned, key=lambda each: (not case.reaches(each), each.place, each.agent_id))
    return tuple(dict.fromkeys(each.agent_id for each in ordered))
