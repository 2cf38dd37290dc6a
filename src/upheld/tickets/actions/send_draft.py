"""Send what an agent wrote, and forget the draft of it."""

from collections.abc import Collection

from django.db import transaction

from upheld.people.models import Agent
from upheld.rules.placeholders import left_in
from upheld.tickets.actions.keep_draft import discard_draft
from upheld.tickets.actions.press import press
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.write_note import write_note
from upheld.tickets.drafts import NOTE, REPLY, draft_of, files_of
from upheld.tickets.files import read_draft_files
from upheld.tickets.models import Message, Press, Ticket
from upheld.tickets.moment import Moment


@transaction.atomic
def send_reply(
    ticket: Ticket,
    agent: Agent,
    text: str,
    moment: Moment,
    *,
    status: str = "",
    file_ids: Collection[int] = (),
) -> Press:
    """Press Send on a reply with those of the draft's files; it may be taken back for a while. The draft is gone.

    Raises NotAllowed, or Refused for what could not be sent, and for a placeholder that nobody has filled in.
    """
    _refuse_gaps(text)
    files = files_of(draft_of(agent.pk, ticket.pk, REPLY), file_ids)
    payload = {"text": text, "status": status}
    pressed = press(
        agent, ticket.desk_id, Press.Kind.REPLY, payload, moment, ticket_id=ticket.pk, files=files
    )
    discard_draft(agent, ticket.pk, REPLY)
    return pressed


@transaction.atomic
def add_note(
    ticket: Ticket, agent: Agent, text: str, moment: Moment, *, file_ids: Collection[int] = ()
) -> Message:
    """Add a note with those of the draft's files. The draft is gone."""
    _refuse_gaps(text)
    files = files_of(draft_of(agent.pk, ticket.pk, NOTE), file_ids)
    message = write_note(ticket.pk, agent, text, moment, files=read_draft_files(files))
    discard_draft(agent, ticket.pk, NOTE)
    return message


def _refuse_gaps(text: str) -> None:
    gaps = left_in(text)
    if gaps:
        raise Refused(f"Fill in {', '.join(gaps)} first: the desk does not know what belongs there.")
