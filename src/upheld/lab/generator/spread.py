"""How unevenly things are spread on a living desk: a few organizations write much, most threads are short."""

from bisect import bisect
from functools import lru_cache
from itertools import accumulate
from math import log
from random import Random

# One thread in so many is this long.
_LONGEST, _ONE_IN = 200, 20_000
_LONG, _LONG_SHARE = (30, 80), 1 / 400
_OF_LONG = _LONGEST / _ONE_IN + sum(_LONG) / 2 * _LONG_SHARE


class Zipf:
    """Picks numbers from 0 on, the nth with a weight of 1 / (n + `evenly`)."""

    def __init__(self, count: int, evenly: float = 0.0) -> None:
        self._sums = list(accumulate(1 / (rank + evenly) for rank in range(1, count + 1)))

    def pick(self, random: Random) -> int:
        """Return one of the numbers."""
        return bisect(self._sums, random.random() * self._sums[-1])


zipf = lru_cache(Zipf)


def thread_length(mean: float, least: int, random: Random) -> int:
    """Return how many messages a thread has, `mean` on average and `least` at the least; a few have very many."""
    place = random.random()
    if place < 1 / _ONE_IN:
        return _LONGEST
    if place < 1 / _ONE_IN + _LONG_SHARE:
        return random.randint(*_LONG)
    more = (mean - _OF_LONG) - least
    if more <= 0:
        return least
    # Of an exponential spread that is cut to whole numbers, this is the rate with that mean.
    return least + int(random.expovariate(log(1 + 1 / more)))
