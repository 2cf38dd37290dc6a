"""Takes pictures of pages, as one of the desk's people or as a customer with a link, with Debian's "
"Chromium."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tour.house import ADDRESS, House
from tour.palette import fewer_colours

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDE, PHONE = (1280, 860), (360, 740)
_OPTIONS = ["--disable-gpu", "--disable-quic", "--hide-scrollbars", "--font-render-hinting=none"]


class Camera:
    """Where pictures go, and the browser that takes them."""

    def __init__(self, browser, house: House, folder: Path) -> None:
        self._browser, self._house, self._folder = browser, house, folder
        self._blank = browser.new_page()
        self.taken: list[Path] = []

    def take(
        self,
        name: str,
        path: str,
        *,
        user=None,
        zone: str = "Europe/London",
        phone: bool = False,
        dark: bool = False,
        part: str = "",
        height: int = 0,
        before: Callable | None = None,
    ) -> None:
        """Take one picture: of the page, of one `part` of it (the first that fits a selector), or from that part on
        where a `height` is given, too. `before` does something on the page first."""
        width, usual = PHONE if phone else WIDE
        context = self._browser.new_context(
            viewport={"width": width, "height": height or usual},
            device_scale_factor=1.5 if phone else 1,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id=zone,
        )
        try:
            if user is not None:
                context.add_cookies([_session_of(user)])
            page = context.new_page()
            page.clock.set_fixed_time(self._house.now)
            # What was looked at stays as it is: the script that counts the seconds down counts none. It comes after
            # the clock, by whose own count timers go on: what is kept or found a moment after a stroke needs them.
            page.add_init_script("performance.now = () => 0")
            answer = page.goto(f"http://{ADDRESS}{path}")
            if answer is None or answer.status != 200:
                raise SystemExit(f"{name}: {path} answered {answer and answer.status}")
            if before:
                before(page)
            self._keep(name, self._picture(page, part, whole_part=not height))
        finally:
            context.close()

    def _picture(self, page, part: str, *, whole_part: bool) -> bytes:
        page.wait_for_load_state("networkidle")
        if not part:
            return page.screenshot(animations="disabled")
        found = page.locator(part).first
        if whole_part:
            return found.screenshot(animations="disabled")
        found.evaluate("each => scrollTo(0, each.getBoundingClientRect().top + scrollY - 72)")
        return page.screenshot(animations="disabled")

    def _keep(self, name: str, png: bytes) -> None:
        file = self._folder / f"{name}.png"
        file.write_bytes(fewer_colours(self._blank, png))
        self.taken.append(file)
        print(f"{file.stat().st_size // 1000:5} kB  {file.name}", flush=True)


@contextmanager
def camera(house: House, folder: Path) -> Iterator[Camera]:
    """A browser that finds the house under its own name."""
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        raise SystemExit("Pictures need Chromium: apt-get install chromium")
    rules = f"--host-resolver-rules=MAP {ADDRESS} 127.0.0.1:{house.port}"
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*_OPTIONS, rules, *root])
        yield Camera(browser, house, folder)
        browser.close()


def _session_of(user) -> dict[str, str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": session.session_key, "domain": ADDRESS, "path": "/"}
