"""What an import makes of the rows of a table."""

from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    added = "added"
    changed = "changed"
    same = "same"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be imported, and what to do. `line` is where its row begins in the file."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One value that a row brings; `before` is empty where there was none."""

    column: str
    before: str
    after: str


@dataclass(slots=True)
class Row:
    """One row of the file, and what it adds or changes. `remarks` are worth a thought and hinder nothing."""

    line: int
    name: str
    is_new: bool = False
    details: list[Detail] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        if self.is_new:
            return Verdict.added
        return Verdict.changed if self.details else Verdict.same

    def tell(self, column: str, before: object, after: object) -> None:
        """Keep a value that becomes another one."""
        self.details.append(Detail(column, _words(before), _words(after)))


class CellRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """Nothing can be made of a cell; the message says what to do."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
