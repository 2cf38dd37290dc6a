"""Text from strangers, cleaned once: what neither a database nor a page nor a header can hold is taken out."""

import re

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Marks that change the direction of what follows make `exe.pdf` of `fdp.exe`.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|]')


def clean(text: str) -> str:
    """Return text of any number of lines, which end in LF."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _UNPRINTABLE.sub("", text))


def clean_line(text: str, limit: int) -> str:
    """Return text of one line, with single spaces, of at most `limit` characters."""
    line = " ".join(_DIRECTION.sub("", clean(text[: limit * 4].replace("\x00", ""))).split())
    return line[:limit].rstrip()


def clean_file_name(name: str, limit: int) -> str:
    """Return a name that can be shown and offered for saving; empty where nothing is left of it."""
    last = name[-4 * limit :].replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = _IN_FILE_NAMES.sub("_", clean_line(last, 4 * limit)).strip(". ")
    if len(cleaned) <= limit:
        return cleaned
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 10:
        return cleaned[:limit]
    return stem[: limit - len(ending) - 1] + dot + ending
