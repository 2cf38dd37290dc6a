"""A desk's own colour, and the colour in which text on it can be read.

Contrast is that of WCAG 2: between 1 and 21. Whatever the colour, black or white reaches at least 4.58 on it, which is
the root of 21, and that is above the 4.5 asked of text.
"""

import re

BLACK, WHITE = "#000000", "#ffffff"
_LONG = re.compile(r"\A#[0-9a-f]{6}\Z")
_SHORT = re.compile(r"\A#[0-9a-f]{3}\Z")


class ColourRefused(ValueError):  # noqa: N818 - it reads as the sentence it is
    """A colour is written as # and six hexadecimal digits, like #00bb55, or as # and three, like #0b5."""


def colour(text: str) -> str:
    """Return a colour as `#rrggbb`; raises ColourRefused for what is none."""
    written = text.strip().lower()
    if _SHORT.match(written):
        return "#" + "".join(digit * 2 for digit in written[1:])
    if not _LONG.match(written):
        raise ColourRefused(f"{text[:40]!r}: {ColourRefused.__doc__}")
    return written


def ink_on(ground: str) -> str:
    """Return black or white, whichever is read better on this colour."""
    return max(BLACK, WHITE, key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """Return how well one `#rrggbb` stands out from another: 1 for the same, 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(text: str) -> float:
    red, green, blue = (_linear(int(text[place : place + 2], 16) / 255) for place in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
