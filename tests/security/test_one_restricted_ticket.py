"""A desk with one restricted ticket and the same desk without it: who is no reader sees no difference."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from desk_twice import NOW, ORDINARY, RESTRICTED, DeskTwice, build, make
from django.test import Client
from doors import Route, routes

from harness.cast import Cast
from upheld.people.models import Agent
from upheld.tickets.models import Reading
from upheld.worker.digests import write_digest

# What a form carries that is another one each time.
_FRESH = re.compile(rb'(name="(csrfmiddlewaretoken|once)" value|data-token)="[^"]*"')
_SEARCHES = (
    "/tickets/?q={number}",
    "/tickets/?q=laptop",
    "/tickets/?list=all",
    "/tickets/?list=done",
    "/tickets/{number}/",
    "/mail/?list=ticketed",
    "/mail/?q=hello",
    "/mail/outgoing/?list=failed",
    "/customers/?q=amina",
    "/requests/{number}/",
    "/requests/?of=organization",
)
NO_READERS = (
    "visitor",
    "agent",
    "lead",
    "administrator",
    "another desk's administrator",
    "organization member",
    "acting partner",
)


@pytest.fixture
def world(cast: Cast, charlie: Agent) -> Iterator[DeskTwice]:
    with time_machine.travel(NOW, tick=False):
        yield build(cast, charlie, (ORDINARY,))


def addresses(world: DeskTwice, number: str) -> list[str]:
    def of(route: Route) -> str:
        return route.address(world.values[ORDINARY])

    # Another program's pages, and those that leave: neither shows a ticket.
    shown = [each for each in routes() if not each.name.startswith(("account_", "metrics", "theme"))]
    return [*map(of, shown), *(each.format(number=number) for each in _SEARCHES)]


def seen(client: Client, address: str) -> tuple[int, bytes]:
    answer = client.get(address)
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, _FRESH.sub(b"", body)


def test_with_and_without_it_every_page_is_the_same(cast: Cast, world: DeskTwice) -> None:
    number = "SDS-1004"
    asked = addresses(world, number)
    # Whoever looks at a ticket has seen it from then on, which lists say.
    for who, each in ((who, each) for who in NO_READERS for each in asked if each.startswith("/tickets/")):
        seen(world.clients[who], each)
    before = {(who, each): seen(world.clients[who], each) for who in NO_READERS for each in asked}
    ticket = make(cast, RESTRICTED)["ticket"]
    assert (ticket.number, ticket.restricted) == (number, True)
    differing = [key for key, page in before.items() if seen(world.clients[key[0]], key[1]) != page]
    assert differing == []
    assert sum(status == 200 for status, _ in before.values()) > 150
    assert not Reading.objects.exists()


def test_a_reader_sees_the_difference(cast: Cast, world: DeskTwice) -> None:
    """So that the comparison compares something."""
    reader = world.clients["reader"]
    before = {each: seen(reader, each) for each in ("/tickets/", "/tickets/?q=laptop")}
    ticket = make(cast, RESTRICTED)["ticket"]
    for address, page in before.items():
        after = seen(reader, address)
        assert after != page
        assert ticket.number.encode() in after[1]


def test_the_morning_mail_of_who_is_no_reader_is_the_same(cast: Cast, world: DeskTwice) -> None:
    make(cast, RESTRICTED)
    for agent in (cast.bob, cast.lena, cast.ada):
        assert not write_digest(f"digest:{agent.pk}", agent, NOW)
