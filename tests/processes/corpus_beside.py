"""Run beside a desk, with its environment: makes what the corpus speaks of, and looks at what became of it.

python corpus_beside.py prepare
python corpus_beside.py check < what prepare answered, with the digest of each mail as it was sent
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from corpus.expected import CorpusMail
    from upheld.tickets.models import Ticket

sys.path.insert(0, str(Path(__file__).parents[1]))


def prepare() -> dict[str, Any]:
    """Make the desks, and the ticket of each mail that speaks of one."""
    from django.db import transaction

    from corpus.expected import CORPUS
    from corpus.world import build, tell
    from upheld.tickets.models import Ticket

    with transaction.atomic():
        world = build(datetime.now(UTC))
        stories = {mail.name: asdict(tell(world, mail)) for mail in CORPUS if mail.is_template}
        return {"stories": stories, "tickets": list(Ticket.objects.values_list("pk", flat=True))}


def check(sent: dict[str, Any]) -> list[str]:
    """What is wrong with each mail, and with all of them together."""
    from corpus.expected import BY_NAME

    mails = [BY_NAME[name] for name in sent["digests"]]
    return [*each_alone(sent, mails), *tickets_and_messages(sent, mails), *answers(sent, mails)]


def each_alone(sent: dict[str, Any], mails: list[CorpusMail]) -> Iterator[str]:
    """Every mail is there and ended as expected, and nothing is there that nobody sent."""
    from corpus.checking import ending
    from corpus.world import Story
    from upheld.mailboxes.addressing import find_mailbox
    from upheld.mailboxes.models import RawMail

    copies: dict[tuple[str, int | None], list[RawMail]] = {}
    for raw in RawMail.objects.select_related("mailbox", "message__ticket__requester").order_by("pk"):
        copies.setdefault((raw.digest, raw.mailbox_id), []).append(raw)
    wanted: set[tuple[str, int | None]] = set()
    for mail in mails:
        story = Story(**sent["stories"][mail.name]) if mail.name in sent["stories"] else None
        mailbox = find_mailbox(mail.recipient(story.values if story else {}))
        key = (sent["digests"][mail.name], mailbox.pk if mailbox else None)
        wanted.add(key)
        yield from (f"{mail.name}: {problem}" for problem in ending(mail, story, copies.get(key, [])))
    yield from (f"nobody sent {copies[key][0]}" for key in copies.keys() - wanted)


def tickets_and_messages(sent: dict[str, Any], mails: list[CorpusMail]) -> Iterator[str]:
    """No ticket and no message too many."""
    from upheld.mailboxes.models import RawMail
    from upheld.tickets.models import Message, Ticket

    expected = sum(mail.expected.becomes == "ticket" for mail in mails)
    opened = Ticket.objects.exclude(pk__in=sent["tickets"]).count()
    if opened != expected:
        yield f"{opened} tickets were opened, not {expected}"
    of_mail = Message.objects.exclude(raw_mail_id=None).values_list("raw_mail_id", flat=True)
    yield from (f"mail {raw} is {count} messages" for raw, count in Counter(of_mail).items() if count > 1)
    named = set(RawMail.objects.exclude(message=None).values_list("message_id", flat=True))
    if stray := set(Message.objects.exclude(raw_mail_id=None).values_list("pk", flat=True)) - named:
        yield f"messages {sorted(stray)} belong to no mail"


def answers(sent: dict[str, Any], mails: list[CorpusMail]) -> Iterator[str]:
    """Every person is told once of each ticket, as often as anybody is; and nobody writes to a machine."""
    from django.conf import settings

    from corpus.world import PEOPLE
    from upheld.notices.models import Notice, NoticeKind
    from upheld.tickets.models import Ticket

    opened: dict[int, Ticket] = {
        ticket.pk: ticket
        for ticket in Ticket.objects.exclude(pk__in=sent["tickets"]).select_related("requester")
    }
    told = Counter(
        Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT, ticket_id__in=opened).values_list(
            "ticket_id", flat=True
        )
    )
    yield from (f"{opened[pk]} was acknowledged {count} times" for pk, count in told.items() if count > 1)
    asked = Counter(mail.expected.sender for mail in mails if mail.expected.is_acknowledged())
    answered = Counter(opened[pk].requester.address for pk in told)
    for address in asked | answered:
        allowed = min(asked[address], settings.ACKNOWLEDGEMENTS_AN_ADDRESS)
        if answered[address] != allowed:
            yield f"{address} was answered {answered[address]} times, not {allowed}"
    strangers = Notice.objects.exclude(to_address__in={*asked, *PEOPLE})
    yield from (f"a mail of kind {notice.kind} goes to {notice.to_address}" for notice in strangers)


if __name__ == "__main__":
    django.setup()
    json.dump(prepare() if sys.argv[1] == "prepare" else check(json.load(sys.stdin)), sys.stdout)
