"""What a backup says about itself."""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from upheld.config.trouble import Trouble

FORMAT = 1
DUMP = "database.dump"
FILES = "attachments.tar"
KEY = "secret-key"
NEEDED = {DUMP, FILES}


class Piece(NamedTuple):
    """The size and the digest of one piece."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Which program took the backup of what, and when. `rows` counts them by table; `without_rows` are tables whose
    rows were left out; `missing` are files that a row names and that were not there. `key_mark` tells one key of a desk
    from another, and nothing about it."""

    upheld: str
    taken_at: datetime
    postgresql: str
    migrations: Mapping[str, Collection[str]]
    rows: Mapping[str, int]
    without_rows: Collection[str]
    files: int
    missing: Sequence[str]
    key_mark: str
    pieces: Mapping[str, Piece]

    def as_json(self) -> dict[str, Any]:
        """What is written into the file."""
        return {
            "format": FORMAT,
            "upheld": self.upheld,
            "taken_at": self.taken_at.isoformat(),
            "postgresql": self.postgresql,
            "migrations": {app: list(names) for app, names in self.migrations.items()},
            "rows": dict(self.rows),
            "without_rows": list(self.without_rows),
            "files": self.files,
            "missing": list(self.missing),
            "key_mark": self.key_mark,
            "pieces": {name: piece._asdict() for name, piece in self.pieces.items()},
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Manifest:
        """What is read from the file."""
        values = {name: value for name, value in found.items() if name != "format"}
        values["taken_at"] = datetime.fromisoformat(values["taken_at"])
        values["pieces"] = {name: Piece(**piece) for name, piece in values["pieces"].items()}
        if missing := NEEDED - values["pieces"].keys():
            raise ValueError(f"without {missing}")
        return cls(**values)

    @property
    def major(self) -> int:
        """The major version of the PostgreSQL that it was taken from."""
        return int(self.postgresql.split(".")[0])

    def refuse_newer(self, known: Collection[tuple[str, str]]) -> None:
        """Refuse what a newer Upheld made: it holds what this one would misread. `known` are our migrations."""
        apps = {app for app, _ in known}
        made = {(app, name) for app, names in self.migrations.items() if app in apps for name in names}
        if made - set(known) or _release(self.upheld) > _release(own_version()):
            raise Trouble(
                f"The backup was made by Upheld {self.upheld}, which is newer than this one ({own_version()}).",
                "Install that version, and restore with it. Nothing was changed.",
            )


def known_migrations() -> set[tuple[str, str]]:
    """The migrations that this program has, by app."""
    package = Path(__file__).resolve().parents[2]
    return {(path.parts[-3], path.stem) for path in package.glob("*/migrations/[0-9]*.py")}


def own_version() -> str:
    """The version of this program."""
    return metadata.version("upheld")


def key_mark(key: str) -> str:
    """What tells this key from another, without telling the key."""
    return hmac.new(key.encode(), b"the key of a backup", sha256).hexdigest()[:32]


def _release(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
