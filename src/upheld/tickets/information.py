"""What a ticket lacks of what its policy asks for: asking for it once, and the clocks that wait meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.policy.document import Document, InformationItemPart
from upheld.rules.missing_information import DESCRIPTION, Item, Said, asked, missing, waiting_clocks
from upheld.rules.one_line import one_line
from upheld.tickets import letters
from upheld.tickets.acknowledging import objection
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import InformationAsked, Message, Ticket
from upheld.tickets.pen import Pen

REASON = "information missing"
MOST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """An item that concerns a ticket, and what is known of it: given with the request, or by the site."""

    part: InformationItemPart
    given: str
    from_site: str
    is_missing: bool

    @property
    def value(self) -> str:
        return self.given or self.from_site


@dataclass(frozen=True, slots=True)
class Question:
    """What the requester is asked for, in the policy's words, and whether clocks wait for it."""

    items: Sequence[Mapping[str, str]]
    waits: bool


def rule_items(document: Document) -> list[Item]:
    """Return the policy's items as the rule reads them."""
    return [
        Item(each.id, each.where, each.products, each.request_types, each.optional)
        for each in document.information.items
    ]


def document_for(ticket: Ticket) -> Document:
    """Return the document of the policy that governs a ticket, as far as it is settled."""
    return document_of(ticket.later_version_id or ticket.policy_version_id)


def missing_on(ticket: Ticket) -> list[str]:
    """Return the ids of the items that a ticket still lacks."""
    return missing(rule_items(document_for(ticket)), _said(ticket))


def answers(ticket: Ticket) -> list[Answer]:
    """Return every item that concerns a ticket, with what is known of it. What subject and text say anyway is left out,
    unless they said nothing."""
    document = document_for(ticket)
    items = asked(rule_items(document), ticket.product, ticket.request_type)
    if not items:
        return []
    parts = {each.id: each for each in document.information.items}
    given, site, lacking = ticket.information, _site_fields(ticket), missing_on(ticket)
    return [
        Answer(parts[each.id], str(given.get(each.id, "")), str(site.get(each.id, "")), each.id in lacking)
        for each in items
        if each.has_field or each.id in lacking or each.id in given
    ]


def lasting(known: Iterable[Answer]) -> dict[str, str]:
    """Return what was given with a ticket and holds beyond it: not what belongs to one problem or kind of request."""
    return {
        each.part.id: each.given
        for each in known
        if each.given
        and not each.part.request_types
        and each.part.where != "subject"
        and each.part.id != DESCRIPTION
    }


def cleaned(ticket: Ticket, given: Mapping[str, str]) -> dict[str, str]:
    """Return what somebody filled in, as far as it answers what concerns the ticket and says something."""
    known = {each.part.id for each in answers(ticket)}
    words = {id: text.replace("\0", "").strip()[:MOST_WORDS] for id, text in given.items() if id in known}
    return {id: text for id, text in words.items() if text}


def add(pen: Pen, given: Mapping[str, str]) -> None:
    """Keep what was given with the ticket."""
    pen.ticket.information = {**pen.ticket.information, **given}
    pen.ticket.save(update_fields=["information"])


def ask_by_itself(pen: Pen, request: NewRequest) -> Question | None:
    """Ask the sender of a mail for what it lacks: where it is acknowledged, and as often as that is counted.

    To be called after the ticket is opened and before its pen is closed. The letter with the question is left to the
    caller, since it follows the acknowledgement of the same mail, which counts too.
    """
    if request.channel != "email" or request.opened_by is not None or not request.acknowledge:
        return None
    if request.split_from is not None:
        # Its sender wrote one mail and was asked once; whether they are asked again an agent decides.
        return None
    document = document_of(pen.ticket.policy_version_id)
    said = _said(pen.ticket, request.text)
    lacking = missing(rule_items(document), said)
    if not lacking:
        return None
    place, address = request.asked_from, request.contact.address
    if objection(address, place, pen.ticket.desk_id, pen.moment.at, unsaid=1) is not None:
        return None
    return ask(pen, lacking)


def ask(pen: Pen, lacking: list[str], agent: Agent | None = None) -> Question | None:
    """Ask the requester for these items, once a ticket, and let the clocks wait that the policy names."""
    _asked, is_new = InformationAsked.objects.get_or_create(
        ticket=pen.ticket, defaults={"items": lacking, "asked_at": pen.moment.at}
    )
    if not is_new:
        return None
    document = document_for(pen.ticket)
    actor = Actor.agent if agent else Actor.system
    pen.fact("information_asked", actor, agent=agent, items=lacking)
    priority = pen.standing().priority
    clocks = waiting_clocks(document.information.pauses, document.information.never_for, priority)
    if clocks:
        pen.fact("paused", Actor.system, reason=REASON, clocks=clocks)
    parts = {each.id: each for each in document.information.items}
    told = [{"label": parts[id].label, "meaning": parts[id].meaning} for id in lacking]
    return Question(told, waits=bool(clocks))


def send(pen: Pen, question: Question | None, *, asked_from: str = "") -> None:
    """Write the letter with the question, if one was asked."""
    if question is not None:
        letters.ask_information(pen, question.items, waits=question.waits, asked_from=asked_from)


def customer_wrote(pen: Pen, at: datetime) -> None:
    """A clock that waits for information goes on with any message of the customer."""
    open_ = _open(pen.ticket)
    if open_ is not None and is_waiting(pen):
        end(pen, open_, "replied", at=max(at, open_.asked_at))


def settle_given(pen: Pen, agent: Agent | None = None) -> None:
    """End the question where nothing is missing any more."""
    open_ = _open(pen.ticket)
    if open_ is not None and not missing_on(pen.ticket):
        end(pen, open_, "given", agent=agent)


def priority_changed(pen: Pen) -> None:
    """Let the clocks go on where the priority has become one for which none waits. The question stays."""
    asking = document_for(pen.ticket).information
    if asking.pauses and is_waiting(pen) and pen.standing().priority in asking.never_for:
        pen.fact("resumed", Actor.system)


def end(
    pen: Pen,
    question: InformationAsked,
    because: str,
    *,
    at: datetime | None = None,
    agent: Agent | None = None,
) -> None:
    """End the question, and with it the wait of the clocks."""
    question.ended_at, question.ended_because, question.ended_by = at or pen.moment.at, because, agent
    question.save(update_fields=["ended_at", "ended_because", "ended_by"])
    if is_waiting(pen):
        pen.fact("resumed", Actor.agent if agent else Actor.system, at=at, agent=agent)


def is_waiting(pen: Pen) -> bool:
    """Whether clocks of the ticket stand still because information is missing."""
    paused = pen.ticket.story.filter(kind="paused", data__reason=REASON, consequence_key=None)
    since = paused.order_by("-seq").values_list("seq", flat=True).first()
    if since is None:
        return any(each.kind == "paused" for each in pen.unwritten)
    ended = pen.ticket.story.filter(kind="resumed", seq__gt=since)
    return not ended.exists() and not any(each.kind == "resumed" for each in pen.unwritten)


def _open(ticket: Ticket) -> InformationAsked | None:
    return InformationAsked.objects.filter(ticket=ticket, ended_at=None).first()


def _site_fields(ticket: Ticket) -> Mapping[str, str]:
    return ticket.site.fields if ticket.site is not None else {}


def _said(ticket: Ticket, text: str | None = None) -> Said:
    """What a ticket says; `text` is that of its first message, read from there where it is not at hand."""
    if text is None:
        first = Message.objects.filter(ticket=ticket).order_by("at", "id").values_list("text", flat=True)
        text = first.first() or ""
    subject = one_line(ticket.subject, 250)
    return Said(
        product=ticket.product,
        request_type=ticket.request_type,
        subject="" if subject == "(no subject)" else subject,
        text=text,
        given=ticket.information,
        site=_site_fields(ticket),
    )
