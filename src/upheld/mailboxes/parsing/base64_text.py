"""Base64, in whatever state it arrives."""

import binascii

_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_OTHERS = bytes(set(range(256)) - set(_LETTERS) - set(b"-_"))


def from_base64(encoded: bytes | memoryview) -> bytes:
    """Return what can be read of base64: junk between the letters, and an end that was cut off, cost nothing more."""
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:
        letters = bytes(encoded).translate(_URL_SAFE, _OTHERS)
        rest = len(letters) % 4
        whole = binascii.a2b_base64(memoryview(letters)[: len(letters) - rest])
        return whole + binascii.a2b_base64(letters[-rest:] + b"=" * (4 - rest)) if rest > 1 else whole
