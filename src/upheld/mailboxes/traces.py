"""How a mail points at tickets: reply tokens, Message-IDs that we know, numbers in its subject.

Only facts are gathered here; what follows from them is decided in `rules.follow_up`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import MD5

from upheld.desks.models import Desk
from upheld.mailboxes.addressing import plus_part
from upheld.mailboxes.parsing import ParsedMail
from upheld.rules.follow_up import Pointer, Trace
from upheld.rules.tokens import Purpose, read_message_id
from upheld.tickets.keys import participant_by
from upheld.tickets.models import Message, Participant, Ticket

_MOST_NUMBERS = 5
_MOST_TOKENS = 10


def pointers(mail: ParsedMail, desk: Desk, envelope_to: str) -> list[Pointer]:
    """Return the tickets of the desk that a mail points at, each with its strongest trace."""
    found: dict[int, Trace] = {}
    for ticket_id, trace in _traces(mail, desk, envelope_to):
        found.setdefault(ticket_id, trace)
    ours = (
        set(Ticket.objects.filter(pk__in=found, desk=desk).values_list("pk", flat=True)) if found else set()
    )
    joined = _participations(ours, mail.from_address)
    return [
        Pointer(ticket_id, trace, ticket_id in joined)
        for ticket_id, trace in found.items()
        if ticket_id in ours
    ]


def _traces(mail: ParsedMail, desk: Desk, envelope_to: str) -> Iterator[tuple[int, Trace]]:
    for ticket_id in _by_token([envelope_to.lower(), *mail.delivered_to, *mail.to, *mail.cc]):
        yield ticket_id, Trace.token
    ids = list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))
    for ticket_id in _by_our_message_ids(ids):
        yield ticket_id, Trace.reference
    for ticket_id in _by_known_message_ids(ids, desk):
        yield ticket_id, Trace.reference
    for ticket_id in _by_number(mail.subject, desk):
        yield ticket_id, Trace.number


def _by_token(addresses: Iterable[str]) -> Iterator[int]:
    tokens = dict.fromkeys(token for address in addresses if (token := plus_part(address)))
    for token in list(tokens)[:_MOST_TOKENS]:
        participant = participant_by(Purpose.reply, token)
        if participant is not None:
            yield participant.ticket_id


def _by_our_message_ids(ids: Iterable[str]) -> Iterator[int]:
    key = settings.SECRET_KEY.encode()
    for text in ids:
        # 0 is what a mail of ours without a ticket carries.
        if ticket_id := read_message_id(key, text):
            yield ticket_id


def _by_known_message_ids(ids: list[str], desk: Desk) -> list[int]:
    """The tickets of customers' mails that a mail answers, latest first: a colleague in copy answers those."""
    if not ids:
        return []
    known = messages_with_id(ids).filter(ticket__desk=desk)
    return list(known.order_by("-id").values_list("ticket_id", flat=True)[:20])


def messages_with_id(ids: list[str]) -> QuerySet[Message]:
    """The messages whose mails carried one of these Message-IDs, by the index on their hashes."""
    hashes = [hashlib.md5(text.encode(), usedforsecurity=False).hexdigest() for text in ids]
    hashed = Message.objects.exclude(message_id="").annotate(hashed=MD5("message_id"))
    return hashed.filter(hashed__in=hashes, message_id__in=ids)


def _by_number(subject: str, desk: Desk) -> list[int]:
    form = re.compile(rf"(?<!\w){re.escape(desk.number_prefix)}-([0-9]{{1,15}})(?!\w)", re.IGNORECASE)
    numbers = [f"{desk.number_prefix}-{int(digits)}" for digits in form.findall(subject)[:_MOST_NUMBERS]]
    if not numbers:
        return []
    tickets = dict(Ticket.objects.filter(desk=desk, number__in=numbers).values_list("number", "pk"))
    return [tickets[number] for number in numbers if number in tickets]


def _participations(ticket_ids: set[int], address: str) -> set[int]:
    if not ticket_ids or not address:
        return set()
    active = Participant.objects.filter(ticket_id__in=ticket_ids, contact__address=address, removed_at=None)
    return set(active.values_list("ticket_id", flat=True))
