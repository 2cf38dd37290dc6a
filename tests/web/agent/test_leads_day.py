"""A team lead's day: a queue for everybody, many tickets at once, and a macro of the desk that an agent then runs."""

import pytest
from cast_of_pages import enter
from playwright.sync_api import Browser, BrowserContext, expect

from harness.cast import Cast
from upheld.people.models import Agent
from upheld.tickets.models import Macro, SavedQueue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at_work(browser: Browser, url: str, agent: Agent) -> BrowserContext:
    context = browser.new_context(base_url=url)
    entered = enter(agent.user).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": entered, "url": url}])
    context.set_default_timeout(60_000)
    return context


def test_what_a_lead_arranges_an_agent_works_with(live_server, browser: Browser, cast: Cast) -> None:
    tickets = [cast.writes(f"2026-03-20 09:0{n}", f"Projector {n} flickers") for n in range(3)]
    lead = at_work(browser, live_server.url, cast.lena)
    page = lead.new_page()

    page.goto("/queues/new/")
    page.get_by_label("Name").fill("Projectors")
    page.get_by_label("What it shows").fill("projector")
    page.get_by_label("For whom").select_option(index=1)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    assert SavedQueue.objects.get().agent is None

    page.goto("/tickets/?q=projector")
    for ticket in tickets[:2]:
        page.get_by_label(f"{ticket.number}", exact=False).first.check()
    page.keyboard.press("a")
    page.get_by_label("Colleague").select_option(label="Bob Tanaka")
    page.locator("button[name=do][value=assign]").click()
    page.wait_for_load_state()
    expect(page.locator("#notices")).to_contain_text("2")
    for ticket in tickets:
        ticket.refresh_from_db()
    assert [each.assignee for each in tickets] == [cast.bob, cast.bob, None]

    page.goto(f"/desk/{cast.desk.slug}/macros/new/")
    page.get_by_label("Name").fill("New cable")
    page.get_by_label("Tags to put on").fill("cable")
    page.get_by_label("For everybody on this desk").check()
    page.get_by_role("button", name="Save it").click()
    page.wait_for_load_state()
    assert Macro.objects.get().agent is None
    lead.close()

    agent = at_work(browser, live_server.url, cast.bob)
    page = agent.new_page()
    page.goto("/tickets/")
    page.get_by_role("link", name="Projectors").click()
    expect(page.locator("main .rows tbody tr")).to_have_count(3)
    agent.close()
