"""The files of messages on their way into a backup and out of it. They are written once and never changed, so only
those of unsent drafts can go away while a backup is taken."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import tarfile
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO, Any

from upheld.config.backups.archive import CHUNK, Advance, Measured
from upheld.config.trouble import Trouble

# As we name them: nothing else is ever written by a restore.
_NAME = re.compile(r"\A[0-9a-f]{2}/[A-Za-z0-9_-]{1,90}\Z")


class Fleeting(ExitStack):
    """Files that may be removed at any moment; once opened they can be read to their end all the same."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: dict[str, IO[bytes]] = {}
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

    def take(self, folder: Path, names: Iterable[str]) -> None:
        """Open all of them; one that is not there counts as missing later."""
        for name in names:
            with suppress(FileNotFoundError):
                self.opened[name] = self.enter_context((folder / name).open("rb"))


def pack(folder: Path, fleeting: Fleeting, names: Iterable[str], into: Measured) -> tuple[int, list[str]]:
    """Write the named files into one piece; return how many there were, and which were not there."""
    count, missing = 0, []
    with tarfile.open(fileobj=into, mode="w|", format=tarfile.GNU_FORMAT) as tar:
        for name in names:
            try:
                file = fleeting.opened.get(name) or (folder / name).open("rb")
            except OSError:
                missing.append(name)
                continue
            with file:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
                tar.addfile(entry, file)
            # It would keep one entry a file.
            tar.members = []  # type: ignore[attr-defined]
            count += 1
    return count, missing


def unpack(piece: IO[bytes], folder: Path, laid: Callable[[Path], None], advance: Advance) -> None:
    """Lay files into the folder, telling of each before it is there. One that is there already is the same: names are
    never given twice."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with tarfile.open(fileobj=piece, mode="r|") as tar:
        for entry in tar:
            tar.members = []  # type: ignore[attr-defined]
            if not (entry.isreg() and _NAME.match(entry.name)):
                raise Trouble(f"The backup holds a file of a strange kind or name: {entry.name[:100]!r}.")
            target = folder / entry.name
            if target.exists() and target.stat().st_size == entry.size:
                continue
            target.parent.mkdir(mode=0o700, exist_ok=True)
            laid(target)
            _lay(tar.extractfile(entry), target, advance)


def differing(folder: Path, wanted: Iterable[tuple[str, str]]) -> list[str]:
    """The files that are not there, or whose content is not that of which a row has the digest."""
    return [name for name, digest in wanted if _digest(folder / name) != digest]


def remove_others(folder: Path, wanted: Iterable[str]) -> int:
    """Remove the files that no row names; return how many there were."""
    kept, removed = set(wanted), 0
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        name = f"{path.parent.name}/{path.name}"
        if name not in kept and _NAME.match(name) and path.is_file():
            path.unlink()
            removed += 1
    return removed


def _lay(source: IO[bytes] | None, target: Path, advance: Advance) -> None:
    if source is None:
        return
    draft = target.with_name(f".{target.name}.draft")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123
            while chunk := source.read(CHUNK):
                file.write(chunk)
                advance(len(chunk))
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _digest(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
