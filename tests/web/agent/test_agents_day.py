"""An agent's day on a telephone without scripts: find, read, answer, go on, note, put off, find again."""

import pytest
from cast_of_pages import enter
from playwright.sync_api import Browser, expect

from harness.cast import Cast
from upheld.notices.models import Notice

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_a_day_needs_no_script_and_no_wide_screen(live_server, browser: Browser, cast: Cast) -> None:
    flickers = cast.writes("2026-03-20 09:00", "Projector flickers", priority="high")
    scanner = cast.writes("2026-03-20 09:05", "Scanner is slow", priority="medium")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    entered = enter(cast.bob.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": entered, "url": live_server.url}])
    context.set_default_timeout(60_000)
    page = context.new_page()

    page.goto(f"{live_server.url}/find/?q=projector")
    page.get_by_role("link", name="Projector flickers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Projector flickers")
    page.get_by_label("Assignee").select_option(label="Bob Tanaka")
    page.locator("form:has(#side-assignee)").get_by_role("button", name="Set").click()
    expect(page.locator("#notices")).to_contain_text("Assigned to Bob Tanaka")

    page.goto(f"{live_server.url}/tickets/")
    page.get_by_role("link", name="Projector flickers").click()
    page.locator("#reply-text").fill("A new cable is on its way.")
    page.get_by_role("button", name="Send reply").click()
    # After sending comes the next ticket of the list that Bob came from.
    expect(page.get_by_role("heading", level=1)).to_have_text("Scanner is slow")
    reply = flickers.messages.get(kind="reply")
    assert (reply.text.splitlines()[0], reply.agent) == ("A new cable is on its way.", cast.bob)
    assert Notice.objects.filter(kind="reply", ticket_id=flickers.pk).exists()

    page.get_by_role("radio", name="Internal note").check()
    page.locator("#note-text").fill("The driver is two years old.")
    page.get_by_role("button", name="Add internal note").click()
    assert scanner.messages.get(kind="note").text == "The driver is two years old."
    page.goto(f"{live_server.url}/tickets/{scanner.number}/")
    expect(page.locator(".thread")).to_contain_text("The driver is two years old.")
    page.locator("details.snooze-menu > summary").click()
    page.locator(".snooze-sheet button[name=until]").first.click()
    assert cast.bob.snoozes.filter(ticket=scanner, ended_at=None).exists()
    page.goto(f"{live_server.url}/tickets/?list=snoozed")
    expect(page.get_by_role("link", name="Scanner is slow")).to_be_visible()
    context.close()
