"""A held request becomes a ticket: all that its sender wrote moves over, and the pause in which it was held ends."""

from upheld.policy import Actor
from upheld.tickets.files import move_files
from upheld.tickets.held_letters import TO_SENDERS, letters_about
from upheld.tickets.incoming import Admission, Call, NewRequest
from upheld.tickets.models import HeldMessage, HeldRequest, Message
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words


def request_of(held: HeldRequest) -> NewRequest:
    """Return a held request as it was received; its files stay where they are."""
    first = held.messages.order_by("at", "pk").first()
    assert first is not None  # noqa: S101 - it is held together with its first message
    return NewRequest(
        desk=held.desk,
        contact=held.contact,
        subject=held.subject,
        text=first.text,
        quoted_text=first.quoted_text,
        html=first.html,
        received_at=held.received_at,
        channel=held.channel,
        priority=held.requested_priority or None,
        mailbox=held.mailbox,
        portal=held.portal,
        organization=held.organization,
        site=held.site,
        product=held.product,
        region=held.region,
        request_type=held.request_type,
        reason=held.reason,
        information=held.information,
        restricted=held.restricted,
        cc=tuple(held.copies.order_by("pk")),
        message_id=first.message_id,
        raw_mail_id=first.raw_mail_id,
        opened_by=held.opened_by,
        call=Call(first.direction, first.stated_at) if first.stated_at else None,
        follows=held.follows,
        was_held=True,
    )


def move_over(pen: Pen, message: Message, admission: Admission) -> None:
    """Bring along the files of the first message and every later one at its own instant, and end the pause."""
    first, *others = admission.held.messages.order_by("at", "pk")
    move_files(first, message)
    for each in others:
        _move(pen, each, admission.held)
    pen.fact(
        "admitted",
        Actor.agent,
        agent=admission.agent,
        contract_at_receipt=admission.contract_at_receipt,
        **({"reason": admission.reason} if admission.reason else {}),
    )
    _own_letters(pen, admission.held)


def _move(pen: Pen, held: HeldMessage, request: HeldRequest) -> None:
    message = Message.objects.create(
        ticket=pen.ticket,
        kind=Message.Kind.CUSTOMER,
        at=held.at,
        contact=request.contact,
        channel=held.channel,
        text=held.text,
        quoted_text=held.quoted_text,
        html=held.html,
        message_id=held.message_id,
        raw_mail_id=held.raw_mail_id,
    )
    move_files(held, message)
    pen.fact(
        "message",
        Actor.customer,
        at=held.at,
        contact=request.contact,
        message=message,
        direction="in",
        public=True,
        reopens=True,
        channel=held.channel,
    )
    add_words(pen.ticket, held.text)


def _own_letters(pen: Pen, held: HeldRequest) -> None:
    """What its sender was told so far belongs to the ticket from here on: who answers it writes on the ticket."""
    requester = pen.circle.requester(pen.ticket)
    letters_about(held, kinds=TO_SENDERS).update(
        ticket_id=pen.ticket.pk, participant_id=requester and requester.pk
    )
