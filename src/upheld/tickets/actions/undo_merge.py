"""Take a merge back: the ticket goes on by itself, as if it had never been part of another."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.policy import undo_merge as voided
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.labels import give_tags_back
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.merged import taken_in
from upheld.tickets.models import JoinedBy, Merge, Message, Participant
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def undo_merge(ticket_id: int, agent: Agent, moment: Moment) -> Merge:
    """Take back that the ticket is part of another. Its clocks go on as if it never had been.

    Who came to the survivor with it alone leaves again. What was written on the survivor meanwhile stays there. Raises
    NotAllowed, or Refused for a ticket that is no part, or whose survivor is itself a part of another by now.
    """
    row = Merge.objects.filter(source_id=ticket_id, undone_at=None).first()
    if row is None:
        raise Refused("This ticket is not part of another one.")
    pens = {pen.ticket.pk: pen for pen in Pen.on_each(sorted((ticket_id, row.survivor_id)), moment)}
    source, survivor = pens[ticket_id], pens[row.survivor_id]
    for pen in (source, survivor):
        demand(agent, Act.merge_tickets, pen.ticket)
    if source.ticket.merged_into_id != survivor.ticket.pk:
        raise Refused("That was undone a moment ago. Look again.")
    if survivor.ticket.merged_into_id is not None:
        raise Refused(f"{survivor.ticket.number} is itself a part of another ticket now. Undo that first.")
    parted, left = voided(source.ticket.number, moment.at)
    source.fact(parted.kind, Actor.agent, agent=agent, **parted.data)
    survivor.fact(left.kind, Actor.agent, agent=agent, **left.data)
    source.ticket.merged_into = None
    source.ticket.save(update_fields=["merged_into"])
    _let_go(survivor)
    give_tags_back(source, survivor, agent)
    row.undone_at, row.undone_by = moment.at, agent
    row.save(update_fields=["undone_at", "undone_by"])
    letters.tell_merge_undone(source, key=f"merge-undone:{row.pk}")
    for pen in (source, survivor):
        standing, news = pen.close()
        carry_out(pen, standing, news)
    return row


def written_since(row: Merge) -> int:
    """How many messages came to the survivor after the merge, and stay there when it is undone."""
    return Message.objects.filter(ticket_id=row.survivor_id, at__gt=row.at).count()


def _let_go(survivor: Pen) -> None:
    """Who came with a merge and takes part in nothing that is still part of the survivor leaves as if they had never
    come, so that they may come again; whoever was put out stays so."""
    parts = Participant.objects.filter(ticket_id__in=taken_in(survivor.ticket.pk), removed_at=None)
    came = survivor.ticket.participants.filter(joined_by=JoinedBy.MERGE, removed_at=None)
    came.exclude(contact_id__in=parts.values("contact_id")).delete()
    survivor.circle.forget(survivor.ticket)
