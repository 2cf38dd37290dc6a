"""From a sheet to a plan, and from the plan to the database."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from upheld.desks.models import Desk
from upheld.people.importing.columns import Kind
from upheld.people.importing.contacts import Contacts
from upheld.people.importing.contracts import Contracts
from upheld.people.importing.organizations import Organizations
from upheld.people.importing.rows import CellRefused, Problem, Row, Verdict
from upheld.people.importing.sheet import MOST_PROBLEMS, Line, Sheet
from upheld.people.refused import CustomerRefused

# The columns of particulars by another name than the file's.
_NAMED = {"domain": "domains"}
Advance = Callable[[int], None]


class Importing(Protocol):
    """What each kind of table has to do."""

    def __init__(self, desk: Desk, lines: tuple[Line, ...], now: datetime, *, hold: bool) -> None: ...

    def take(self, line: Line) -> Row: ...

    def finish(self) -> list[Problem]: ...

    def write(self, now: datetime, advance: Advance) -> dict[str, object]: ...


IMPORTING: dict[Kind, type[Importing]] = {
    Kind.organizations: Organizations,
    Kind.contacts: Contacts,
    Kind.contracts: Contracts,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do: a row for every line, or the problems that keep all of it from being done."""

    kind: Kind
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many rows are added, changed, and the same."""
        counted = Counter(each.verdict for each in self.rows)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def changes_anything(self) -> bool:
        return any(each.verdict is not Verdict.same for each in self.rows)

    @property
    def fingerprint(self) -> str:
        """What is the same for plans that do the same."""
        told = [(each.line, each.name, each.is_new, each.details, each.remarks) for each in self.rows]
        return hashlib.sha256(repr((self.kind, told, self.problems)).encode()).hexdigest()


def plan_import(
    desk: Desk, sheet: Sheet, now: datetime, advance: Advance = lambda _count: None, *, hold: bool = False
) -> tuple[Plan, Importing]:
    """Return what an import would do, and what does it. Where `hold` says so, within the caller's transaction, nobody
    else changes what it rests on until that ends."""
    importing = IMPORTING[sheet.kind](desk, sheet.lines, now, hold=hold)
    rows: list[Row] = []
    problems = list(sheet.problems)
    for line in sheet.lines:
        try:
            rows.append(importing.take(line))
        except CellRefused as refused:
            problems.append(Problem(line.number, refused.column, str(refused)))
        except CustomerRefused as refused:
            problems.append(Problem(line.number, _NAMED.get(refused.field, refused.field), str(refused)))
        advance(1)
        if len(problems) >= MOST_PROBLEMS:
            break
    problems += importing.finish()
    ordered = sorted(problems, key=lambda each: each.line)
    return Plan(sheet.kind, tuple(rows), tuple(ordered[:MOST_PROBLEMS])), importing
