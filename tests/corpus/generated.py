"""What a mail of the corpus holds too much of to be stored: `{five_megabytes}` in it is filled in when it is sent."""

import base64
from collections.abc import Callable
from functools import cache


@cache
def five_megabytes() -> bytes:
    """A file of 5 MB, in base64 lines as mail programs write them."""
    content = (bytes(range(256)) * 20480)[: 5 * 1024 * 1024]
    return base64.encodebytes(content).replace(b"\n", b"\r\n").rstrip()


def thousands_of_recipients() -> bytes:
    """20,000 addresses, one a folded line."""
    return b",\r\n ".join(b"pupil%d@many.example.org" % number for number in range(20_000))


def short_lines() -> bytes:
    """Ten thousand lines, one of a hundred of them quoted."""
    return b"\r\n".join(
        b"> was %d" % number if number % 100 == 0 else b"line %d" % number for number in range(10_000)
    )


def deep_parts() -> bytes:
    """Parts in parts, 400 deep."""
    return b"".join(
        b"--deep%d\r\nContent-Type: multipart/mixed; boundary=deep%d\r\n\r\n" % (depth, depth + 1)
        for depth in range(400)
    )


def many_parts() -> bytes:
    """A thousand small files."""
    return b"".join(
        b"--many\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=%d.txt\r\n\r\n%d\r\n"
        % (number, number)
        for number in range(1000)
    )


def blank_lines() -> bytes:
    """200 kB of nothing."""
    return b"\r\n" * 100_000


def long_word() -> bytes:
    """A word of 60,000 letters."""
    return b"wow" * 20_000


def long_references() -> bytes:
    """Two thousand Message-IDs, ten a folded line."""
    ids = [b"<turn-%d@long.example.org>" % number for number in range(2000)]
    return b"\r\n ".join(b" ".join(ids[start : start + 10]) for start in range(0, 2000, 10))


def open_comments() -> bytes:
    """Comments in comments, 20,000 deep."""
    return b"\r\n ".join([b"(" * 50] * 400)


def quotes_in_quotes() -> bytes:
    """HTML quotations in quotations, 5,000 deep."""
    return b"\r\n".join([b"<blockquote>x" * 10] * 500)


GENERATED: dict[str, Callable[[], bytes]] = {
    made.__name__: made
    for made in (
        five_megabytes,
        thousands_of_recipients,
        short_lines,
        deep_parts,
        many_parts,
        blank_lines,
        long_word,
        long_references,
        open_comments,
        quotes_in_quotes,
    )
}
