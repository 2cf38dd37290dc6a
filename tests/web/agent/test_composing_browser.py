"""Writing with scripts, in Chromium: what is offered, kept and taken back without leaving the text."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from cast_of_pages import NOW, enter
from playwright.sync_api import Browser, Page, expect

from harness.cast import Cast
from upheld.tickets import actions
from upheld.tickets.models import Draft, Press, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 16:00")


@pytest.fixture
def opened(live_server, browser: Browser, cast: Cast, ticket: Ticket, settings) -> Open:
    settings.LONGEST_UNDO = 60

    def open_page(**options: object) -> Page:
        value = enter(cast.bob.user).cookies["sessionid"].value
        context = browser.new_context(**options)
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/tickets/{ticket.number}/")
        return page

    return open_page


def test_a_reply_is_put_together_kept_sent_and_taken_back(opened: Open, cast: Cast, ticket: Ticket) -> None:
    text = "Dear {{customer.first_name}}, {{customer.organization}}"
    actions.save_reply(cast.bob, cast.desk.pk, "Greeting", text, NOW, shared=False)
    page = opened(viewport={"width": 360, "height": 800})
    area = page.locator("#reply-text")

    area.press_sequentially(";gre")
    expect(page.locator("#suggest [role=option]")).to_have_count(1)
    area.press("Enter")
    expect(area).to_have_value("Dear Amina, {{customer.organization}}")
    # The first gap is chosen, so that the next stroke fills it.
    page.keyboard.type("hello")
    page.keyboard.press("Control+b")
    page.keyboard.type("now")
    expect(area).to_have_value("Dear Amina, hello**now**")

    page.set_input_files("#reply-files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.locator(".uploads input[name=kept][value]")).to_have_count(1)
    expect(page.locator("#reply-kept .said")).to_have_text(re.compile("Kept today"))
    page.get_by_text("Preview: as").click()
    expect(page.locator("#reply-preview strong")).to_have_text("now")

    page.reload()
    expect(area).to_have_value("Dear Amina, hello**now**")
    expect(page.locator("form[data-kind=reply] .uploads")).to_contain_text("a.txt")
    area.press("Control+Enter")
    expect(page.locator("#leaving")).to_contain_text(f"Your reply on {ticket.number} happens in")
    expect(area).to_have_value("")
    assert not Draft.objects.exists()

    page.get_by_role("button", name="Undo").click()
    expect(area).to_have_value("Dear Amina, hello**now**")
    expect(area).to_be_focused()
    expect(page.locator("form[data-kind=reply] .uploads")).to_contain_text("a.txt")
    assert Press.objects.get().state == Press.State.UNDONE
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_was_sent_is_no_draft_again_when_another_ticket_comes_next(
    opened: Open, cast: Cast, ticket: Ticket
) -> None:
    cast.writes("2026-03-20 16:05", "Scanner is slow")
    page = opened()
    here = page.url
    page.goto(here.replace(f"{ticket.number}/", ""))
    page.get_by_role("link", name=ticket.subject).click()
    page.wait_for_url(f"{here}?in=*")
    area = page.locator("#reply-text")
    area.fill("A new cable is on its way.")
    expect(page.locator("#reply-kept .said")).to_have_text(re.compile("Kept today"))
    area.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Scanner is slow")
    expect(page.locator("#leaving")).to_contain_text(f"Your reply on {ticket.number} happens in")

    page.goto(here)
    expect(area).to_have_value("")
    assert not Draft.objects.exists()


def test_colleagues_are_offered_behind_an_at_and_a_draft_is_discarded(opened: Open) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    page.locator(".composer .tabs label").last.click()
    area = page.locator("#note-text")
    area.press_sequentially("Mail me at x@lena, @l")
    expect(page.locator("#suggest [role=option]")).to_have_text(["Lena Novak"])
    area.press("Escape")
    expect(page.locator("#suggest [role=option]")).to_have_count(0)
    area.press_sequentially("e")
    area.press("Tab")
    expect(area).to_have_value("Mail me at x@lena, @Lena Novak ")
    expect(page.locator("#note-kept .said")).to_have_text(re.compile("Kept today"))
    page.locator("#note-kept").get_by_role("button", name="Discard").click()
    expect(area).to_have_value("")
    expect(page.locator("#note-kept .said")).to_have_text("")
    assert not Draft.objects.exists()
