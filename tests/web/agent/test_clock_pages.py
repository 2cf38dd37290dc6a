"""Clocks on an agent's pages: in the desk's own words, and nothing that the policy does not promise."""

import re
from collections.abc import Callable

from cast_of_pages import page
from django.test import Client

from harness.cast import Cast, at
from harness.maintenance import Maintenance
from upheld.tickets import actions
from upheld.tickets.models import Ticket


def shown(bob: Client, ticket: Ticket) -> str:
    return page(bob.get(f"/tickets/{ticket.number}/"))


def card(text: str, id: str) -> str:
    found = re.search(rf'<section class="card clock" id="{id}".*?</section>', text, re.S)
    assert found
    return found[0]


def test_a_pause_without_a_reason_is_told_by_the_status_as_agents_know_it(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00", priority="high")
    actions.reply(ticket.pk, cast.bob, "Which PIN?", at("2026-03-20 15:10"), status="waiting_on_customer")
    resolution = card(shown(bob, ticket), "clock-resolution-1")
    assert "<dt>Because</dt><dd>Waiting on Customer</dd>" in resolution
    assert "It has stood still since 15:10: Waiting on Customer." in resolution
    assert "Awaiting your reply" not in resolution
    assert "When it goes on, 39 h 50 min are left." in resolution


def test_a_pause_is_told_by_the_reason_that_an_agent_gave(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00", priority="high")
    why = "The maker looks at it"
    actions.set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-20 15:10"), reason=why)
    assert f"<dd>{why}</dd>" in card(shown(bob, ticket), "clock-resolution-1")


def test_an_account_goes_on_to_what_was_promised(cast: Cast, bob: Client) -> None:
    """Line by line with a balance, what is used so far, what is still to run, and the promise at the end."""
    first = card(shown(bob, cast.writes("2026-03-20 16:00", priority="urgent")), "clock-first_response-1")
    kinds = re.findall(r'<tr data-kind="(\w+)"', first)
    assert kinds == ["ran", "ahead", "closed", "ahead"]
    amounts = re.findall(r'<td class="amount">([^<]*)', first)
    assert amounts == ["30 min", "30 min", "30 min", "–", "1 h", "2 h"]
    assert re.findall(r'<span class="quiet">([^<]* (?:h|min))</span></td>', first) == ["30 min", "1 h", "2 h"]


def test_the_first_clock_says_why_at_the_key_w(cast: Cast, bob: Client) -> None:
    text = shown(bob, cast.writes("2026-03-20 16:00", priority="urgent"))
    assert text.count('data-key="w"') == 1
    assert 'data-key="w"' in card(text, "clock-first_response-1")


def test_a_row_of_the_queue_has_a_small_strip(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 16:00", priority="urgent")
    text = page(bob.get("/tickets/"))
    assert '<rect class="used" width="250" height="6"/>' in text


def test_where_only_responses_are_promised_no_page_has_a_trace_of_a_resolution(
    cast: Cast, signed_in: Callable[..., Client]
) -> None:
    desk = Maintenance.of(cast)
    desk.belongs()
    desk.signs()
    ticket = desk.asks("2026-03-20 15:00")
    assert isinstance(ticket, Ticket)
    bob = signed_in(cast.bob)
    for text in (shown(bob, ticket), page(bob.get("/tickets/"))):
        assert "First response" in text
        assert not re.search("resolution", text, re.I)
