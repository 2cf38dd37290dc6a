"""Tables without their indexes and keys for as long as they are filled; afterwards all of them are made again, from
their own definitions, and every key is checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from upheld.lab.generator.tables import TABLES
from upheld.lab.generator.work import Work

# Made last, once it is known what is to be found.
_OF_WORDS = "tickets_tickettext"

_KEYS = """
select con.conrelid::regclass::text, con.conname, con.contype::text, pg_get_constraintdef(con.oid),
    case when con.contype = 'f' then '' else pg_get_indexdef(con.conindid) end,
    con.conindid::regclass::text
from pg_constraint con
where con.contype in ('p', 'u', 'f')
    and (con.conrelid = any (%(tables)s::regclass[]) or con.confrelid = any (%(tables)s::regclass[]))
order by con.contype = 'f', con.conrelid, con.conname
"""
_INDEXES = """
select ind.indrelid::regclass::text, ind.indexrelid::regclass::text, pg_get_indexdef(ind.indexrelid)
from pg_index ind
where ind.indrelid = any (%(tables)s::regclass[])
    and not exists (
        select from pg_constraint con where con.conindid = ind.indexrelid and con.contype in ('p', 'u', 'x')
    )
order by ind.indrelid, ind.indexrelid
"""


@dataclass(frozen=True, slots=True)
class _Key:
    """A primary key, a uniqueness or a foreign key, and the index that is its own."""

    table: str
    name: str
    kind: str
    definition: str
    index: str

    def own_index(self) -> str:
        return "primary key" if self.kind == "p" else "unique"


@dataclass(frozen=True, slots=True)
class Definitions:
    """What was taken off the tables."""

    keys: Sequence[_Key]
    indexes: Sequence[tuple[str, str]]

    def of_words(self) -> list[str]:
        """The indexes by which search finds."""
        return [made for table, made in self.indexes if table == _OF_WORDS]

    def keyed_tables(self) -> dict[str, list[_Key]]:
        """The foreign keys, by the table that has them."""
        found: dict[str, list[_Key]] = {}
        for key in self.keys:
            if key.kind == "f":
                found.setdefault(key.table, []).append(key)
        return found

    def others(self) -> list[str]:
        """Every other index, those of keys among them."""
        of_keys = [each.index for each in self.keys if each.index]
        return [*of_keys, *(made for table, made in self.indexes if table != _OF_WORDS)]


def strip() -> Definitions:
    """Take indexes and keys off all tables that are filled, and off others the keys that name them."""
    tables = [*(each.name for each in TABLES.values()), _OF_WORDS]
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, {"tables": tables})
        found = cursor.fetchall()
        cursor.execute(_INDEXES, {"tables": tables})
        indexes = cursor.fetchall()
        keys = [_Key(*row[:5]) for row in found]
        for key in reversed(keys):
            cursor.execute(f'alter table {key.table} drop constraint "{key.name}"')
        for _, name, _ in indexes:
            cursor.execute(f"drop index {name}")
    return Definitions(keys, [(table, made) for table, _, made in indexes])


def run(statement: str) -> None:
    """Carry out one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def make_indexes(taken: Definitions, work: Work) -> Iterator[None]:
    """Make every index but that of the words, and let keys have theirs; yields as each index is made."""
    yield from work(run, taken.others())
    for key in taken.keys:
        if key.index:
            run(
                f'alter table {key.table} add constraint "{key.name}" {key.own_index()} using index "{key.name}"'
            )


def make_word_indexes(taken: Definitions) -> Iterator[None]:
    """Make the index of the words, with as many processes as PostgreSQL gives."""
    for statement in taken.of_words():
        yield run(statement)


def make_keys(taken: Definitions, work: Work) -> Iterator[None]:
    """Make the foreign keys again, and check every row by them; yields as each table is checked."""
    keyed = taken.keyed_tables()
    for table, keys in keyed.items():
        for key in keys:
            run(f'alter table {table} add constraint "{key.name}" {key.definition} not valid')
    checks = (", ".join(f'validate constraint "{key.name}"' for key in keys) for keys in keyed.values())
    yield from work(run, [f"alter table {table} {each}" for table, each in zip(keyed, checks, strict=True)])
