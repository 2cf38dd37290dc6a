"""What happens on the desk reaches open pages at once - and nobody else, not even as a sign of life."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from harness.cast import LONG_AGO, Cast, at
from upheld.desks import telling
from upheld.people.models import Agent, Membership
from upheld.tickets import actions
from upheld.tickets.models import Reader, Ticket
from upheld.tickets.visibility import AgentViewer
from upheld.web.stream.hub import MOST_OF_ONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

Listens = Callable[..., Any]


@pytest.fixture(autouse=True)
def heard_by_the_server(web_server: Any, listens: Listens, cast: Cast) -> None:
    """Its own connection is there before a story begins, so that `again` comes only when it is meant."""
    first = listens(cast.ada)
    telling.tell_agents([cast.ada.pk])
    ticket = cast.writes("2026-03-16 09:00", subject="The first of all")
    assert str(ticket.pk) in first.hears("tickets")
    first.close()


def restricted(cast: Cast, *readers: Agent) -> Ticket:
    ticket = cast.writes("2026-03-20 09:00", subject="Of this nobody else hears")
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    for agent in readers:
        Reader.objects.create(ticket=ticket, agent=agent, added_at=LONG_AGO)
    return ticket


def told(ticket: Ticket) -> str:
    return f"event: tickets\ndata: [{ticket.pk}]\n\n"


def test_a_change_reaches_everybody_who_may_know_of_it_and_no_other_desk(
    cast: Cast, charlie: Agent, listens: Listens
) -> None:
    bob, lena, stranger = listens(cast.bob), listens(cast.lena), listens(charlie)
    ticket = cast.writes("2026-03-20 10:00")
    assert told(ticket) in bob.hears("tickets")
    assert told(ticket) in lena.hears("tickets")
    actions.reply(ticket.pk, cast.bob, "I will see.", at("2026-03-20 10:05"))
    assert told(ticket) in lena.hears("tickets")
    other = cast.writes("2026-03-20 10:10")
    Ticket.objects.filter(pk=other.pk).update(desk=charlie.memberships.get().desk)
    telling.tell_tickets([other.pk])
    assert told(ticket) not in stranger.hears("tickets")


def test_of_a_restricted_ticket_nothing_at_all_reaches_others(cast: Cast, listens: Listens) -> None:
    ticket = restricted(cast, cast.bob)
    bob, lena, ada = listens(cast.bob), listens(cast.lena), listens(cast.ada)
    telling.tell_tickets([ticket.pk])
    assert told(ticket) in bob.hears("tickets")
    actions.be_present(AgentViewer.of(cast.bob), ticket.number, at("2026-03-20 10:00").at, writes=True)
    assert f"event: present\ndata: [{ticket.pk}]" in bob.hears("present")
    ordinary = cast.writes("2026-03-20 10:00")
    for each in (lena, ada):
        heard = each.hears("tickets")
        # Not even an empty line came before what is for everybody.
        assert heard[heard.index("event: ") :] == told(ordinary)
        assert "\n:\n" not in heard
        assert str(ticket.pk) not in heard


def test_rights_are_those_of_the_moment(cast: Cast, listens: Listens) -> None:
    bob, lena = listens(cast.bob), listens(cast.lena)
    Membership.objects.filter(agent=cast.lena).delete()
    ticket = cast.writes("2026-03-20 10:00")
    assert told(ticket) in bob.hears("tickets")
    # The door has nothing for her any more, and says so when it is asked again.
    telling.tell_agents([cast.lena.pk])
    assert str(ticket.pk) not in lena.ends().decode()


def test_who_signs_out_hears_nothing_more_and_their_other_browser_does(
    cast: Cast, listens: Listens, cookie_of: Callable[[Agent], str], web_server: Any
) -> None:
    cookie = cookie_of(cast.bob)
    here, elsewhere = listens(cast.bob, cookie), listens(cast.bob)
    browser = Client()
    browser.cookies["sessionid"] = cookie
    assert browser.post("/accounts/logout/").status_code == 302
    here.ends()
    ticket = cast.writes("2026-03-20 10:00")
    assert told(ticket) in elsewhere.hears("tickets")


def test_the_bell_rings_for_whom_it_is_meant(cast: Cast, listens: Listens) -> None:
    bob, lena = listens(cast.bob), listens(cast.lena)
    ticket = cast.writes("2026-03-20 10:00")
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-20 10:05"))
    heard = bob.hears("alerts")
    assert json.loads(heard.rsplit("data: ", 1)[1])["unread"] == 1
    later = cast.writes("2026-03-20 11:00")
    whole = lena.hears("tickets")
    while str(later.pk) not in whole:
        whole += lena.hears("tickets")
    assert "event: alerts" not in whole


def test_after_the_database_was_away_everybody_asks_again_and_hears_what_follows(
    cast: Cast, listens: Listens
) -> None:
    bob = listens(cast.bob)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where query ilike 'listen %'"
        )
        assert cursor.fetchone()[0] >= 1
    bob.hears("again")
    ticket = cast.writes("2026-03-20 10:00")
    assert told(ticket) in bob.hears("tickets")


def test_visitors_are_asked_to_sign_in_and_a_server_without_streams_says_that_there_is_none(
    cast: Cast, web_server: Any, cookie_of: Callable[[Agent], str]
) -> None:
    assert web_server.listener().head.startswith("HTTP/1.1 302")
    browser = Client()
    browser.cookies["sessionid"] = cookie_of(cast.bob)
    assert browser.get("/events/").status_code == 204


def test_many_streams_hold_neither_threads_nor_connections(
    cast: Cast, listens: Listens, cookie_of: Callable[[Agent], str], web_server: Any
) -> None:
    cookie = cookie_of(cast.bob)
    few = [listens(cast.bob, cookie) for _ in range(8)]
    threads, connections = web_server.threads(), _connections()
    many = [listens(cast.bob, cookie) for _ in range(60)]
    assert web_server.threads() <= threads + 1
    assert _connections() <= connections + 1
    figures = urllib.request.urlopen(f"{web_server.url}/metrics").read().decode()  # noqa: S310
    assert "upheld_event_streams 68.0" in figures
    ticket = cast.writes("2026-03-20 10:00")
    assert all(told(ticket) in each.hears("tickets") for each in (*few, *many))


def test_one_agent_has_only_so_many_streams_and_nobody_else_notices(
    cast: Cast, listens: Listens, cookie_of: Callable[[Agent], str], web_server: Any
) -> None:
    cookie = cookie_of(cast.bob)
    open_ = [listens(cast.bob, cookie) for _ in range(MOST_OF_ONE)]
    assert web_server.listener(cookie).head.startswith("HTTP/1.1 429")
    lena = listens(cast.lena)
    ticket = cast.writes("2026-03-20 10:00")
    assert told(ticket) in lena.hears("tickets")
    assert told(ticket) in open_[0].hears("tickets")
    open_.pop().close()
    until = time.monotonic() + 20
    while not (again := web_server.listener(cookie)).head.startswith("HTTP/1.1 200"):
        assert time.monotonic() < until
    again.close()


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where datname = current_database()")
        return cursor.fetchone()[0]


def test_a_name_with_underscores_is_not_taken_for_the_one_with_dashes(web_server: Any) -> None:
    """Figures are for this machine alone: a header says who came through a proxy."""
    asked = urllib.request.Request(f"{web_server.url}/metrics")  # noqa: S310
    asked.add_unredirected_header("X_Forwarded_For", "192.0.2.1")
    assert urllib.request.urlopen(asked).status == 200  # noqa: S310
    forwarded = urllib.request.Request(f"{web_server.url}/metrics", headers={"X-Forwarded-For": "192.0.2.1"})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(forwarded)  # noqa: S310
    assert refused.value.code == 404


def test_it_stops_within_seconds_with_open_streams(
    cast: Cast, cookie_of: Callable[[Agent], str], web_server: Any, tmp_path: Path
) -> None:
    server = web_server.another(tmp_path / "web.log")
    stream = server.listener(cookie_of(cast.bob))
    stream.hears("hello")
    # It waits for the end of the process, and no longer than the supervisor does.
    server.stop()
    stream.ends()
