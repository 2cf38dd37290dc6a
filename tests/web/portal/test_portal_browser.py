"""The portal in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect
from portal_cast import link

from harness.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reply_through_the_link_needs_no_javascript(
    live_server, browser: Browser, cast: Cast, scripts: bool
) -> None:
    """Also the proof that the link's referrer policy lets our own forms through the check against forgery."""
    ticket = cast.writes("2026-03-16 08:00")
    said: list[str] = []
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on(
        "request",
        lambda request: said.extend([] if request.url.startswith(live_server.url) else [request.url]),
    )
    page.goto(f"{live_server.url}{link(ticket)}")
    page.get_by_label("Your reply").fill("It starts now.")
    page.get_by_role("button", name="Send the reply").click()
    expect(page.locator(".turn").last).to_contain_text("It starts now.")
    context.close()
    assert ticket.messages.filter(text="It starts now.").count() == 1
    assert said == []


def test_a_visitor_submits_a_request_by_hand_on_a_phone(live_server, browser: Browser, cast: Cast) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/help/")
    page.get_by_role("link", name="Submit a request").click()
    page.get_by_label("Your name").fill("Noor Haddad")
    page.get_by_label("Your e-mail address").fill("noor@school.example.org")
    page.get_by_label("Subject").fill("No sound")
    page.get_by_label("What happened").fill("There is no sound.")
    page.get_by_label("High").check()
    page.get_by_role("button", name="Submit the request").click()
    expect(page.get_by_role("heading")).to_contain_text("SDS-1001")
    page.wait_for_load_state("load")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
