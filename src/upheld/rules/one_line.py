"""Names and subjects of strangers as one harmless line."""

import unicodedata


def one_line(text: str, limit: int) -> str:
    """Return text without line ends, control and invisible steering characters, cut to `limit` characters."""
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text[: limit * 8])
    shown = (char for char in kept if unicodedata.category(char) not in ("Cf", "Cs"))
    return " ".join("".join(shown).split())[:limit].strip()
