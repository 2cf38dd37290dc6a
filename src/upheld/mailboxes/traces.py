"""How a mail points at tickets: tokens, Message-IDs that we know, numbers in its subject; and who its sender is there.

Only facts are gathered here; what follows from them is decided in `rules.follow_up`. A fact that no decision would
need is not asked for, so that an ordinary mail costs little.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.db.models import QuerySet
from django.db.models.functions import MD5

from upheld.desks.models import Desk
from upheld.mailboxes.addressing import plus_part
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.notices.models import Notice, NoticeKind
from upheld.people.addresses import contact_id_of
from upheld.people.affiliations import organizations_of
from upheld.people.models import Agent
from upheld.rules.colleagues import Person, are_colleagues
from upheld.rules.follow_up import Pointer, Relation, Trace
from upheld.rules.tokens import Purpose
from upheld.tickets.held_letters import TO_SENDERS
from upheld.tickets.keys import agent_answering, participant_by, side_by, ticket_of_message_id
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import HeldMessage, HeldRequest, Message, Participant, SideConversation, Ticket

_MOST_NUMBERS = 5
_MOST_TOKENS = 10


@dataclass(frozen=True, slots=True)
class _Sign:
    """One thing in a mail that names a ticket; an agent's token names the agent as well. `own` says that it is the
    token of the mail's very sender."""

    ticket_id: int
    trace: Trace
    agent_id: int | None = None
    own: bool = False


def pointers(
    mail: ParsedMail, desk: Desk, envelope_to: str, bounced_ticket_id: int | None = None
) -> list[Pointer]:
    """Return the tickets of the desk that a mail points at, each with its strongest trace; a merged one is that in
    which it goes on.

    `bounced_ticket_id` is the ticket of a notice that the envelope's recipient names by its token.
    """
    found: dict[int, _Sign] = {}
    for sign in _followed(list(_signs(mail, desk, envelope_to, bounced_ticket_id))):
        first = found.setdefault(sign.ticket_id, sign)
        found[sign.ticket_id] = replace(first, own=first.own or sign.own)
    if not found:
        return []
    ours = {ticket.pk: ticket for ticket in _tickets(found, desk)}
    sender_id = contact_id_of(mail.from_address)
    joined = _participations(ours, sender_id)
    signs = [sign for sign in found.values() if sign.ticket_id in ours]
    asked = _who_asked(signs, mail.from_address, sender_id) if not joined else {}
    return [
        _pointer(sign, ours[sign.ticket_id], mail.from_address, joined, asked.get(sign.ticket_id))
        for sign in signs
    ]


def _followed(signs: list[_Sign]) -> list[_Sign]:
    """The signs, those of merged tickets as ones of that in which they go on. What an agent answers stays with the
    ticket about which they were told: other people read along in the other one."""
    named = {sign.ticket_id for sign in signs}
    merged = Ticket.objects.filter(pk__in=named).exclude(merged_into=None) if named else Ticket.objects.none()
    ends = {ticket_id: goes_on_in(ticket_id) for ticket_id in merged.values_list("pk", flat=True)}
    return [
        sign
        if sign.trace is Trace.agent_token
        else replace(sign, ticket_id=ends.get(sign.ticket_id, sign.ticket_id))
        for sign in signs
    ]


def plus_parts(mail: ParsedMail, envelope_to: str) -> list[str]:
    """Return what stands behind the plus in the addresses to which a mail came: the envelope's first."""
    addresses = [envelope_to.lower(), *mail.delivered_to, *mail.to, *mail.cc]
    return list(dict.fromkeys(part for address in addresses if (part := plus_part(address))))[:_MOST_TOKENS]


def _tickets(ids: Iterable[int], desk: Desk) -> QuerySet[Ticket]:
    tickets = Ticket.objects.filter(pk__in=list(ids), desk=desk)
    return tickets.only("id", "restricted", "requester_id")


def _pointer(sign: _Sign, ticket: Ticket, sender: str, joined: set[int], colleague: bool | None) -> Pointer:
    relation = Relation.nobody
    if sign.agent_id is not None and _is_agent(sign.agent_id, sender):
        relation = Relation.agent
    elif sign.ticket_id in joined:
        relation = Relation.participant
    elif colleague:
        relation = Relation.colleague
    return Pointer(sign.ticket_id, sign.trace, relation, ticket.restricted, sign.agent_id, sign.own)


def _is_agent(agent_id: int, address: str) -> bool:
    return bool(address) and Agent.objects.filter(pk=agent_id, user__email__iexact=address).exists()


def _signs(mail: ParsedMail, desk: Desk, envelope_to: str, bounced_ticket_id: int | None) -> Iterator[_Sign]:
    parts = plus_parts(mail, envelope_to)
    for part in parts:
        if named := agent_answering(part):
            yield _Sign(named.ticket_id, Trace.agent_token, named.agent_id)
    for part in parts:
        if participant := participant_by(Purpose.reply, part):
            own = participant.contact_id == contact_id_of(mail.from_address)
            yield _Sign(participant.ticket_id, Trace.token, own=own)
    if bounced_ticket_id is not None:
        yield _Sign(bounced_ticket_id, Trace.our_id)
    ids = _answered(mail)
    for text in ids:
        # 0 is what a mail of ours without a ticket carries.
        if ticket_id := ticket_of_message_id(text):
            yield _Sign(ticket_id, Trace.our_id)
    for ticket_id in _by_letters_before(ids, desk):
        yield _Sign(ticket_id, Trace.our_id)
    for ticket_id in _by_known_message_ids(ids, desk):
        yield _Sign(ticket_id, Trace.known_id)
    for ticket_id in _by_number(mail.subject, desk):
        yield _Sign(ticket_id, Trace.number)


def side_of(raw_mail: RawMail, mail: ParsedMail, desk_id: int) -> SideConversation | None:
    """Return the side conversation of a desk that a mail answers: by the token of its address, or by a mail of ours in
    it. Both are known only to whoever got such a mail."""
    for part in plus_parts(mail, raw_mail.envelope_to):
        if (side := side_by(part)) is not None and side.ticket.desk_id == desk_id:
            return side
    ours = [text for text in _answered(mail) if ticket_of_message_id(text)]
    sent = Notice.objects.filter(message_id__in=ours, desk_id=desk_id, kind=NoticeKind.SIDE) if ours else ()
    named = [each.data["side"] for each in sent]
    return SideConversation.objects.filter(pk__in=named).order_by("-pk").first() if named else None


def held_request_of(mail: ParsedMail, desk: Desk) -> int | None:
    """Return the latest request of the mail's very sender that has no number yet and that the mail refers to: by what
    we wrote about it, or by a mail of theirs that it holds. A mail of somebody else refers to none."""
    ids = _answered(mail)
    if not ids or not mail.from_address:
        return None
    named = _letters(ids, desk).filter(ticket_id=None).values_list("data__held", flat=True)
    known = held_messages_with_id(ids).values_list("request_id", flat=True)
    sender = contact_id_of(mail.from_address)
    theirs = HeldRequest.objects.filter(pk__in={*named, *known}, desk=desk, contact_id=sender, ticket=None)
    return theirs.order_by("-pk").values_list("pk", flat=True).first()


def _answered(mail: ParsedMail) -> list[str]:
    return list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))


def _letters(ids: list[str], desk: Desk) -> QuerySet[Notice]:
    return Notice.objects.filter(message_id__in=ids, desk=desk, kind__in=TO_SENDERS)


def _by_letters_before(ids: list[str], desk: Desk) -> list[int]:
    """The tickets about which we wrote while they were held and had no number."""
    if not ids:
        return []
    return list(_letters(ids, desk).exclude(ticket_id=None).values_list("ticket_id", flat=True)[:20])


def _by_known_message_ids(ids: list[str], desk: Desk) -> list[int]:
    """The tickets of customers' mails that a mail answers, latest first: a colleague in copy answers those."""
    if not ids:
        return []
    known = messages_with_id(ids).filter(ticket__desk=desk)
    return list(known.order_by("-id").values_list("ticket_id", flat=True)[:20])


def messages_with_id(ids: list[str]) -> QuerySet[Message]:
    """The messages whose mails carried one of these Message-IDs, by the index on their hashes."""
    hashed = Message.objects.exclude(message_id="").annotate(hashed=MD5("message_id"))
    return hashed.filter(hashed__in=_hashes(ids), message_id__in=ids)


def held_messages_with_id(ids: list[str]) -> QuerySet[HeldMessage]:
    """The same among the messages of requests that are held."""
    hashed = HeldMessage.objects.exclude(message_id="").annotate(hashed=MD5("message_id"))
    return hashed.filter(hashed__in=_hashes(ids), message_id__in=ids)


def _hashes(ids: list[str]) -> list[str]:
    return [hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in ids]


def _by_number(subject: str, desk: Desk) -> list[int]:
    form = re.compile(rf"(?<!\w){re.escape(desk.number_prefix)}-([0-9]{{1,15}})(?!\w)", re.IGNORECASE)
    numbers = [f"{desk.number_prefix}-{int(digits)}" for digits in form.findall(subject)[:_MOST_NUMBERS]]
    if not numbers:
        return []
    tickets = dict(Ticket.objects.filter(desk=desk, number__in=numbers).values_list("number", "pk"))
    return [tickets[number] for number in numbers if number in tickets]


def _participations(ticket_ids: Iterable[int], contact_id: int | None) -> set[int]:
    ticket_ids = list(ticket_ids)
    if not ticket_ids or contact_id is None:
        return set()
    active = Participant.objects.filter(ticket_id__in=ticket_ids, contact_id=contact_id, removed_at=None)
    return set(active.values_list("ticket_id", flat=True))


def _who_asked(signs: Iterable[_Sign], address: str, sender_id: int | None) -> dict[int, bool]:
    """Whether the sender, who takes part in none of the tickets, is a colleague of who asked there."""
    named = [sign.ticket_id for sign in signs if sign.trace not in (Trace.agent_token, Trace.token)]
    if not named or not address:
        return {}
    # Whoever was put out of a ticket has no way back as a colleague.
    asked = Ticket.objects.filter(pk__in=named)
    if sender_id is not None:
        asked = asked.exclude(participants__contact_id=sender_id)
    rows = list(asked.values_list("pk", "requester_id", "requester__address"))
    organizations = organizations_of({sender_id or 0, *(requester for _, requester, _ in rows)})

    def person(contact_id: int | None, address: str) -> Person:
        return Person(address, organizations.get(contact_id or 0, frozenset()))

    sender = person(sender_id, address)
    return {id: are_colleagues(sender, person(requester, their)) for id, requester, their in rows}
