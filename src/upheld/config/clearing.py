"""Throwing made-up data away, once it has proved to be made up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from upheld.config.cluster import Place
from upheld.config.embedded import EmbeddedPostgres
from upheld.config.trouble import Trouble


def clear(
    data_dir: Path,
    is_made_up: Callable[[Any], bool],
    *,
    say: Callable[[str], None],
    keep: Collection[Path] = (),
) -> None:
    """Remove what is in a data directory, unless the database in it holds a desk that is not made up."""
    from upheld.config.database import connection, holds_desk

    if os.environ.get("UPHELD_DATABASE_URL"):
        raise Trouble(
            "--reset clears only Upheld's own PostgreSQL.", "Drop the database that you gave yourself."
        )
    place = Place.of(data_dir)
    if place.cluster.exists():
        with EmbeddedPostgres(data_dir, say=say), connection() as opened:
            if holds_desk(opened) and not is_made_up(opened):
                raise Trouble(
                    f"The database in {data_dir} holds a real desk.",
                    "Remove the directory yourself if you are sure.",
                )
        shutil.rmtree(place.cluster)
    for path in data_dir.iterdir() if data_dir.exists() else ():
        if path.name.endswith(".lock") or path in keep:
            continue
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
