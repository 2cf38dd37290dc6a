"""Fills a database with a desk and its tickets: rows by COPY, then indexes, search vectors and keys."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from django.db import connection

from upheld.desks.models import Desk
from upheld.lab.generator import bare, search
from upheld.lab.generator.chunks import Made, chunks, write_chunk
from upheld.lab.generator.files import store_samples
from upheld.lab.generator.founding import found_desk, open_policy
from upheld.lab.generator.ids import Ids, note_ids
from upheld.lab.generator.life import Life
from upheld.lab.generator.lives import lives
from upheld.lab.generator.place import Place, place_of
from upheld.lab.generator.rows import add
from upheld.lab.generator.tables import TABLES, Rows, copy
from upheld.lab.generator.work import Work, in_turn

__all__ = ["open_policy", "place_of", "seed", "write"]

BATCH = 2_000
Progress = Callable[[str, int, int], None]
_Done = TypeVar("_Done")
# Nobody waits for a commit of what can be made again, and indexes are sorted in memory.
_IN_A_HURRY = {"synchronous_commit": "off", "maintenance_work_mem": "'512MB'", "work_mem": "'128MB'"}


def seed(
    tickets: int,
    *,
    messages: int,
    now: datetime,
    progress: Progress,
    source: int = 1,
    made: Made = lives,
    work: Work = in_turn,
) -> Desk:
    """Fill an empty database with a desk and that many tickets; the same `source` makes the same lives, however the
    `work` is shared out."""
    store_samples()
    with in_a_hurry():
        desk = found_desk(now)
        ids = Ids.after_all(desk)
        pieces = list(chunks(desk, tickets, messages=messages, now=now, source=source, made=made, ids=ids))
        taken = bare.strip()
        _told(progress, "Writing tickets", tickets, work(write_chunk, pieces), int)
        _told(progress, "Making indexes", len(taken.others()), bare.make_indexes(taken, work))
        note_ids(desk, ids.number + tickets)
        _analyse(("tickets_ticket", "tickets_message"))
        stretches = search.stretches(desk)
        _told(progress, "Gathering words", len(stretches), work(search.add_words, stretches))
        _told(progress, "Indexing words", 1, bare.make_word_indexes(taken))
        _told(progress, "Checking keys", len(taken.keyed_tables()), bare.make_keys(taken, work))
        tables = _tables()
        _told(progress, "Tidying up", len(tables), work(tidy, tables))
    return desk


def write(
    all_lives: Iterable[Life], desk: Desk, place: Place, now: datetime, done: Callable[[int], None]
) -> None:
    """Copy the rows of a few more lives, some thousand tickets a transaction."""
    ids = Ids.after_all(desk)
    rows, count = Rows(), 0
    for count, life in enumerate(all_lives, start=1):
        add(rows, life, place, ids, now)
        if count % BATCH == 0:
            copy(rows)
            rows = Rows()
            done(count)
    copy(rows)
    done(count)
    note_ids(desk, ids.number)


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Let this process's connection work fast, on a database that can be made again."""
    hurry()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for name in _IN_A_HURRY:
                cursor.execute(f"reset {name}")


def hurry() -> None:
    """The same for good, in a process that does nothing else."""
    with connection.cursor() as cursor:
        for name, value in _IN_A_HURRY.items():
            cursor.execute(f"set {name} = {value}")


def tidy(table: str) -> None:
    """Say what is in a table, so that the best ways through it are found, and that all of it is visible."""
    with connection.cursor() as cursor:
        cursor.execute(f"vacuum (analyze) {table}")


def _analyse(tables: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"analyze {', '.join(tables)}")


def _tables() -> list[str]:
    """All tables, the large ones first."""
    large = [*(each.name for each in TABLES.values()), "tickets_tickettext"]
    return [*large, *(each for each in connection.introspection.table_names() if each not in large)]


def _told(
    progress: Progress,
    what: str,
    of: int,
    results: Iterable[_Done],
    size: Callable[[_Done], int] = lambda _: 1,
) -> None:
    """Tell how far a part of the work has come, as its results arrive."""
    done = 0
    progress(what, 0, of)
    for each in results:
        done += size(each)
        progress(what, done, of)
