"""Under which versions of its policy a ticket lives: the one function that everybody asks who evaluates a ticket."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet

from upheld.clock import Calendar
from upheld.desks.policies import (
    Publication,
    compiled,
    place_of,
    publications,
    publications_beside,
    read_beside,
)
from upheld.policy import ClockStanding, Event, InForce, Policy, Status, takeovers
from upheld.tickets.models import Ticket

_BESIDE = "publications_of_its_desk"
_A_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of one ticket in their order: the one of its opening, and those that take it over later, unless it
    is done when their time comes. `ids` and `numbers` are those of the rows; of the first no number is needed."""

    ids: tuple[int, ...]
    numbers: tuple[int, ...]
    in_force: tuple[InForce, ...]

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Their policies, the latest first."""
        return tuple(each.policy for each in reversed(self.in_force))

    def taken(self, story: Sequence[Event], at: datetime) -> tuple[int, ...]:
        """Return which of them have taken the ticket over by an instant, as places in this value."""
        return takeovers(self.in_force, story, at)

    def governing(self, story: Sequence[Event], at: datetime) -> int:
        """Return which of them governs the ticket at an instant."""
        return (0, *self.taken(story, at))[-1]

    def next_after(self, at: datetime) -> datetime | None:
        """Return when the next of them takes effect."""
        return min((each.since for each in self.in_force if each.since and each.since > at), default=None)


def versions_of(ticket: Ticket) -> Versions:
    """Return the versions under which a ticket lives."""
    if (beside := getattr(ticket, _BESIDE, None)) is not None:
        return _versions(ticket, read_beside(beside))
    return versions_of_each([ticket])[ticket.pk]


def with_versions(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Ask for tickets together with what `versions_of` needs: one query less for whoever only looks."""
    return tickets.annotate(**{_BESIDE: publications_beside(OuterRef("desk_id"))})


def versions_of_each(tickets: Sequence[Ticket]) -> dict[int, Versions]:
    """Return the versions under which tickets live, by ticket."""
    known = publications({ticket.desk_id for ticket in tickets})
    return {ticket.pk: _versions(ticket, known[ticket.desk_id]) for ticket in tickets}


def _versions(ticket: Ticket, listed: Sequence[Publication]) -> Versions:
    if not listed:
        return _lived_under(ticket.policy_version_id, ())
    pinned = place_of(ticket.policy_version_id)
    later = [each for each in listed if each.place > pinned]
    # One whose time had come at the receipt, published while the ticket was being opened, is where it begins.
    begun = [each.version_id for each in later if each.since <= ticket.received_at]
    first = begun[-1] if begun else ticket.policy_version_id
    return _lived_under(first, [each for each in later if each.since > ticket.received_at])


def _lived_under(first: int, later: Iterable[Publication]) -> Versions:
    later = tuple(later)
    return Versions(
        ids=(first, *(each.version_id for each in later)),
        numbers=(0, *(each.number for each in later)),
        in_force=(
            InForce(compiled(first)),
            *(InForce(compiled(each.version_id), each.since, each.mode) for each in later),
        ),
    )


def policy_of(ticket: Ticket) -> Policy:
    """Return the policy in whose words the stored columns of a ticket speak; lists ask for no more."""
    return compiled(ticket.later_version_id or ticket.policy_version_id)


def policies_of(ticket: Ticket) -> tuple[Policy, ...]:
    """Return that policy, and the one of the opening where it is another."""
    ids = dict.fromkeys((ticket.later_version_id or ticket.policy_version_id, ticket.policy_version_id))
    return tuple(compiled(each) for each in ids)


def status_in(policies: Sequence[Policy], id: str) -> Status:
    """Return a status by its id from the first policy that knows it; raises KeyError where none does."""
    return next((each for each in policies if each.has_status(id)), policies[0]).status(id)


def calendar_of(clock: ClockStanding, policies: Sequence[Policy], at: datetime) -> Calendar | None:
    """Return the calendar on which a clock counts, from the policies under which its ticket has lived; None for
    elapsed time. `at` is the instant of the standing.

    A clock may count on the calendar of a version before: the one on which what is left ends when the clock is due.
    """
    found = [each.calendars[clock.calendar] for each in policies if clock.calendar in each.calendars]
    if len(found) > 1 and clock.verdict is None and clock.due_at is not None:
        fitting = (each for each in found if _ends(each, clock, at) == clock.due_at)
        return next(fitting, found[0])
    return found[0] if found else None


def _ends(calendar: Calendar, clock: ClockStanding, at: datetime) -> datetime | None:
    """When what is left ends on a calendar; an instant at which it opens stands for the close before."""
    start, left = max(at, clock.started_at), clock.budget - clock.used
    end = calendar.add(start, left)
    return end if end == clock.due_at else calendar.add(start, left + _A_MICROSECOND) - _A_MICROSECOND
