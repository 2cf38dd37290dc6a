"""One ticket: its story replayed and compared, whatever is stored of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from upheld.policy import Event, Standing, course_under, explain_under, reconcile
from upheld.tickets.models import Ticket
from upheld.tickets.result_rows import Noted, Place
from upheld.tickets.results import results_of
from upheld.tickets.verifying.consequences import Line, compare_consequences
from upheld.tickets.verifying.found import Found
from upheld.tickets.verifying.ledgers import check_ledgers
from upheld.tickets.verifying.results import compare_results
from upheld.tickets.verifying.standings import compare_columns, compare_standing, compare_wake
from upheld.tickets.verifying.story import StoryLine, check_story
from upheld.tickets.verifying.told import Told, check_told
from upheld.tickets.versions import Versions

__all__ = ["Found", "Kept", "verify_ticket"]


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is stored of one ticket, read in one snapshot."""

    ticket: Ticket
    versions: Versions
    facts: Sequence[Event]
    consequences: Sequence[Line]
    lines: Sequence[StoryLine]
    messages: frozenset[int]
    told: Sequence[Told]
    has_agents: bool
    noted: Noted
    teams: frozenset[int]


def verify_ticket(kept: Kept) -> list[Found]:
    """Return everything about a ticket that is not as its story makes it; nothing for one that is clean."""
    return list(_all(kept))


def _all(kept: Kept) -> Iterator[Found]:
    ticket, versions = kept.ticket, kept.versions
    yield from check_story(kept.lines, ticket.last_seq, kept.messages)
    try:
        stored = Standing.from_json(ticket.standing)
    except (KeyError, ValueError, TypeError) as problem:
        yield Found.of("standing", f"cannot be read: {problem!r}", "a standing")
        return
    recorded = [line.consequence for line in kept.consequences]
    course = course_under(versions.in_force, kept.facts, stored.at)
    evaluated = course.standing
    standing, unrecorded = reconcile(evaluated, recorded)
    place = versions.governing(kept.facts, stored.at)
    policy = versions.in_force[place].policy
    yield from compare_standing(ticket.standing, standing)
    yield from compare_columns(ticket, policy, versions.ids[place], standing)
    ahead = [each.at for each in unrecorded if each.kind != "correction"]
    yield from compare_wake(ticket, min(ahead, default=standing.wake_at))
    yield from compare_consequences(kept.consequences, evaluated, unrecorded, ticket.wake_at)
    yield from check_ledgers(explain_under(versions.in_force, kept.facts, stored.at), evaluated)
    results = results_of(
        course,
        standing,
        recorded,
        kept.facts,
        policies=versions.policies,
        team=ticket.team_id,
        is_spam=ticket.is_spam,
    )
    yield from compare_results(kept.noted, results, Place.of(ticket), kept.teams, kept.lines)
    yield from check_told(kept.consequences, kept.told, kept.facts, has_agents=kept.has_agents)
