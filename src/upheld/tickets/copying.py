"""Messages of one ticket that come over to another. They are copied: a story is never rewritten, so what was said on
the first ticket stays there, too."""

from collections.abc import Sequence

from upheld.tickets.incoming import Copied
from upheld.tickets.models import Attachment, Message, Ticket
from upheld.tickets.pen import Pen

_COLUMNS = ("name", "content_type", "size", "digest", "stored_as", "content_id", "inline")


def copy_story(pen: Pen, first: Message, copied: Sequence[Copied]) -> None:
    """Copy to the pen's ticket what comes over, each message with its facts at the instants at which they held.

    `first` is the copy of the first message, which is there already.
    """
    for number, each in enumerate(copied):
        message = first if number == 0 else copy_message(pen.ticket, each.message)
        for fact in each.facts:
            pen.fact(
                fact.kind,
                fact.actor,
                at=fact.at,
                agent=message.agent,
                contact=message.contact,
                message=message,
                **fact.data,
            )


def copy_message(ticket: Ticket, source: Message) -> Message:
    """Copy a message with its files: the same stored bytes. A copy has no Message-ID, since an answer to the mail
    belongs to the ticket to which it came."""
    message = Message.objects.create(
        ticket=ticket,
        kind=source.kind,
        at=source.at,
        contact=source.contact,
        agent=source.agent,
        channel=source.channel,
        text=source.text,
        quoted_text=source.quoted_text,
        html=source.html,
        released=source.released,
        held_because=source.held_because,
        stated_at=source.stated_at,
        direction=source.direction,
    )
    Attachment.objects.bulk_create(
        Attachment(message=message, **row) for row in source.attachments.order_by("pk").values(*_COLUMNS)
    )
    return message
