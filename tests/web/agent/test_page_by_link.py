"""A page, acknowledged from the mail or on the ticket's page: one press, and nobody else is called."""

import re
from datetime import time, timedelta

import pytest
from cast_of_pages import NOW, page
from django.test import Client
from django.urls import reverse

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice
from upheld.people.actions import RotaValues, add_rota, take_off_desk
from upheld.policy import pack
from upheld.tickets.actions import call_next, reply, restrict_ticket
from upheld.tickets.keys import page_token
from upheld.tickets.models import Page, Reader, Ticket

LADDER = """
roles:
  - {id: on_call, label: On-call engineer}
escalation:
  ladders:
    - id: high_cases
      when: {priority: [high]}
      until: first_response
      steps:
        - {after: at once, tell: [on_call], page: true}
"""


@pytest.fixture
def called(cast: Cast) -> Ticket:
    """It is four minutes since a customer wrote that nothing works. Bob was called; Lena is next."""
    text = pack("school-devices").replace("\ntargets:\n", LADDER + "\ntargets:\n", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests", effective_from=LONG_AGO + timedelta(days=1))
    values = RotaValues("Nights", "on_call", "Europe/London", 0, time(9))
    add_rota(cast.desk, values, [cast.bob.pk, cast.lena.pk], by=cast.ada, now=NOW - timedelta(days=1))
    return cast.writes("2026-03-20 16:26", subject="Nothing works", priority="high")


def letter(address: str, kind: str = "paged") -> str:
    notice = Notice.objects.filter(to_address=address, kind=kind).latest("pk")
    return render(notice).decode().replace("=\r\n", "").replace("=\n", "")


def link(address: str) -> str:
    found = re.search(r"/pages/([a-z0-9-]+)/", letter(address))
    assert found, "the letter has no link to acknowledge"
    return reverse("page", args=[found[1]])


def test_the_letter_says_what_why_how_long_and_has_both_links(called: Ticket) -> None:
    said = letter("bob@desk.example.com")
    assert f"{called.number} needs somebody now. You are paged as On-call engineer." in said
    assert "are left" in said
    assert "within 5 minutes" in said
    assert f"/tickets/{called.number}/" in said


def test_looking_changes_nothing_and_one_press_acknowledges(called: Ticket, cast: Cast) -> None:
    address = link("bob@desk.example.com")
    shown = page(Client().get(address))
    assert called.number in shown
    assert "Bob Tanaka" in shown
    assert "Nothing works" not in shown
    assert Page.objects.get().ended_at is None
    assert Client().post(address).status_code == 302
    ended = Page.objects.get()
    assert (ended.ended_by, ended.ended_at) == (cast.bob, NOW)
    assert "You have it" in page(Client().get(address))
    called.refresh_from_db()
    assert called.assignee is None


def test_the_second_to_press_reads_who_has_it(called: Ticket, cast: Cast) -> None:
    call_next(Page.objects.get().pk, at("2026-03-20 16:31"))
    hers = link("lena@desk.example.com")
    Client().post(link("bob@desk.example.com"))
    assert f"Bob Tanaka has {called.number}. Nobody else is called." in letter("lena@desk.example.com")
    assert Client().post(hers).status_code == 302
    assert "Bob Tanaka has it" in page(Client().get(hers))
    assert Page.objects.get().ended_by == cast.bob


def test_taking_it_on_needs_a_sign_in(called: Ticket, bob: Client, cast: Cast) -> None:
    address = link("bob@desk.example.com")
    assert 'name="take"' not in page(Client().get(address))
    Client().post(address, {"take": "yes"})
    called.refresh_from_db()
    assert called.assignee is None
    Page.objects.update(ended_at=None, ended_because="", ended_by=None, next_at=NOW)
    assert 'name="take"' in page(bob.get(address))
    bob.post(address, {"take": "yes"})
    called.refresh_from_db()
    assert called.assignee == cast.bob


def test_a_link_is_dead_for_who_left_and_for_who_made_it_up(called: Ticket, cast: Cast) -> None:
    address = link("bob@desk.example.com")
    assert Client().get(address.replace("/p", "/q", 1)).status_code == 404
    forged = page_token(Page.objects.get().pk, cast.bob.pk)[:-1] + "2"
    assert Client().post(reverse("page", args=[forged])).status_code == 404
    take_off_desk(cast.desk.pk, cast.bob.pk, by="tests", now=NOW)
    assert Client().get(address).status_code == Client().post(address).status_code == 404
    assert Page.objects.get().ended_at is None


def test_of_a_restricted_ticket_the_link_shows_the_number_only_and_only_to_readers(
    called: Ticket, cast: Cast
) -> None:
    restrict_ticket(called.pk, cast.bob, "It names a pupil.", at("2026-03-20 16:29"))
    address = link("bob@desk.example.com")
    shown = page(Client().get(address))
    assert called.number in shown
    assert "High" not in shown
    assert "Called so far" not in shown
    Reader.objects.filter(agent=cast.bob).delete()
    assert Client().get(address).status_code == 404


def test_the_tickets_page_shows_who_was_called_and_who_is_next(
    called: Ticket, bob: Client, cast: Cast
) -> None:
    shown = page(bob.get(reverse("ticket", args=[called.number])))
    assert "On-call engineer: nobody has acknowledged it yet" in shown
    assert "Lena Novak is called next, today 16:31." in shown
    number = Page.objects.get().pk
    done = bob.post(reverse("acknowledge_page", args=[called.number, number]), {"take": "yes"})
    assert done.status_code == 302
    called.refresh_from_db()
    assert (called.assignee, Page.objects.get().ended_by) == (cast.bob, cast.bob)
    shown = page(bob.get(reverse("ticket", args=[called.number])))
    assert "You have it. Nobody else is called." in shown
    assert "acknowledged the page" in shown
    assert "paged Bob Tanaka" in shown


def test_what_was_answered_meanwhile_needs_no_press(called: Ticket, bob: Client, cast: Cast) -> None:
    reply(called.pk, cast.lena, "We are looking at it.", at("2026-03-20 16:28"))
    shown = page(Client().get(link("bob@desk.example.com")))
    assert "It is over: somebody has answered." in shown
    assert "Acknowledge: I have it" not in shown
    assert "nobody has acknowledged" not in page(bob.get(reverse("ticket", args=[called.number])))


def test_a_page_of_another_ticket_is_not_acknowledged_here(called: Ticket, bob: Client, cast: Cast) -> None:
    other = cast.writes("2026-03-20 16:27")
    address = reverse("acknowledge_page", args=[other.number, Page.objects.get().pk])
    assert bob.post(address).status_code == 404
