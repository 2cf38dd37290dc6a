"""Ticket numbers: a series for each desk, as a sequence of PostgreSQL's.

A counter in the desk's row would make the openings on one desk wait for each other until the commit. A sequence does
not; the price is a gap where an opening fails.
"""

from django.db import connection

from upheld.desks.models import Desk

FIRST = 1001


def start_series(desk: Desk, first: int = FIRST) -> None:
    """Let the desk's numbers go on from `first`."""
    name = _name(desk)
    with connection.cursor() as cursor:
        cursor.execute(f"create sequence if not exists {name}")
        cursor.execute("select setval(%s, %s, false)", [name, first])


def draw_number(desk: Desk) -> str:
    """Return the next number of the desk, prefix included. Nobody else gets it, even if it stays unused."""
    return f"{desk.number_prefix}-{_ask('select nextval(%s)', _name(desk))}"


def upcoming(desk: Desk) -> int:
    """Return what the next draw would return, if nobody else drew before."""
    return _ask(f"select last_value + is_called::integer from {_name(desk)}")  # noqa: S608 - a name of ours


def _name(desk: Desk) -> str:
    return f"desks_number_{int(desk.pk)}"


def _ask(question: str, *values: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row = cursor.fetchone()
    return int(row[0])
