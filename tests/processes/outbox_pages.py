"""The demo's outbox, read from its pages: what each mail's reader would have got."""

import re
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from drill.waiting import wait_for


@dataclass(frozen=True)
class SentMail:
    """One mail that left."""

    page: str
    headers: Mapping[str, str]
    text: str
    html: str

    def header(self, name: str) -> str:
        """A header as people read it, or nothing."""
        return self.headers.get(name.lower(), "")

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def number(self) -> str:
        """The number of the ticket that the mail is about."""
        found = re.search(r"\[([A-Z]+-\d+)\]", self.subject)
        return found[1] if found else ""

    @property
    def reply_to(self) -> str:
        """The address at which the mail wants its answer."""
        return _bare(self.header("Reply-To"))

    @property
    def link(self) -> str:
        """The link that opens the ticket for its reader."""
        found = re.search(r"http://\S+/r/[^/\s]+/", self.text)
        return found[0] if found else ""


class Outbox:
    """All that the demo has sent, newest first."""

    def __init__(self, url: str) -> None:
        self._url = url

    def mails_to(self, address: str, kind: str) -> list[SentMail]:
        """The mails of one kind (the outbox's own word) that one address got, oldest first."""
        rows = re.findall(
            r'<bdi>(?P<to>[^<]*)</bdi>.*?href="(?P<page>[^"]+)".*?<span class="tag">(?P<kind>\w+)</span>',
            _get(f"{self._url}/outbox/"),
            re.DOTALL,
        )
        pages = [page for to, page, its_kind in rows if address in to and its_kind == kind]
        return [self._read(page) for page in reversed(pages)]

    def wait_for_mail(self, address: str, kind: str, *, number: str = "") -> SentMail:
        """The latest such mail, about one ticket where its number is given, as soon as it has left."""

        def look() -> SentMail | None:
            mails = [mail for mail in self.mails_to(address, kind) if number in ("", mail.number)]
            return mails[-1] if mails else None

        return wait_for(f"a mail of kind {kind} to {address}", look)

    def _read(self, page: str) -> SentMail:
        reader = _Page()
        reader.feed(_get(f"{self._url}{page}"))
        headers = {name.lower(): value for name, value in reader.facts}
        return SentMail(f"{self._url}{page}", headers, reader.text, _get(f"{self._url}{page}html"))


class _Page(HTMLParser):
    """Reads the lists of facts and the text of one outbox page."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[tuple[str, str]] = []
        self.text = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("dt", "dd"):
            self._inside = tag
            if tag == "dt":
                self.facts.append(("", ""))
        elif dict(attrs).get("class") == "lab-text":
            self._inside = "text"
        elif tag == "br" and self._inside == "text":
            self.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("dt", "dd", "div"):
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "text":
            self.text += data
        elif self._inside:
            name, value = self.facts[-1]
            self.facts[-1] = (name + data, value) if self._inside == "dt" else (name, value + data)


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        return answer.read().decode()


def _bare(header: str) -> str:
    return header.partition("<")[2].partition(">")[0] or header
