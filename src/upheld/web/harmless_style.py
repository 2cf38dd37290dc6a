"""What is left of a stranger's style: how words and tables look. Nothing that loads, moves over other things, or hides.

Knows no Django; a declaration is kept where its property is known and its value has the form that is meant.
"""

import re
from collections.abc import Callable

# What a mail may say of one element; the rest of a longer one is left out.
MOST_DECLARATIONS = 60
MOST_CHARACTERS = 2_000
LARGEST_LENGTH = 2_000
LARGEST_TEXT = 96

_NUMBER = r"\d{1,5}(?:\.\d{1,8})?|\.\d{1,8}"
_LENGTH = re.compile(rf"\A(?P<number>{_NUMBER})(?P<unit>px|pt|em|rem|ex|ch|cm|mm|in|pc|%)?\Z")
_NAMED = re.compile(r"\A[a-z]{1,30}\Z")
_HEX = re.compile(r"\A#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z")
_FUNCTION = re.compile(r"(rgba?|hsla?)\(([0-9.,%/ deg]{1,60})\)")
_FAMILY = re.compile(r"\A[\w ,.'\"-]{1,300}\Z")
_PIXELS = {"px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "cm": 37.8, "mm": 3.78}
_PIXELS |= {"in": 96.0, "pc": 16.0, "%": 1.0, "": 1.0}
_STYLES = frozenset(
    ["none", "hidden", "dotted", "dashed", "solid", "double", "groove", "ridge", "inset", "outset"]
)
_WIDTHS = frozenset(("thin", "medium", "thick"))


def harmless_style(style: str) -> str:
    """Return the declarations of a `style` attribute that may stand, as they may be written back into one."""
    if len(style) > MOST_CHARACTERS or "\\" in style or "/*" in style:
        return ""
    kept = []
    for declaration in style.split(";")[:MOST_DECLARATIONS]:
        name, colon, value = declaration.partition(":")
        name, value = name.strip().lower(), value.lower().replace("!important", "").strip()
        allowed = _PROPERTIES.get(name)
        if colon and allowed is not None and allowed(value):
            # A background is a colour here; what else it could be is refused above.
            kept.append(f"{'background-color' if name == 'background' else name}:{value}")
    return ";".join(kept)


def is_color(value: str) -> bool:
    """Whether this names a colour and nothing else; hiding words by it is for the sandbox's reader to see."""
    value = value.strip().lower()
    return bool(_NAMED.match(value) or _HEX.match(value) or _FUNCTION.fullmatch(value))


def _length(value: str, largest: float = LARGEST_LENGTH) -> bool:
    found = _LENGTH.match(value)
    return bool(found) and float(found["number"]) * _PIXELS[found["unit"] or ""] <= largest  # type: ignore[index]


def _one_of(*words: str) -> Callable[[str], bool]:
    return frozenset(words).__contains__


def _size(value: str) -> bool:
    return value == "auto" or _length(value)


def _sides(value: str) -> bool:
    parts = value.split()
    return 1 <= len(parts) <= 4 and all(map(_size, parts))


def _text_size(value: str) -> bool:
    named = ("xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "smaller", "larger")
    if value in named:
        return True
    found = _LENGTH.match(value)
    if found and found["unit"] == "%":
        return float(found["number"]) <= 400
    return _length(value, LARGEST_TEXT)


def _line_height(value: str) -> bool:
    found = _LENGTH.match(value)
    if found is None:
        return value == "normal"
    number, unit = float(found["number"]), found["unit"] or ""
    # Lines that are set into one another could hide what they say.
    if unit in ("", "em", "rem"):
        return 0.9 <= number <= 4
    return 90 <= number <= 400 if unit == "%" else 10 <= number * _PIXELS[unit] <= LARGEST_TEXT


def _border(value: str) -> bool:
    if value == "0":
        return True
    parts = _FUNCTION.sub("black", value).split()
    known = (lambda part: part in _STYLES, lambda part: part in _WIDTHS or _length(part, 40), is_color)
    return 1 <= len(parts) <= 4 and all(any(check(part) for check in known) for part in parts)


def _border_parts(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda value: (
        1 <= len(_FUNCTION.sub("black", value).split()) <= 4
        and all(check(part) for part in _FUNCTION.sub("black", value).split())
    )


def _border_width(value: str) -> bool:
    return value in _WIDTHS or _length(value, 40)


def _family(value: str) -> bool:
    return bool(_FAMILY.match(value))


def _decoration(value: str) -> bool:
    return bool(value) and all(
        part in ("none", "underline", "line-through", "overline") for part in value.split()
    )


_SIDES = ("top", "right", "bottom", "left")
_PROPERTIES: dict[str, Callable[[str], bool]] = {
    "color": is_color,
    "background": is_color,
    "background-color": is_color,
    "font-family": _family,
    "font-size": _text_size,
    "font-style": _one_of("normal", "italic", "oblique"),
    "font-variant": _one_of("normal", "small-caps"),
    "font-weight": _one_of(
        "normal", "bold", "bolder", "lighter", *(str(each) for each in range(100, 1000, 100))
    ),
    "line-height": _line_height,
    "letter-spacing": lambda value: value == "normal" or _length(value, 10),
    "text-align": _one_of("left", "right", "center", "justify", "start", "end"),
    "text-decoration": _decoration,
    "text-decoration-line": _decoration,
    "text-transform": _one_of("none", "uppercase", "lowercase", "capitalize"),
    "vertical-align": _one_of(
        "top", "middle", "bottom", "baseline", "sub", "super", "text-top", "text-bottom"
    ),
    "white-space": _one_of("normal", "pre", "pre-wrap", "pre-line", "nowrap"),
    "direction": _one_of("ltr", "rtl"),
    "list-style-type": _one_of(
        *(
            "disc",
            "circle",
            "square",
            "decimal",
            "lower-alpha",
            "upper-alpha",
            "lower-roman",
            "upper-roman",
            "none",
        )
    ),
    "border-collapse": _one_of("collapse", "separate"),
    "border-spacing": _sides,
    "border-radius": _sides,
    "border": _border,
    "border-color": _border_parts(is_color),
    "border-style": _border_parts(_STYLES.__contains__),
    "border-width": _border_parts(_border_width),
    "margin": _sides,
    "padding": _sides,
    "width": _size,
    "max-width": _size,
    "min-width": _size,
    "height": _size,
    "display": _one_of("block", "inline", "inline-block", "table", "table-row", "table-cell"),
    "float": _one_of("left", "right", "none"),
    "clear": _one_of("left", "right", "both", "none"),
    **{f"border-{side}": _border for side in _SIDES},
    **{f"border-{side}-color": is_color for side in _SIDES},
    **{f"border-{side}-style": _STYLES.__contains__ for side in _SIDES},
    **{f"border-{side}-width": _border_width for side in _SIDES},
    **{f"margin-{side}": _size for side in _SIDES},
    **{f"padding-{side}": _size for side in _SIDES},
}
