"""Forms, files and texts that are meant to cost much: each is refused plainly, or done in bounded time and memory."""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT

import upheld
from harness.cast import LONG_AGO, Cast
from security.bombs import MEGABYTE, PICTURES, gif, jpeg, png, webp
from upheld.desks.actions import PolicyRefused, publish_policy
from upheld.desks.models import PolicyDraft
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.outgoing.markdown import to_html
from upheld.people.importing import SheetRefused, read_sheet
from upheld.policy import check
from upheld.rules.queue_query import LONGEST, parse
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Message
from upheld.web.pictures import picture_kind
from upheld.web.text_files import beginning_of

SOURCE = Path(upheld.__file__).parent
RATIO, MARGIN = 2.2, 500


@pytest.fixture
def bob(cast: Cast) -> Client:
    """Bob's browser."""
    browser = Client()
    browser.force_login(cast.bob.user)
    return browser


@pytest.fixture
def ada(cast: Cast) -> Client:
    """Ada's browser; she administers the desk."""
    browser = Client()
    browser.force_login(cast.ada.user)
    return browser


@pytest.fixture(autouse=True)
def no_limits_used_up(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def at_most(megabytes: int, work: Callable[[], object]) -> None:
    """Do something, and find that it never held more than so much."""
    tracemalloc.start()
    try:
        work()
        assert tracemalloc.get_traced_memory()[1] < megabytes * MEGABYTE
    finally:
        tracemalloc.stop()


# Nothing is unpacked, nothing is decoded.


def test_the_program_has_nothing_to_unpack_with() -> None:
    """No room in which bytes of strangers lie knows how to open an archive or to decode a picture."""
    openers = "zipfile|tarfile|gzip|zlib|bz2|lzma|zstandard|PIL|cv2|xml|lxml|pickle|marshal"
    imports = re.compile(rf"^\s*(?:import|from) (?:{openers})\b", re.MULTILINE)
    found = set()
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0]
        if room not in ("config", "lab") and imports.search(path.read_text()):
            found.add(str(path.relative_to(SOURCE)))
    # It makes our own scripts and stylesheets smaller.
    assert found <= {"web/assets.py"}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_says_it_is_too_large_is_drawn_by_no_page(name: str) -> None:
    file_name, content = PICTURES[name]()
    kind = {}
    at_most(1, lambda: kind.setdefault("is", picture_kind(content)))
    assert kind["is"] == ("image/gif" if file_name in ("f.gif", "g.gif") else "")


@pytest.mark.parametrize("made", [png, gif, jpeg, webp])
def test_a_picture_of_a_usual_size_is_drawn(made: Callable[[int, int], bytes]) -> None:
    assert picture_kind(made(640, 480)) == f"image/{made.__name__}"


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff" * MEGABYTE,
        b"\xff\xd8\xff\xe0\x00\x00" * 100_000,
        b"\xff\xd8\xff\xe1\xff\xff" + b"\0" * MEGABYTE,
        b"GIF89a\xff",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0",
    ],
)
def test_a_picture_that_goes_nowhere_is_none(content: bytes) -> None:
    assert picture_kind(content) == ""


def test_a_text_file_of_one_long_line_or_of_many_short_ones_shows_its_beginning(cast: Cast) -> None:
    files = tuple(
        NewFile(f"{number}.txt", "text/plain", content)
        for number, content in enumerate(
            [
                b"x" * 5 * MEGABYTE,
                b"\n" * 5 * MEGABYTE,
                "\ufdfa".encode() * MEGABYTE,
                b"\xff\xfe" + b"\0\xd8" * MEGABYTE,
            ]
        )
    )
    ticket = cast.writes("2026-03-20 16:00", files=files)
    for message in ticket.messages.all():
        for file in message.attachments.order_by("pk"):
            shown = beginning_of(file)
            assert shown is None or len(shown.text) <= 200_000


# Forms.


def test_a_form_of_a_hundred_thousand_fields_is_refused(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    many = "&".join(f"a{number}=b" for number in range(100_000))
    for path in (
        f"/tickets/{ticket.number}/note/",
        "/accounts/login/",
        "/help/school-devices/requests/new/",
        "/theme/",
    ):
        answer = bob.generic("POST", path, many.encode(), "application/x-www-form-urlencoded")
        assert answer.status_code == 400, path
    assert not Message.objects.filter(kind=Message.Kind.NOTE).exists()


def test_a_form_of_sixty_megabytes_is_refused_before_it_is_read(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    body = b"text=" + b"x" * (60 * MEGABYTE)
    path = f"/tickets/{ticket.number}/note/"
    answers = []
    at_most(
        70,  # that of the test's own client, once
        lambda: answers.append(
            bob.generic("POST", path, body, "application/x-www-form-urlencoded").status_code
        ),
    )
    assert answers == [400]


def _form_of_files(count: int) -> bytes:
    part = b'--%s\r\nContent-Disposition: form-data; name="files"; filename="a%d.txt"\r\n\r\nx\r\n'
    return (
        b"".join(part % (BOUNDARY.encode(), number) for number in range(count))
        + b"--%s--\r\n" % BOUNDARY.encode()
    )


@pytest.mark.parametrize("path", ["/tickets/{}/note/", "/tickets/{}/draft/files/", "/accounts/login/"])
def test_a_form_of_ten_thousand_files_keeps_none(cast: Cast, bob: Client, path: str) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    address = path.format(ticket.number)
    store = Path(settings.DATA_DIR) / "attachments"
    before = sum(1 for _ in store.rglob("*")) if store.exists() else 0
    assert bob.generic("POST", address, _form_of_files(10_000), MULTIPART_CONTENT).status_code in (400, 404)
    assert (sum(1 for _ in store.rglob("*")) if store.exists() else 0) == before


def test_a_form_whose_parts_have_endless_heads_is_refused(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    head = b'Content-Disposition: form-data; name="text"' + b'; x="' + b"y" * MEGABYTE + b'"'
    body = b"--%s\r\n%s\r\n\r\nHello\r\n--%s--\r\n" % (BOUNDARY.encode(), head, BOUNDARY.encode())
    assert bob.generic("POST", f"/tickets/{ticket.number}/note/", body, MULTIPART_CONTENT).status_code in (
        302,
        400,
        422,
    )
    assert not Message.objects.filter(kind=Message.Kind.NOTE).exists()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b"[" + b"1," * 500_000 + b"1]",
        b'{"Headers": ' + b"9" * 10_000 + b"}",
    ],
)
def test_deep_and_odd_json_of_a_provider_is_kept_for_a_person(
    cast: Cast, settings: object, body: bytes
) -> None:
    settings.MAIL_WEBHOOKS = ["postmark"]  # type: ignore[attr-defined]
    settings.ANYMAIL = {"WEBHOOK_SECRET": "provider:a-long-password-4711"}  # type: ignore[attr-defined]
    basic = {"Authorization": "Basic cHJvdmlkZXI6YS1sb25nLXBhc3N3b3JkLTQ3MTE="}
    answer = Client().generic("POST", "/mail/webhooks/postmark/", body, "application/json", headers=basic)
    assert answer.status_code == 200
    kept = RawMail.objects.get()
    assert (kept.state, bytes(kept.raw)) == (MailState.KEPT, body)
    assert "could not be read" in kept.reason


# Documents, tables, queries, texts.

ALIASES = "a: &a [x,x]\n" + "".join(
    f"{chr(ord('a') + n)}: &{chr(ord('a') + n)} [{','.join(['*' + chr(ord('a') + n - 1)] * 9)}]\n"
    for n in range(1, 9)
)
DOCUMENTS = {
    "aliases of aliases": ALIASES,
    "deep lists": "[" * 120_000,
    "deep keys": "".join(" " * level + "a:\n" for level in range(600)),
    "deep indentation": "a: " + "- " * 100_000 + "b",
    "many keys": "".join(f"k{number}: 1\n" for number in range(25_000)),
    "one key": "? " * 100_000,
    "a tag": "a: !!python/object/apply:os.system [ls]\n",
    "a merge": "a: &a {b: c}\nd: {<<: *a}\n",
    "quarter of a gigabyte": None,
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_policy_that_grows_is_refused_by_check_by_publishing_and_by_the_page(
    cast: Cast, ada: Client, name: str
) -> None:
    document = DOCUMENTS[name] or "name: x # " + "y" * (30 * MEGABYTE)
    at_most(150, lambda: check(document))
    assert not check(document).ok
    with pytest.raises(PolicyRefused):
        publish_policy(cast.desk, document, now=LONG_AGO, by="tests")
    assert ada.post(f"/policy/{cast.desk.slug}/change/").status_code == 302
    draft = PolicyDraft.objects.get()
    path = f"/policy/{cast.desk.slug}/drafts/{draft.pk}/"
    file = SimpleUploadedFile("policy.yaml", document.encode())
    assert ada.post(path, {"file": file, "go_on": "1"}).status_code in (302, 422)
    assert ada.get(path).status_code == 200
    assert cast.desk.policy_versions.count() == 1


@pytest.mark.parametrize(
    "table",
    [
        b"name," * (4 * MEGABYTE),
        b"," * (20 * MEGABYTE),
        b"name\n" + b"," * (20 * MEGABYTE),
        b"name\n" + b'"\n",' * (4 * MEGABYTE),
        b'name\n"' + b"x" * (20 * MEGABYTE),
        b'name\n"' + b"x\n" * (10 * MEGABYTE),
        b"name" * (5 * MEGABYTE),
        b"\xff\xfe" + b"\0\xd8" * MEGABYTE,
    ],
    ids=[
        "one name",
        "no names",
        "one row",
        "one row of many lines",
        "one cell",
        "one cell of many lines",
        "",
        "halves",
    ],
)
def test_a_table_without_end_is_refused_while_it_is_read(table: bytes) -> None:
    def read() -> None:
        with pytest.raises(SheetRefused):
            read_sheet(table)

    # The text of the file, and a row of it.
    at_most(5 * len(table) // MEGABYTE + 40, read)


QUERIES: dict[str, Callable[[int], str]] = {
    "keys": lambda size: "a:" * (size // 2),
    "known keys": lambda size: "is:open " * (size // 8),
    "values": lambda size: "status:" + "a," * (size // 2),
    "quotes": lambda size: '"' * size,
    "quoted values": lambda size: "tag:" + '"a",' * (size // 4),
    "dashes": lambda size: "-" * size,
    "colons": lambda size: ":" * size,
    "dots": lambda size: "field." * (size // 6),
    "spaces": lambda size: " " * size,
    "marks": lambda size: "a\u0301" * (size // 2),
    "times": lambda size: "due:<" + "1" * size,
    "words": lambda size: "paper " * (size // 6),
}

TEXTS: dict[str, Callable[[int], str]] = {
    "brackets": lambda size: "[" * size,
    "pictures": lambda size: "![" * (size // 2),
    "links": lambda size: "[a](" * (size // 4),
    "stars and words": lambda size: "*a **b " * (size // 7),
    "underscores": lambda size: "_a__ " * (size // 5),
    "lines of quotations": lambda size: "> a\n" * (size // 4),
    "ladders of quotations": lambda size: "".join(">" * n + "a\n" for n in range(1, int((2 * size) ** 0.5))),
    "ladders of lists": lambda size: "".join(" " * n + "* a\n" for n in range(1, int((2 * size) ** 0.5))),
    "ladders of ticks": lambda size: "".join("`" * n + " " for n in range(1, int((2 * size) ** 0.5))),
    "open tags": lambda size: "<a href=" * (size // 8),
    "references": lambda size: "[a]: x\n" * (size // 7),
    "entities": lambda size: "&#x" * (size // 3),
    "lines under words": lambda size: "a\n-\n" * (size // 4),
}


def _work(of: Callable[[str], object], text: str) -> int:
    """How many lines of Python it takes, which is the same on every machine."""
    counted = [0]

    def line(_frame: object, event: str, _value: object) -> object:
        counted[0] += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)  # type: ignore[arg-type]
    try:
        of(text)
    finally:
        sys.settrace(before)
    return counted[0]


def _grows_too_fast(of: Callable[[str], object], make: Callable[[int], str], size: int) -> bool:
    of(make(10))  # what is made once
    return _work(of, make(2 * size)) > RATIO * _work(of, make(size)) + MARGIN


def test_the_measure_finds_what_grows_with_the_square() -> None:
    def quadratic(text: str) -> None:
        for end in range(len(text)):
            for _ in range(end):
                pass

    assert _grows_too_fast(quadratic, lambda size: "x" * size, 200)


@pytest.mark.parametrize("name", QUERIES)
def test_twice_the_query_is_twice_the_work(name: str) -> None:
    assert not _grows_too_fast(parse, QUERIES[name], 1_000)


def test_a_query_of_a_page_is_short_whatever_comes(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 16:00")
    for name in ("dashes", "quotes", "values", "known keys", "marks"):
        answer = bob.get("/tickets/", {"q": QUERIES[name](LONGEST * 4)})
        assert answer.status_code == 200, name


@pytest.mark.parametrize("name", TEXTS)
def test_twice_the_text_of_an_agent_is_twice_the_work(name: str) -> None:
    assert not _grows_too_fast(to_html, TEXTS[name], 600)


def test_a_preview_ends_where_no_mail_would_go_on(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for name, make in TEXTS.items():
        said = {"kind": "reply", "text": make(3_000)}
        answer = bob.post(f"/tickets/{ticket.number}/preview/", said, headers={"HX-Request": "true"})
        assert answer.status_code == 200, name
        assert len(answer.content) < 3 * MEGABYTE, name
