"""Open a ticket: from a mail, a form, or an agent."""

from datetime import datetime
from typing import Any

from django.db import transaction

from upheld.desks.numbers import draw_number
from upheld.desks.policies import compiled, hold_publications, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.actions import confirm_address
from upheld.people.models import Contact
from upheld.policy import Actor, Policy
from upheld.rules.one_line import one_line
from upheld.tickets import admitting, information, letters, restricting
from upheld.tickets.actions.log_call import record_call
from upheld.tickets.copying import copy_message, copy_story
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import JoinedBy, Message, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.naming import AtReceipt, at_receipt
from upheld.tickets.pen import Pen
from upheld.tickets.restricting import Because
from upheld.tickets.search_text import add_words


@transaction.atomic(savepoint=False)
def open_ticket(request: NewRequest, moment: Moment) -> Ticket:
    """Give the request a number and start its clocks at its receipt, under the policy in force then.

    The requester is told the number and by when they will hear from a person, unless `acknowledge` or the policy
    says not to.
    """
    if request.confirmed:
        confirm_address(request.contact, request.received_at)
    hold_publications(request.desk.pk)
    version = version_in_force(request.desk, request.received_at)
    policy = compiled(version.pk)
    named = at_receipt(request, policy, document_of(version.pk).channels)
    ticket = _ticket(request, version.pk, policy, named)
    pen = Pen(ticket, moment)
    message = _message(ticket, request, moment)
    keep_files(message, request.files)
    pen.circle.remember(ticket, _participants(ticket, request))
    _story(pen, request, message, named)
    if (because := _restricted(request, policy, named)) is not None:
        like = request.follows or request.split_from
        restricting.restrict(pen, because, at=request.received_at, like=like)
    copy_story(pen, message, request.copied)
    if request.admission is not None:
        admitting.move_over(pen, message, request.admission)
    question = information.ask_by_itself(pen, request)
    standing, news = pen.close()
    if message.kind == Message.Kind.REPLY:
        letters.send_reply(pen, message, standing=standing)
    elif _acknowledges(pen, request):
        letters.acknowledge(pen, standing, asked_from=request.asked_from)
    information.send(pen, question, asked_from=request.asked_from)
    carry_out(pen, standing, news)
    add_words(ticket, request.text, head=f"{ticket.number} {ticket.subject}", people=(request.contact,))
    return ticket


def _ticket(request: NewRequest, version_id: int, policy: Policy, named: AtReceipt) -> Ticket:
    default = policy.priority(policy.default_priority)
    return Ticket.objects.create(
        desk=request.desk,
        number=draw_number(request.desk),
        subject=one_line(request.subject, 250) or "(no subject)",
        channel=request.channel,
        requester=request.contact,
        policy_version_id=version_id,
        follows=request.follows,
        portal=request.portal,
        organization=request.organization,
        site=request.site,
        contract=request.contract,
        product=request.product,
        region=request.region,
        plan=request.plan,
        reason=request.reason,
        request_type=request.request_type,
        requested_priority=named.named.priority if named.named else "",
        information=dict(request.information),
        received_at=request.received_at,
        updated_at=request.received_at,
        status=policy.initial_status,
        status_category=policy.status(policy.initial_status).category,
        priority=default.id,
        priority_rank=default.rank,
    )


def _restricted(request: NewRequest, policy: Policy, named: AtReceipt) -> Because | None:
    """Why the ticket is for named people only, from its receipt on; None for one that is for everybody."""
    if policy.priority(named.priority or policy.default_priority).restricted:
        return Because.priority
    if any(each is not None and each.restricted for each in (request.follows, request.split_from)):
        return Because.belongs
    doors = [each for each in (request.portal, request.mailbox) if each is not None]
    return Because.door if request.restricted or any(each.restricted for each in doors) else None


def _message(ticket: Ticket, request: NewRequest, moment: Moment) -> Message:
    if request.copied:
        return copy_message(ticket, request.copied[0].message)
    call = request.call
    by_staff = request.opened_by is not None and call is None
    kind = Message.Kind.REPLY if by_staff else Message.Kind.CUSTOMER
    return Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.CALL if call else kind,
        at=_entered_at(request, moment) if call else request.received_at,
        stated_at=call.stated_at if call else None,
        direction=call.direction if call else "",
        contact=None if by_staff else request.contact,
        agent=request.opened_by,
        channel=request.channel,
        text=request.text,
        quoted_text=request.quoted_text,
        html=request.html,
        message_id=request.message_id,
        raw_mail_id=request.raw_mail_id,
    )


def _entered_at(request: NewRequest, moment: Moment) -> datetime:
    """When a call was entered: of one whose request was held, when that was held."""
    return request.admission.held.received_at if request.admission else moment.at


def _participants(ticket: Ticket, request: NewRequest) -> list[Participant]:
    contacts = [request.contact, *(each for each in request.cc if each.pk != request.contact.pk)]
    return Participant.objects.bulk_create(
        Participant(
            ticket=ticket,
            contact=contact,
            is_requester=contact.pk == request.contact.pk,
            joined_by=_joined_by(request, contact),
            sees_from=request.received_at,
        )
        for contact in {contact.pk: contact for contact in contacts}.values()
    )


def _joined_by(request: NewRequest, contact: Contact) -> JoinedBy:
    if contact.pk == request.contact.pk:
        return JoinedBy.REQUEST
    return JoinedBy.AGENT if request.opened_by else JoinedBy.COPY


def is_from_the_desk(request: NewRequest) -> bool:
    """Whether an agent turned to the customer, so that nobody waits for a first response yet."""
    called = request.call is not None and request.call.direction == "in"
    return request.opened_by is not None and not called


def _story(pen: Pen, request: NewRequest, message: Message, named: AtReceipt) -> None:
    by_agent = request.opened_by is not None
    pen.fact(
        "opened",
        Actor.agent if by_agent else Actor.customer,
        at=request.received_at,
        agent=request.opened_by,
        contact=None if by_agent else request.contact,
        message=message,
        channel=request.channel,
        by_staff=is_from_the_desk(request),
        **named.for_the_story(),
        **_known(request),
    )
    if _acknowledges(pen, request):
        pen.fact("acknowledged", Actor.system)
    if request.call is not None:
        record_call(
            pen,
            request.call,
            agent=request.opened_by,
            contact=request.contact,
            message=message,
            at=message.at,
        )


def _acknowledges(pen: Pen, request: NewRequest) -> bool:
    return request.acknowledge and pen.policy.acknowledges and not is_from_the_desk(request)


def _known(request: NewRequest) -> dict[str, Any]:
    """What else is known at receipt, of which the story names only what is there."""
    known: dict[str, Any] = {name: getattr(request, name) for name in ("product", "region", "plan", "reason")}
    known["follows"] = request.follows and request.follows.number
    known["split_from"] = request.split_from and request.split_from.number
    known["contract"] = request.contract and request.contract.reference
    known["organization"] = request.organization and request.organization.name
    known["request_type"] = request.request_type
    known["held"] = request.was_held
    return {name: value for name, value in known.items() if value}
