"""The time as a command reads it, once."""

from __future__ import annotations

from datetime import datetime


def present_instant() -> datetime:
    """Return the present instant of the desk whose data the command works on. Django is set up before this."""
    from upheld.desks import present

    return present.now()
