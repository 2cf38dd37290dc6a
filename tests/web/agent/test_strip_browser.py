"""The clock strip under the eyes, the mouse, the finger and the keys of an agent, in Chromium."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cast_of_pages import enter
from playwright.sync_api import Browser, Page, expect

from harness.cast import Cast, at
from upheld.tickets import actions
from upheld.tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[..., Page]
# Flags, marks and names of days that leave their figure, and names that touch.
BADLY_DRAWN = """
() => {
  const figure = document.querySelector('.strips').getBoundingClientRect();
  const drawn = [...document.querySelectorAll('.strips .flag path, .strips .mark circle, .strips text')]
    .map(each => [each, each.getBoundingClientRect()]).filter(([, box]) => box.width);
  const out = drawn.filter(([, box]) => box.left < figure.left || box.right > figure.right);
  const names = drawn.filter(([each]) => each.tagName === 'text').map(([, box]) => box)
    .sort((one, other) => one.left - other.left);
  const touching = names.filter((box, place) => place && box.left < names[place - 1].right + 2);
  return [names.length, out.map(([each]) => each.outerHTML), touching.length];
}
"""


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Waiting since this morning; before that the clock ran for a day and a half."""
    ticket = cast.writes("2026-03-18 15:00", priority="high")
    actions.reply(ticket.pk, cast.bob, "I will see.", at("2026-03-18 16:00"))
    actions.set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-19 10:00"))
    actions.set_status(ticket.pk, cast.bob, "open", at("2026-03-20 09:00"))
    return ticket


@pytest.fixture
def opened(live_server, browser: Browser, cast: Cast, ticket: Ticket) -> Open:
    def open_page(**options: object) -> Page:
        value = enter(cast.bob.user).cookies["sessionid"].value
        context = browser.new_context(**options)
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(f"{live_server.url}/tickets/{ticket.number}/")
        return page

    return open_page


def test_what_lies_behind_a_stretch_is_told_to_mouse_finger_and_keys(opened: Open) -> None:
    page = opened(has_touch=True, viewport={"width": 1280, "height": 900})
    line = page.locator("svg[data-strip]").last
    readout = page.locator(".strips .readout")
    expect(readout).to_be_hidden()
    height = page.locator(".strips").bounding_box()["height"]

    paused = line.locator("rect.paused").bounding_box()
    page.mouse.move(paused["x"] + paused["width"] / 2, paused["y"] + 2)
    expect(readout).to_have_text("Paused · yesterday 10:00 – today 09:00 · Waiting on Third Party")
    assert page.locator(".strips").bounding_box()["height"] == height
    page.mouse.move(5, 5)
    expect(readout).to_be_hidden()

    line.focus()
    expect(readout).to_have_text("Ran 2 h · Wed 18 Mar 15:00 – Wed 18 Mar 17:00 · Open")
    page.keyboard.press("ArrowRight")
    expect(readout).to_have_text("Outside hours · Wed 18 Mar 17:00 – yesterday 07:30")
    chosen = line.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-label") == readout.text_content()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")
    expect(readout).to_contain_text("Ran 2 h")
    page.keyboard.press("End")
    expect(readout).to_contain_text("Still to run")
    page.keyboard.press("Escape")
    expect(readout).to_be_hidden()

    # A thin line is hit beside it as well: the place across decides.
    closed = line.locator("rect.closed").first.bounding_box()
    page.touchscreen.tap(closed["x"] + closed["width"] / 2, closed["y"] - 6)
    expect(readout).to_contain_text("Outside hours")


def test_why_it_is_due_then_is_one_key_away(opened: Open) -> None:
    page = opened()
    why = page.locator("details.ledger").first
    expect(why).not_to_have_attribute("open", "")
    page.keyboard.press("w")
    expect(why).to_have_attribute("open", "")
    expect(why.get_by_text("So it is due")).to_be_in_viewport()
    # So is the account of every clock under its name.
    page.locator(".strip .name").first.click()
    expect(page.locator("#clock-first_response-1 details.ledger")).to_have_attribute("open", "")


def test_nothing_is_cut_off_and_no_names_touch(opened: Open) -> None:
    page = opened()
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        names, out, touching = page.evaluate(BADLY_DRAWN)
        assert names >= 2
        assert (out, touching) == ([], 0)
        box = page.locator(".strips").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_without_scripts_a_stretch_has_its_title_and_its_row_in_the_table(opened: Open) -> None:
    page = opened(java_script_enabled=False)
    title = page.locator("svg[data-strip]").last.locator("rect.paused title")
    assert title.text_content() == "Paused · yesterday 10:00 – today 09:00 · Waiting on Third Party"
    page.locator("#clock-resolution-1 summary").click()
    row = page.locator("#clock-resolution-1 tr[data-kind=paused]")
    expect(row).to_contain_text("Waiting on Third Party")
    expect(page.locator("#clock-resolution-1 tfoot")).to_contain_text("40 h")
