"""A day without a mouse: from the queue to a ticket, to a reply, to the next one; and when keys do nothing."""

from collections.abc import Callable

import pytest
from cast_of_pages import enter
from playwright.sync_api import Browser, Page, expect

from harness.cast import Cast
from upheld.people.models import Agent

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FOCUS = "document.activeElement.id || document.activeElement.textContent.trim()"
SHIFT = """
() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { if (!each.hadRecentInput) sum += each.value; }))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => setTimeout(() => done(sum), 0)); })
"""


@pytest.fixture
def at_work(live_server, browser: Browser, cast: Cast) -> Callable[..., Page]:
    cast.writes("2026-03-20 09:00", "Projector flickers", priority="high")
    cast.writes("2026-03-20 09:05", "Scanner is slow", priority="low")

    def begin(address: str = "/tickets/", **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        entered = enter(cast.bob.user).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": entered, "url": live_server.url}])
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.goto(address)
        return page

    return begin


def test_from_the_queue_to_a_reply_and_on_to_the_next(at_work: Callable[..., Page], cast: Cast) -> None:
    page = at_work()
    page.keyboard.press("j")
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projector flickers")
    page.keyboard.press("r")
    assert page.evaluate(FOCUS) == "reply-text"
    page.keyboard.type("jump? new cable.")
    page.keyboard.press("Control+Enter")
    # Bob goes on to the next ticket of his list.
    expect(page.get_by_role("heading", level=1)).to_have_text("Scanner is slow")
    assert (
        cast.desk.tickets.get(subject="Projector flickers")
        .messages.filter(text__startswith="jump? new")
        .exists()
    )
    page.keyboard.press("u")
    expect(page.locator("main .rows")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(f"{page.url.split('/tickets')[0].split('/customers')[0]}/customers/")
    page.context.close()


def test_the_sheet_lists_what_the_page_has_and_typing_is_typing(at_work: Callable[..., Page]) -> None:
    page = at_work()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_contain_text("Search")
    expect(sheet.get_by_text("Reply to the customer")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("?gq")
    assert page.evaluate("document.activeElement.value") == "?gq"
    page.context.close()


def test_bare_letters_do_nothing_for_whoever_turned_them_off(
    at_work: Callable[..., Page], cast: Cast
) -> None:
    Agent.objects.filter(pk=cast.bob.pk).update(single_keys=False)
    page = at_work("/tickets/SDS-1001/")
    for key in ("r", "?", "g", "c"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert page.url.endswith("/tickets/SDS-1001/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find or do something")).to_be_focused()
    page.context.close()


def test_the_command_bar_goes_to_a_ticket_and_sets_what_it_stands_on(
    at_work: Callable[..., Page], cast: Cast
) -> None:
    page = at_work()
    page.keyboard.press("Control+k")
    page.keyboard.type("1001")
    option = page.get_by_role("option", name="Projector flickers")
    expect(option).to_have_attribute("aria-selected", "true")
    assert page.get_by_role("combobox", name="Find or do something").get_attribute(
        "aria-activedescendant"
    ) == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Projector flickers")
    page.keyboard.press("Control+k")
    page.keyboard.type("assignee bob")
    expect(page.get_by_role("option", name="Assignee: Bob Tanaka")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("Assigned to Bob Tanaka")
    assert cast.desk.tickets.get(number="SDS-1001").assignee == cast.bob
    page.context.close()


@pytest.mark.parametrize("address", ["/tickets/", "/tickets/SDS-1001/"])
def test_nothing_moves_while_a_page_is_read(at_work: Callable[..., Page], address: str) -> None:
    for width in (1280, 360):
        page = at_work(address, viewport={"width": width, "height": 800})
        page.wait_for_load_state("load")
        assert page.evaluate(SHIFT) < 0.02, width
        page.context.close()
