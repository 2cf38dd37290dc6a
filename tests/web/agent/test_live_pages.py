"""What arrives on pages while somebody works: who else is here, what has come since, and what the bell tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine
from cast_of_pages import HOSTILE, HTMX, NOW, page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import LONG_AGO, Cast, at
from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Presence, Reader, Reading, Ticket
from upheld.tickets.visibility import AgentViewer, visible_tickets, who_sees

SignedIn = Callable[[Agent], Client]


def here(browser: Client, ticket: Ticket, **said: str) -> str:
    return page(browser.post(f"/tickets/{ticket.number}/present/", said))


def restricted(cast: Cast, *readers: Agent) -> Ticket:
    ticket = cast.writes("2026-03-20 09:00", subject="Nobody else reads this")
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    for agent in readers:
        Reader.objects.create(ticket=ticket, agent=agent, added_at=LONG_AGO)
    return ticket


def test_agents_see_who_else_is_here_and_who_is_writing(cast: Cast, bob: Client, signed_in: SignedIn) -> None:
    ticket, lena = cast.writes("2026-03-20 16:00"), signed_in(cast.lena)
    assert "Bob" not in here(bob, ticket)
    assert "Bob Tanaka</bdi> is looking at this" in here(lena, ticket)
    here(lena, ticket, writes="yes")
    assert "Lena Novak</bdi> is writing here" in page(bob.get(f"/tickets/{ticket.number}/"))
    with time_machine.travel(NOW + timedelta(seconds=29), tick=False):
        assert "Lena Novak</bdi> is looking at this" in here(bob, ticket)
    with time_machine.travel(NOW + timedelta(seconds=31), tick=False):
        assert "Lena" not in here(bob, ticket)


def test_who_leaves_is_gone_at_once(cast: Cast, bob: Client, signed_in: SignedIn) -> None:
    ticket, lena = cast.writes("2026-03-20 16:00"), signed_in(cast.lena)
    here(lena, ticket)
    assert lena.post(f"/tickets/{ticket.number}/present/", {"leaves": "yes"}).status_code == 204
    assert "Lena" not in here(bob, ticket)
    assert Presence.objects.filter(agent=cast.lena).count() == 0


def test_looking_at_a_page_notes_nobody_as_present(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    page(bob.get(f"/tickets/{ticket.number}/"))
    assert Presence.objects.count() == 0


def test_at_a_restricted_ticket_only_its_readers_are_seen_and_see(
    cast: Cast, bob: Client, signed_in: SignedIn, stranger: Client
) -> None:
    ticket, lena = restricted(cast, cast.bob), signed_in(cast.lena)
    here(bob, ticket)
    for outsider in (lena, stranger):
        assert outsider.post(f"/tickets/{ticket.number}/present/").status_code == 404
        assert outsider.get(f"/tickets/{ticket.number}/fresh/").status_code == 404
    assert set(Presence.objects.values_list("agent", flat=True)) == {cast.bob.pk}


def test_a_page_that_is_up_to_date_is_told_nothing(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    seen = Ticket.objects.get(pk=ticket.pk).last_seq
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = bob.get(f"/tickets/{ticket.number}/fresh/?seen={seen}", **HTMX)
    assert answer.status_code == 204
    # Session, agent, workplace, ticket.
    assert len(asked) <= 4


def test_head_and_side_come_anew_and_new_messages_wait_to_be_asked_for(
    cast: Cast, bob: Client, signed_in: SignedIn
) -> None:
    ticket = cast.writes("2026-03-20 15:00", subject=HOSTILE)
    seen, last = Ticket.objects.get(pk=ticket.pk).last_seq, ticket.messages.get().pk
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 15:30"), at("2026-03-20 15:30"))
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 15:40"), at("2026-03-20 15:40"))
    actions.set_priority(ticket.pk, cast.lena, "high", at("2026-03-20 15:50"))
    fresh = page(bob.get(f"/tickets/{ticket.number}/fresh/?seen={seen}&last={last}", **HTMX))
    assert "2 new messages" in fresh
    for part in ("ticket-head", "side"):
        beginning = fresh.split(f'id="{part}"')[1].split(">")[0]
        assert 'hx-swap-oob="true"' in beginning
    assert 'id="conversation"' not in fresh
    assert "It still does not start" not in fresh
    assert "<script>" not in fresh


def test_ones_own_message_is_shown_without_being_asked_for(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    seen, last = Ticket.objects.get(pk=ticket.pk).last_seq, ticket.messages.get().pk
    actions.write_note(ticket.pk, cast.bob, "A look at the battery first.", at("2026-03-20 15:30"))
    fresh = page(bob.get(f"/tickets/{ticket.number}/fresh/?seen={seen}&last={last}", **HTMX))
    assert 'hx-trigger="load, click"' in fresh


def test_an_open_page_of_a_restricted_ticket_is_no_look_at_what_comes(cast: Cast, bob: Client) -> None:
    ticket = restricted(cast, cast.bob)
    fresh = page(bob.get(f"/tickets/{ticket.number}/fresh/?seen=0&last=0", **HTMX))
    assert ticket.subject not in fresh
    assert "1 new message" in fresh
    assert Reading.objects.count() == 0


def test_the_bell_lists_what_is_unread_and_takes_it_as_read(
    cast: Cast, bob: Client, signed_in: SignedIn
) -> None:
    ticket = cast.writes("2026-03-20 15:00", subject=HOSTILE)
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-20 15:30"))
    listed = page(bob.get("/alerts/unread/"))
    assert f"/tickets/{ticket.number}/" in listed
    assert "<script>" not in listed
    assert "You have read everything" in page(signed_in(cast.lena).get("/alerts/unread/"))
    left = page(bob.post("/alerts/unread/read/", {"alert": "all"}, **HTMX))
    assert "You have read everything" in left
    assert bob.post("/alerts/unread/read/", {"alert": "1"}).status_code == 302


def test_a_browser_is_told_what_is_new_and_of_a_restricted_ticket_the_number_alone(
    cast: Cast, bob: Client
) -> None:
    ticket = restricted(cast, cast.bob, cast.lena)
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-20 15:30"))
    told = page(bob.get("/alerts/new/?after=0"))
    assert 'data-unread="1"' in told
    assert f'data-says="{ticket.number}"' in told
    assert ticket.subject not in told
    newest = told.split('data-newest="')[1].split('"')[0]
    assert "toast" not in page(bob.get(f"/alerts/new/?after={newest}"))
    # A browser that knows of none yet is not told of everything that is old.
    assert "toast" not in page(bob.get("/alerts/new/"))


def test_a_browser_shows_what_one_is_told_only_when_they_chose_it(cast: Cast, bob: Client) -> None:
    assert "data-in-browser" not in page(bob.get("/preferences/"))
    bob.post("/alerts/browser/", {"show": "yes"})
    assert "data-in-browser" in page(bob.get("/preferences/"))
    bob.post("/alerts/browser/", {"show": "no"})
    assert "data-in-browser" not in page(bob.get("/preferences/"))


def test_who_sees_says_of_everybody_what_the_one_visibility_function_says(cast: Cast, charlie: Agent) -> None:
    tickets = [
        cast.writes("2026-03-20 09:00"),
        restricted(cast, cast.bob),
        restricted(cast, cast.bob, cast.lena, charlie),
        restricted(cast),
    ]
    Reader.objects.filter(agent=cast.lena).update(removed_at=NOW)
    agents = [cast.bob, cast.lena, cast.ada, charlie]
    seen = who_sees([each.pk for each in tickets], [each.pk for each in agents])
    for agent in agents:
        visible = set(visible_tickets(AgentViewer.of(agent)).values_list("pk", flat=True))
        assert {ticket for ticket, by in seen.items() if agent.pk in by} == visible, agent
    assert who_sees([tickets[0].pk], [cast.bob.pk]) == {tickets[0].pk: {cast.bob.pk}}
