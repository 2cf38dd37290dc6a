"""What a simulation found, for people: tables side by side, then the tickets that differ and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from upheld.policy import Metric, Policy, Verdict
from upheld.policy.simulation import OPEN, metric_label, sort_label
from upheld.rules.one_line import one_line

_WIDTH = 100
_LONGEST_NAME = 80
_METRICS = [each.value for each in Metric]
_VERDICTS = [Verdict.met.value, Verdict.breached.value, OPEN, *(each.value for each in list(Verdict)[2:])]
_BAR = 20
Entry = Mapping[str, Any]


class Row(NamedTuple):
    """A line of a table: what is counted, the counts of both policies, and what stands in place of the difference."""

    heads: tuple[str, ...]
    policy: float
    against: float
    is_share: bool = False


def print_report(found: Mapping[str, Any], policy: Policy, tickets: str) -> None:
    """Print a report; `tickets` is what one of the listed stories is called before its place: "line", or nothing."""
    console = Console() if sys.stdout.isatty() else Console(width=_WIDTH)
    _Printer(console, found, policy, tickets).print()


class _Printer:
    """Prints one report."""

    def __init__(self, console: Console, found: Mapping[str, Any], policy: Policy, tickets: str) -> None:
        self._console, self._found, self._policy, self._tickets = console, found, policy, tickets
        self._compares = found["against"] is not None

    def print(self) -> None:
        """Print all of it."""
        self._table(("Verdicts", ""), list(self._verdicts()))
        self._table(("Clocks that end otherwise",), list(self._changed()), sides=False)
        self._table(("What follows",), list(self._consequences()))
        self._table(("Escalations", "step"), list(self._steps()))
        self._table(("Told by escalations",), list(self._roles()))
        self._table((f"Alerts by hour ({self._found['zone']})",), list(self._alerts()), bars=True)
        self._differing()

    def _verdicts(self) -> Iterator[Row]:
        entries: Sequence[Entry] = self._found["verdicts"]
        for metric in _METRICS:
            ours = [each for each in entries if each["metric"] == metric]
            label = metric_label(metric)
            yield from self._judged(label, ours)
            for priority in self._priorities(ours):
                only = [each for each in ours if each["priority"] == priority]
                yield from self._judged(f"  {_harmless(priority)}", only)

    def _judged(self, head: str, entries: Sequence[Entry]) -> Iterator[Row]:
        sums = {
            verdict: _sum(each for each in entries if each["verdict"] == verdict) for verdict in _VERDICTS
        }
        for verdict in _VERDICTS:
            if any(sums[verdict]):
                yield Row((head, verdict), *sums[verdict])
                head = ""
        ours, theirs = (_share(*pair) for pair in zip(sums["met"], sums["breached"], strict=True))
        if ours is not None and (theirs is not None or not self._compares):
            yield Row(("", "met of judged"), ours, theirs or 0.0, is_share=True)

    def _priorities(self, entries: Iterable[Entry]) -> list[str]:
        order = [each.id for each in self._policy.priorities]
        found = {each["priority"] for each in entries}
        return sorted(found, key=lambda id: (order.index(id) if id in order else len(order), id))

    def _changed(self) -> Iterator[Row]:
        for each in self._found["changed_verdicts"]:
            against, policy = _harmless(self._found["against"]), _harmless(self._found["policy"])
            what = f"{each['against']} ({against}) → {each['policy']} ({policy})"
            yield Row((f"{metric_label(each['metric'])}: {what}",), each["clocks"], 0)

    def _consequences(self) -> Iterator[Row]:
        for each in self._found["consequences"]:
            label = sort_label(each["kind"], each["detail"])
            yield Row((label[:1].upper() + label[1:],), *_counts(each))

    def _steps(self) -> Iterator[Row]:
        for each in self._found["escalations"]:
            yield Row((each["ladder"], str(each["step"])), *_counts(each))

    def _roles(self) -> Iterator[Row]:
        for each in self._found["roles_told"]:
            yield Row((each["role"],), *_counts(each))

    def _alerts(self) -> Iterator[Row]:
        for each in self._found["alerts_by_hour"]:
            if any(_counts(each)):
                yield Row((f"{each['hour']:02d}:00",), *_counts(each))

    def _table(
        self, heads: tuple[str, ...], rows: Sequence[Row], *, sides: bool = True, bars: bool = False
    ) -> None:
        if not rows:
            return
        table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
        for head in heads:
            table.add_column(head, no_wrap=True)
        names = (self._found["policy"], self._found["against"], "difference")
        shown = names if self._compares and sides else names[:1]
        for name in shown if sides else ("clocks",):
            table.add_column(Text(_harmless(name)), justify="right")
        if bars:
            table.add_column("")
        most = max(row.policy for row in rows)
        for row in rows:
            bar = ("█" * round(_BAR * row.policy / most) if most else "",) if bars else ()
            cells = (*row.heads, *_figures(row)[: len(shown)], *bar)
            table.add_row(*(Text(cell) for cell in cells))
        self._console.print()
        self._console.print(table)

    def _differing(self) -> None:
        if not self._compares:
            return
        found = self._found
        listed = found["listed"]
        self._console.print()
        if not found["differing"]:
            self._say("No ticket differs.")
            return
        all_told = len(listed) == found["differing"]
        which = "" if all_told else f"; {len(listed):,} explained, the largest difference first"
        self._say(f"{found['differing']:,} of {found['stories']:,} tickets differ{which}.")
        for each in listed:
            self._console.print()
            self._say(called(self._tickets, each["place"], each["name"]))
            for sentence in each["sentences"]:
                self._say(f"  {sentence}")

    def _say(self, line: str) -> None:
        # Sentences are not folded: whoever looks for one with a program finds it in one piece.
        self._console.print(Text(line), soft_wrap=True)


def called(tickets: str, place: int, name: str) -> str:
    """Return what a story is called: by its line in a file with the id that it has there, or by its number."""
    name = _harmless(name)
    if not tickets:
        return name
    return f"{tickets} {place} ({name})" if name else f"{tickets} {place}"


def _harmless(text: str) -> str:
    return one_line(text, _LONGEST_NAME)


def _counts(entry: Entry) -> tuple[int, int]:
    return entry["policy"], entry.get("against", 0)


def _sum(entries: Iterable[Entry]) -> tuple[int, int]:
    counts = [_counts(each) for each in entries]
    return sum(each[0] for each in counts), sum(each[1] for each in counts)


def _share(met: int, breached: int) -> float | None:
    return 100 * met / (met + breached) if met + breached else None


def _figures(row: Row) -> tuple[str, str, str]:
    difference = row.policy - row.against
    if row.is_share:
        return f"{row.policy:.1f} %", f"{row.against:.1f} %", f"{difference:+.1f}" if difference else ""
    return f"{row.policy:,}", f"{row.against:,}", f"{difference:+,}" if difference else ""
