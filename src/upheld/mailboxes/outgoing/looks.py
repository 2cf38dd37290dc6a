"""How a desk's letters look."""

from dataclasses import dataclass

from upheld.desks.models import Desk
from upheld.rules.colours import ColourRefused, colour, ink_on

_USUAL = "#1f5fbf"


@dataclass(frozen=True, slots=True)
class Look:
    """`accent` fills buttons and the line above a letter, which a desk without a colour of its own does not have;
    `ink` is the text on it. Words never stand in the accent: a desk's colour need not be readable on a ground that
    the reader's mail program chose."""

    accent: str = _USUAL
    ink: str = "#ffffff"
    own: bool = False


def look_of(desk: Desk | None) -> Look:
    """Return the look of a desk's letters; the usual one where it has no colour, or one that is none."""
    if desk is None or not desk.colour:
        return Look()
    try:
        accent = colour(desk.colour)
    except ColourRefused:
        return Look()
    return Look(accent=accent, ink=ink_on(accent), own=True)
