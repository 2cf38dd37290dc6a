"""One of the two documents of a comparison, ready to be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from upheld.clock import Calendar
from upheld.policy.compilation import compile_calendar, compile_target
from upheld.policy.document import Document, TargetPart
from upheld.policy.holiday_dates import with_dates
from upheld.policy.parts import Target
from upheld.policy.plan import Governing
from upheld.policy.reading import Path, Reading

# The blocks whose ids the fields of a ticket hold.
BLOCK_OF_FIELD = {
    "priority": "priorities",
    "status": "statuses",
    "channel": "channels",
    **{name: f"{name}s" for name in ("plan", "region", "reason", "product", "team", "tier")},
}


class Place(NamedTuple):
    """Where something stands in the two documents; None where a document does not have it."""

    old: Path | None
    new: Path | None

    def at(self, key: str | int, new_key: str | int | None = None) -> "Place":
        """Return the place of what stands under a key, or under one key each."""
        other = key if new_key is None else new_key
        return Place(_under(self.old, key), _under(self.new, other))

    def only(self, *, old: bool, new: bool) -> "Place":
        """Return the place in those documents that have it."""
        return Place(self.old if old else None, self.new if new else None)


def _under(path: Path | None, key: str | int) -> Path | None:
    return None if path is None else (*path, key)


@dataclass(frozen=True)
class Side:
    """One of the two policies. `dated` is its document with the holidays written in."""

    document: Document
    dated: Document
    _all_labels: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, document: Document, years: Iterable[int]) -> "Side":
        """Return a side with the holidays of some years."""
        return cls(document, with_dates(document, years, Reading(document.name)))

    @cached_property
    def calendars(self) -> Mapping[str, Calendar]:
        """The calendars by name."""
        parts = self.dated.calendars
        return {name: compile_calendar(part, self.dated.zone) for name, part in parts.items()}

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets, in the order of the document."""
        return tuple(self.compiled(part) for part in self.document.targets)

    @cached_property
    def governing(self) -> Governing:
        """Which targets govern which tickets."""
        return Governing(self.targets, self.calendars)

    def compiled(self, part: TargetPart) -> Target:
        """Return a target ready to be asked."""
        return compile_target(part, list(self.document.calendars))

    def label(self, block: str, id: str) -> str:
        """Return what people call something; its id where the document does not list it."""
        known = self._all_labels.get(block)
        if known is None:
            parts: Any = self.document
            for name in block.split("."):
                parts = getattr(parts, name)
            known = self._all_labels[block] = {part.id: part.label for part in parts}
        return known.get(id) or id
