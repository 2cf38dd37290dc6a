"""Ids and numbers of generated rows: each chunk of tickets has ranges of its own, whoever writes it."""

from dataclasses import dataclass
from typing import Self

from django.db import connection

from upheld.desks.models import Desk
from upheld.desks.numbers import start_series, upcoming
from upheld.lab.generator.tables import TABLES

# Of everything but tickets and participants a chunk has this many ids for each message that a ticket has on average:
# many times what it needs.
ROOM = 70


@dataclass(slots=True)
class Ids:
    """The next free id of each table, by the names that `TABLES` gives them, and the next number of the desk."""

    free: dict[str, int]
    number: int

    @classmethod
    def after_all(cls, desk: Desk) -> Self:
        """Return those behind everything that is stored."""
        with connection.cursor() as cursor:
            free = {}
            for name, table in TABLES.items():
                cursor.execute(f"select coalesce(max(id), 0) + 1 from {table.name}")  # noqa: S608 - of ours
                free[name] = cursor.fetchone()[0]
        return cls(free, upcoming(desk))

    def take(self, name: str) -> int:
        """Return the next free id of a table."""
        taken = self.free[name]
        self.free[name] = taken + 1
        return taken

    def take_number(self) -> int:
        """Return the next number of the desk."""
        self.number += 1
        return self.number - 1

    def ahead(self, tickets: int, messages: int) -> "Ids":
        """Return where they are behind the ranges of so many tickets with so many messages each."""
        ones = {"ticket", "participant"}
        free = {
            name: each + tickets * (1 if name in ones else ROOM * messages)
            for name, each in self.free.items()
        }
        return Ids(free, self.number + tickets)


def note_ids(desk: Desk, number: int) -> None:
    """Let the database draw ids behind those that are stored, and the desk's numbers go on from `number`."""
    with connection.cursor() as cursor:
        for table in TABLES.values():
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{table.name}', 'id'), coalesce(max(id), 0) + 1, false)"  # noqa: S608
                f" from {table.name}"
            )
    start_series(desk, number)
