"""Write an internal note: read by agents only, sent to nobody outside the desk."""

from collections.abc import Sequence

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import NewFile
from upheld.tickets.mentioning import named_in
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words


@transaction.atomic
def write_note(
    ticket_id: int, agent: Agent, text: str, moment: Moment, *, files: Sequence[NewFile] = ()
) -> Message:
    """Add a note. It meets no response and moves no clock; colleagues whom it names are told, if they may read it.

    Raises NotAllowed, or Refused for an empty text.
    """
    if not text.strip():
        raise Refused("The note is empty. Write something first.")
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.write_note, pen.ticket)
    message = Message.objects.create(
        ticket=pen.ticket, kind=Message.Kind.NOTE, at=moment.at, agent=agent, channel="web", text=text
    )
    keep_files(message, files)
    pen.fact("note", Actor.agent, agent=agent, message=message)
    for each in named_in(text, pen.ticket):
        if each.pk != agent.pk:
            letters.tell_mentioned(pen, each, message, by=agent.name)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    add_words(pen.ticket, text)
    return message
