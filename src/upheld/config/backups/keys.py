"""The desk's key during a restore. Without it links in mails of before open nothing, and what is sealed stays so."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from upheld.config.backups.archive import Archive
from upheld.config.backups.manifest import KEY, key_mark
from upheld.config.trouble import Trouble

FILE = "secret-key"


@dataclass(frozen=True)
class Chosen:
    """The key that the restored desk will have; `brought` says that the data directory does not have it yet."""

    key: str
    brought: bool

    def put_in_place(self, data_dir: Path, stamp: str) -> str:
        """Write it into the data directory; return under which name another one was kept, if there was one."""
        if not self.brought:
            return ""
        path, kept = data_dir / FILE, ""
        if path.exists():
            kept = aside(stamp)
            path.rename(data_dir / kept)
        draft = data_dir / f".{FILE}.draft"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:  # noqa: PTH123
            file.write(self.key)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        return kept


def chosen(
    found: Archive, data_dir: Path, *, accept_other: bool, environ: Mapping[str, str] = os.environ
) -> Chosen:
    """The key of the desk in the backup: from our surroundings, from the backup, or - if that is accepted - another."""
    given = environ.get("UPHELD_SECRET_KEY", "")
    present = given or _of(data_dir)
    if present and key_mark(present) == found.manifest.key_mark:
        return Chosen(present, brought=False)
    if carries_key(found) and not given:
        return Chosen(_carried(found), brought=True)
    if accept_other:
        return Chosen(present or secrets.token_urlsafe(48), brought=not present)
    if carries_key(found):
        raise Trouble(
            "UPHELD_SECRET_KEY is not the key of the desk in this backup.",
            "Take it out of the environment, since the backup brings its own; or add --new-key, and links in mails"
            " that were sent open nothing any more, and passwords of mail accounts have to be set anew.",
        )
    raise Trouble(
        "The key of the desk is not in this backup, and not here either.",
        "Set UPHELD_SECRET_KEY to it; or add --new-key if it is lost, and links in mails that were sent open nothing"
        " any more, and passwords of mail accounts have to be set anew.",
    )


def carries_key(found: Archive) -> bool:
    """Whether the key is in the backup."""
    return KEY in found.manifest.pieces


def aside(stamp: str) -> str:
    """The name of the file in which the key of a former desk is kept."""
    return f"{FILE}.before-{stamp}"


def exchange(data_dir: Path, old: str, new: str) -> None:
    """Put the key that was kept aside under `old` back, and keep the present one under `new`."""
    if (data_dir / aside(old)).exists():
        (data_dir / FILE).rename(data_dir / aside(new))
        (data_dir / aside(old)).rename(data_dir / FILE)


def _carried(found: Archive) -> str:
    with found.piece(KEY) as piece:
        return piece.read().decode().strip()


def _of(data_dir: Path) -> str:
    try:
        return (data_dir / FILE).read_text().strip()
    except OSError:
        return ""
