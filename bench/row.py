"""One measured figure, and how a loop is timed."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is None where it could not be measured; `note` then says why. `keep` is the figure to hold."""

    family: str
    what: str
    value: float | None
    unit: str
    keep: str = ""
    note: str = ""


def rate(deed: Callable[[], object], count: int) -> float:
    """Return how often a second `deed` does its `count` things; the best of three, since machines are noisy."""
    best = 0.0
    for _ in range(3):
        began = perf_counter()
        deed()
        best = max(best, count / (perf_counter() - began))
    return best


def percentiles(deed: Callable[[], object], times: int) -> tuple[float, float]:
    """Return p50 and p95 in milliseconds, after three rounds that are not counted."""
    for _ in range(3):
        deed()
    taken = []
    for _ in range(times):
        began = perf_counter()
        deed()
        taken.append((perf_counter() - began) * 1000)
    cuts = quantiles(taken, n=20, method="inclusive")
    return cuts[9], cuts[18]
