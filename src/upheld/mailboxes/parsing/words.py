"""Encoded words (RFC 2047) in headers, read in one walk. The standard library's pattern goes over a row of words
that never end once for each of them, and looks up any codec that a stranger names."""

import binascii
import re
from collections.abc import Iterator
from itertools import zip_longest

from upheld.mailboxes.parsing.base64_text import from_base64
from upheld.mailboxes.parsing.charsets import decode

_START = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")


def decode_words(value: str) -> str:
    """Return a header's value with its encoded words read; what is no good encoded word stays as it is."""
    found: list[str] = []
    charset, data = "", b""
    for plain, word in _pieces(value):
        joins = bool(data) and word is not None and not plain.strip()
        # A character may be cut in two between words of one charset, so their bytes are joined before they are read.
        if data and not (joins and word and word[0] == charset):
            found.append(decode(data, charset))
            data = b""
        if not joins:
            found.append(plain)
        if word:
            charset, data = word[0], data + word[1]
    return "".join(found)


def _pieces(value: str) -> Iterator[tuple[str, tuple[str, bytes] | None]]:
    """Yield the plain text before each encoded word with the word's charset and bytes; the last text with None."""
    starts = list(_START.finditer(value))
    plain_from, end = 0, -1
    for start, following in zip_longest(starts, starts[1:]):
        if start.start() < plain_from:
            continue
        if end < start.end():
            end = value.find("?=", start.end())
        if end < 0:
            break
        if following and following.start() < end:
            continue  # it never ended; the next one may
        charset = start[1].partition("*")[0].lower()
        yield value[plain_from : start.start()], (charset, _content(start[2], value[start.end() : end]))
        plain_from = end + 2
    yield value[plain_from:], None


def _content(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return from_base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)
