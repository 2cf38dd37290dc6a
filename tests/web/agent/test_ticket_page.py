"""A ticket's page: what was said, and what is promised."""

import re

from cast_of_pages import HOSTILE, page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import Cast, at, utc
from upheld.tickets import actions
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment


def shown(bob: Client, ticket: Ticket) -> str:
    return page(bob.get(f"/tickets/{ticket.number}/"))


def message_with(text: str, words: str) -> str:
    """The list item of the message that holds `words`."""
    found = [
        each for each in re.findall(r'<li id="m\d+" class="message".*?</li>\n', text, re.S) if words in each
    ]
    assert len(found) == 1
    return found[0]


def test_reply_note_and_third_party_cannot_be_confused(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    actions.reply(ticket.pk, cast.bob, "Please restart it.", at("2026-03-20 15:10"))
    actions.write_note(ticket.pk, cast.bob, "The battery is old.", at("2026-03-20 15:20"))
    vendor = cast.answer_of_amina(
        "2026-03-20 15:30", "Parts arrive on Monday.", kind=Message.Kind.THIRD_PARTY
    )
    actions.receive_message(ticket.pk, vendor, Moment.exactly(utc("2026-03-20 15:30")))
    text = shown(bob, ticket)
    assert 'data-kind="customer"' in message_with(text, "black screen")
    assert "Reply to the customer" in message_with(text, "Please restart it.")
    note = message_with(text, "The battery is old.")
    assert 'data-kind="note"' in note
    assert "The customer never sees this" in note
    held = message_with(text, "Parts arrive on Monday.")
    assert "Not shown to the customer" in held
    assert "Release to the customer" in held


def test_a_clock_tells_due_zone_and_why(cast: Cast, bob: Client) -> None:
    text = shown(bob, cast.writes("2026-03-20 16:00", priority="urgent"))
    assert "First response" in text
    assert "Monday 23 March 2026, 08:30:00 GMT" in text
    assert "times in Europe/London (GMT)" in text
    assert "of working time left" in text
    assert "Why is this due then?" in text
    assert "30 min of 2 h" in text


def test_a_paused_clock_has_no_due_and_says_why_it_stands(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00", priority="urgent")
    actions.reply(ticket.pk, cast.bob, "Which PIN?", at("2026-03-20 16:10"), status="waiting_on_customer")
    text = shown(bob, ticket)
    assert "<strong>Stopped</strong>" in text
    assert "since today 16:10" in text
    assert "Timer off" in text
    assert "the customer reads “Awaiting your reply”" in text


def test_the_strip_draws_every_line_of_the_ledger(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00", priority="urgent")
    actions.reply(ticket.pk, cast.bob, "Which PIN?", at("2026-03-20 15:10"), status="waiting_on_customer")
    text = shown(bob, ticket)
    assert '<rect class="piece ran"' in text
    assert '<rect class="piece paused"' in text
    assert 'class="now"' in text
    assert "style=" not in text


def test_quoted_text_is_folded_and_foreign_html_is_never_in_the_page(cast: Cast, bob: Client) -> None:
    ticket = cast.writes(
        "2026-03-20 15:00",
        text="It is broken.",
        quoted_text="> Bob wrote: all is well",
        html='<p onclick="x()">It is <b id="side">broken</b></p>',
    )
    text = shown(bob, ticket)
    assert '<details class="quoted"><summary>Quoted text</summary>' in text
    assert "onclick" not in text
    assert '<b id="side">' not in text
    frame = re.search(r"<iframe [^>]+>", text)
    assert frame
    assert "allow-scripts" not in frame[0]
    assert "allow-same-origin" not in frame[0]


def test_hostile_words_stay_words_everywhere(cast: Cast, bob: Client) -> None:
    cast.amina.name = HOSTILE[:150]
    cast.amina.save(update_fields=["name"])
    ticket = cast.writes(
        "2026-03-20 15:00",
        subject=HOSTILE,
        text=HOSTILE,
        quoted_text=HOSTILE,
        files=(NewFile("<b>evil</b>.html", "text/html", b"x"),),
    )
    text = shown(bob, ticket)
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b>evil" not in text
    assert "hx-disable" in text


def test_other_tickets_of_the_customer_are_listed(cast: Cast, bob: Client) -> None:
    earlier = cast.writes("2026-03-19 15:00", subject="The lid is loose")
    assert "The lid is loose" in shown(bob, cast.writes("2026-03-20 15:00"))
    assert "Other tickets" in shown(bob, earlier)


def test_history_tells_facts_and_what_the_policy_made_of_them(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00", priority="urgent")
    actions.set_priority(ticket.pk, cast.bob, "low", at("2026-03-20 15:05"), reason="one laptop only")
    actions.reply(ticket.pk, cast.bob, "Done.", at("2026-03-20 15:10"))
    text = shown(bob, ticket)
    assert "set the priority to Low" in text
    assert "(one laptop only)" in text
    assert "First response: met" in text
    assert "The policy" in text


def test_the_number_is_read_in_any_case(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    assert ticket.number in page(bob.get(f"/tickets/{ticket.number.lower()}/"))


def test_the_page_costs_the_same_however_long_the_thread(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    shown(bob, ticket)
    with CaptureQueriesContext(connection) as short:
        shown(bob, ticket)
    for minute in range(20):
        actions.write_note(ticket.pk, cast.bob, "Again.", at(f"2026-03-20 10:{minute:02}"))
    with CaptureQueriesContext(connection) as long:
        shown(bob, ticket)
    assert len(long) == len(short) <= 12
