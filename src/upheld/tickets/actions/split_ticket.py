"""Split several problems that came as one into tickets of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent
from upheld.policy import Actor, Event, NothingToSplit, split
from upheld.rules.entitlement import Entitled
from upheld.rules.permissions import Act
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.write_note import write_note
from upheld.tickets.effects import carry_out
from upheld.tickets.gate import examined
from upheld.tickets.incoming import Copied, NewRequest
from upheld.tickets.models import JoinedBy, Message, Participant, StoryEvent, Ticket, TicketLink
from upheld.tickets.moment import Moment
from upheld.tickets.pen import FIELDS, Pen, fact_of

MOST_PARTS = 5
MAY_COME_OVER = (Message.Kind.CUSTOMER, Message.Kind.CALL, Message.Kind.REPLY, Message.Kind.THIRD_PARTY)
_BEGINS = (Message.Kind.CUSTOMER, Message.Kind.CALL)


@dataclass(frozen=True, slots=True)
class SplitPart:
    """One of the problems: its subject, the messages in which it was reported (the first one, when none is chosen), and
    what agents should know of it."""

    subject: str
    message_ids: tuple[int, ...] = ()
    note: str = ""


@transaction.atomic
def split_ticket(ticket_id: int, agent: Agent, parts: Sequence[SplitPart], moment: Moment) -> list[Ticket]:
    """Make a ticket of each part, linked with this one, for the same requester and participants.

    The messages are copied and stay here, too. Clocks of a new ticket start at the receipt of its earliest message, by
    the policy, contract and priority of that instant; it is restricted, with the same readers, where this one is.

    Raises NotAllowed, or Refused for a part without a subject or with nothing that the customer said.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.split_ticket, pen.ticket)
    if not parts:
        raise Refused("Give each new ticket a subject.")
    if len(parts) > MOST_PARTS:
        raise Refused(f"At most {MOST_PARTS} tickets at once. Split the rest off afterwards.")
    new = [_open(pen.ticket, agent, part, moment) for part in parts]
    for each in new:
        TicketLink.objects.create(ticket=pen.ticket, other=each, kind=TicketLink.Kind.SPLIT, at=moment.at)
    pen.fact("split", Actor.agent, agent=agent, numbers=[each.number for each in new])
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return new


def _open(ticket: Ticket, agent: Agent, part: SplitPart, moment: Moment) -> Ticket:
    if not part.subject.strip():
        raise Refused("Give each new ticket a subject.")
    messages = _messages(ticket, part)
    story = list(StoryEvent.objects.filter(ticket=ticket, consequence_key=None).order_by("at", "seq"))
    known, begun_at = _known(story, messages, moment.at)
    request = NewRequest(
        desk=ticket.desk,
        contact=ticket.requester,
        subject=part.subject,
        text="\n\n".join(each.text for each in messages),
        received_at=begun_at,
        channel=messages[0].channel,
        priority=known.get("priority"),
        portal=ticket.portal,
        organization=ticket.organization,
        site=ticket.site,
        product=str(known.get("product") or ""),
        region=str(known.get("region") or ""),
        reason=str(known.get("reason") or ""),
        request_type=ticket.request_type,
        information=ticket.information,
        restricted=ticket.restricted,
        was_held=_was_held(story, begun_at),
        split_from=ticket,
        copied=_copied(story, messages, begun_at),
    )
    new = open_ticket(_entitled(request, ticket), moment)
    _take_participants(ticket, new)
    if part.note.strip():
        write_note(new.pk, agent, part.note, moment)
    return new


def _messages(ticket: Ticket, part: SplitPart) -> list[Message]:
    """The chosen messages, the oldest first; where none is chosen, the first in which the customer said something."""
    possible = ticket.messages.filter(kind__in=MAY_COME_OVER, side=None).select_related("contact", "agent")
    if part.message_ids:
        found = list(possible.filter(pk__in=part.message_ids).order_by("at", "id"))
    else:
        found = list(possible.filter(kind__in=_BEGINS).order_by("at", "id")[:1])
    begins = next((number for number, each in enumerate(found) if each.kind in _BEGINS), None)
    if begins is None:
        raise Refused(
            f"“{part.subject}” would hold nothing that the customer said. Choose at least one message of theirs."
        )
    # What was answered before the customer spoke of it has nothing to do with it.
    return found[begins:]


def _known(
    story: Sequence[StoryEvent], messages: Sequence[Message], at: datetime
) -> tuple[dict[str, str | None], datetime]:
    """What was known of the ticket at the receipt of the earliest message, and when that was."""
    chosen = {each.pk for each in messages}
    moved = {row.seq for row in story if row.message_id in chosen}
    try:
        opened = split([fact_of(row) for row in story], moved, at)[0]
    except NothingToSplit:
        # A call is no message of the customer's to the policy; the ticket began with it.
        first = messages[0]
        opened = replace(fact_of(story[0]), at=first.stated_at or first.at)
    return {name: opened.data.get(name) for name in ("priority", *FIELDS)}, opened.at


def _copied(
    story: Sequence[StoryEvent], messages: Sequence[Message], begun_at: datetime
) -> tuple[Copied, ...]:
    """The messages with what the story says of each; what the first one says is how the new story begins."""
    facts: dict[int, list[Event]] = {each.pk: [] for each in messages}
    for row in story:
        begins = row.message_id == messages[0].pk and row.kind in ("opened", "message")
        if row.message_id in facts and row.kind in ("message", "call") and not begins and row.at >= begun_at:
            facts[row.message_id].append(fact_of(row))
        if row.kind == "admitted" and _was_held(story, begun_at):
            facts[messages[0].pk].append(fact_of(row))
    return tuple(Copied(each, tuple(facts[each.pk])) for each in messages)


def _was_held(story: Sequence[StoryEvent], begun_at: datetime) -> bool:
    """Whether what comes over was held at intake, so that its clocks stood still until it was admitted."""
    return bool(story[0].data.get("held")) and begun_at <= story[0].at


def _entitled(request: NewRequest, ticket: Ticket) -> NewRequest:
    """The promise that applied at that receipt; where none did, that of the ticket, which somebody has admitted."""
    document = document_of(version_in_force(request.desk, request.received_at).pk)
    known, outcome = examined(request, document)
    if isinstance(outcome, Entitled):
        return known
    return replace(known, organization=ticket.organization, contract=ticket.contract, plan=ticket.plan)


def _take_participants(ticket: Ticket, new: Ticket) -> None:
    """Let those take part who do here, from where they see this ticket. Who was put out stays out."""
    others = ticket.participants.filter(is_requester=False)
    Participant.objects.bulk_create(
        Participant(
            ticket=new,
            contact_id=each.contact_id,
            # Whoever came with a merge leaves when that is undone; here they stay.
            joined_by=JoinedBy.AGENT if each.joined_by == JoinedBy.MERGE else each.joined_by,
            sees_from=each.sees_from,
            removed_at=each.removed_at,
        )
        for each in others
    )
