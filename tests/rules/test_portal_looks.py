"""A portal's look: whatever colour is chosen, everything can be read, and nothing but known values gets through."""

import math
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import upheld.web
from upheld.rules.colours import contrast
from upheld.rules.looks import DARK_GROUND, LIGHT_GROUND, LookRefused, accent_of, read_look, tokens

TOKENS = Path(upheld.web.__file__).parent / "static" / "web" / "css" / "tokens"
STATES = ("running", "met", "due-soon", "breached", "paused")
GROUNDS = (
    *("canvas", "surface", "sunken", "hover", "note", "reply", "unseen"),
    *(f"{state}-soft" for state in STATES),
)
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def hexadecimal(oklch: str) -> str:
    """What a browser shows for `oklch(99% 0.003 95)`."""
    lightness, chroma, hue = (float(each.rstrip("%")) for each in oklch.split())
    green_red = chroma * math.cos(math.radians(hue))
    blue_yellow = chroma * math.sin(math.radians(hue))
    long, medium, short = (
        (lightness / 100 + one * green_red + other * blue_yellow) ** 3
        for one, other in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.2914855480),
        )
    )
    rows = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    linear = (max(0.0, a * long + b * medium + c * short) for a, b, c in rows)
    shown = (12.92 * each if each <= 0.0031308 else 1.055 * each ** (1 / 2.4) - 0.055 for each in linear)
    return "#" + "".join(f"{round(255 * min(each, 1)):02x}" for each in shown)


def token(name: str) -> tuple[str, str]:
    """What a token is on light pages, and on dark ones."""
    raw = dict(re.findall(r"--([\w-]+): oklch\(([^)]+)\);", (TOKENS / "raw.css").read_text()))
    meanings = (TOKENS / "meanings.css").read_text()
    found = re.search(rf"--{name}: light-dark\(var\(--([\w-]+)\), var\(--([\w-]+)\)\);", meanings)
    assert found, name
    return hexadecimal(raw[found[1]]), hexadecimal(raw[found[2]])


def test_no_ground_of_the_pages_is_harder_than_those_that_are_reckoned_with() -> None:
    for name in GROUNDS:
        light, dark = token(name)
        assert contrast("#000000", light) >= contrast("#000000", LIGHT_GROUND) - 0.05, name
        assert contrast("#ffffff", dark) >= contrast("#ffffff", DARK_GROUND) - 0.05, name


@given(colours)
def test_any_colour_becomes_one_that_can_be_read_on_every_ground(given_colour: str) -> None:
    accent = accent_of(given_colour)
    on_light, on_dark = token("on-action")
    for shade in (accent.light, accent.light_strong):
        assert contrast(shade, LIGHT_GROUND) >= 4.5
        assert contrast(shade, on_light) >= 4.5
    for shade in (accent.dark, accent.dark_strong):
        assert contrast(shade, DARK_GROUND) >= 4.5
        assert contrast(shade, on_dark) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert accent_of("#1d4ed8").light == "#1d4ed8"
    assert accent_of("#1d4ed8").dark != "#1d4ed8"
    assert accent_of("#ffd400").dark == "#ffd400"
    assert accent_of("#ffd400").light != "#ffd400"


@pytest.mark.parametrize(
    "typed",
    [
        {"accent": "red"},
        {"accent": "#12345"},
        {"accent": "#fff;} body{display:none"},
        {"corners": "0; } * { color: red"},
        {"scale": "3rem"},
    ],
)
def test_nothing_but_known_values_is_a_look(typed: dict[str, str]) -> None:
    with pytest.raises(LookRefused):
        read_look(typed)


def test_only_what_is_not_as_usual_is_kept_and_sets_tokens() -> None:
    assert read_look({}).stored() == {}
    assert tokens(read_look({"accent": " ", "corners": "soft"})) == {}
    look = read_look({"accent": "#0B5", "corners": "round", "scale": "wide"})
    assert look.stored() == {"accent": "#00bb55", "corners": "round", "scale": "wide"}
    assert tokens(look)["brand"] == "#00bb55"
    assert tokens(look)["radius"] == "0.75rem"
    assert tokens(look)["size-display"] == "2rem"
