"""The one file of a backup: an uncompressed ZIP of a few pieces and a manifest that says what they are.

It appears under its name when it is whole and on disk, or not at all.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from upheld.config.backups.manifest import FORMAT, Manifest, Piece
from upheld.config.lock import is_held
from upheld.config.trouble import Trouble

MANIFEST = "manifest.json"

CHUNK = 1 << 20
_DRAFT = ".unfinished"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

Advance = Callable[[int], None]


class NewArchive:
    """An archive that is being written."""

    def __init__(self, pieces: zipfile.ZipFile) -> None:
        self._pieces = pieces
        self.digests: dict[str, Piece] = {}

    @contextmanager
    def piece(self, name: str, advance: Advance = lambda written: None) -> Iterator[Measured]:
        """Write one piece; its size and digest are taken on the way."""
        with self._pieces.open(name, "w", force_zip64=True) as opened:
            measured = Measured(opened, advance)
            yield measured
        self.digests[name] = Piece(measured.size, measured.digest.hexdigest())

    def close_with(self, manifest: Manifest) -> None:
        """Write the manifest, last, since it has the digests of the rest."""
        self._pieces.writestr(MANIFEST, json.dumps(manifest.as_json(), indent=1) + "\n")


class Measured:
    """A file to write to, with the size and the digest of what was written."""

    def __init__(self, opened: IO[bytes], advance: Advance) -> None:
        self._opened = opened
        self._advance = advance
        self.size = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        """Write all of it."""
        self._opened.write(data)
        self.digest.update(data)
        self.size += len(data)
        self._advance(len(data))
        return len(data)


@contextmanager
def new_archive(target: Path) -> Iterator[NewArchive]:
    """Write an archive beside its place and move it there once it is on disk. What is cut off leaves nothing."""
    folder = target.parent
    _clear_leftovers(folder)
    draft = folder / f".{target.name}.{os.getpid()}{_DRAFT}"
    try:
        with _created(draft) as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as pieces:
                yield NewArchive(pieces)
            file.flush()
            os.fsync(file.fileno())
            draft.rename(target)
        _sync_folder(folder)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Trouble(
                f"There is no room for the backup in {folder} ({os.strerror(error.errno)}); nothing of it was left.",
                "Free some, or name a place on another disk: upheld backup /another/disk/",
            ) from None
        raise Trouble(
            f"The backup cannot be written to {folder}: {error.strerror or error}.", "Check the place."
        ) from None
    finally:
        draft.unlink(missing_ok=True)


@dataclass(frozen=True)
class Archive:
    """A backup that somebody made."""

    path: Path
    manifest: Manifest

    @classmethod
    def read(cls, path: Path) -> Archive:
        """The backup in this file, or a trouble that says what the file is instead."""
        try:
            with zipfile.ZipFile(path) as pieces:
                found = json.loads(pieces.read(MANIFEST))
        except OSError as error:
            raise Trouble(f"{path} cannot be read: {error.strerror}.", "Check the path.") from None
        except (zipfile.BadZipFile, KeyError, ValueError):
            raise Trouble(
                f"{path} is no whole backup of Upheld.", "Was it cut off on its way here? Copy it again."
            ) from None
        if not isinstance(found, dict) or found.get("format") != FORMAT:
            raise Trouble(
                f"{path} is a backup in a form that this Upheld does not know.",
                f"It was made by Upheld {_told(found)}: install that version, or a newer one.",
            )
        try:
            return cls(path, Manifest.from_json(found))
        except (KeyError, TypeError, ValueError):
            raise Trouble(f"{path} has a damaged manifest.", "Take another backup.") from None

    def check(self, advance: Advance = lambda read: None) -> None:
        """Read every piece to its end, and compare it with what the manifest says."""
        for name, wanted in self.manifest.pieces.items():
            digest, size = hashlib.sha256(), 0
            try:
                with self.piece(name) as opened:
                    while chunk := opened.read(CHUNK):
                        digest.update(chunk)
                        size += len(chunk)
                        advance(len(chunk))
            except (KeyError, zipfile.BadZipFile, EOFError, OSError):
                size = -1
            if Piece(size, digest.hexdigest()) != wanted:
                raise Trouble(
                    f"{self.path} is damaged: its {name} is not what was written.",
                    "Copy it again, or take another backup. Nothing was changed.",
                )

    @contextmanager
    def piece(self, name: str) -> Iterator[IO[bytes]]:
        """One piece, to be read from its beginning."""
        with zipfile.ZipFile(self.path) as pieces, pieces.open(name) as opened:
            yield opened


def is_backup(path: Path) -> bool:
    """Whether this file is a backup of Upheld's, whole and in a form that we know."""
    try:
        Archive.read(path)
    except Trouble:
        return False
    return True


def _told(found: Any) -> str:
    return str(found.get("upheld", "of another kind")) if isinstance(found, dict) else "of another kind"


def _created(draft: Path) -> IO[bytes]:
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    # Held while it is written, so that whoever comes next can tell it from what a killed one left.
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return os.fdopen(descriptor, "wb")


def _clear_leftovers(folder: Path) -> None:
    for left in folder.glob(f".*{_DRAFT}"):
        if not is_held(left):
            left.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
