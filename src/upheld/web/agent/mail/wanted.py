"""Which list of mail somebody asked for, read from the address and written back to it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes import queries
from upheld.mailboxes.queries import MailFilter, Place
from upheld.mailboxes.visibility import desks_read
from upheld.web.agent.queues.rail import SavedList
from upheld.web.viewer import Workplace

INCOMING = {
    "waiting": gettext_lazy("Waiting for you"),
    "unread": gettext_lazy("Not read yet"),
    "ignored": gettext_lazy("Ignored"),
    "spam": gettext_lazy("Spam"),
    "ticketed": gettext_lazy("On tickets"),
    "held": gettext_lazy("Held at intake"),
    "discarded": gettext_lazy("Put aside"),
}
OUTGOING = {
    "failed": gettext_lazy("Not delivered"),
    "retrying": gettext_lazy("Tried again later"),
    "given-up": gettext_lazy("Given up"),
    "left-out": gettext_lazy("Left out"),
}
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list of mail, of one desk or all, narrowed by words; every value has passed a check, or is empty."""

    address: str
    list: str
    first: str
    desk_id: int | None = None
    text: str = ""
    after: str = ""

    @classmethod
    def incoming(cls, given: QueryDict, workplace: Workplace) -> "Wanted":
        return cls._read(given, workplace, reverse("mail"), list(INCOMING))

    @classmethod
    def outgoing(cls, given: QueryDict, workplace: Workplace) -> "Wanted":
        return cls._read(given, workplace, reverse("outgoing_mail"), list(OUTGOING))

    @classmethod
    def _read(cls, given: QueryDict, workplace: Workplace, address: str, lists: list[str]) -> "Wanted":
        named, desk = given.get("list", ""), given.get("desk", "")
        known = {str(desk_id): desk_id for desk_id in desks_read(workplace.viewer)}
        return cls(
            address=address,
            list=named if named in lists else lists[0],
            first=lists[0],
            desk_id=known.get(desk),
            text=given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            after=given.get("after", ""),
        )

    @property
    def place(self) -> Place | None:
        return Place.parse(self.after) if self.after else None

    def filter(self) -> MailFilter:
        return MailFilter(states=queries.LISTS[self.list], desk_id=self.desk_id, text=self.text)

    def url(self, **changed: str) -> str:
        """The address of this list, with some values changed."""
        values = {
            "list": "" if self.list == self.first else self.list,
            "desk": str(self.desk_id or ""),
            "q": self.text,
            "after": self.after,
        }
        query = urlencode({name: value for name, value in (values | changed).items() if value})
        return f"{self.address}?{query}" if query else self.address


def around(workplace: Workplace, wanted: Wanted) -> dict[str, Any]:
    """What stands beside every list: all lists with their counts, and the choice of a desk."""
    counted = queries.counts(workplace.viewer, wanted.desk_id)
    readable = desks_read(workplace.viewer)
    return {
        "wanted": wanted,
        "incoming_lists": _lists(INCOMING, reverse("mail"), wanted, counted),
        "outgoing_lists": _lists(OUTGOING, reverse("outgoing_mail"), wanted, counted),
        "desks": [desk for desk in workplace.desks if desk.pk in readable],
    }


def _lists(known: dict[str, Any], address: str, wanted: Wanted, counted: dict[str, int]) -> list[SavedList]:
    first = next(iter(known))
    return [
        SavedList(
            url=Wanted(address, name, first, desk_id=wanted.desk_id).url(),
            label=str(label),
            count=bounded(counted.get(name)),
            is_current=wanted.address == address and wanted.list == name,
        )
        for name, label in known.items()
    ]


def bounded(number: int | None) -> str:
    """A count as pages tell it; empty where nothing is counted."""
    if number is None:
        return ""
    if number > queries.COUNT_BOUND:
        return _("%(number)s+") % {"number": queries.COUNT_BOUND}
    return str(number)
