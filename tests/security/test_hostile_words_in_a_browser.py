"""Every column that holds somebody's words holds hostile ones, and every page of staff and of customers is opened in
Chromium, on a phone: they are words everywhere - none becomes an element, an attribute or a script, none leads
anywhere, none pushes the page out of its window - and each column but a few stands on some page."""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import pytest
import time_machine
from desk_twice import NOW, ORDINARY, DeskTwice
from django.db import transaction
from django.http import HttpResponse
from doors import Route, routes
from hostile_columns import MARK, columns, kept
from hostile_desk import hostile_desk
from permission_matrix import PAGES, PEOPLE
from playwright.sync_api import Browser
from playwright.sync_api import Route as BrowserRoute

from harness.cast import Cast
from harness.looking import Window
from upheld.people.models import Agent

pytestmark = pytest.mark.browser

# Whoever sees most of a page looks at it: one of the staff, and one of those outside.
STAFF = ("administrator", "reading lead", "another desk's administrator")
OUTSIDE = ("participant", "visitor")
# A phone of the smallest kind that is served.
PHONE = {"width": 360, "height": 900}
LOOK = """
() => {
  const wrong = [], ours = ['http:', 'https:', 'mailto:', 'tel:'];
  const shown = (each) => each.outerHTML.slice(0, 200);
  for (const each of document.querySelectorAll('*')) {
    if (/^x-made/.test(each.localName) || each.getAttribute('src') === 'x:') wrong.push(`an element: ${shown(each)}`);
    for (const { name } of each.attributes)
      if (/^on|["'<>{}]|^made$/.test(name)) wrong.push(`the attribute ${name}: ${shown(each)}`);
    if (each.matches('a[href], area[href]') && !ours.includes(each.protocol)) wrong.push(`it leads: ${shown(each)}`);
    if (each.matches('script:not([src]), base, object, embed')) wrong.push(`what acts: ${shown(each)}`);
  }
  if ('ran' in window) wrong.push('a script ran');
  const root = document.documentElement, width = root.clientWidth;
  const leaves = (each) => each.getBoundingClientRect().right > width + 1 && each.checkVisibility();
  if (root.scrollWidth > width) {
    const out = [...document.querySelectorAll('body *')].filter(leaves);
    const inner = out.filter((each) => ![...each.children].some(leaves)).slice(0, 3);
    wrong.push(`wider than its window: ${inner.map((each) => `${each.tagName}.${each.className} in `
      + `${each.parentElement.tagName}.${each.parentElement.className} ${shown(each).slice(0, 90)}`).join(' | ')}`);
  }
  return { wrong, text: root.outerHTML };
}
"""
PIECE = (
    b'<!doctype html><html><head><title>x</title><link rel="stylesheet" href="/styles/piece.css"></head>'
    b"<body><main>%b</main></body></html>"
)
UNFOLD = "document.querySelectorAll('details:not([name])').forEach(each => each.open = true)"


# Columns of which no page shows anything in this story, by the reason.
_ON_NO_PAGE = {
    "kept for the mail that leaves or for threading; pages show who got what": """
        notices.notice.to_name notices.notice.data tickets.message.message_id tickets.heldmessage.message_id""",
    "a file is served without the type and id that its sender gave it": """
        tickets.heldfile.content_type tickets.heldfile.content_id tickets.attachment.content_type
        tickets.attachment.content_id tickets.draftfile.content_type""",
    "a link where it leads to the web, which what was written here does not": "tickets.outsidework.url",
    "for limits, the worker or the command line": """
        notices.notice.asked_from notices.alertpace.to_address notices.push.text notices.push.last_error
        mailboxes.source.oauth_token_url mailboxes.source.oauth_client_id mailboxes.source.oauth_scope
        mailboxes.source.folder mailboxes.source.move_to worker.heartbeat.data""",
    "shown at another moment of its life than the one of this story": """
        people.rotaswap.made_by tickets.heldrequest.decision tickets.broadcastcopy.left_out tickets.broadcast.text
        tickets.press.why tickets.reader.added_by tickets.draft.data tickets.ticket.information""",
}
ON_NO_PAGE = {name: reason for reason, names in _ON_NO_PAGE.items() for name in names.split()}


@dataclass
class Seen:
    """What was seen on the way: by whom what went wrong, and which numbers stood on some page."""

    wrong: list[str] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    pages: int = 0


@pytest.fixture
def window(browser: Browser) -> Iterator[Window]:
    context = browser.new_context(locale="en-GB", viewport=PHONE)
    yield Window(context.new_page())
    context.close()


def test_every_column_that_is_left_out_exists() -> None:
    names = {name for name, _ in columns()}
    assert not kept().keys() - names, "no columns any more"
    assert len(names - kept().keys()) > 100


@pytest.fixture
def hostile(cast: Cast, charlie: Agent) -> Iterator[tuple[DeskTwice, dict[int, str]]]:
    with time_machine.travel(NOW, tick=False):
        yield hostile_desk(cast, charlie)


def test_hostile_words_are_words_on_every_page(
    hostile: tuple[DeskTwice, dict[int, str]], window: Window
) -> None:
    world, numbers = hostile
    empty = {name for name, each in columns() if name not in kept() and not each.model._base_manager.exists()}
    assert not empty, "no row of it: make one in hostile_desk.py"
    seen = Seen()
    for route, who in _visits():
        _look(world, route, who, window, seen)
    assert seen.pages > 100, f"only {seen.pages} pages were looked at"
    assert not seen.wrong, f"{len(seen.wrong)} in all:\n" + "\n".join(seen.wrong)
    assert not window.complaints, json.dumps(window.complaints, indent=1)
    unseen = {name for number, name in numbers.items() if number not in seen.numbers}
    assert unseen == set(ON_NO_PAGE), "what stands on no page, against what is known to"


def test_what_comes_to_an_open_page_is_words_as_well(
    hostile: tuple[DeskTwice, dict[int, str]], window: Window
) -> None:
    """Toasts, and what the command bar suggests while somebody types."""
    ada, seen = hostile[0].clients["administrator"], Seen()
    for address in ("/alerts/new/?after=0", "/find/suggestions/?q=zq"):
        answer = ada.get(address)
        assert answer.status_code == 200 and _numbers(answer.content.decode()), address
        window.page.route(
            f"**{address.partition('?')[0]}*",
            _answering(answer),
        )
    window.show(ada.get("/preferences/"), "/preferences/")
    window.page.evaluate("htmx.ajax('GET', '/alerts/new/?after=0', {target: '#toasts', swap: 'beforeend'})")
    window.page.locator(".toast").first.wait_for(state="attached")
    assert _numbers(window.page.locator("#toasts").inner_text())
    window.page.evaluate("document.getElementById('command').showModal()")
    window.page.locator("#command input").fill("zq")
    window.page.locator("#command [role=option] bdi", has_text="zq").first.wait_for()
    seen.wrong += window.page.evaluate(LOOK)["wrong"]
    assert not seen.wrong and not window.complaints


def _answering(answer: HttpResponse) -> Callable[[BrowserRoute], None]:
    return lambda route: route.fulfill(headers=dict(answer.items()), body=answer.content)


def _visits() -> Iterator[tuple[Route, str]]:
    for route in routes():
        letters = PAGES.get(route.name, ("", ""))[0]
        for group in (OUTSIDE,) if route.name.startswith("portal") else (STAFF, OUTSIDE):
            if who := next((each for each in group if PEOPLE[each] in letters), ""):
                yield route, who


def _look(world: DeskTwice, route: Route, who: str, window: Window, seen: Seen) -> None:
    client, address = world.clients[who], route.address(world.values[ORDINARY])
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming:
            _seen(answer, address, f"{route.name} ({who})", window, seen)
        transaction.set_rollback(True)
    client.cookies = cookies


def _seen(answer: HttpResponse, address: str, place: str, window: Window, seen: Seen) -> None:
    assert answer["X-Content-Type-Options"] == "nosniff"
    if not answer["Content-Type"].startswith("text/html"):
        # What a script reads, or a program: its kind is told, and believed.
        assert answer["Content-Type"].partition(";")[0] not in (
            "text/xml",
            "application/xhtml+xml",
            "image/svg+xml",
        )
        seen.numbers |= _numbers(answer.content.decode("utf-8", "replace"))
        return
    seen.pages += 1
    if b"<html" not in answer.content[:400]:
        # A piece of a page stands in one as htmx puts it there.
        answer.content = PIECE % answer.content
    window.show(answer, address)
    window.page.evaluate(UNFOLD)
    found = window.page.evaluate(LOOK)
    seen.wrong += [f"{place}: {each}" for each in found["wrong"]]
    seen.numbers |= _numbers(found["text"])


def _numbers(text: str) -> set[int]:
    return {int(each) for each in MARK.findall(text)}
