"""Open a ticket: from a mail, a form, or an agent."""

from typing import Any

from django.db import transaction

from upheld.desks.numbers import draw_number
from upheld.desks.policies import compiled, hold_publications, version_in_force
from upheld.people.actions import confirm_address
from upheld.people.models import Contact
from upheld.policy import Actor, Policy
from upheld.rules.named_priority import named_priority
from upheld.rules.one_line import one_line
from upheld.tickets import letters
from upheld.tickets.effects import carry_out
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import JoinedBy, Message, Participant, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
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
    named = _named(request, policy)
    ticket = _ticket(request, version.pk, policy, named)
    pen = Pen(ticket, moment)
    message = _message(ticket, request)
    keep_files(message, request.files)
    pen.circle.remember(ticket, _participants(ticket, request))
    _story(pen, request, message, named)
    standing, news = pen.close()
    if request.acknowledge and policy.acknowledges:
        letters.acknowledge(pen, standing, asked_from=request.asked_from)
    carry_out(pen, standing, news)
    add_words(ticket, request.text, head=f"{ticket.number} {ticket.subject}", people=(request.contact,))
    return ticket


def _ticket(request: NewRequest, version_id: int, policy: Policy, named: str | None) -> Ticket:
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
        requested_priority=named or "",
        information=dict(request.information),
        restricted=request.restricted or policy.priority(named or policy.default_priority).restricted,
        received_at=request.received_at,
        updated_at=request.received_at,
        status=policy.initial_status,
        status_category=policy.status(policy.initial_status).category,
        priority=default.id,
        priority_rank=default.rank,
    )


def _message(ticket: Ticket, request: NewRequest) -> Message:
    by_staff = request.opened_by is not None
    return Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.REPLY if by_staff else Message.Kind.CUSTOMER,
        at=request.received_at,
        contact=None if by_staff else request.contact,
        agent=request.opened_by,
        channel=request.channel,
        text=request.text,
        quoted_text=request.quoted_text,
        html=request.html,
        message_id=request.message_id,
        raw_mail_id=request.raw_mail_id,
    )


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


def _named(request: NewRequest, policy: Policy) -> str | None:
    """The priority that the requester chose, or named in the subject in the policy's own words."""
    listed = ((each.id, each.words) for each in policy.priorities)
    if request.priority and policy.has_priority(request.priority):
        return request.priority
    return named_priority(request.subject, listed)


def _story(pen: Pen, request: NewRequest, message: Message, priority: str | None) -> None:
    by_staff = request.opened_by is not None
    pen.fact(
        "opened",
        Actor.agent if by_staff else Actor.customer,
        at=request.received_at,
        agent=request.opened_by,
        contact=None if by_staff else request.contact,
        message=message,
        channel=request.channel,
        priority=priority,
        by_staff=by_staff,
        **_known(request),
    )
    if request.acknowledge and pen.policy.acknowledges:
        pen.fact("acknowledged", Actor.system)


def _known(request: NewRequest) -> dict[str, Any]:
    """What else is known at receipt, of which the story names only what is there."""
    known: dict[str, Any] = {name: getattr(request, name) for name in ("product", "region", "plan", "reason")}
    known["follows"] = request.follows and request.follows.number
    known["contract"] = request.contract and request.contract.reference
    known["organization"] = request.organization and request.organization.name
    known["request_type"] = request.request_type
    known["held"] = request.was_held
    return {name: value for name, value in known.items() if value}
