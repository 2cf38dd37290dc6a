"""What an agent waits for in a browser: the first paint of queue and ticket page, and the answer to a change.

Chromium on this machine, over loopback, from the program as it runs; styles and scripts come from the browser's own
store after the first visit, as they do all day."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from statistics import median
from typing import TYPE_CHECKING

from bench.desk import Measured, signed_in
from bench.program import Program
from bench.row import Row
from upheld.people.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Page

_CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FIRST_PAINT = """
() => new Promise(done => new PerformanceObserver((seen) => {
  for (const each of seen.getEntriesByName('first-contentful-paint')) done(each.startTime);
}).observe({type: 'paint', buffered: true}))
"""
# From the press of a button until the browser has painted what the desk said to it.
_ANSWERED = """
(button) => new Promise((done, fail) => {
  setTimeout(() => fail(new Error('nothing was said to it')), 30000);
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


# From the key that asks why a clock is due then until the browser has painted the answer.
_EXPLAINED = """
() => new Promise((done, fail) => {
  setTimeout(() => fail(new Error('nothing was opened')), 30000);
  const ledger = document.querySelector('[data-key=w]').parentElement, began = performance.now();
  ledger.open = false;
  ledger.addEventListener('toggle', function opened() {
    if (!ledger.open) return;
    ledger.removeEventListener('toggle', opened);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - began), 0));
  });
  document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'w', bubbles: true}));
})
"""


def run(measured: Measured, program: Program, times: int) -> Iterator[Row]:
    size = measured.size
    if _CHROMIUM is None or find_spec("playwright") is None:
        yield Row(
            "browser", "first contentful paint", None, "ms", note="needs Chromium and playwright", size=size
        )
        return
    number, url = measured.long[20][0], program.url
    with _window(url, measured.agents()[0]) as page:
        for what, path in (("queue page", "/tickets/"), ("ticket page", f"/tickets/{number}/")):
            taken = _each(times, lambda path=path: _paint(page, url + path))
            yield Row("browser", f"first contentful paint, {what}", taken, "ms", "≤ 300 ms", size=size)
        page.goto(f"{url}/tickets/{number}/")
        deeds = {
            "explanation of a due time (w)": _explain,
            "assignee set, answer painted": _set,
            "note written, answer painted": _write,
        }
        for what, deed in deeds.items():
            yield Row("browser", what, deed(page, times), "ms", "≤ 100 ms", size=size)


def _each(times: int, deed: Callable[[], float]) -> float:
    deed()
    return median(deed() for _ in range(min(times, 20)))


def _paint(page: "Page", address: str) -> float:
    page.goto(address)
    return float(page.evaluate(_FIRST_PAINT))


def _explain(page: "Page", times: int) -> float:
    return _each(times, lambda: float(page.evaluate(_EXPLAINED)))


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
def _window(url: str, address: str) -> Iterator["Page"]:
    from playwright.sync_api import sync_playwright

    cookie = {"name": "sessionid", "value": signed_in(User.objects.get(email=address)), "url": url}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context()
        context.add_cookies([cookie])
        yield context.new_page()
        browser.close()
