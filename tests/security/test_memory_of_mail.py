"""Mail that is meant to fill the memory, through the real processes: the listener and whoever takes mail in.

What is bounded is told in bytes: the most that the kernel has seen resident, over what the process had before.
"""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Length

from harness.cast import Cast
from harness.desk import free_ports
from security.bombs import ARCHIVES, HEAD, MAILS, MEGABYTE, PICTURES, attached
from upheld.mailboxes.models import MailState, RawMail
from upheld.tickets.models import Attachment, Message

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel"),
]

SUPPORT = b"support@desk.example.com"
LARGEST = 50 * MEGABYTE
# Over what the idle process has: docs/mail.md says so. A mail in a file is in memory as often as it is stored: once for
# the file, and at most twice for the database's library, which takes memory in powers of two.
LISTENER_MAY_TAKE = 200 * MEGABYTE
READER_MAY_TAKE = 300 * MEGABYTE
# What is small to send is small to read, however large it says it is.
READER_MAY_TAKE_FOR_BOMBS = 100 * MEGABYTE


class Beside:
    """A process whose peak of memory is asked of the kernel."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("beside.py")), *arguments],
            env=os.environ
            | {"DATABASE_OF_TESTS": str(connection.settings_dict["NAME"]), "UPHELD_LOG_LEVEL": "ERROR"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._idle = 0

    def starts_from_here(self) -> None:
        """Forget the peak until now."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        self._idle = self._told("VmRSS")

    def took(self) -> int:
        """How much more than it had it needed at the worst moment, in bytes."""
        return self._told("VmHWM") - self._idle

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=30)

    def _told(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


class Listener(Beside):
    """The mail listener."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        super().__init__("listen", str(self.port))
        until = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)

    def is_sent(self, mail: bytes) -> int:
        """Send one mail, without a word of its size before; return the code of the answer to its end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=120) as line:
            answers = line.makefile("rb")
            answers.readline()
            for command in (
                b"HELO x",
                b"MAIL FROM:<amina@school.example.org>",
                b"RCPT TO:<%b>" % SUPPORT,
                b"DATA",
            ):
                line.sendall(command + b"\r\n")
                answer = answers.readline()
            assert answer.startswith(b"354"), answer
            line.sendall(mail.replace(b"\r\n.", b"\r\n.."))
            line.sendall(b".\r\n")
            return int(answers.readline()[:3])


class Reader(Beside):
    """What takes stored mail in, with a parser child of its own."""

    def __init__(self) -> None:
        super().__init__("take")
        self.takes_in()

    def takes_in(self) -> int:
        """Take in all that waits; return how much that was."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("now\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@pytest.fixture
def listener(cast: Cast) -> Iterator[Listener]:
    made = Listener()
    # The first mail loads what the others need.
    assert made.is_sent(HEAD + b"\r\nHello\r\n") == 250
    made.starts_from_here()
    yield made
    made.end()


@pytest.fixture
def reader(listener: Listener) -> Iterator[Reader]:
    made = Reader()
    made.starts_from_here()
    yield made
    made.end()


def test_twenty_large_mails_at_once_take_no_more_memory_than_one(listener: Listener) -> None:
    noise = os.urandom(12 * MEGABYTE)
    mails = [HEAD + b"X-Number: %d\r\n\r\n" % number + noise + b"\r\n" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(listener.is_sent, mails))
    assert answers == [250] * 20
    assert listener.took() < LISTENER_MAY_TAKE
    stored = RawMail.objects.alias(length=Length("raw")).filter(length__gt=MEGABYTE)
    assert sorted(stored.values_list("digest", flat=True)) == sorted(
        hashlib.sha256(mail).hexdigest() for mail in mails
    )


def test_the_largest_mails_become_tickets_in_bounded_memory(listener: Listener, reader: Reader) -> None:
    packed = base64.encodebytes(os.urandom(36 * MEGABYTE)).replace(b"\n", b"\r\n")
    large_file = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n" + packed
    empty_lines = b"\r\n" * (LARGEST // 2 - 100)
    for mail in (HEAD + large_file, HEAD + empty_lines):
        assert LARGEST - 2 * MEGABYTE < len(mail) < LARGEST
        assert listener.is_sent(mail) == 250
    assert reader.takes_in() == 2
    assert listener.took() < LISTENER_MAY_TAKE
    assert reader.took() < READER_MAY_TAKE
    assert set(RawMail.objects.values_list("state", flat=True)) == {MailState.TICKETED}
    # A file above the limit of files stays in the raw mail, and the raw mail says so.
    assert RawMail.objects.filter(reason__contains="too large").count() == 1


def test_every_bomb_becomes_a_ticket_or_is_kept_and_the_next_mail_passes(
    listener: Listener, reader: Reader
) -> None:
    made = {name: make() for name, make in MAILS.items()}
    made |= {name: attached(*make()) for name, make in (ARCHIVES | PICTURES).items()}
    for name, mail in made.items():
        assert listener.is_sent(mail) == 250, name
    assert listener.is_sent(HEAD + b"\r\nAnd the next of us.\r\n") == 250
    # In one go: what fails is left for later and is not counted twice.
    assert reader.takes_in() == len(made) + 1
    rest = RawMail.objects.exclude(state=MailState.TICKETED)
    # Whose sender cannot be made out is shown to administrators, with the reason.
    assert list(rest.values_list("state", "reason")) == [(MailState.KEPT, "its From is too long")]
    assert Message.objects.filter(text__startswith="And the next of us").exists()
    assert listener.took() < LISTENER_MAY_TAKE
    assert reader.took() < READER_MAY_TAKE_FOR_BOMBS
    for name, make in (ARCHIVES | PICTURES).items():
        file_name, content = make()
        kept = Attachment.objects.get(name=file_name)
        assert (kept.size, kept.digest) == (len(content), hashlib.sha256(content).hexdigest()), name
    bytes_of_files = Attachment.objects.aggregate(sum=Sum("size"))["sum"]
    assert bytes_of_files < sum(map(len, made.values()))
