"""A parser child: reads mails one after the other from its standard input until that ends.

It holds nothing worth stealing, knows no database, and the kernel ends it when it wants too much or when the
worker is gone. `python -m upheld.mailboxes.parsing.child PARENT`
"""

import ctypes
import os
import resource
import signal
import sys
from typing import BinaryIO

from upheld.mailboxes.parsing.frames import LENGTH, READY, pack
from upheld.mailboxes.parsing.reading import parse

MEMORY = 384 * 1024 * 1024
CPU_SECONDS = 6
_SET_PARENT_DEATH_SIGNAL = 1


def main() -> None:
    _end_with_parent(int(sys.argv[1]))
    _limit()
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    while (raw := _read(requests)) is not None:
        _allow_cpu()
        for piece in pack(parse(raw)):
            answers.write(piece)
        del raw
        answers.flush()


def _read(stream: BinaryIO) -> bytes | None:
    length = stream.read(LENGTH.size)
    if len(length) < LENGTH.size:
        return None
    raw = bytearray(LENGTH.unpack(length)[0])
    view, read = memoryview(raw), 0
    while read < len(raw):
        count = stream.readinto(view[read:])  # type: ignore[attr-defined]
        if not count:
            return None
        read += count
    view.release()
    return bytes(raw)


def _end_with_parent(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)  # it died before the kernel was asked


def _limit() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow_cpu() -> None:
    """Give this mail its processor time: the limit counts from the child's first breath, so it moves along."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
