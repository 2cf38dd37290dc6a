"""Make a ticket a part of another."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor, merge
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.labels import take_tags_along
from upheld.tickets.actions.merging_tickets import (
    check_fit,
    crosses_organizations,
    destination,
    newcomers,
)
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import JoinedBy, Merge, Participant
from upheld.tickets.moment import Moment
from upheld.tickets.pen import JUST_AFTER, Pen


@transaction.atomic
def merge_tickets(ticket_id: int, into: str, agent: Agent, moment: Moment, *, across: bool = False) -> Merge:
    """Make the ticket a part of the one with the number `into`, or of that in which the latter goes on.

    Verdicts stay with the ticket, clocks without one pass to the survivor, and its messages stay where they are. Who
    takes part in it takes part in the survivor from here on, never in what was said there before. `across` says that
    two organizations are meant. Raises NotAllowed, or Refused with what to do instead.
    """
    survivor_id = destination(ticket_id, into, agent).pk
    pens = {pen.ticket.pk: pen for pen in Pen.on_each(sorted((ticket_id, survivor_id)), moment)}
    source, survivor = pens[ticket_id], pens[survivor_id]
    for pen in (source, survivor):
        demand(agent, Act.merge_tickets, pen.ticket)
    check_fit(source.ticket, survivor.ticket)
    if crosses_organizations(source.ticket, survivor.ticket):
        demand(agent, Act.merge_across, survivor.ticket)
        if not across:
            raise Refused("They belong to different organizations. Say that this is meant.")
    _record(source, survivor, agent)
    _let_in(source, survivor, agent)
    take_tags_along(source, survivor, agent)
    source.ticket.merged_into = survivor.ticket
    source.ticket.save(update_fields=["merged_into"])
    row = Merge.objects.create(source=source.ticket, survivor=survivor.ticket, at=moment.at, by=agent)
    _close(source)
    letters.tell_merged(survivor, source.ticket, key=f"merged:{row.pk}")
    _close(survivor)
    return row


def _record(source: Pen, survivor: Pen, agent: Agent) -> None:
    """Both stories say it, the survivor's with the clocks that come over as they stand now."""
    at = source.moment.at
    given, taken = merge(source.standing_at(at), source.ticket.number, survivor.ticket.number, at)
    source.fact(given.kind, Actor.agent, agent=agent, **given.data)
    survivor.fact(taken.kind, Actor.agent, agent=agent, **taken.data)


def _let_in(source: Pen, survivor: Pen, agent: Agent) -> None:
    """Let those take part who do in the source: of what was said before, not even a message of this very instant."""
    coming, _ = newcomers(source.ticket, survivor.ticket)
    from_here_on = survivor.moment.at + JUST_AFTER
    for each in coming:
        Participant.objects.create(
            ticket=survivor.ticket,
            contact=each.contact,
            joined_by=JoinedBy.MERGE,
            sees_from=from_here_on,
        )
        survivor.fact("joined", Actor.agent, agent=agent, contact=each.contact, by=JoinedBy.MERGE.value)
    survivor.circle.forget(survivor.ticket)


def _close(pen: Pen) -> None:
    standing, news = pen.close()
    carry_out(pen, standing, news)
