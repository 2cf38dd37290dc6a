"""The size on disk: of the whole database, and of what a thousand tickets take, by table."""

from collections.abc import Iterator

from django.db import connection

from bench.row import Row

_LISTED = 6
_SIZES = """
select c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid)
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname = 'public' order by pg_total_relation_size(c.oid) desc
"""


def run(size: int) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute("select pg_database_size(current_database())")
        whole = cursor.fetchone()[0]
        cursor.execute(_SIZES)
        tables = cursor.fetchall()
    thousands = size / 1_000
    yield Row("disk", "the whole database", whole / 1024**2, "MB", size=size)
    yield Row("disk", "of a thousand tickets", whole / 1024 / thousands, "kB", size=size)
    others = 0.0
    for place, (name, table, indexes) in enumerate(tables):
        taken = (table + indexes) / 1024 / thousands
        if place >= _LISTED:
            others += taken
            continue
        note = f"rows {table / 1024 / thousands:,.0f}, indexes {indexes / 1024 / thousands:,.0f}"
        yield Row("disk", f"of a thousand tickets: {name}", taken, "kB", note=note, size=size)
    yield Row("disk", "of a thousand tickets: other tables", others, "kB", size=size)
