"""What is to be done in a lab and when, kept in a file, so that a life goes on where a stopped player left it."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from heapq import heappop, heappush
from pathlib import Path

OPENS = -1


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One deed that is to come: of which request, and which turn of its plot; OPENS is that it is made.

    Of one that is not `planned` yet, `at` is when the deed before it was done: its own time depends on what has been
    promised since.
    """

    at: datetime
    request: int
    turn: int
    planned: bool = True


class Book:
    """The deeds to come, the next one first. Each change is on the disk before anybody sees it."""

    def __init__(self, path: Path, start: datetime) -> None:
        self._path = path
        self._entries: list[Entry] = []
        self.arrivals, self.last_arrival = 0, start
        if path.exists():
            self._read()

    @property
    def first(self) -> Entry | None:
        """What comes next."""
        return self._entries[0] if self._entries else None

    def has_opening(self) -> bool:
        """Whether a request is on its way."""
        return any(entry.turn == OPENS for entry in self._entries)

    def expect(self, at: datetime) -> None:
        """Write down that the next request comes at `at`."""
        self.arrivals, self.last_arrival = self.arrivals + 1, at
        heappush(self._entries, Entry(at, self.arrivals, OPENS))
        self._save()

    def replace_first(self, entry: Entry | None) -> None:
        """Take out what came first, which is done, and write down what follows from it."""
        heappop(self._entries)
        if entry is not None:
            heappush(self._entries, entry)
        self._save()

    def _save(self) -> None:
        told = {
            "arrivals": self.arrivals,
            "last_arrival": self.last_arrival.isoformat(),
            "entries": [{**asdict(entry), "at": entry.at.isoformat()} for entry in sorted(self._entries)],
        }
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(told))
        draft.replace(self._path)

    def _read(self) -> None:
        told = json.loads(self._path.read_text())
        self.arrivals = told["arrivals"]
        self.last_arrival = datetime.fromisoformat(told["last_arrival"])
        for each in told["entries"]:
            heappush(self._entries, Entry(**{**each, "at": datetime.fromisoformat(each["at"])}))
