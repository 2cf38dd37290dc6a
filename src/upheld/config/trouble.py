"""Errors that a person can act on."""

from __future__ import annotations


class Trouble(Exception):  # noqa: N818 - it is told to people, as a sentence
    """Something outside the program stands in the way: told in one line, with what to do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.remedy) if part)
