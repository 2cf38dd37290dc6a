"""What an agent asked the queue for, read from the address and written back to it."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from upheld.tickets.queries import Cursor, QueueFilter

LISTS = {
    "open": _("Open"),
    "mine": _("Mine"),
    "together": _("Working on it together"),
    "unassigned": _("Unassigned"),
    "waiting": _("Waiting"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "all": _("All tickets"),
}
LONGEST_SEARCH = 200
_NUMBER = re.compile(r"\A#?[A-Za-z]{1,8}-[0-9]{1,18}\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A saved list, narrowed by what the form says; every value has passed a check, or is empty."""

    list: str = "open"
    text: str = ""
    status: str = ""
    priority: str = ""
    assignee: str = ""
    after: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Wanted":
        named = given.get("list", "")
        assignee = given.get("assignee", "")
        return cls(
            list=named if named in LISTS else "open",
            text=given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            status=_word(given.get("status", "")),
            priority=_word(given.get("priority", "")),
            assignee=assignee if assignee in ("me", "none") or _is_id(assignee) else "",
            after=given.get("after", ""),
        )

    @property
    def is_number(self) -> bool:
        return _NUMBER.match(self.text) is not None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.status or self.priority or self.assignee)

    @property
    def cursor(self) -> Cursor | None:
        return Cursor.parse(self.after) if self.after else None

    def filter(self) -> QueueFilter:
        """A ticket number finds its ticket in whatever list one stands."""
        if self.is_number:
            return QueueFilter(text=self.text, category="all")
        return QueueFilter(
            text=self.text,
            category="open" if self.list in ("mine", "together", "unassigned") else self.list,
            together=self.list == "together",
            status=self.status or None,
            priority=self.priority or None,
            assignee=self._assignee(),
        )

    def _assignee(self) -> int | str | None:
        chosen = self.assignee or {"mine": "me", "unassigned": "none"}.get(self.list, "")
        return int(chosen) if chosen.isdigit() else chosen or None

    def query(self, **changed: str) -> str:
        """This list as the query of an address, with some values changed."""
        values = {
            "list": "" if self.list == "open" else self.list,
            "q": self.text,
            "status": self.status,
            "priority": self.priority,
            "assignee": self.assignee,
            "after": self.after,
        }
        query = urlencode({name: value for name, value in (values | changed).items() if value})
        return f"?{query}" if query else ""


def _word(text: str) -> str:
    return text if len(text) <= 40 and text.replace("_", "").replace("-", "").isalnum() else ""


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
