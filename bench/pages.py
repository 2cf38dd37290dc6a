"""Queue page and ticket page, as the server makes them for a signed-in agent (Django's test client, one at a time)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.row import Row, percentiles
from upheld.desks.models import Desk
from upheld.lab.generator.lives import Crowd, lives
from upheld.lab.generator.seed import place_of, write
from upheld.people.models import User
from upheld.tickets.models import Ticket

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_LONG = 20


def run(desk: Desk, size: str, times: int) -> Iterator[Row]:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(email="agent0@bench.example.com"), backend=_BACKEND)
    yield from _page(client, "/tickets/", f"queue page, {size}", "≤ 30 ms, ≤ 6 queries", times)
    number = long_ticket(desk)
    what = f"ticket page, {_LONG} messages, {size}"
    yield from _page(client, f"/tickets/{number}/", what, "≤ 30 ms, ≤ 10 queries", times)


def _page(client: Client, path: str, what: str, keep: str, times: int) -> Iterator[Row]:
    answer = client.get(path)
    if answer.status_code != 200:
        yield Row("pages", what, None, "ms", keep, f"answered {answer.status_code}")
        return
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
        queries = len(asked)
    p50, p95 = percentiles(lambda: client.get(path), times)
    yield Row("pages", f"{what}, p50", p50, "ms", keep, f"{queries} queries")
    yield Row("pages", f"{what}, p95", p95, "ms")


def long_ticket(desk: Desk) -> str:
    """Write one more ticket, with twenty messages, and return its number."""
    now = datetime.now(UTC)
    place = place_of(desk, now)
    crowd = Crowd(contacts=len(place.contacts), agents=len(place.agents), messages=_LONG)
    write(lives(1, crowd, now, Random(2)), desk, place, now, lambda done: None)  # noqa: S311
    return Ticket.objects.order_by("-id").values_list("number", flat=True)[0]
