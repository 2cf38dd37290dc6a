"""A few long-lived parser children. A mail that takes too long or too much costs its child, never the worker."""

import os
import queue
import select
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO

import structlog

from upheld.mailboxes.parsing.frames import LENGTH, READY, unpack
from upheld.mailboxes.parsing.mail import ParsedMail

# By the clock on the wall, on a machine that may be busy; the child's own limit counts processor time.
SECONDS = 10.0
BYTES_A_SECOND = 10 * 1024 * 1024
START_SECONDS = 30.0
_CHUNK = 1024 * 1024

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A mail that could not be read within the limits."""

    reason: str


class _NoAnswerError(Exception):
    """The parser child gave no answer."""


class ParserPool:
    """Reads mails in child processes, as many at once as there are children. Any thread may ask."""

    def __init__(self, size: int = 2) -> None:
        self._places: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._size = size
        for _ in range(size):
            self._places.put(None)
        # The kernel ends a child with the *thread* that started it, so one thread starts all and stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="parser-starter")

    def parse(self, raw: bytes) -> ParsedMail | Unreadable:
        """Read a mail; waits for a free child."""
        child = self._places.get()
        keep = False
        try:
            child = self._living(child)
            mail = child.parse(raw)
            keep = True
            return mail
        except (_NoAnswerError, OSError, ValueError, TypeError, KeyError) as error:
            reason = str(error) if isinstance(error, _NoAnswerError) else "its parser gave no sensible answer"
            log.warning("parser_child_lost", reason=reason, bytes=len(raw))
            return Unreadable(reason)
        finally:
            if child is not None and not keep:
                child.end()
            self._places.put(child if keep else None)

    def close(self) -> None:
        """End all children; those at work finish their mail first."""
        for _ in range(self._size):
            child = self._places.get()
            if child is not None:
                child.end()
        self._starter.shutdown()

    def __enter__(self) -> "ParserPool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _living(self, child: "_Child | None") -> "_Child":
        if child is not None and child.alive():
            return child
        if child is not None:
            child.end()
        return self._starter.submit(_Child).result()


class _Child:
    """One parser process and the two pipes to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-m", "upheld.mailboxes.parsing.child", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            cwd="/",
            bufsize=0,
        )
        self._requests, self._answers = _number(self._process.stdin), _number(self._process.stdout)
        os.set_blocking(self._requests, False)
        os.set_blocking(self._answers, False)
        try:
            if self._receive(len(READY), time.monotonic() + START_SECONDS) != READY:
                raise _NoAnswerError("the parser did not start")
        except BaseException:
            self.end()
            raise

    def alive(self) -> bool:
        return self._process.poll() is None

    def parse(self, raw: bytes) -> ParsedMail:
        deadline = time.monotonic() + SECONDS + len(raw) / BYTES_A_SECOND
        self._send(LENGTH.pack(len(raw)), deadline)
        self._send(raw, deadline)
        (length,) = LENGTH.unpack(self._receive(LENGTH.size, deadline))
        if length > 8 * len(raw) + 32 * _CHUNK:
            raise _NoAnswerError("its parser gave too long an answer")
        return unpack(self._receive(length, deadline))

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def _send(self, data: bytes, deadline: float) -> None:
        view, sent = memoryview(data), 0
        while sent < len(data):
            self._wait(self._requests, select.POLLOUT, deadline)
            try:
                sent += os.write(self._requests, view[sent : sent + _CHUNK])
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise _NoAnswerError(self._why()) from None

    def _receive(self, length: int, deadline: float) -> bytearray:
        data = bytearray()
        while len(data) < length:
            self._wait(self._answers, select.POLLIN, deadline)
            try:
                piece = os.read(self._answers, min(_CHUNK, length - len(data)))
            except BlockingIOError:
                continue
            if not piece:
                raise _NoAnswerError(self._why())
            data += piece
        return data

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise _NoAnswerError("it takes too long to read")

    def _why(self) -> str:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "its parser closed the line"
        if code == -signal.SIGXCPU:
            return "it takes too much processor time to read"
        if code in (1, -signal.SIGSEGV):
            return "it takes too much memory to read"
        return f"its parser ended ({code})"


def _number(pipe: IO[bytes] | None) -> int:
    return pipe.fileno() if pipe else -1
