"""Ledgers in the desk's own words: a status that no agent gave a reason for is told by its label for agents."""

from collections.abc import Sequence
from dataclasses import replace

from upheld.policy import Ledger, LedgerLine, Policy, Status
from upheld.tickets.models import StoryEvent


class OwnWords:
    """Knows the statuses that events of a story set, and what customers are told instead of their labels."""

    def __init__(self, story: Sequence[StoryEvent], policies: Sequence[Policy]) -> None:
        # The first policy is the one in force: its words win.
        statuses = {each.id: each for policy in reversed(policies) for each in policy.statuses}
        moves = (each for each in story if each.kind == "status")
        self._entered = {
            each.seq: statuses[each.data["to"]] for each in moves if each.data.get("to") in statuses
        }
        told: dict[str, list[Status]] = {}
        for status in statuses.values():
            told.setdefault(status.public_label, []).append(status)
        self._told = {label: found[0] for label, found in told.items() if len(found) == 1}

    def ledger(self, ledger: Ledger) -> Ledger:
        """Return a ledger whose reasons are the desk's own."""
        return replace(ledger, lines=tuple(self._line(line) for line in ledger.lines))

    def _line(self, line: LedgerLine) -> LedgerLine:
        label, comma, more = line.reason.partition(", ")
        status = self._entered.get(line.cause) if line.cause is not None else None
        if status is None or status.public_label != label:
            status = self._told.get(label)
        if status is None or line.kind not in ("ran", "paused"):
            return line
        return replace(line, reason=f"{status.label}{comma}{more}")
