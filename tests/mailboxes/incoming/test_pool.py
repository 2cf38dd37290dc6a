"""Parser children: one that wants too much is replaced, and nobody else notices."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailboxes.incoming.mails import FOLDER, stored, written
from upheld.mailboxes import pool as pool_module
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.pool import ParserPool, Unreadable

pytestmark = pytest.mark.processes


@pytest.fixture
def pool():
    with ParserPool(1) as pool:
        yield pool


def children() -> list[int]:
    """The parser children of this process, whichever thread started them."""
    lists = [path.read_text() for path in Path(f"/proc/{os.getpid()}/task").glob("*/children")]
    pids = [int(pid) for pid in " ".join(lists).split()]
    return [pid for pid in pids if b"parsing.child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_child_reads_as_we_do(pool):
    for path in sorted(FOLDER.glob("*.eml")):
        assert pool.parse(path.read_bytes()) == parse(path.read_bytes())


def test_a_killed_child_is_replaced(pool):
    pool.parse(stored("plain"))
    os.kill(children()[-1], signal.SIGKILL)
    time.sleep(0.05)
    assert pool.parse(stored("plain")) == parse(stored("plain"))


def test_a_mail_that_takes_too_long_costs_its_child_and_not_the_next_mail(pool, monkeypatch):
    pool.parse(stored("plain"))
    (child,) = children()
    os.kill(child, signal.SIGSTOP)
    monkeypatch.setattr(pool_module, "SECONDS", 0.1)
    assert pool.parse(stored("plain")) == Unreadable("it takes too long to read")
    monkeypatch.undo()
    assert child not in children()
    assert pool.parse(stored("plain")) == parse(stored("plain"))


def test_a_mail_that_takes_too_much_memory_is_unreadable_and_the_next_is_read(pool):
    assert isinstance(pool.parse(b"x" * 500_000_000), Unreadable)
    assert pool.parse(stored("plain")) == parse(stored("plain"))


def test_threads_share_the_children():
    mails = [written(body=f"number {number}") for number in range(40)]
    with ParserPool(2) as pool, ThreadPoolExecutor(8) as threads:
        read = list(threads.map(pool.parse, mails))
        assert len(children()) <= 2
    assert [mail.new_text for mail in read] == [f"number {number}" for number in range(40)]
    assert children() == []


def test_a_child_outlives_the_thread_that_asked_first(pool):
    asked = threading.Thread(target=pool.parse, args=(stored("plain"),))
    asked.start()
    asked.join()
    before = children()
    pool.parse(stored("plain"))
    assert children() == before != []


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_no_child_outlives_a_killed_worker():
    code = (
        "import sys, time; from upheld.mailboxes.pool import ParserPool; pool = ParserPool(1);"
        "pool.parse(b'From: a@b.example\\n\\nx'); print(pool._places.get()._process.pid, flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert worker.stdout
    child = int(worker.stdout.readline())
    worker.kill()
    worker.wait()
    worker.stdout.close()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}/stat").exists() and " Z " not in Path(f"/proc/{child}/stat").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
