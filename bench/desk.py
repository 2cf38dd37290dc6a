"""The desk that is measured: seeded by the generator or there before, with some long talks, and people signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.db.models import Count
from django.test import Client

from bench.databases import SEEDED, Server, use
from upheld.config.side_by_side import processors, workers
from upheld.desks.models import Desk
from upheld.lab.generator.chunks import Made
from upheld.lab.generator.lives import Deed, Life, lives
from upheld.lab.generator.seed import hurry, place_of, seed, write
from upheld.lab.generator.words import Words
from upheld.people.models import Contact, Membership, User
from upheld.tickets.models import Ticket
from upheld.tickets.search_text import add_words

_SOURCE = 1
_WORTH_SHARING = 20_000
_AGENTS = 8
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_LONG = {20: 20, 200: 3}
_A_PAGE = 25
_LATEST = 1_000


@dataclass(frozen=True, slots=True)
class Measured:
    """The desk, how many tickets it had when it was made ready, and the numbers of the long ones by their messages."""

    desk: Desk
    size: int
    long: dict[int, list[str]]

    def agents(self) -> list[str]:
        """The addresses of some agents, its lead first."""
        members = Membership.objects.filter(desk=self.desk).order_by("agent_id")
        return list(members.values_list("agent__user__email", flat=True)[:_AGENTS])

    def open_numbers(self, count: int) -> list[str]:
        """The numbers of open tickets with little in them, the same each time."""
        found = Ticket.objects.filter(
            desk=self.desk, status_category="open", restricted=False, merged_into=None
        )
        apart = {number for numbers in self.long.values() for number in numbers}
        numbers = found.order_by("-id").values_list("number", flat=True)[: count + len(apart)]
        return [each for each in numbers if each not in apart][:count]

    def customers(self) -> dict[str, tuple[Contact, int]]:
        """One customer with a page of requests, and the one with the most, with how many those are."""
        asked = Ticket.objects.filter(desk=self.desk, is_spam=False, requester__merged_into=None)
        counts = list(
            asked.values_list("requester_id").annotate(count=Count("id")).order_by("-count", "requester_id")
        )
        chosen = {
            "a page of them": min(counts, key=lambda each: (abs(each[1] - _A_PAGE), each[0])),
            "the customer with most": counts[0],
        }
        contacts = Contact.objects.in_bulk([pk for pk, _ in chosen.values()])
        return {name: (contacts[pk], count) for name, (pk, count) in chosen.items()}


def ready(server: Server, size: int, *, reuse: bool) -> Measured:
    """Fill the bench's database with so many tickets; with `reuse`, take it as it is."""
    if reuse and server.has(SEEDED):
        use(SEEDED)
        desk = Desk.objects.get(slug="bench")
        size = Ticket.objects.filter(desk=desk).count()
    else:
        server.make_afresh(SEEDED)
        use(SEEDED)
        desk = filled(size, messages=3, now=datetime.now(UTC))
    return Measured(
        desk, size, {messages: long_talks(desk, messages, count) for messages, count in _LONG.items()}
    )


def filled(size: int, *, messages: int, now: datetime, made: Made = lives) -> Desk:
    """Fill the empty database that is in use, on all processors where that pays."""
    if size < _WORTH_SHARING:
        return seed(size, messages=messages, now=now, progress=_quiet, source=_SOURCE, made=made)
    with workers(processors(), first=hurry) as work:
        return seed(size, messages=messages, now=now, progress=_quiet, source=_SOURCE, made=made, work=work)


def _quiet(what: str, done: int, of: int) -> None:
    """Nobody watches."""


def signed_in(user: User) -> str:
    """Begin a session; return its cookie."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=_BACKEND)
    return client.cookies["sessionid"].value


def agent_client(address: str) -> Client:
    """A signed-in agent who asks this process for pages."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=address), backend=_BACKEND)
    return client


@transaction.atomic
def account_of(contact: Contact) -> User:
    """The account of a customer, made where there is none."""
    if contact.user is None:
        contact.user = User.objects.create_user(contact.address, name=contact.name)
        contact.save(update_fields=["user"])
    return contact.user


def long_talks(desk: Desk, messages: int, count: int) -> list[str]:
    """Return the numbers of tickets with so many messages; they are written where there are none yet."""
    subject = f"A talk of {messages} messages"
    if not _with_subject(desk, subject):
        now = datetime.now(UTC)
        write(_talks(subject, messages, count, now), desk, place_of(desk, now), now, lambda done: None)
        for each in _with_subject(desk, subject):
            add_words(each, subject, head=f"{each.number} {subject}")
        with connection.cursor() as cursor:
            cursor.execute("analyze tickets_ticket, tickets_message, tickets_storyevent")
    return [each.number for each in _with_subject(desk, subject)]


def _with_subject(desk: Desk, subject: str) -> list[Ticket]:
    """Looked for among the latest, since no index knows subjects."""
    latest = Ticket.objects.filter(desk=desk).select_related("desk").order_by("-id")[:_LATEST]
    return [each for each in latest if each.subject == subject]


def _talks(subject: str, messages: int, count: int, now: datetime) -> Iterator[Life]:
    """Talks that are still going on: a question, an assignment, then answers and questions in turn."""
    words = Words(Random(_SOURCE))  # noqa: S311
    for number in range(count):
        start = now - timedelta(days=6, minutes=number)
        step = timedelta(days=5) / messages
        deeds = [Deed("assign", start + step / 2, str(number % 4), number % 4)]
        for place in range(1, messages):
            kind = "reply" if place % 2 else "customer"
            deeds.append(Deed(kind, start + place * step, words.text(), number % 4))
        yield Life(
            subject=subject,
            text=words.text(),
            contact=number,
            channel="email",
            priority="medium",
            received_at=start,
            deeds=tuple(deeds),
        )
