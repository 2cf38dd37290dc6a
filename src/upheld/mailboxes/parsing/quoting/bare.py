"""Lines as they are compared: what programs vary at will - marks, stars, kinds of spaces and dashes - taken out."""

import re
import unicodedata

LONGEST = 600

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "：": ":"})
_LETTERS_ONLY = re.compile(r"[\W_]+")
_ADDRESS_OF_LINK = re.compile(r"<(?:https?|mailto|ftp):[^<>\s]{1,2000}>")


def bare(line: str) -> str:
    """Return the beginning of a line with single spaces, in plain typography, without stars around it."""
    line = line[:LONGEST]
    if not line.isascii():
        line = unicodedata.normalize("NFC", _INVISIBLE.sub("", line)).translate(_TYPOGRAPHY)
    return " ".join(line.replace("*", " ").split()).strip("_ ")


def letters(text: str) -> str:
    """Return the letters and digits of a text alone, without the addresses of its links: what the plain and the
    HTML form of the same words have in common."""
    return _LETTERS_ONLY.sub("", _ADDRESS_OF_LINK.sub("", text)).lower()
