"""Side conversations of a ticket: what of it may go to a third party, and who hears of their answers."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from upheld.people.models import Agent
from upheld.tickets.keys import without_tokens
from upheld.tickets.models import Message, SideConversation, Ticket
from upheld.tickets.pen import Pen

MOST_QUOTED = 20
_QUOTABLE = (Message.Kind.CUSTOMER, Message.Kind.REPLY, Message.Kind.THIRD_PARTY, Message.Kind.MACHINE)


def quotable(ticket: Ticket) -> list[Message]:
    """Return the messages of a ticket that may be passed on in words, the latest first: what was said with its
    customer, and nothing that is for agents or of another conversation."""
    messages = ticket.messages.filter(kind__in=_QUOTABLE, side=None).select_related("contact", "agent__user")
    return list(messages.order_by("-at", "-id")[:MOST_QUOTED])


def with_quotes(ticket: Ticket, text: str, ids: Collection[int]) -> str:
    """Return a text with the chosen messages quoted below it, the oldest first, without anybody's own links."""
    chosen = [each for each in reversed(quotable(ticket)) if each.pk in set(ids)]
    return "\n\n".join([text.strip(), *(_quoted(each, ticket.desk.zone) for each in chosen)])


def _quoted(message: Message, zone: str) -> str:
    said = "\n".join(f"> {line}".rstrip() for line in without_tokens(message.text).strip().splitlines())
    return f"{message.author}, {_day(message.at, zone)}:\n{said}"


def _day(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def hearing_aside(pen: Pen, side: SideConversation) -> list[Agent]:
    """Return who hears that a third party answered: whose ticket it is, who works on it together with them, and who
    opened the conversation, as far as they work on the desk and may read the ticket."""
    opened_by = Agent.objects.filter(
        pk=side.opened_by_id, user__is_active=True, memberships__desk_id=pen.ticket.desk_id
    ).select_related("user")
    reading = {each.pk for each in pen.circle.readers(pen.ticket)} if pen.ticket.restricted else None
    found = {each.pk: each for each in (*pen.circle.hearing(pen.ticket), *opened_by)}
    return [each for pk, each in found.items() if reading is None or pk in reading]
