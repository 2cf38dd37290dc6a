"""Twice the mail, about twice the time: no text that a stranger chooses makes reading slow.

Processor time is compared with processor time. Noise only ever makes a measurement larger, so a pair that once fits
has shown its growth; one that never fits in several tries grows too fast.
"""

import time
from collections.abc import Callable

import pytest

from mailboxes.incoming.evil import MAILS
from upheld.mailboxes.parsing import parse

RATIO = 2.5
FLOOR = 0.012
TRIES = 5
# The smaller one is below the limits that cut a text off, the larger one beyond several of them.
SIZES = (20_000, 80_000)


def grows_too_fast(read: Callable[[bytes], object], mail: Callable[[int], bytes], size: int) -> bool:
    """Whether twice the mail takes more than `RATIO` times the time, in each of several tries."""
    small, large = mail(size), mail(2 * size)
    return not any(
        _seconds(read, large) <= RATIO * min(_seconds(read, small) for _ in range(2)) + FLOOR
        for _ in range(TRIES)
    )


def _seconds(read: Callable[[bytes], object], raw: bytes) -> float:
    started = time.process_time()
    read(raw)
    return time.process_time() - started


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", MAILS)
def test_time_grows_with_the_mail_and_no_faster(name: str, size: int) -> None:
    assert not grows_too_fast(parse, MAILS[name], size)


@pytest.mark.parametrize("name", MAILS)
def test_no_mail_is_too_much_for_the_reader(name: str) -> None:
    assert not [defect for defect in parse(MAILS[name](60_000)).defects if "could not be read" in defect]


def test_the_measure_finds_what_grows_with_the_square() -> None:
    def quadratic(raw: bytes) -> int:
        # Heavy enough to stand out from the floor on the fastest machine, light enough for the slowest.
        return sum(1 for end in range(0, len(raw), 50) for _ in range(0, end, 2))

    def linear(raw: bytes) -> int:
        return sum(raw.count(b"\n", at, at + 50) for at in range(0, len(raw), 5))

    assert grows_too_fast(quadratic, MAILS["blank lines"], SIZES[0])
    assert not grows_too_fast(linear, MAILS["blank lines"], SIZES[1])
