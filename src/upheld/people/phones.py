"""Phone numbers as callers are found by them."""

import re

LONGEST = 20
# What follows it is dialled after the call was taken, and differs for everybody at the same number.
_EXTENSION = re.compile(r"(?:\b(?:ext|extension|durchwahl)\b\.?|#|x(?=\s*\d)).*", re.IGNORECASE | re.DOTALL)
# Written for people at home, and left out by those who dial the country's code.
_TRUNK = re.compile(r"\(0\)")


def digits_of(phone: str) -> str:
    """Return the digits of a phone number, with the country's code where it was given: `+44 (0)20 7946 0018` and
    `0044 20 7946 0018` are the same."""
    number = _EXTENSION.sub("", phone).strip()
    international = number.startswith(("+", "00"))
    if international:
        number = _TRUNK.sub("", number)
    digits = "".join(char for char in number if char.isascii() and char.isdigit())
    if international and not number.startswith("+"):
        digits = digits.removeprefix("00")
    return digits[:LONGEST]
