"""Locks that a killed process cannot leave behind."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from upheld.config.trouble import Trouble


def hold(data_dir: Path, name: str) -> int:
    """Hold a lock on the data directory until the returned descriptor is closed or this process ends."""
    lock = os.open(data_dir / name, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(lock, 20).decode().strip() or "unknown"
        os.close(lock)
        raise Trouble(
            f"Upheld is running already on {data_dir} (process {holder}).",
            "Stop that one first, or start this one with another UPHELD_DATA_DIR.",
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    return lock


def is_held(path: Path) -> bool:
    """Whether some process holds this lock now."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
