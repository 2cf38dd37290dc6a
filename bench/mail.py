"""Mail through the real processes: accepted over SMTP, then turned into tickets by the worker."""

import smtplib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from time import perf_counter, sleep

from bench.program import Program
from bench.row import Row
from upheld.lab.demo import SUPPORT_ADDRESS
from upheld.lab.generator.words import Words

_CONNECTIONS = 8
_LONGEST = 600.0
_FRAME = """\
From: Person {number} <person{number}@school{school}.example.org>
To: {to}
Subject: {subject}
Message-ID: <bench-{number}@school{school}.example.org>
Date: Mon, 16 Mar 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

{text}
"""


def run(demo: Program, count: int) -> Iterator[Row]:
    mails = _mails(count)
    with demo.connect() as database:
        before = _ticketed(database)
        began = perf_counter()
        accepted = _send_all(demo.smtp, mails)
        sent = perf_counter() - began
        note = f"{accepted} of {count} mails, {_CONNECTIONS} connections, sender on the same machine"
        yield Row("mail", "accepted over SMTP, on disk", accepted / sent, "a second", "≥ 200", note)
        while (done := _ticketed(database) - before) < accepted and perf_counter() - began < _LONGEST:
            sleep(0.1)
        taken = perf_counter() - began
        note = f"{done} of {accepted}, from the first mail sent to the last ticket"
        yield Row("mail", "ticketed with due times", done / taken, "a second", "≥ 50", note)


def _ticketed(database) -> int:  # type: ignore[no-untyped-def]
    row = database.execute("select count(*) from mailboxes_rawmail where state = 'ticketed'").fetchone()
    return int(row[0])


def _mails(count: int) -> list[tuple[str, bytes]]:
    words = Words(Random(11))  # noqa: S311
    mails = []
    for number in range(count):
        school = number % 97
        mail = _FRAME.format(
            number=number, school=school, to=SUPPORT_ADDRESS, subject=words.subject(), text=words.text()
        )
        mails.append((f"person{number}@school{school}.example.org", mail.encode().replace(b"\n", b"\r\n")))
    return mails


def _send_all(address: tuple[str, int], mails: list[tuple[str, bytes]]) -> int:
    shares = [mails[start::_CONNECTIONS] for start in range(_CONNECTIONS)]
    with ThreadPoolExecutor(_CONNECTIONS) as threads:
        return sum(threads.map(lambda share: _send(address, share), shares))


def _send(address: tuple[str, int], mails: list[tuple[str, bytes]]) -> int:
    accepted = 0
    with smtplib.SMTP(*address) as desk:
        for sender, mail in mails:
            desk.sendmail(sender, SUPPORT_ADDRESS, mail)
            accepted += 1
    return accepted
