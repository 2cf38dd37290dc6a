"""Two agents on one ticket at the same time: neither writes over the other, and each sees what the other did."""

import pytest
from cast_of_pages import enter
from playwright.sync_api import Browser, Page, expect

from harness.cast import Cast
from upheld.people.models import Agent
from upheld.tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 09:00", "Projector flickers")


def opened(browser: Browser, url: str, agent: Agent, ticket: Ticket) -> Page:
    context = browser.new_context()
    entered = enter(agent.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": entered, "url": url}])
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{url}/tickets/{ticket.number}/")
    return page


def test_what_one_sets_stands_when_the_other_writes(
    live_server, browser: Browser, cast: Cast, ticket: Ticket
) -> None:
    Agent.objects.update(after_sending="stay")
    bob = opened(browser, live_server.url, cast.bob, ticket)
    lena = opened(browser, live_server.url, cast.lena, ticket)
    lena.keyboard.press("n")
    lena.keyboard.type("I have seen this before.")
    bob.get_by_label("Assignee").select_option(label="Bob Tanaka")
    bob.locator("form:has(#side-assignee)").get_by_role("button", name="Set").click()
    expect(bob.locator("#notices")).to_contain_text("Assigned to Bob Tanaka")
    # What Lena was writing is still hers to send, and her page then shows what Bob did.
    expect(lena.locator("#note-text")).to_have_value("I have seen this before.")
    lena.keyboard.press("Control+Enter")
    expect(lena.locator(".thread")).to_contain_text("I have seen this before.")
    expect(lena.locator("#side-assignee option:checked")).to_have_text("Bob Tanaka")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.bob
    assert [each.agent for each in ticket.messages.filter(kind="note")] == [cast.lena]
    bob.reload()
    expect(bob.locator(".thread")).to_contain_text("I have seen this before.")
    for page in (bob, lena):
        page.context.close()
