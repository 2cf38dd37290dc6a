"""A browser that needs no screen: it keeps cookies, fills in forms as they stand, and notes what each page answered."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

ERROR_ID = re.compile(r'<strong class="number">([0-9a-f]{8})</strong>')
PATIENCE = 10.0
# It would tell of every page.
logging.getLogger("httpx").setLevel(logging.WARNING)


@dataclass
class Asked:
    """What all pages answered. `unnumbered` are answers of 500 and more without an error id; `numbers` the ids."""

    answers: Counter[str] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)
    unnumbered: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: httpx.Response | None, address: str) -> None:
        with self.lock:
            self.answers[str(answer.status_code) if answer is not None else "no answer"] += 1
            if answer is None or answer.status_code < 500:
                return
            found = ERROR_ID.search(answer.text)
            if found:
                self.numbers.append(found[1])
            else:
                self.unnumbered.append(f"{answer.status_code} at {address}: {answer.text[:200]!r}")

    @property
    def pages(self) -> int:
        return sum(self.answers.values())


class Browser:
    """One person's. A page that does not answer is None."""

    def __init__(self, url: str, asked: Asked) -> None:
        self._asked = asked
        self._client = httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False)

    def get(self, address: str) -> httpx.Response | None:
        """Open a page; redirections are the caller's matter."""
        return self._ask("GET", address)

    def send(self, page: httpx.Response, form: str, **typed: str) -> httpx.Response | None:
        """Send the form of a page whose address ends so, with what is typed into it."""
        found = forms(page.text)
        action = next((each for each in found if each.endswith(form)), None)
        if action is None:
            return None
        return self._ask("POST", action, found[action] | typed)

    def close(self) -> None:
        self._client.close()

    def _ask(self, method: str, address: str, data: dict[str, str] | None = None) -> httpx.Response | None:
        try:
            answer = self._client.request(method, address, data=data)
        except httpx.TransportError:
            answer = None
        self._asked.note(answer, address)
        return answer


def forms(page: str) -> dict[str, dict[str, str]]:
    """Each form of a page by where it goes, with what stands in it already."""
    reader = _Forms()
    reader.feed(page)
    return reader.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form" and given.get("method") == "post":
            self._form = self.found.setdefault(given.get("action") or "", {})
        elif tag == "input" and self._form is not None and given.get("name"):
            stands = given.get("type") not in ("radio", "checkbox", "file", "submit") or "checked" in given
            if stands and given.get("type") != "file":
                self._form[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
