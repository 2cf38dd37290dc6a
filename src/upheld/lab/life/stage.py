"""Where the deeds of a lab are done: through the same actions as the pages, and by the same mail as everywhere."""

from collections.abc import Callable
from datetime import datetime

from upheld.desks.models import Desk
from upheld.desks.policies import compiled
from upheld.lab.life import post
from upheld.lab.life.deeds import Request
from upheld.lab.life.plots import Turn
from upheld.mailboxes.horizon import moment
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contact
from upheld.policy import Policy, Status
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    NotAskedError,
    Refused,
    admit_request,
    assign,
    confirm_solution,
    receive_message,
    reply,
    take_complaint,
    write_note,
)
from upheld.tickets.incoming import Incoming, NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldMessage, HeldRequest, HeldState, Message, Ticket

_ADMITTED_BECAUSE = "A good customer whose contract is being renewed."


class Stage:
    """The desk of a lab, and what its people do there."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        agents = Agent.objects.filter(memberships__desk=desk).select_related("user").order_by("pk")
        self._agents = {each.address.partition("@")[0]: each for each in agents}

    def make(self, request: Request, now: datetime) -> None:
        """Make the request: by mail, or in the portal."""
        if request.door == "mail":
            args = (request.name, request.address, request.subject, request.text)
            post.write_first(*args, request.number, now)
        else:
            take_in(self._in_portal(request, now), moment(self._desk.pk, now))

    def ticket_of(self, request: Request) -> Ticket | None:
        """Return what the request has become; None where it waits at the gate, or was not read."""
        first = Message.objects.filter(message_id=post.mail_id(request.number)).order_by("pk").first()
        return Ticket.objects.get(pk=first.ticket_id) if first else None

    def is_held(self, request: Request) -> bool:
        """Whether it waits for somebody who admits it."""
        return self._held(request) is not None

    def admit(self, request: Request, lead: str, now: datetime) -> None:
        """Let in what was held."""
        held = self._held(request)
        if held is not None:
            admit_request(held.pk, self._agents[lead], moment(self._desk.pk, now), reason=_ADMITTED_BECAUSE)

    def play(self, request: Request, turn: Turn, saying: str, ticket: Ticket, now: datetime) -> None:
        """Do one deed of the request's plot. What the desk refuses is not done: people shrug and go on."""
        try:
            if turn.by_customer:
                self._customer(request, turn, saying, ticket, now)
            elif ticket.status_category != "closed":
                self._agent(request, turn, saying, ticket, now)
        except (Refused, NotAllowed, NotAskedError):
            return

    def _customer(self, request: Request, turn: Turn, saying: str, ticket: Ticket, now: datetime) -> None:
        done = ticket.status_category in ("resolved", "closed")
        if turn.deed == "worry" and (done or self._was_answered(ticket)):
            return
        contact = Contact.objects.get(address=request.address)
        if turn.deed == "confirm":
            confirm_solution(ticket.pk, contact, moment(self._desk.pk, now))
        elif turn.deed == "complain":
            take_complaint(ticket.pk, contact, saying, moment(self._desk.pk, now))
        elif request.door == "mail" or turn.deed != "worry":
            post.write_again(request.name, request.address, ticket, f"{saying}\n\n{request.name}", now)
        else:
            self._write_in_portal(contact, saying, ticket, now)

    def _write_in_portal(self, contact: Contact, saying: str, ticket: Ticket, now: datetime) -> None:
        incoming = Incoming(
            kind=Message.Kind.CUSTOMER,
            contact=contact,
            text=saying,
            received_at=now,
            channel="portal",
        )
        receive_message(ticket.pk, incoming, moment(self._desk.pk, now))

    def _agent(self, request: Request, turn: Turn, saying: str, ticket: Ticket, now: datetime) -> None:
        agent, at = self._agents[request.agent], moment(self._desk.pk, now)
        match turn.deed:
            case "take":
                assign(ticket.pk, agent, agent, at)
            case "note":
                write_note(ticket.pk, agent, saying, at)
            case _:
                greeting = f"Hello {request.name.split()[0]},\n\n{saying}"
                reply(ticket.pk, agent, greeting, at, status=self._status(turn, ticket))

    def _status(self, turn: Turn, ticket: Ticket) -> str | None:
        """The status that goes with an answer, as far as the policy has one and lets an agent choose it from here."""
        policy = self._policy(ticket)
        moves = [policy.status(each) for each in policy.moves(ticket.status)]
        return next(
            (each.id for wanted in _wanted(turn, ticket, policy) for each in moves if wanted(each)), None
        )

    def _was_answered(self, ticket: Ticket) -> bool:
        last = ticket.messages.filter(kind__in=("customer", "reply")).order_by("-at", "-pk").first()
        return last is not None and last.kind == Message.Kind.REPLY and ticket.status_category == "waiting"

    def _policy(self, ticket: Ticket) -> Policy:
        return compiled(ticket.later_version_id or ticket.policy_version_id)

    def _held(self, request: Request) -> HeldRequest | None:
        kept = HeldMessage.objects.filter(
            message_id=post.mail_id(request.number), request__state=HeldState.HELD
        )
        message = kept.select_related("request").order_by("pk").first()
        return message.request if message else None

    def _in_portal(self, request: Request, now: datetime) -> NewRequest:
        portal = self._desk.portals.select_related("mailbox").get(is_default=True)
        return NewRequest(
            desk=self._desk,
            contact=find_or_add_contact(request.address, request.name, now),
            subject=request.subject,
            text=request.text,
            received_at=now,
            channel="portal",
            priority=request.priority,
            portal=portal,
            mailbox=portal.mailbox,
            product=request.product,
            reason=request.reason,
            message_id=post.mail_id(request.number),
        )


def _wanted(turn: Turn, ticket: Ticket, policy: Policy) -> tuple[Callable[[Status], bool], ...]:
    """What the next status has to be, the best first."""
    if turn.deed == "ask":
        return (_waits_for_customer,)
    if turn.deed == "resolve":
        return (lambda status: status.category == "resolved", lambda status: status.is_done)
    if ticket.status_category == "open" and ticket.status != policy.initial_status:
        return ()
    begun = policy.initial_status
    working = (lambda status: status.category == "open" and status.id != begun,)
    return working if ticket.status == begun else (*working, lambda status: status.id == begun)


def _waits_for_customer(status: Status) -> bool:
    reminds = any(step.remind == "customer" for step in status.after)
    return status.category == "waiting" and (reminds or status.on_reply is not None)
