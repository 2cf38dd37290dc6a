"""What open pages are told: that something changed, by ids alone, in the transaction that changed it.

PostgreSQL passes it on after commit, and not at all after a rollback. Who may know of it is asked by whoever hears it
(`upheld.web.stream`), at that moment.
"""

from collections.abc import Iterable

from django.db import connection

TICKET, PRESENT, AGENT = "upheld_ticket", "upheld_present", "upheld_agent"
CHANNELS = (TICKET, PRESENT, AGENT)
# What PostgreSQL passes on in one go is at most 8,000 bytes long.
_AT_ONCE = 350


def tell_tickets(ticket_ids: Iterable[int]) -> None:
    """These tickets are not as they were. What the pen writes down is told by the pen."""
    _tell(TICKET, ticket_ids)


def tell_present(ticket_ids: Iterable[int]) -> None:
    """Somebody came to these tickets, left them, or began or ceased to write on them."""
    _tell(PRESENT, ticket_ids)


def tell_agents(agent_ids: Iterable[int]) -> None:
    """Something of these agents changed: what they were told and have not read, or whether they are signed in."""
    _tell(AGENT, agent_ids)


def _tell(channel: str, ids: Iterable[int]) -> None:
    known = sorted(set(ids))
    with connection.cursor() as cursor:
        for start in range(0, len(known), _AT_ONCE):
            some = " ".join(map(str, known[start : start + _AT_ONCE]))
            cursor.execute("select pg_notify(%s, %s)", [channel, some])
