"""Pages of the program in Chromium without a server: the test's own client asks for a page, in the test's own
transaction and at its own hour, and the browser shows what it got. Nothing else is answered but styles and scripts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.contrib.staticfiles.finders import find

from upheld.web.assets import stylesheet

if TYPE_CHECKING:
    from django.http import HttpResponse
    from playwright.sync_api import Page, Route

HOST = "http://localhost"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


class Window:
    """A window of a browser. `complaints` is what it said about the pages: errors of scripts, and what the content
    security policy refused."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._shown: HttpResponse | None = None
        page.route("**/*", self._answer)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: self._note(said.type, said.text))

    def show(self, answer: HttpResponse, address: str) -> None:
        """Show a page that the desk answered with, under its address and with its headers."""
        self._shown = answer
        self.page.goto(HOST + address, wait_until="load", timeout=10_000)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {text}")

    def _answer(self, route: Route) -> None:
        # No page is made here: within playwright's loop Django would take another connection.
        asked, path = route.request, urlsplit(route.request.url).path
        if asked.is_navigation_request() and asked.frame == self.page.main_frame and self._shown is not None:
            route.fulfill(headers=dict(self._shown.items()), body=self._shown.content)
        elif path.startswith("/styles/"):
            route.fulfill(content_type="text/css", body=stylesheet())
        elif path.startswith("/static/") and (found := find(path.removeprefix("/static/"))):
            file = Path(str(found))
            route.fulfill(
                content_type=_TYPES.get(file.suffix, "application/octet-stream"), body=file.read_bytes()
            )
        else:
            route.fulfill(status=204)
