"""Receive a further message on a ticket: from its customer, a third party or a machine."""

from dataclasses import replace

from django.db import transaction

from upheld.people.actions import confirm_address
from upheld.policy import Actor
from upheld.rules.permissions import Act, allowed
from upheld.tickets import information, letters
from upheld.tickets.acknowledging import objection
from upheld.tickets.actions.take_in import take_in
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import Incoming, NewRequest
from upheld.tickets.joining import join_by_copy
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import HeldRequest, Message, SideConversation, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.naming import named_in
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words
from upheld.tickets.visibility import ContactViewer, role_of

NOT_OF_THERE = (
    "it was written on a ticket that was merged into this one, and its sender does not take part here"
)

_ACTORS = {
    Message.Kind.CUSTOMER: Actor.customer,
    Message.Kind.THIRD_PARTY: Actor.third_party,
    Message.Kind.MACHINE: Actor.system,
}


@transaction.atomic(savepoint=False)
def receive_message(ticket_id: int, incoming: Incoming, moment: Moment) -> Message | HeldRequest:
    """Add the message at its receipt. A customer's message may reopen the ticket, as its policy says.

    What comes after the time in which the policy lets it reopen is a new request that follows this ticket: the first
    message of its ticket is returned, or the held request where it gets no number yet. What is written on a ticket that
    was merged belongs to the one in which that goes on. What a third party or a machine wrote moves no clock and stays
    hidden from the customer until released. Of a machine's message nobody is told: it may be the answer to what we
    told.
    """
    if incoming.confirmed and incoming.contact is not None:
        confirm_address(incoming.contact, incoming.received_at)
    pen = _where_it_goes_on(ticket_id, moment)
    followed = pen.ticket.pk != ticket_id
    if followed:
        incoming = _as_of_there(pen.ticket, incoming)
    if _comes_too_late(pen, incoming):
        return _open_anew(pen.ticket, incoming, moment)
    message = write_down(pen, incoming)
    if incoming.copies:
        # Whoever was named on a part reads along from now on, not from before it was one.
        join_by_copy(pen, incoming.copies, moment.at if followed else incoming.received_at)
    if incoming.kind == Message.Kind.CUSTOMER:
        note_request(pen, incoming, message)
        information.customer_wrote(pen, incoming.received_at)
    standing, news = pen.close()
    if incoming.kind != Message.Kind.MACHINE and not incoming.quiet:
        # Whoever is responsible now: an assignee who left no longer hears of the desk's customers.
        for agent in pen.circle.hearing(pen.ticket):
            letters.tell_customer_wrote(pen, agent, message)
    carry_out(pen, standing, news)
    add_words(pen.ticket, incoming.text)
    return message


def _where_it_goes_on(ticket_id: int, moment: Moment) -> Pen:
    """Take up the pen on the ticket in which this one goes on. Only that one is locked, as a merge or its undoing locks
    the lower id first; while it is, the way there stays as it is."""
    while True:
        end = goes_on_in(ticket_id)
        with transaction.atomic():
            pen = Pen.on(end, moment)
            if pen.ticket.merged_into_id is None and (end == ticket_id or end == goes_on_in(ticket_id)):
                return pen
            # Something was merged or undone between the look and the lock: let go of it, and look again.
            transaction.set_rollback(True)


def _as_of_there(ticket: Ticket, incoming: Incoming) -> Incoming:
    """What was written on a part: where its author may not write on the ticket itself, an agent looks at it first."""
    if incoming.kind != Message.Kind.CUSTOMER or incoming.contact is None:
        return incoming
    if allowed(role_of(ContactViewer(incoming.contact.pk), ticket), Act.write_as_customer):
        return incoming
    return replace(incoming, kind=Message.Kind.THIRD_PARTY, held_because=NOT_OF_THERE, copies=())


def note_request(pen: Pen, incoming: Incoming, message: Message) -> None:
    """Keep that the customer names a higher priority than before. It is a proposal to the desk: the priority that holds
    stays until an agent looks."""
    ticket, policy = pen.ticket, pen.policy
    asked = ticket.requested_priority
    before = asked if policy.has_priority(asked) else policy.default_priority
    named = named_in("", incoming.text, policy, before)
    if named is None:
        return
    ticket.requested_priority = named.priority
    ticket.save(update_fields=["requested_priority"])
    pen.fact(
        "requested",
        Actor.customer,
        at=incoming.received_at,
        contact=incoming.contact,
        message=message,
        to=named.priority,
        named_by=named.where.value,
        named_words=named.words,
    )


def _comes_too_late(pen: Pen, incoming: Incoming) -> bool:
    if incoming.kind != Message.Kind.CUSTOMER or incoming.thanks:
        return False
    return pen.comes_too_late(
        "message", Actor.customer, incoming.received_at, direction="in", public=True, reopens=True
    )


def _open_anew(ticket: Ticket, incoming: Incoming, moment: Moment) -> Message | HeldRequest:
    """Take in a request that follows a ticket whose time for reopening is over."""
    contact = incoming.contact
    assert contact is not None  # noqa: S101 - a customer's message has a contact
    asked_from = contact.address.rpartition("@")[2][:80]
    request = NewRequest(
        desk=ticket.desk,
        contact=contact,
        subject=ticket.subject,
        text=incoming.text,
        quoted_text=incoming.quoted_text,
        html=incoming.html,
        received_at=incoming.received_at,
        channel=incoming.channel,
        files=incoming.files,
        cc=incoming.copies,
        message_id=incoming.message_id,
        raw_mail_id=incoming.raw_mail_id,
        confirmed=incoming.confirmed,
        asked_from=asked_from,
        acknowledge=objection(contact.address, asked_from, ticket.desk_id, moment.at) is None,
        follows=ticket,
    )
    taken_in = take_in(request, moment)
    if isinstance(taken_in, HeldRequest):
        return taken_in
    message = taken_in.messages.first()
    assert message is not None  # noqa: S101 - a ticket begins with a message
    return message


def store_incoming(
    ticket: Ticket, incoming: Incoming, *, released: bool, side: SideConversation | None = None
) -> Message:
    """Store what came in, with its files, at its receipt."""
    message = Message.objects.create(
        ticket=ticket,
        kind=incoming.kind,
        at=incoming.received_at,
        contact=incoming.contact,
        channel=incoming.channel,
        text=incoming.text,
        quoted_text=incoming.quoted_text,
        html=incoming.html,
        released=released,
        held_because=incoming.held_because[:300],
        message_id=incoming.message_id,
        raw_mail_id=incoming.raw_mail_id,
        side=side,
    )
    keep_files(message, incoming.files)
    return message


def write_down(pen: Pen, incoming: Incoming) -> Message:
    """Store the message and its line of the story."""
    from_customer = incoming.kind == Message.Kind.CUSTOMER
    message = store_incoming(pen.ticket, incoming, released=from_customer)
    pen.fact(
        "message",
        _ACTORS[Message.Kind(incoming.kind)],
        at=incoming.received_at,
        contact=incoming.contact,
        message=message,
        direction="in",
        public=from_customer,
        automatic=incoming.kind == Message.Kind.MACHINE,
        reopens=from_customer and not incoming.thanks,
        channel=incoming.channel,
    )
    return message
