"""Base64, in whatever state it arrives."""

import binascii
import re

_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(_LETTERS) - set(b"-_"))
_SAMPLE = 2_000
_LINE = re.compile(rb"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_SHORTEST_LINE = 8
# One in so many bytes of a text in words is a space or a mark at least; noise in base64 is rarer.
_WORDS = 12


def from_base64(encoded: bytes | memoryview) -> bytes:
    """Return what can be read of base64: junk between the letters, and an end that was cut off, cost nothing more."""
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:
        letters = bytes(encoded).translate(_URL_SAFE, _OTHERS)
        rest = len(letters) % 4
        whole = binascii.a2b_base64(memoryview(letters)[: len(letters) - rest])
        return whole + binascii.a2b_base64(letters[-rest:] + b"=" * (4 - rest)) if rest > 1 else whole


def is_in_words(encoded: bytes | memoryview) -> bool:
    """Whether what is called base64 is a text in words, which a program labelled and never encoded."""
    lines = [line for line in bytes(encoded[:_SAMPLE]).split(b"\n") if line.strip()]
    if not any(b" " in line.strip() for line in lines):
        return False
    first = lines[0].strip()
    if _LINE.fullmatch(first) and (len(first) >= _SHORTEST_LINE or b"=" in first):
        return False
    sample = b"".join(lines)
    return len(sample.translate(None, _LETTERS + b"=")) * _WORDS >= len(sample)
