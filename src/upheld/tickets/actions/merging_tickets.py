"""Two tickets that are one matter: what merging them does to promises and people, and why some stay two."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from upheld.people.models import Agent, Contact
from upheld.policy import Event, Standing, evaluate_under, merge, reconcile
from upheld.tickets.actions.refused import Refused
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import Participant, Problem, Ticket
from upheld.tickets.pen import read_stories
from upheld.tickets.supposing import Promised, promised
from upheld.tickets.versions import versions_of
from upheld.tickets.visibility import AgentViewer, readers_of, visible_tickets

_DONE = ("resolved", "closed")


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What merging does. `gives` and `takes` are the open promises of the source and of the survivor, before and after.

    `joining` take part in the survivor from then on; `kept_out` would, but were put out of it. `crosses` says that the
    two belong to different organizations.
    """

    source: Ticket
    survivor: Ticket
    gives: Sequence[Promised]
    takes: Sequence[Promised]
    joining: Sequence[Contact]
    kept_out: Sequence[Contact]
    crosses: bool


def destination(source_id: int, number: str, agent: Agent) -> Ticket:
    """Return the ticket in which what is merged into this number goes on. Raises Refused for one that the agent does
    not see, and for one that leads back to the source."""
    seen = visible_tickets(AgentViewer.of(agent)).select_related("desk", "requester", "organization")
    named = seen.filter(number=number.strip().removeprefix("#").upper()).first()
    end = seen.filter(pk=goes_on_in(named.pk)).first() if named else None
    if named is None or end is None:
        raise Refused(f"There is no ticket “{number.strip()[:40]}” that you can see. Check the number.")
    if named.pk == source_id:
        raise Refused("That is this very ticket. Give the number of the other one.")
    if end.pk == source_id:
        raise Refused(f"{named.number} is a part of this ticket already.")
    return end


def check_fit(source: Ticket, survivor: Ticket) -> None:
    """Raise Refused where the two cannot become one, whoever asks."""
    if source.merged_into_id is not None:
        raise Refused(f"{source.number} is a part of another ticket already. Undo that first.")
    if survivor.merged_into_id is not None:
        raise Refused(f"{survivor.number} was merged into another ticket a moment ago. Look again.")
    if source.desk_id != survivor.desk_id:
        raise Refused(f"{survivor.number} is on another desk. Tickets of one desk can be merged; link these.")
    if Problem.objects.filter(ticket__in=(source, survivor)).exists():
        raise Refused(
            "A problem is not merged with a ticket. Say on the problem’s page which tickets it affects."
        )
    if source.restricted != survivor.restricted or _readers(source) != _readers(survivor):
        raise Refused(
            "Not the same people may read the two. Give both the same readers first, or link them instead."
        )
    if survivor.status_category in _DONE and source.status_category not in _DONE:
        raise Refused(
            f"{survivor.number} is done. Reopen it first, or merge it into {source.number} instead."
        )


def crosses_organizations(source: Ticket, survivor: Ticket) -> bool:
    """Whether people of one organization would read what those of another write."""
    return source.organization_id != survivor.organization_id


def plan_merge(source: Ticket, survivor: Ticket, now: datetime) -> MergePlan:
    """Return what merging would do now; nothing is stored. Raises Refused."""
    check_fit(source, survivor)
    (gives, taken), joining, kept_out = _given(source, survivor, now), *newcomers(source, survivor)
    return MergePlan(
        source=source,
        survivor=survivor,
        gives=gives,
        takes=_supposed(survivor, taken, now),
        joining=[each.contact for each in joining],
        kept_out=[each.contact for each in kept_out],
        crosses=crosses_organizations(source, survivor),
    )


def newcomers(source: Ticket, survivor: Ticket) -> tuple[list[Participant], list[Participant]]:
    """Return who takes part in the source and not in the survivor: those who come along, and those who were put out
    there and stay out."""
    theirs = source.participants.filter(removed_at=None).select_related("contact")
    known = dict(survivor.participants.values_list("contact_id", "removed_at"))
    rows = list(theirs.order_by("-is_requester", "pk"))
    coming = [each for each in rows if each.contact_id not in known]
    return coming, [each for each in rows if known.get(each.contact_id) is not None]


def _given(source: Ticket, survivor: Ticket, now: datetime) -> tuple[Sequence[Promised], Event]:
    before, after, taken = _merged(source, survivor.number, now)
    return promised(before, after), taken


def _merged(source: Ticket, into: str, now: datetime) -> tuple[Standing, Standing, Event]:
    recorded, versions = read_stories([source.pk])[source.pk], versions_of(source)
    at = max([now, *(each.at for each in recorded.facts)])

    def standing(story: Sequence[Event]) -> Standing:
        return reconcile(evaluate_under(versions.in_force, story, at), recorded.consequences)[0]

    before = standing(recorded.facts)
    given, taken = merge(before, source.number, into, at)
    given = replace(given, seq=source.last_seq + 1, recorded_at=now)
    return before, standing([*recorded.facts, given]), taken


def _supposed(survivor: Ticket, taken: Event, now: datetime) -> Sequence[Promised]:
    recorded, versions = read_stories([survivor.pk])[survivor.pk], versions_of(survivor)
    at = max([now, taken.at, *(each.at for each in recorded.facts)])
    taken = replace(taken, at=at, seq=survivor.last_seq + 1, recorded_at=now)
    before, after = (
        reconcile(evaluate_under(versions.in_force, story, at), recorded.consequences)[0]
        for story in (recorded.facts, [*recorded.facts, taken])
    )
    return promised(before, after)


def _readers(ticket: Ticket) -> set[int]:
    return set(readers_of(ticket).values_list("pk", flat=True)) if ticket.restricted else set()
