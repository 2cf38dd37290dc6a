"""What a query means to one agent: a condition for each of its terms, and what of it nobody knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import Q

from upheld.rules.queue_query import TIMES, Fault, FaultKind, Key, Query, Term
from upheld.rules.spelling import closest
from upheld.tickets.finding.conditions import (
    IN_COLUMN,
    by_column,
    in_field,
    of_customer,
    of_sender,
    of_state,
    with_,
)
from upheld.tickets.finding.instants import at_time
from upheld.tickets.finding.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Meant:
    """A term, and what its values are called, in their order."""

    term: Term
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A query as it is understood. Where there are `faults`, nothing is found: what was meant is not known.

    `reaches_done` says that it names tickets itself that are done, which lists of open work leave out.
    """

    query: Query
    meant: tuple[Meant, ...] = ()
    faults: tuple[Fault, ...] = ()
    conditions: tuple[Q, ...] = ()
    reaches_done: bool = False


def understood(query: Query, known: Vocabulary) -> Search:
    """Return what a query means here and now. Only what it names is looked up."""
    meant: list[Meant] = []
    faults: list[Fault] = list(query.faults)
    conditions: list[Q] = []
    reaches_done = False
    for term in query.terms:
        read = _Reading(known, term)
        condition = read.condition()
        faults += read.faults
        if not read.faults:
            meant.append(Meant(term, tuple(read.labels)))
            conditions.append(~condition if term.negated else condition)
            reaches_done = reaches_done or term.reaches_done or read.is_done
    in_order = tuple(sorted(faults, key=lambda each: each.start))
    return Search(query, tuple(meant), in_order, tuple(conditions), reaches_done)


class _Reading:
    """One term while it is read."""

    def __init__(self, known: Vocabulary, term: Term) -> None:
        self.known = known
        self.term = term
        self.labels: list[str] = []
        self.faults: list[Fault] = []
        self.is_done = False

    def condition(self) -> Q:
        """The condition that one of the values holds."""
        return _either(self._conditions())

    def _conditions(self) -> Iterator[Q]:
        key, place = self.term.key, self.known.place
        if key is Key.field:
            yield self._in_fields()
            return
        if key in IN_COLUMN:
            yield from self._known_values()
            return
        for value in self.term.values:
            self.labels.append(value)
            if key in TIMES:
                yield at_time(key, value, place)
            elif key is Key.state:
                yield of_state(value, place)
            elif key is Key.has:
                yield with_(value, place)
            elif key is Key.sender:
                yield of_sender(value)
            else:
                yield of_customer(value, place)

    def _known_values(self) -> Iterator[Q]:
        key, means = self.term.key, []
        for value in self.term.values:
            found = self.known.look_up(key, value)
            if not found:
                self._unknown(value, self.known.nearest(key, value))
                continue
            self.labels.append(" / ".join(dict.fromkeys(each.label for each in found)))
            means += [each.means for each in found]
        if key is Key.status and not self.term.negated:
            self.is_done = any(self.known.is_done(each) for each in means)
        yield by_column(key, means)

    def _in_fields(self) -> Q:
        fields = self.known.fields_named(self.term.name)
        if not fields:
            near = closest(self.term.name, [each.key for each in self.known.fields])
            asked = f"{Key.field.value}.{self.term.name}"
            nearest = tuple(f"{Key.field.value}.{each}" for each in near)
            self.faults.append(
                Fault(FaultKind.unknown_key, asked, "", self.term.start, self.term.end, nearest)
            )
        self.labels += self.term.values
        return _either(in_field(each, self.term.values) for each in fields)

    def _unknown(self, value: str, nearest: tuple[str, ...]) -> None:
        term = self.term
        fault = Fault(FaultKind.unknown_value, term.key, value, term.start, term.end)
        self.faults.append(replace(fault, nearest=nearest))


def _either(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for index, each in enumerate(conditions):
        found = found | each if index else each
    return found
