"""Verification: every story is replayed, and what comes of it is compared with what is stored.

For each ticket: its standing and what lists read of it, the consequences that were recorded, what was told of them and
when, what was said, and whether each ledger tiles the time and sums to its figure. Nothing is changed by it.
"""

from upheld.tickets.verifying.runs import (
    MOST_KEPT,
    NIGHTLY,
    begin,
    finish,
    is_under_way,
    only_one,
    ordered,
)
from upheld.tickets.verifying.ticket import Found, verify_ticket
from upheld.tickets.verifying.walk import Part, Tally, parts, sample, verify_part

__all__ = [
    "MOST_KEPT",
    "NIGHTLY",
    "Found",
    "Part",
    "Tally",
    "begin",
    "finish",
    "is_under_way",
    "only_one",
    "ordered",
    "parts",
    "sample",
    "verify_part",
    "verify_ticket",
]
