"""Markup that is written to harm, by the class of what it tries. Each has a name; `numbered` gives each its number.

`RUN` stands for a script that tells the page of the test its number, wherever it runs: it needs no quotation mark and
no bracket of HTML, so that it fits into every place. `AWAY` stands for an address elsewhere that ends in the number.
What is of one kind in many places is made of a list of places."""

from collections.abc import Iterator
from dataclasses import dataclass

from hostile_markup_that_reaches import DANGLES, LEADS_AWAY, LETTERS, NAMES, PLACES, STANDS_OVER, fetches
from hostile_markup_that_runs import DIALECTS, EVENTS, READ_TWICE, addresses, scripts

AWAY = "//evil.example/{number}"
RUN = "top.postMessage({number},String.fromCharCode(42))"


@dataclass(frozen=True)
class Vector:
    """`markup` is what arrives, with this vector's number in it."""

    number: int
    kind: str
    name: str
    markup: str


def numbered() -> Iterator[Vector]:
    """Every vector, the same in every run."""
    every = ((kind, name, markup) for kind, of_kind in MARKUP.items() for name, markup in of_kind.items())
    for number, (kind, name, markup) in enumerate(every, 1):
        filled = markup.replace("RUN", RUN).replace("AWAY", AWAY).replace("{number}", str(number))
        yield Vector(number, kind, name, filled)


MARKUP: dict[str, dict[str, str]] = {
    "scripts": scripts(),
    "events": EVENTS,
    "addresses": addresses(),
    "what is fetched": fetches(),
    "what leads away": LEADS_AWAY,
    "dialects": DIALECTS,
    "what is read twice": READ_TWICE,
    "places of ours": PLACES,
    "what stands over others": STANDS_OVER,
    "names and attributes": NAMES,
    "what dangles": DANGLES,
    "letters": LETTERS,
}

# A script as it stands in a mail whose charset hides it, until somebody reads it by another one.
SCRIPT = "<script>top.postMessage(0,String.fromCharCode(42))</script>"
CHARSETS: dict[str, tuple[str, bytes]] = {
    "seven bits": ("utf-7", SCRIPT.encode("utf-7").replace(b"<", b"+ADw-")),
    "sixteen bits": ("utf-16", SCRIPT.encode("utf-16")),
    "sixteen bits the other way": ("utf-16-be", SCRIPT.encode("utf-16-be")),
    "thirty-two bits": ("utf-32", SCRIPT.encode("utf-32")),
    "called by another name": ("us-ascii", SCRIPT.encode("utf-16-le")),
    "escapes": ("iso-2022-jp", b'<p title="\x1b$B"><\x1b(Bscript>' + SCRIPT[8:].encode()),
    "a first byte that takes the next": (
        "shift_jis",
        b'<p title="\x81"><script>' + SCRIPT[8:].encode() + b'">',
    ),
    "an over-long letter": ("utf-8", b"\xc0\xbcscript\xc0\xbe" + SCRIPT[8:].encode()),
    "a broken letter before a mark": ("utf-8", b'<p title="\xe2"' + SCRIPT.encode() + b'">x</p>'),
    "letters of a mainframe": ("cp037", SCRIPT.encode("cp037")),
    "a charset of nobody": ("x-nobody\"'><script>", SCRIPT.encode()),
    "gb18030": ("gb18030", b'<p title="\x81\x30\x81"' + SCRIPT.encode() + b'">'),
    "hz": ("hz-gb-2312", b'<p title="~{"><script>~}' + SCRIPT[8:].encode()),
}
