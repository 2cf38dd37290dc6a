"""Twice the mail, about twice the time: no text that a stranger chooses makes reading slow.

Processor time is compared with processor time, with room for noise, so that a busy machine does not fail it.
"""

import time

import pytest

from upheld.mailboxes.parsing import parse

HEAD = b"From: a@b.example\nTo: support@desk.example.com\n"
TEXT = b"Content-Type: text/plain; charset=utf-8\n\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n"
MIXED = b"Content-Type: multipart/mixed; boundary=b\n\n"

MAILS = {
    "blank lines": (HEAD + TEXT, b"\n"),
    "quotations": (HEAD + TEXT, b"> x\ny\n\n"),
    "quotation marks": (HEAD + TEXT, b">"),
    "beginnings of introductions": (HEAD + TEXT, b"On \n"),
    "header lines": (HEAD + TEXT, b"From: x\n"),
    "signatures": (HEAD + TEXT, b"-- \n"),
    "open comments": (HEAD + HTML, b"<!--"),
    "open tags": (HEAD + HTML, b"<a "),
    "open scripts": (HEAD + HTML, b"<script>"),
    "characters by number": (HEAD + HTML, b"&#1"),
    "quotes in quotes": (HEAD + HTML, b"<blockquote>x"),
    "recipients": (HEAD + b"Cc: ", b"x@y.example, "),
    "escaped quotes": (HEAD + b"Cc: ", b'\\"'),
    "comments in comments": (HEAD + b"Cc: ", b"("),
    "encoded words": (HEAD + b"Subject: ", b"=?a?q?"),
    "folded lines": (HEAD + b"X: y\n", b" z\n"),
    "boundaries": (HEAD + MIXED, b"--b\n\n"),
    "parts in parts": (HEAD + MIXED, b"--b\nContent-Type: multipart/mixed; boundary=b\n\n"),
    "parameters": (HEAD + b"Content-Type: text/plain", b'; a*0="x"'),
    "equal signs": (HEAD + b"Content-Transfer-Encoding: quoted-printable\n" + TEXT, b"="),
}


@pytest.mark.parametrize("name", MAILS)
def test_time_grows_with_the_mail_and_no_faster(name):
    head, piece = MAILS[name]

    def seconds(size: int) -> float:
        raw = head + piece * (size // len(piece))
        started = time.process_time()
        parse(raw)
        return time.process_time() - started

    small = min(seconds(100_000) for _ in range(3))
    # Eight times the mail would take 64 times the time if it were quadratic; the sum allows for noise.
    assert min(seconds(800_000) for _ in range(2)) < 24 * small + 0.2
