"""The queue in Chromium: rows stay where they are while somebody is at them, and are chosen by keys."""

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
ORDER = "() => [...document.querySelectorAll('.rows tbody tr')].map(row => row.querySelector('.number').textContent)"
ASK = "() => htmx.trigger('#list', 'upheld:ask')"
LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4


@pytest.fixture
def four(cast: Cast) -> list[Ticket]:
    subjects = ("Printer is dark", LONG, "لا يعمل الحاسوب المحمول", "Keys stick")
    return [cast.writes(f"2026-03-20 09:0{minute}", subject=text) for minute, text in enumerate(subjects)]


@pytest.fixture
def opened(live_server, browser: Browser, cast: Cast, four: list[Ticket]) -> Open:
    def open_page(**options: object) -> Page:
        value = enter(cast.bob.user).cookies["sessionid"].value
        context = browser.new_context(**options)
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"{live_server.url}/tickets/")
        page.mouse.move(5, 5)
        return page

    return open_page


def test_rows_stay_in_their_order_under_the_pointer_until_somebody_asks(
    opened: Open, cast: Cast, four: list[Ticket]
) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    before = page.evaluate(ORDER)
    page.locator(f"#row-{four[1].pk} input").check()
    page.locator(f"#t{four[2].pk}").focus()
    page.locator(f"#row-{four[2].pk}").hover()
    place = page.locator(f"#row-{four[2].pk}").bounding_box()

    actions.set_priority(four[3].pk, cast.bob, "high", at("2026-03-20 16:30"))
    actions.assign(four[2].pk, cast.bob, cast.bob, at("2026-03-20 16:30"))
    cast.writes("2026-03-20 16:29", subject="Everything is down", priority="urgent")
    page.evaluate(ASK)
    shows = page.locator(".list-head .changed button")
    expect(shows).to_be_visible()

    assert page.evaluate(ORDER) == before
    assert page.locator(f"#row-{four[2].pk}").bounding_box() == place
    expect(page.locator(f"#row-{four[2].pk} .assignee")).to_have_text("Bob Tanaka")
    expect(page.locator(f"#t{four[2].pk}")).to_be_focused()
    expect(page.locator(f"#row-{four[1].pk} input")).to_be_checked()

    shows.click()
    expect(page.locator(".rows tbody tr")).to_have_count(5)
    assert page.evaluate(ORDER)[0] not in before
    expect(page.locator(f"#row-{four[1].pk} input")).to_be_checked()
    expect(page.locator(".many-count")).to_have_text("1 chosen")


def test_with_nobody_at_the_list_it_is_simply_drawn_anew(
    opened: Open, cast: Cast, four: list[Ticket]
) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    actions.set_status(four[0].pk, cast.bob, "resolved", at("2026-03-20 16:30"))
    page.evaluate(ASK)
    expect(page.locator(".rows tbody tr")).to_have_count(3)


def test_what_is_gone_stays_marked_until_somebody_turns_elsewhere(
    opened: Open, cast: Cast, four: list[Ticket]
) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    page.locator(f"#row-{four[3].pk}").hover()
    actions.set_status(four[0].pk, cast.bob, "resolved", at("2026-03-20 16:30"))
    page.evaluate(ASK)
    expect(page.locator(f"#row-{four[0].pk}[data-gone]")).to_be_visible()
    page.mouse.move(5, 5)
    expect(page.locator(".rows tbody tr")).to_have_count(3)


def test_rows_are_chosen_and_changed_without_a_mouse(opened: Open, four: list[Ticket]) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    expect(page.locator(".many-bar")).to_be_hidden()
    for key in ("j", "x", "j", "ArrowDown", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator(".many-count")).to_have_text("3 chosen")
    page.keyboard.press("a")
    to_me = page.get_by_role("button", name="To me")
    expect(to_me).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("3 tickets changed.")
    expect(page.locator(".rows .assignee", has_text="Bob Tanaka")).to_have_count(3)
    expect(page.locator(".many-bar")).to_be_hidden()
    assert Ticket.objects.filter(assignee=None).count() == 1


def test_a_key_of_the_bar_means_the_row_under_the_keyboard(opened: Open, four: list[Ticket]) -> None:
    page = opened(viewport={"width": 1280, "height": 900})
    page.keyboard.press("j")
    page.keyboard.press("z")
    expect(page.locator(".many-count")).to_have_text("1 chosen")
    expect(page.get_by_role("button", name="Monday")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator(".many-bar")).to_be_hidden()


@pytest.mark.parametrize("width", [360, 320])
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Open, four: list[Ticket], width: int) -> None:
    page = opened(viewport={"width": width, "height": 720}, has_touch=True)
    page.locator(f"#row-{four[0].pk} input").check()
    page.locator(".many-menu summary").last.click()
    wide = "() => document.documentElement.scrollWidth"
    assert page.evaluate(wide) <= width
    sheet = page.locator(".many-menu[open] .many-sheet").bounding_box()
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= width
    assert sheet["y"] >= 0
