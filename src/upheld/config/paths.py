"""Where Upheld keeps what it writes."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from upheld.config.trouble import Trouble

SYSTEM_DATA_DIR = Path("/var/lib/upheld")


def checkout() -> Path | None:
    """The source checkout this program runs from, or None when it was installed."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() and (root / "src").is_dir() else None


def data_dir(environ: Mapping[str, str] = os.environ) -> Path:
    """The directory that holds everything of this desk: UPHELD_DATA_DIR, or a fitting default."""
    if given := environ.get("UPHELD_DATA_DIR"):
        return Path(given).expanduser().absolute()
    if root := checkout():
        return root / ".data"
    if os.geteuid() == 0:
        return SYSTEM_DATA_DIR
    return Path.home() / ".local" / "share" / "upheld"


def attachments(data_dir: Path) -> Path:
    """Where the files of messages lie, under names that the database knows."""
    return data_dir / "attachments"


def prepare_data_dir(path: Path, group: int | None = None) -> None:
    """Make the data directory, closed to other users; `group` may pass through it, nothing more.

    Only a directory that is new or empty gets its mode set: a mistyped UPHELD_DATA_DIR must not close a home.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.stat()
        _refuse_strangers(path, found)
        if not any(path.iterdir()) or _lacks(group, path, found):
            _close(path, group)
        probe = path / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Trouble(
            f"The data directory {path} cannot be used: {reason}.",
            "Make it writable, or name another with UPHELD_DATA_DIR=/some/where.",
        ) from None


def private_directory(path: Path, owner: int | None = None) -> None:
    """Make a directory that one user alone can enter, or check that an existing one is such."""
    wanted = os.geteuid() if owner is None else owner
    try:
        path.mkdir(mode=0o700)
        if wanted != os.geteuid():
            os.chown(path, wanted, -1)
    except FileExistsError:
        pass
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != wanted or stat.S_IMODE(found.st_mode) & 0o077:
        raise Trouble(
            f"{path} is not ours alone (owner {found.st_uid}, mode {found.st_mode & 0o7777:o}).",
            "Look at what is in it, then remove it.",
        )


def _refuse_strangers(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.geteuid():
        raise Trouble(
            f"The data directory {path} belongs to another user (id {found.st_uid}).",
            "Run as that user, or name another directory with UPHELD_DATA_DIR=/some/where.",
        )
    if found.st_mode & 0o022 and any(path.iterdir()):
        raise Trouble(
            f"The data directory {path} is open to the writing of other users.",
            f"Close it with: chmod 700 {path}",
        )


def _lacks(group: int | None, path: Path, found: os.stat_result) -> bool:
    """Whether this is a closed data directory that the group cannot pass through yet."""
    if group is None or found.st_gid == group or found.st_mode & 0o077:
        return False
    return any((path / name).exists() for name in ("secret-key", "postgres.json", "serve.lock"))


def _close(path: Path, group: int | None) -> None:
    if group is None:
        path.chmod(0o700)
    else:
        os.chown(path, -1, group)
        path.chmod(0o710)
