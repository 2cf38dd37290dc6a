"""Who is named in a note."""

import pytest

from upheld.rules.mentions import mentioned

NAMES = {1: "Bob Tanaka", 2: "Lena Novak", 3: "Lena", 4: "Ann Lee", 5: "Ann Okafor", 6: "Zoë"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Bob Tanaka, please look", [1]),
        ("(@bob) and\n@LENA NOVAK.", [1, 2]),
        ("@Lena", [3]),
        ("@Ann", []),  # two have that name
        ("@Ann Lee and @Ann Okafor: @Ann Lee!", [4, 5]),
        ("@Bobby", []),
        ("@Ann Leeson", []),
        ("bob@Bob Tanaka", []),
        ("mail to x@lena", []),
        ("@zoë?", [6]),
        ("@ Bob", []),
        ("@@Bob", []),
        ("nobody", []),
        ("", []),
    ],
)
def test_a_name_behind_an_at_names_whoever_has_it(text: str, who: list[int]) -> None:
    assert mentioned(text, NAMES) == who


def test_names_are_plain_text() -> None:
    assert mentioned("@a.b @axb", {1: "a.b", 2: "(x"}) == [1]
    assert mentioned("@(x", {1: " ", 2: "(x"}) == [2]
    assert mentioned("@" * 200_000, NAMES) == []
