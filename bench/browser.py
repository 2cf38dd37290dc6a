"""What an agent waits for in a browser: the first paint of queue and ticket page, and the answer to a change.

Chromium on this machine, over loopback; the pages are served by a thread of this process, styles and scripts come from
the browser's own store after the first visit, as they do all day."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from statistics import median
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.core.wsgi import get_wsgi_application
from django.test import Client

from bench.pages import long_ticket
from bench.row import Row
from upheld.desks.models import Desk
from upheld.people.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Page

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
# From the press of a button until the browser has painted what the desk said to it.
_ANSWERED = """
(button) => new Promise(done => {
  const began = performance.now(), notices = document.querySelector('main');
  const watch = new MutationObserver(() => {
    if (!document.querySelector('#notices .notice')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
  });
  document.querySelector('#notices')?.replaceChildren();
  watch.observe(notices, {childList: true, subtree: true});
  button.click();
})
"""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads a line for each request."""


def run(desk: Desk, size: str, times: int) -> Iterator[Row]:
    if _CHROMIUM is None:
        yield Row("browser", f"first paint, {size}", None, "ms", note="needs Chromium")
        return
    number = long_ticket(desk)
    with _served() as url, _window(url) as page:
        for what, path in (("queue page", "/tickets/"), ("ticket page", f"/tickets/{number}/")):
            taken = _each(times, lambda path=path: _paint(page, url + path))
            yield Row("browser", f"first contentful paint, {what}, {size}", taken, "ms", "≤ 300 ms")
        page.goto(f"{url}/tickets/{number}/")
        yield Row("browser", f"assignee set, answer painted, {size}", _set(page, times), "ms", "≤ 100 ms")
        yield Row("browser", f"note written, answer painted, {size}", _write(page, times), "ms", "≤ 100 ms")


def _each(times: int, deed: Callable[[], float]) -> float:
    deed()
    return median(deed() for _ in range(min(times, 20)))


def _paint(page: "Page", address: str) -> float:
    page.goto(address)
    return float(page.evaluate(_FIRST_PAINT))


def _set(page: "Page", times: int) -> float:
    def once() -> float:
        page.evaluate("document.querySelector('#side-assignee').selectedIndex ^= 1")
        button = page.locator("form:has(#side-assignee) button[type=submit]").first.element_handle()
        return float(page.evaluate(_ANSWERED, button))

    return _each(times, once)


def _write(page: "Page", times: int) -> float:
    def once() -> float:
        page.evaluate("document.querySelector('input[name=composer][value=note]').click()")
        page.locator("#note-text").fill("Looked at it.")
        button = page.locator("form[data-kind=note] .foot button[type=submit]").first.element_handle()
        return float(page.evaluate(_ANSWERED, button))

    return _each(times, once)


@contextmanager
def _served() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), _Server, _Quiet)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def _window(url: str) -> Iterator["Page"]:
    from playwright.sync_api import sync_playwright

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email="agent0@bench.example.com"), backend=_BACKEND)
    entered = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([entered])
        yield context.new_page()
        browser.close()
