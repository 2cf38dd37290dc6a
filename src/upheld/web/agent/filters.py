"""What an agent asked the queue for, read from the address and written back to it."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from upheld.desks.policies import compiled
from upheld.rules.queue_query import LONGEST, Key, Query, Term, parse, written
from upheld.tickets.finding import Place, Search, Vocabulary, understood
from upheld.tickets.queries import Cursor, QueueFilter
from upheld.web.viewer import Workplace

LISTS = {
    "open": _("Open"),
    "mine": _("Mine"),
    "together": _("Working on it together"),
    "unassigned": _("Unassigned"),
    "waiting": _("Waiting"),
    "snoozed": _("Snoozed"),
    "resolved": _("Resolved"),
    "closed": _("Closed"),
    "all": _("All tickets"),
    "spam": _("Spam"),
}
# The same lists as queries, for a queue that is kept by name.
AS_QUERY = {
    "mine": "assignee:me",
    "together": "is:together",
    "unassigned": "assignee:none",
    "waiting": "is:waiting",
    "snoozed": "is:snoozed",
    "resolved": "is:resolved",
    "closed": "is:closed",
    "all": "is:any",
    "spam": "is:spam",
}
# By these the address said what the query says now.
_BEFORE = {"status": Key.status, "priority": Key.priority, "assignee": Key.assignee}
_NUMBER = re.compile(r"\A#?[A-Za-z]{1,8}-[0-9]{1,18}\Z")


@dataclass(frozen=True)
class Wanted:
    """A list, narrowed by the query that was typed."""

    list: str = "open"
    text: str = ""
    after: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Wanted":
        named = given.get("list", "")
        # The field comes first in the form, and what is typed in it belongs behind the chips.
        typed, *chips = given.getlist("q") or [""]
        text = " ".join(" ".join((*chips, typed)).replace("\0", " ").split())[:LONGEST]
        return cls(
            list=named if named in LISTS else "open",
            text=_with_those_before(text, given),
            after=given.get("after", ""),
        )

    @cached_property
    def asked(self) -> Query:
        """The query, read."""
        return parse(self.text)

    @property
    def is_number(self) -> bool:
        return _NUMBER.match(self.text) is not None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text)

    @property
    def cursor(self) -> Cursor | None:
        return Cursor.parse(self.after) if self.after else None

    @property
    def as_query(self) -> str:
        """The list and what narrows it as one query."""
        return f"{AS_QUERY.get(self.list, '')} {self.text}".strip()

    def search(self, workplace: Workplace, now: datetime, known: Vocabulary | None = None) -> Search:
        """What the query means to this agent at an instant; looked up once, however often it is asked."""
        asker = workplace.agent.pk, now
        if asker not in self._meant:
            known = known or Vocabulary(place_of(workplace, now))
            self._meant[asker] = understood(self.asked, known)
        return self._meant[asker]

    @cached_property
    def _meant(self) -> dict[tuple[int, datetime], Search]:
        return {}

    def filter(self, workplace: Workplace, now: datetime, known: Vocabulary | None = None) -> QueueFilter:
        """A ticket number finds its ticket in whatever list one stands."""
        if self.is_number:
            return QueueFilter(text=self.text, category="all")
        return QueueFilter(
            text=self.asked.words,
            category="open" if self.list in ("mine", "together", "unassigned") else self.list,
            together=self.list == "together",
            assignee={"mine": "me", "unassigned": "none"}.get(self.list),
            search=self.search(workplace, now, known),
        )

    def query(self, **changed: str) -> str:
        """This list as the query of an address, with some values changed."""
        values = {"list": "" if self.list == "open" else self.list, "q": self.text, "after": self.after}
        kept = {name: value for name, value in (values | changed).items() if value}
        query = urlencode(kept, safe=":,@/")
        return f"?{query}" if query else ""

    def without(self, term: Term) -> "Wanted":
        """The same without a term; what could not be meant stays as it was typed."""
        return replace(self, text=self._cut(term, ""), after="")

    def toggled(self, key: Key, value: str, *, alone: bool = False) -> "Wanted":
        """The same with a value of a key, or without it where it was there; `alone` in place of the key's others."""
        term = next((each for each in self.asked.terms if each.key is key and not each.negated), None)
        if term is None:
            text = f"{self.text} {Term(key, (value,))}".strip()
            return replace(self, text=text[:LONGEST], after="")
        others = tuple(each for each in term.values if each != value)
        added = others == term.values
        values = (*(() if alone else others), value) if added else others
        changed = str(replace(term, values=values)) if values else ""
        return replace(self, text=self._cut(term, changed), after="")

    def has(self, key: Key, value: str) -> bool:
        """Whether a value is asked for."""
        asked = (each for each in self.asked.terms if each.key is key and not each.negated)
        return any(value in each.values for each in asked)

    def _cut(self, term: Term, instead: str) -> str:
        return " ".join(f"{self.text[: term.start]} {instead} {self.text[term.end :]}".split())


def place_of(workplace: Workplace, now: datetime) -> Place:
    """Where an agent looks from."""
    policies = {desk_id: compiled(each) for desk_id, each in workplace.versions.items()}
    return Place(workplace.viewer, now, workplace.zone, policies)


def _with_those_before(text: str, given: QueryDict) -> str:
    """The query with what an older address says beside it, where that is a word at all."""
    named = {each.key for each in parse(text).terms}
    for name, key in _BEFORE.items():
        value = given.get(name, "")
        if key not in named and _is_word(value):
            text = f"{text} {key.value}:{written(value)}".strip()
    return text


def _is_word(text: str) -> bool:
    return 0 < len(text) <= 40 and text.isascii() and text.replace("_", "").replace("-", "").isalnum()
