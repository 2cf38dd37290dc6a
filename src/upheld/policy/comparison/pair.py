"""Two policies that are compared."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from upheld.policy.comparison.conditions import Found
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.effects import Dues, Effects
from upheld.policy.comparison.governing import Cases
from upheld.policy.comparison.matching import matched_calendars, matched_targets
from upheld.policy.comparison.saying import sentence
from upheld.policy.comparison.side import Place, Side
from upheld.policy.document import Document
from upheld.policy.reading import path_text
from upheld.policy.standing import Metric

# Yields in what one field of two blocks differs: those blocks, their place, and what they are called.
Teller = Callable[["Pair", Any, Any, Place, str], Iterator[Difference]]


@dataclass(frozen=True)
class Pair:
    """Two policies. `tellers` know the fields that need more than their two values.

    `calendars` says what the calendars of the old document are called in the new one, `targets` which target of the new
    document, by its number, is the one of the old.
    """

    old: Side
    new: Side
    tellers: Mapping[tuple[type, str], Teller]
    calendars: Mapping[str, str]
    targets: Mapping[int, int]

    @classmethod
    def of(
        cls, old: Document, new: Document, years: Iterable[int], tellers: Mapping[tuple[type, str], Teller]
    ) -> "Pair":
        """Return a pair of documents with the holidays of some years."""
        years = list(years)
        ours, theirs = Side.of(old, years), Side.of(new, years)
        return cls(ours, theirs, tellers, matched_calendars(ours, theirs), matched_targets(old, new))

    def calendar(self, old_name: str | None) -> str | None:
        """Return what a calendar of the old document is called in the new one."""
        return None if old_name is None else self.calendars.get(old_name, old_name)

    @cached_property
    def effects(self) -> Effects:
        """What the two policies make of requests."""
        return Effects(self.old, self.new)

    @cached_property
    def cases(self) -> Mapping[Metric, Cases]:
        """Every kind of ticket, as far as the targets of a metric tell them apart."""
        documents = (self.new.document, self.old.document)
        metrics = dict.fromkeys(Metric(part.metric) for each in documents for part in each.targets)
        return {metric: Cases(self.old, self.new, metric, self.targets) for metric in metrics}

    def dues(self, metric: Metric, found: Found) -> list[Dues]:
        """Return requests of a week that the targets found govern, and when they are due."""
        return self.effects.of_week(metric, found)

    def dues_of(self, old: int, new: int) -> list[Dues]:
        """Return requests of a week that a target governs in both documents, and when they are due."""
        metric = Metric(self.new.document.targets[new].metric)
        found = self.cases[metric].of_both(old, new)
        return [] if found is None else self.dues(metric, found)


def differs(
    kind: Kind,
    theme: Theme,
    said: str,
    place: Place,
    old: str = "",
    new: str = "",
    *,
    moves: bool = False,
) -> Difference:
    """Return a difference; its sentence gets the capital letter here."""
    paths = ["" if each is None else path_text(each) for each in place]
    return Difference(kind, theme, sentence(said), moves, paths[0], paths[1], old, new)
