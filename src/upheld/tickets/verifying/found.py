"""What a verification finds."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Found:
    """Something that is not as the story makes it: what, what is stored, and what the replay gives."""

    what: str
    stored: str
    replayed: str

    @classmethod
    def of(cls, what: str, stored: Any, replayed: Any) -> "Found":
        """Return it for any two values; None is told as nothing."""
        return cls(what, _told(stored), _told(replayed))


def _told(value: Any) -> str:
    return "nothing" if value is None else str(value)
