"""Starting and stopping child processes so that none is ever left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypedDict

_SET_PARENT_DEATH_SIGNAL = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The system user that a child runs as."""

    name: str
    uid: int
    gid: int


def die_with_parent(death_signal: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent dies (on Linux; elsewhere nothing happens)."""
    if _libc is not None:
        _libc.prctl(_SET_PARENT_DEATH_SIGNAL, int(death_signal), 0, 0, 0)


def spawn(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    output: int | IO[bytes],
    account: Account | None = None,
    death_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that ends when we do, however we end.

    Call it from the main thread: the kernel counts the death of the calling thread as ours.
    """
    return subprocess.Popen(  # noqa: S603
        [str(part) for part in command],
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_tied_to(os.getpid(), death_signal),
        **credentials(account),
    )


class Credentials(TypedDict, total=False):
    """What subprocess takes to run something as another user."""

    user: int
    group: int
    extra_groups: list[int]


def credentials(account: Account | None) -> Credentials:
    """The arguments that make subprocess run something as this account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def stop(child: subprocess.Popen[bytes], *, first: int = signal.SIGTERM, patience: float = 10.0) -> bool:
    """Stop a child and whatever it started; False when it had to be killed."""
    willing = True
    with suppress(ProcessLookupError):
        child.send_signal(first)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        willing = False
    kill_group(child)
    child.wait()
    return willing


def kill_group(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the child's session, so that a restart finds its port free."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _tied_to(parent: int, death_signal: int) -> Callable[[], None]:
    def tie() -> None:
        die_with_parent(death_signal)
        # The parent may have died before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return tie
