"""What agents press waits a little before it happens, so that they can take it back; then it counts at the press.

A press is a stored row: closing the browser or killing any process changes nothing about it. While one waits, the
clocks of its desk are settled up to its instant only, as they are while mail is unread: what is due in between does not
happen if the reply prevents it.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from types import ModuleType

from django.db.models import QuerySet

from upheld.tickets.models import Press

# By the kind of press, the module that does it.
_DEEDS: Mapping[str, str] = {
    Press.Kind.REPLY: "upheld.tickets.presses.reply",
    Press.Kind.MACRO: "upheld.tickets.presses.macro",
    Press.Kind.BULK: "upheld.tickets.presses.bulk",
    Press.Kind.SIDE: "upheld.tickets.presses.side",
}


def deed_of(press: Press) -> ModuleType:
    """Return the module that does a press: `check(press, moment)` and `do(press, moment)`."""
    return import_module(_DEEDS[press.kind])


def waiting() -> QuerySet[Press]:
    """Return the presses of which nothing has happened yet."""
    return Press.objects.filter(state=Press.State.WAITING)


def oldest_waiting(desk_id: int | None, *, doing: int | None = None) -> datetime | None:
    """Return when the oldest press of a desk was made that still waits; `doing` is the one that is just being done. One
    that failed holds up nothing any more."""
    presses = waiting().filter(tries=0).exclude(pk=doing)
    if desk_id is not None:
        presses = presses.filter(desk_id=desk_id)
    return presses.order_by("pressed_at").values_list("pressed_at", flat=True).first()
