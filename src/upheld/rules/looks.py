"""A portal's own look: a few values, and the design tokens that follow from them.

Nothing of it is free text. From the one colour that may be chosen come a shade for light pages and one for dark pages,
each moved towards black or white until it can be read as text on every ground of such a page (WCAG AA), and until text
can be read on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from upheld.rules.colours import BLACK, WHITE, ColourRefused, colour, contrast

READABLE = 4.5
# The hardest ground of each kind of page: the darkest of the light ones, and the lightest of the dark ones. Both are
# grounds of notices.
LIGHT_GROUND, DARK_GROUND = "#fee9e6", "#392710"

USUAL_CORNERS, USUAL_SCALE = "soft", "usual"
# The radius of cards, fields and buttons, and of what is smaller.
CORNERS: Mapping[str, tuple[str, str]] = {
    "square": ("0", "0"),
    "soft": ("0.3125rem", "0.1875rem"),
    "round": ("0.75rem", "0.4375rem"),
}
# How far headings stand out from the text: of a lead, a title and the largest heading.
SCALES: Mapping[str, tuple[str, str, str]] = {
    "narrow": ("1rem", "1.125rem", "1.375rem"),
    "usual": ("1.0625rem", "1.3125rem", "1.625rem"),
    "wide": ("1.1875rem", "1.5rem", "2rem"),
}


class LookRefused(ValueError):  # noqa: N818 - it reads as the sentence it is
    """A look is a colour, a shape of corners and a width of the type scale."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a portal looks; without an accent it has the colours of the program."""

    accent: str = ""
    corners: str = USUAL_CORNERS
    scale: str = USUAL_SCALE

    def stored(self) -> dict[str, str]:
        """Return what is not as usual, to be kept."""
        usual = Look()
        values = {"accent": self.accent, "corners": self.corners, "scale": self.scale}
        return {name: value for name, value in values.items() if value != getattr(usual, name)}


@dataclass(frozen=True, slots=True)
class Accent:
    """A colour as it was given, and its shades for light and dark pages; `*_strong` are those under a pointer."""

    given: str
    light: str
    light_strong: str
    dark: str
    dark_strong: str


def read_look(values: Mapping[str, str]) -> Look:
    """Return the look of stored or typed values; raises LookRefused for what is none."""
    try:
        accent = colour(values["accent"]) if values.get("accent", "").strip() else ""
    except ColourRefused as refused:
        raise LookRefused(str(refused)) from None
    corners, scale = values.get("corners") or USUAL_CORNERS, values.get("scale") or USUAL_SCALE
    if corners not in CORNERS:
        raise LookRefused(f"{corners[:40]!r}: corners are {', '.join(CORNERS)}.")
    if scale not in SCALES:
        raise LookRefused(f"{scale[:40]!r}: the type scale is {', '.join(SCALES)}.")
    return Look(accent, corners, scale)


def accent_of(given: str) -> Accent:
    """Return the shades of a colour in which it can be read."""
    light = _readable(given, LIGHT_GROUND, BLACK)
    dark = _readable(given, DARK_GROUND, WHITE)
    return Accent(given, light, mixed(light, BLACK, 15), dark, mixed(dark, WHITE, 25))


def tokens(look: Look) -> dict[str, str]:
    """Return the design tokens that the look sets, with their values; those that it leaves alone are not there."""
    usual, found = Look(), {}
    if look.accent:
        accent = accent_of(look.accent)
        main = f"light-dark({accent.light}, {accent.dark})"
        strong = f"light-dark({accent.light_strong}, {accent.dark_strong})"
        found = {"brand": accent.given, "link": main, "action": main, "action-hover": strong, "focus": main}
    if look.corners != usual.corners:
        found |= dict(zip(("radius", "radius-small"), CORNERS[look.corners], strict=True))
    if look.scale != usual.scale:
        found |= dict(zip(("size-lead", "size-title", "size-display"), SCALES[look.scale], strict=True))
    return found


def mixed(one: str, other: str, percent: int) -> str:
    """Return a colour moved by so much towards another."""
    channels = ((int(one[place : place + 2], 16), int(other[place : place + 2], 16)) for place in (1, 3, 5))
    return "#" + "".join(f"{round(begin + (end - begin) * percent / 100):02x}" for begin, end in channels)


def _readable(given: str, ground: str, end: str) -> str:
    """The nearest shade on the way to black or white that can be read on the ground."""
    shades = (mixed(given, end, percent) for percent in range(101))
    return next(shade for shade in shades if contrast(shade, ground) >= READABLE)
