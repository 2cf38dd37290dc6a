"""A CSV file as rows with line numbers, however a spreadsheet program wrote it.

Excel separates by semicolons where the comma is for decimals, begins UTF-8 with a byte order mark or not, writes
"Unicode text" in UTF-16 with tabs, puts `sep=;` into a first line of its own, and leaves rows of separators only.
A cell is text: what begins like a formula is stored as it stands.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.people.importing.columns import KINDS, Kind, kind_of, known_columns
from upheld.people.importing.rows import CellRefused, Problem

MOST_BYTES = 50 * 1024 * 1024
MOST_ROWS = 100_000
MOST_PROBLEMS = 1_000
# Of one row, with all of its lines: no sensible one has as many, and a foolish one would be millions of cells.
MOST_LETTERS_A_ROW = 500_000
MOST_COLUMNS = 200
SEPARATORS = ",;\t"
_SEP_LINE = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)


class SheetRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it begins in the file, and its cells by their columns; columns that are left out are empty."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole table. `problems` are rows that have no sensible form."""

    kind: Kind
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]


def read_sheet(data: bytes, *, most_rows: int = MOST_ROWS) -> Sheet:
    """Read a file; raises SheetRefused."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(
            _("The file is larger than %(most)s MB. Divide it.") % {"most": MOST_BYTES // 1024**2}
        )
    text, skipped = _without_sep_line(decoded(data))
    separator = _separator(text)
    rows = _rows(text, separator, skipped)
    _line, header = next(rows, (0, []))
    if len(header) > MOST_COLUMNS:
        raise SheetRefused(_("The first line has more than %(most)s columns.") % {"most": MOST_COLUMNS})
    names = _names(header)
    kind = kind_of(names)
    if kind is None:
        raise SheetRefused(_no_header())
    _check_header(names, kind)
    return _sheet(kind, names, rows, most_rows)


def decoded(data: bytes) -> str:
    """Return the text of a file; raises SheetRefused for what is none."""
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        said = {"line": data.count(b"\n", 0, error.start) + 1}
        raise SheetRefused(
            _("Line %(line)s is not UTF-8 text. Save the file as “CSV UTF-8” and choose it again.") % said
        ) from None
    if "\0" in text:
        raise SheetRefused(_("This is no text but a file of another program. Save it as “CSV UTF-8” there."))
    return text


def _without_sep_line(text: str) -> tuple[str, int]:
    found = _SEP_LINE.match(text)
    return (text[found.end() :], 1) if found else (text, 0)


def _separator(text: str) -> str:
    """What stands between the names of the header; where none of them is known, what the whole looks like."""
    beginning = text.lstrip("\r\n")[:8_192]
    header = re.split(r"[\r\n]", beginning, maxsplit=1)[0].replace('"', "")
    known = known_columns()

    def fits(separator: str) -> int:
        return len(known & set(_names(header.split(separator))))

    best = max(SEPARATORS, key=fits)
    if fits(best):
        return best
    try:
        return csv.Sniffer().sniff(text[:8_192], SEPARATORS).delimiter
    except csv.Error:
        return best


def _rows(text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, each with the line on which it begins."""
    lines = _Lines(text, skipped)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 1 + skipped
    while True:
        lines.letters = 0
        try:
            cells = [each.strip() for each in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            said = {"line": begins}
            raise SheetRefused(
                _("The row that begins on line %(line)s does not end. Look for a quotation mark too many.")
                % said
            ) from None
        if any(cells):
            yield begins, cells
        begins = reader.line_num + 1 + skipped


class _Lines:
    """The lines of a text, as long as one row does not go on and on. Raises SheetRefused where it does."""

    def __init__(self, text: str, skipped: int) -> None:
        self._lines = io.StringIO(text, newline="")
        self.number = skipped
        self.letters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._lines.readline(MOST_LETTERS_A_ROW + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.letters += len(line)
        if self.letters > MOST_LETTERS_A_ROW:
            raise SheetRefused(
                _("The row on line %(line)s is too long. Look for a quotation mark too many.")
                % {"line": self.number}
            )
        return line


def _names(header: list[str]) -> list[str]:
    """The names of columns: `Technical contacts` and `technical-contacts` are `technical_contacts`."""
    return [re.sub(r"[\s_-]+", "_", each.strip().lower()).strip("_") for each in header]


def _no_header() -> str:
    known = "; ".join(f"{table.title}: {', '.join(table.names)}" for table in KINDS.values())
    return _("The first line has to name the columns. There are three kinds of files. %(known)s.") % {
        "known": known
    }


def _check_header(names: list[str], kind: Kind) -> None:
    table = KINDS[kind]
    said = {"kind": table.title, "known": ", ".join(table.names)}
    named = [each for each in names if each]
    if unknown := [each for each in named if each not in table.names]:
        said["names"] = ", ".join(unknown)[:200]
        raise SheetRefused(
            _("%(kind)s have no column %(names)s. Take it out, or name it as one of: %(known)s.") % said
        )
    if twice := sorted({each for each in named if named.count(each) > 1}):
        raise SheetRefused(_("The column %(names)s is there twice.") % {"names": ", ".join(twice)})
    if missing := [each for each in table.required if each not in named]:
        said["names"] = ", ".join(missing)
        raise SheetRefused(_("%(kind)s need the column %(names)s. All columns are: %(known)s.") % said)


def _sheet(kind: Kind, names: list[str], rows: Iterator[tuple[int, list[str]]], most_rows: int) -> Sheet:
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, cells in rows:
        if len(lines) >= most_rows:
            said = {"most": f"{most_rows:,}"}
            raise SheetRefused(
                _("The file has more than %(most)s rows. Divide it, or use the command.") % said
            )
        try:
            lines.append(Line(number, _cells(kind, names, cells)))
        except CellRefused as refused:
            problems.append(Problem(number, refused.column, str(refused)))
            if len(problems) >= MOST_PROBLEMS:
                break
    return Sheet(kind, tuple(lines), tuple(problems))


def _cells(kind: Kind, names: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(names) :]):
        raise CellRefused(
            "", _("The row has more cells than the header. Is a separator within a cell not quoted?")
        )
    found = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    if any(cell for name, cell in zip(names, cells, strict=False) if not name):
        raise CellRefused("", _("A cell stands under no name. Name its column in the first line."))
    for column in KINDS[kind].columns:
        cell = found.get(column.name, "")
        if column.required and not cell:
            raise CellRefused(column.name, _("This cell has to be filled."))
        if len(cell) > column.longest:
            raise CellRefused(column.name, _("At most %(most)s characters fit.") % {"most": column.longest})
    return found
