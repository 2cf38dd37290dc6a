"""Whether ledgers tile the time and sum to the figures that are shown."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from upheld.policy import ClockStanding, Ledger, Standing
from upheld.tickets.verifying.found import Found

_NOTHING = timedelta(0)


def check_ledgers(ledgers: Sequence[Ledger], standing: Standing) -> Iterator[Found]:
    """Yield the ledgers that do not tile, or whose lines do not sum to what their clock shows."""
    if len(ledgers) != len(standing.clocks):
        yield Found.of("ledgers", len(ledgers), len(standing.clocks))
        return
    for ledger, clock in zip(ledgers, standing.clocks, strict=True):
        yield from _check(ledger, clock, standing.at)


def _check(ledger: Ledger, clock: ClockStanding, at: datetime) -> Iterator[Found]:
    name = f"ledger {ledger.metric} {ledger.cycle}"
    reached = ledger.started_at
    for line in ledger.lines:
        if line.start != reached or line.end < line.start:
            yield Found.of(f"{name}: line", line.start, reached)
        reached = line.end
    if ledger.lines and reached > max(at, ledger.started_at):
        yield Found.of(f"{name}: end", reached, at)
    summed = sum((line.counted for line in ledger.lines), _NOTHING)
    if summed != ledger.used:
        yield Found.of(f"{name}: sum", summed, ledger.used)
    if ledger.used != clock.used:
        yield Found.of(f"{name}: used", ledger.used, clock.used)
