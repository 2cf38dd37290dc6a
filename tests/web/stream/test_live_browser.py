"""A desk at work, in Chromium: what one does, another sees, and keeps what they were writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.cast import Cast, at
from upheld.people.models import Agent
from upheld.tickets import actions

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.processes]

Open = Callable[..., Page]
SLOW = 15_000


@pytest.fixture
def opened(web_server: Any, cookie_of: Callable[[Agent], str], browser: Browser) -> Any:
    contexts = []

    def open_page(agent: Agent, path: str) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": cookie_of(agent), "url": web_server.url}])
        page = context.new_page()
        page.set_default_timeout(SLOW)
        with page.expect_response("**/events/"):
            page.goto(web_server.url + path)
        return page

    yield open_page
    for each in contexts:
        each.close()


def test_a_new_ticket_appears_in_the_queue_by_itself(cast: Cast, opened: Open) -> None:
    queue = opened(cast.bob, "/tickets/")
    cast.writes("2026-03-20 10:00", subject="The projector flickers")
    expect(queue.get_by_role("link", name="The projector flickers")).to_be_visible(timeout=SLOW)


def test_two_agents_at_one_ticket(cast: Cast, opened: Open) -> None:
    ticket = cast.writes("2026-03-20 10:00")
    path = f"/tickets/{ticket.number}/"
    bob, lena = opened(cast.bob, path), opened(cast.lena, path)
    expect(bob.locator("#present")).to_contain_text("Lena Novak is looking at this", timeout=SLOW)
    writing = lena.locator("#conversation textarea:visible").first
    writing.press_sequentially("Have you tried")
    expect(bob.locator("#present")).to_contain_text("Lena Novak is writing here", timeout=SLOW)

    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 11:00"), at("2026-03-20 11:00"))
    actions.set_priority(ticket.pk, cast.ada, "high", at("2026-03-20 11:01"))
    expect(lena.locator("#fresh")).to_contain_text("1 new message", timeout=SLOW)
    expect(lena.locator("#ticket-head")).to_contain_text("High", timeout=SLOW)
    assert "It still does not start." not in lena.locator(".thread").inner_text()
    expect(writing).to_have_value("Have you tried")
    lena.locator("#fresh a").click()
    expect(lena.locator(".thread")).to_contain_text("It still does not start.", timeout=SLOW)
    expect(lena.locator("#fresh a")).to_have_count(0)
    expect(writing).to_have_value("Have you tried")

    lena.close()
    expect(bob.locator("#present")).not_to_contain_text("Lena", timeout=SLOW)


def test_what_somebody_is_choosing_is_not_taken_away(cast: Cast, opened: Open) -> None:
    ticket = cast.writes("2026-03-20 10:00")
    bob = opened(cast.bob, f"/tickets/{ticket.number}/")
    bob.locator("#side-assignee").select_option(label="Lena Novak")
    actions.set_priority(ticket.pk, cast.ada, "high", at("2026-03-20 11:01"))
    expect(bob.locator("#ticket-head")).to_contain_text("High", timeout=SLOW)
    expect(bob.locator("#side-assignee option:checked")).to_have_text("Lena Novak")


def test_the_bell_rings_and_opens_over_the_page(cast: Cast, opened: Open) -> None:
    ticket = cast.writes("2026-03-20 10:00", subject="<img src=x onerror=alert(1)>")
    bob = opened(cast.bob, "/tickets/")
    bob.wait_for_function("() => localStorage.length > 0")
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-20 10:05"))
    expect(bob.locator(".toast")).to_contain_text(f"{ticket.number} was assigned to you", timeout=SLOW)
    assert bob.title().startswith("(1) ")
    bob.locator("#bell > summary").click()
    expect(bob.locator(".bell-rows li")).to_have_count(1, timeout=SLOW)
    bob.get_by_role("button", name="Mark all as read").click()
    expect(bob.locator("#bell-sheet")).to_contain_text("You have read everything", timeout=SLOW)
    expect(bob.locator("[data-bell-count]")).to_be_hidden(timeout=SLOW)
