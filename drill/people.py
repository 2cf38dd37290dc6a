"""What people do at the pages meanwhile: visitors submit requests, customers answer by the link of their
acknowledgement, and an agent replies."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes

from drill.browser import Asked, Browser
from drill.mail_server_outside import MailServerOutside
from drill.short_promises import DESK

# A portal takes a hundred requests an hour from one network, and what went wrong counts as well.
MOST_REQUESTS = 90
NUMBER = re.compile(r"\b[A-Z]{2,5}-\d+\b")


@dataclass(frozen=True)
class Said:
    """Something that was sent by a form. `taken` says whether the desk answered that it has it."""

    text: str
    taken: bool


class People:
    """Everybody who uses the pages of one desk while it is tried."""

    def __init__(
        self, url: str, outside: MailServerOutside, asked: Asked, agent: tuple[str, str], seed: str
    ) -> None:
        self.said: list[Said] = []
        self._url, self._outside, self._asked, self._agent, self._seed = url, outside, asked, agent, seed
        self._numbers: list[str] = []
        self._stop = threading.Event()
        lives = (self._visitors, self._customers, self._work)
        self._threads = [threading.Thread(target=self._live, args=(each,), daemon=True) for each in lives]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def taken(self) -> int:
        """How many forms the desk has taken."""
        return sum(each.taken for each in list(self.said))

    def finish(self, patience: float) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(patience)
        assert not any(thread.is_alive() for thread in self._threads), "somebody still waits for a page"

    def _live(self, life: Callable[[Browser, random.Random], None]) -> None:
        browser = Browser(self._url, self._asked)
        try:
            life(browser, random.Random(f"{self._seed} {life.__name__}"))
        finally:
            browser.close()

    def _visitors(self, browser: Browser, dice: random.Random) -> None:
        tries = number = 0
        while not self._stop.wait(dice.uniform(0.4, 1.2)) and tries < MOST_REQUESTS:
            tries += 1
            page = browser.get(f"/help/{DESK['short_name']}/requests/new/")
            if page is None or page.status_code != 200:
                continue
            number += 1
            typed = {
                "name": f"Visitor {number}",
                "email": f"visitor-{number}@forms.example.net",
                "subject": f"Form {number}",
                "text": f"This is form {number}.",
                "priority": "normal",
            }
            answer = browser.send(page, "/requests/new/", **typed)
            if answer is None and not self._stop.wait(0.5):
                # The browser does not know whether it arrived, and sends the same form again.
                tries += 1
                answer = browser.send(page, "/requests/new/", **typed)
            taken = answer is not None and answer.status_code == 302
            self.said.append(Said(typed["text"], taken))
            if taken and answer is not None:
                self._note_number(browser, answer.headers["Location"])

    def _note_number(self, browser: Browser, address: str) -> None:
        page = browser.get(address)
        if page is not None and page.status_code == 200 and (found := NUMBER.search(page.text)):
            self._numbers.append(found[0])

    def _customers(self, browser: Browser, dice: random.Random) -> None:
        links: list[str] = []
        seen = number = 0
        while not self._stop.wait(dice.uniform(0.5, 1.5)):
            copies = list(dict(self._outside.copies).values())
            links += [link for copy in copies[seen:] if (link := link_of(copy[0]))]
            seen = len(copies)
            if not links:
                continue
            address = dice.choice(links)
            page = browser.get(address)
            if page is None or page.status_code != 200:
                continue
            number += 1
            text = f"This is answer {number} by the link."
            answer = browser.send(page, address, text=text)
            if answer is None and not self._stop.wait(0.5):
                answer = browser.send(page, address, text=text)
            self.said.append(Said(text, answer is not None and answer.status_code == 302))

    def _work(self, browser: Browser, dice: random.Random) -> None:
        number, signed_in = 0, False
        while not self._stop.wait(dice.uniform(0.4, 1.2)):
            signed_in = signed_in or self._sign_in(browser)
            browser.get("/tickets/")
            if not signed_in or not self._numbers:
                continue
            page = browser.get(f"/tickets/{dice.choice(self._numbers)}/")
            if page is None or page.status_code != 200:
                continue
            number += 1
            text = f"This is reply {number} of the desk."
            answer = browser.send(page, "/reply/", text=text)
            self.said.append(Said(text, answer is not None and answer.status_code == 302))

    def _sign_in(self, browser: Browser) -> bool:
        page = browser.get("/accounts/login/")
        if page is None or page.status_code != 200:
            return False
        address, password = self._agent
        answer = browser.send(page, "/accounts/login/", login=address, password=password)
        return answer is not None and answer.status_code == 302


def link_of(raw: bytes) -> str:
    """The path by which a mail to a customer opens their ticket, or nothing."""
    mail = message_from_bytes(raw)
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace")
            found = re.search(r"https?://[^/\s]+(/r/[^/\s]+/)", text)
            return found[1] if found else ""
    return ""
