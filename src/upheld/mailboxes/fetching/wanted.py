"""Which of the mails that were in an account before us are to be fetched as well."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Older:
    """By default none: what lies in a mailbox that people have worked in has mostly been answered."""

    everything: bool = False
    unread: bool = False
    since: date | None = None

    def __bool__(self) -> bool:
        return self.everything or self.unread or self.since is not None
