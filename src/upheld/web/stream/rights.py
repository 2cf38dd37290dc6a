"""The question who may know of what changed, asked of the database in a thread of its own."""

from collections.abc import Iterable

from django.db import close_old_connections

from upheld.tickets import visibility


def who_sees(ticket_ids: Iterable[int], agent_ids: Iterable[int]) -> dict[int, set[int]]:
    """Return which of the agents may know of each of the tickets now, by the tickets' ids."""
    close_old_connections()
    return visibility.who_sees(ticket_ids, agent_ids)
