"""The numbers of other tickets that stand in a story and in what follows from it: told to whom those tickets are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from upheld.policy import Ledger
from upheld.tickets.models import StoryEvent
from upheld.tickets.visibility import Viewer, visible_tickets

_SINGLE = ("number", "split_from", "follows")
_OF_MERGES = {"merged": "into", "absorbed": "source", "absorption_undone": "source"}
HIDDEN = "…"


def forget_hidden_numbers(
    viewer: Viewer, story: Sequence[StoryEvent], ledgers: tuple[Ledger, ...]
) -> tuple[Ledger, ...]:
    """Make a story name only tickets of which `viewer` may know, and return the ledgers that do the same."""
    named = {number for event in story for number in _named(event)}
    if not named:
        return ledgers
    seen = set(visible_tickets(viewer).filter(number__in=named).values_list("number", flat=True))
    hidden = named - seen
    for event in story:
        if not hidden.isdisjoint(_named(event)):
            event.data = {key: _without(value, hidden) for key, value in event.data.items()}
    merged = any(event.kind in _OF_MERGES for event in story)
    return tuple(_retold(each, hidden) for each in ledgers) if hidden and merged else ledgers


def _named(event: StoryEvent) -> set[str]:
    data: Mapping[str, Any] = event.data
    keys = (*_SINGLE, _OF_MERGES[event.kind]) if event.kind in _OF_MERGES else _SINGLE
    return {str(data[key]) for key in keys if data.get(key)}.union(map(str, data.get("numbers") or ()))


def _without(value: Any, hidden: set[str]) -> Any:
    if isinstance(value, list):
        return [_without(each, hidden) for each in value]
    return HIDDEN if isinstance(value, str) and value in hidden else value


def _retold(ledger: Ledger, hidden: set[str]) -> Ledger:
    """A ledger names the ticket from which a clock came: in its clause, its lines, and what it was joined with."""

    def told(text: str) -> str:
        for number in sorted(hidden, key=len, reverse=True):
            text = text.replace(number, HIDDEN)
        return text

    return replace(
        ledger,
        clause=told(ledger.clause),
        lines=tuple(replace(each, reason=told(each.reason)) for each in ledger.lines),
        rivals=tuple(
            replace(each, label=told(each.label), clause=told(each.clause)) for each in ledger.rivals
        ),
    )
