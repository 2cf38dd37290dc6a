"""What a restore took the place of: put back, or thrown away."""

from __future__ import annotations

from datetime import datetime

from upheld.config import paths
from upheld.config.backups import contents, files, keys
from upheld.config.backups.databases import Databases, stamp_of
from upheld.config.backups.progress import Steps
from upheld.config.backups.restoring import desk_with_database, stamp_at
from upheld.config.trouble import Trouble


def put_back(steps: Steps) -> str:
    """Exchange the desk for the one that the latest restore kept aside; return the name of what is aside now."""
    data_dir = paths.data_dir()
    with desk_with_database(data_dir, steps) as databases:
        databases.refuse_others()
        kept = databases.formers()
        if not kept:
            raise _nothing()
        stamp = stamp_at(_now())
        former = databases.put_in_place(kept[0], stamp, keep=True)
        keys.exchange(data_dir, stamp_of(kept[0]), stamp)
        return former


def throw_away(steps: Steps) -> list[str]:
    """Drop every database that a restore kept aside, with the keys and files that only they had."""
    data_dir = paths.data_dir()
    with desk_with_database(data_dir, steps) as databases:
        databases.refuse_others()
        kept = databases.formers()
        if not kept:
            raise _nothing()
        for name in kept:
            databases.drop(name)
            (data_dir / keys.aside(stamp_of(name))).unlink(missing_ok=True)
        _remove_files_of_nobody(databases)
        return kept


def _remove_files_of_nobody(databases: Databases) -> None:
    with databases.opened(databases.desk) as opened, opened.transaction():
        files.remove_others(paths.attachments(paths.data_dir()), contents.named_files(opened))


def _now() -> datetime:
    import django

    django.setup()
    from upheld.config.instant import present_instant

    return present_instant()


def _nothing() -> Trouble:
    return Trouble("Nothing is kept aside here.", "`upheld restore FILE --replace` keeps what it replaces.")
