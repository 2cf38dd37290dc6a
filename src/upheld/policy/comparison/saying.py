"""How values are put into sentences."""

import re
from collections.abc import Sequence

_SHOWN, _AROUND = 90, 24
# A quoted sentence has its own full stop.
_STOPS = re.compile(r"([.!?])”\.")
_COUNTED = re.compile(r"(\D*)(\d+)( .*?)(s?)")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence(text: str) -> str:
    """Return a sentence with its capital letter, and with one full stop where it ends in a quoted one."""
    return _STOPS.sub(r"\1”", text[:1].upper() + text[1:])


def quoted(text: str) -> str:
    """Return the words of a document in quotes, cut short where they are long."""
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= _SHOWN else _cut(plain, 0, _SHOWN)}”"


def both_quoted(old: str, new: str) -> tuple[str, str]:
    """Return two texts in quotes; where they are long, from about where they begin to differ."""
    one, other = " ".join(old.split()), " ".join(new.split())
    if max(len(one), len(other)) <= _SHOWN:
        return f"“{one}”", f"“{other}”"
    start = _common(one, other) - _AROUND
    end = max(len(one), len(other)) - _common(one[::-1], other[::-1]) + _AROUND
    cut = min(end, start + 2 * _SHOWN)
    return f"“{_cut(one, start, cut)}”", f"“{_cut(other, start, cut)}”"


def _common(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _cut(text: str, start: int, end: int) -> str:
    """Return the words from about `start` to about `end`."""
    start, end = max(0, start), min(len(text), end)
    if start:
        start = text.rfind(" ", 0, start + 1) + 1
    if end < len(text):
        found = text.find(" ", end)
        end = found if found >= 0 else len(text)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def instead(new: str, old: str) -> str:
    """Return `8 working hours instead of 16` for two amounts that differ in their number only."""
    return f"{new} instead of {shorter(new, old)}"


def shorter(new: str, old: str) -> str:
    """Return an old amount without what it has in common with the new one: its number where the rest is the same."""
    ours, theirs = _COUNTED.fullmatch(new), _COUNTED.fullmatch(old)
    return theirs[2] if ours and theirs and (ours[1], ours[3]) == (theirs[1], theirs[3]) else old
