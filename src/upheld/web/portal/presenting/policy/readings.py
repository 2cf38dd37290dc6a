"""What the source does not say and the desk supplied: each such reading has a number, by which a page refers to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from upheld.policy.document import Part


@dataclass(slots=True)
class Reading:
    """A remark about what was assumed, and the places to which it belongs."""

    number: int
    note: str
    about: list[str] = field(default_factory=list)


class Readings:
    """Collects the readings of a page in the order in which it is written; the same remark has one number."""

    def __init__(self) -> None:
        self._by_note: dict[str, Reading] = {}

    def mark(self, part: Part, about: str) -> int:
        """The number of a block's reading; 0 where the source says what the block says."""
        if not part.assumed:
            return 0
        note = part.note or _("The source does not say this; the desk supplied it.")
        reading = self._by_note.setdefault(note, Reading(len(self._by_note) + 1, note))
        if about not in reading.about:
            reading.about.append(about)
        return reading.number

    def remark(self, part: Part) -> str:
        """A block's note where it is no reading: what is assumed is told at the end of the page."""
        return "" if part.assumed else part.note

    def __iter__(self) -> Iterator[Reading]:
        return iter(self._by_note.values())

    def listed(self) -> Sequence[Reading]:
        """All readings, by number."""
        return list(self)
