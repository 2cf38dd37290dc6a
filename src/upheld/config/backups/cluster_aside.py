"""A restore beside data of another major version of PostgreSQL: the old cluster is kept, whole, under another name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from upheld.config import embedded
from upheld.config.cluster import Place, made_by
from upheld.config.postgres_program import bundled
from upheld.config.trouble import Trouble


@contextmanager
def room_for_cluster(data_dir: Path, *, replace: bool) -> Iterator[Path | None]:
    """Make room for a cluster of our own version, and tell where the old one lies; a failure puts it back."""
    place = Place.of(data_dir)
    version, ours = made_by(place), bundled().version()
    if version is None or version == ours.split(".")[0]:
        yield None
        return
    if not replace:
        raise Trouble(
            f"The data in {place.cluster} was made by PostgreSQL {version}, and this Upheld brings {ours}.",
            "Add --replace: the old data is then kept aside, whole, and the backup restored beside it.",
        )
    if embedded.is_running(data_dir):
        raise Trouble(f"PostgreSQL {version} runs on {data_dir}.", "Stop that Upheld first.")
    aside = _free_name(place.cluster.with_name(f"postgres-{version}"))
    place.cluster.rename(aside)
    try:
        yield aside
    except BaseException:
        shutil.rmtree(place.cluster, ignore_errors=True)
        aside.rename(place.cluster)
        raise


def _free_name(wanted: Path) -> Path:
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path
