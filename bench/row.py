"""One measured figure, how far it is from what is to be kept, and how a loop is timed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from time import perf_counter

_LIMIT = re.compile(r"([≤≥])\s*([\d,]+(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is None where it could not be measured; `note` then says why. `keep` is the figure to hold, `size` the
    number of tickets behind it, `also` what was measured in the same run."""

    family: str
    what: str
    value: float | None
    unit: str
    keep: str = ""
    note: str = ""
    size: int | None = None
    also: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """The figure as a multiple of the one to keep."""
        found = _LIMIT.match(self.keep)
        if found is None or self.value is None:
            return None
        return self.value / float(found[2].replace(",", ""))

    @property
    def is_kept(self) -> bool | None:
        """Whether the figure is kept; None where none is named, or nothing could be measured."""
        if self.ratio is None:
            return None
        return self.ratio <= 1 if self.keep.startswith("≤") else self.ratio >= 1


def rate(deed: Callable[[], object], count: int) -> float:
    """Return how often a second `deed` does its `count` things; the best of three, since machines are noisy."""
    best = 0.0
    for _ in range(3):
        began = perf_counter()
        deed()
        best = max(best, count / (perf_counter() - began))
    return best


def milliseconds(deed: Callable[[], object], times: int) -> list[float]:
    """Return how long `deed` took each time, after three rounds that are not counted."""
    for _ in range(3):
        deed()
    taken = []
    for _ in range(times):
        began = perf_counter()
        deed()
        taken.append((perf_counter() - began) * 1000)
    return taken


def percentiles(taken: Sequence[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99."""
    if len(taken) < 2:
        one = taken[0] if taken else 0.0
        return one, one, one
    cuts = quantiles(taken, n=100, method="inclusive")
    return median(taken), cuts[94], cuts[98]
