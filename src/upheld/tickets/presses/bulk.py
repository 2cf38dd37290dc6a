"""One change of many tickets, each by itself: what is refused on one stops none of the others.

A thousand tickets are not changed in one transaction, which would hold them all for its whole length. A press does the
first piece and leaves the rest to another press of the same instant, which is stored with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q

from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.changes import change_of
from upheld.tickets.models import Press
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer, visible_tickets

PIECE = 25
MOST = 1000
_FAULT = "A fault of the program; its log says more."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a change of many has come. `refused` are the numbers of tickets that it could not change, with the
    reasons; `gone` is how many were not to be seen any more. `left` are still to be done."""

    total: int
    done: int
    left: int
    refused: tuple[tuple[str, str], ...]
    gone: int
    change: Mapping[str, Any]


def payload_of(ticket_ids: list[int], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a press holds that makes one change of tickets."""
    # In one order, so that two who change the same tickets wait for each other and not in a ring.
    return {"tickets": sorted(ticket_ids), "total": len(ticket_ids), "change": dict(change)}


def check(press: Press, moment: Moment) -> None:
    """Raise what would stop the change on every ticket: a right that the agent lacks, or a goal that does not exist."""
    change = change_of(press.payload["change"])
    demand_on(press.agent, change.act, press.desk_id)
    change.check(press.agent, press.desk_id)
    seen = _visible(press.agent, press.payload["tickets"])
    if not seen:
        raise Refused("None of these tickets is there any more. Load the list anew.")


def do(press: Press, moment: Moment) -> None:
    """Change a piece of the tickets as of `moment`; the rest follows."""
    change = change_of(press.payload["change"])
    here, rest = press.payload["tickets"][:PIECE], press.payload["tickets"][PIECE:]
    if "first" not in press.payload:
        check(press, moment)
    numbers, after = _visible(press.agent, here), dict(press.payload)
    refused, done = list(after.get("refused", ())), after.get("done", 0)
    for ticket_id in here:
        if ticket_id in numbers:
            why = _try(change, ticket_id, press.agent, moment)
            done += not why
            refused += [[numbers[ticket_id], why]] if why else []
    gone = after.get("gone", 0) + len(here) - len(numbers)
    press.payload = after | {"refused": refused, "done": done, "gone": gone, "tickets": rest}
    if rest:
        _go_on(press)
        press.payload = press.payload | {"goes_on": True}
    elif refused:
        press.why = f"{len(refused)} of {after['total']} tickets stayed as they were. {refused[0][0]}: {refused[0][1]}"[
            :500
        ]
        letters.tell_not_done(press, moment.at)
    press.save(update_fields=["payload", "why"])


def outcome_of(press: Press) -> Outcome:
    """Return how far the change has come that a press began."""
    first = press.payload.get("first", press.pk)
    same = Q(pk=first) | Q(payload__first=first)
    latest = (
        Press.objects.filter(same, agent=press.agent_id, kind=Press.Kind.BULK).order_by("-pk").first()
        or press
    )
    told = latest.payload
    return Outcome(
        total=told["total"],
        done=told.get("done", 0),
        left=len(told["tickets"]) if latest.state == Press.State.WAITING else 0,
        refused=tuple((number, why) for number, why in told.get("refused", ())),
        gone=told.get("gone", 0),
        change=told["change"],
    )


def _try(change: Any, ticket_id: int, agent: Agent, moment: Moment) -> str:
    """Change one ticket; return why not, or nothing."""
    try:
        with transaction.atomic():
            change.do(ticket_id, agent, moment)
    except (Refused, NotAllowed) as problem:
        return str(problem)
    except (OperationalError, InterfaceError):
        # The database is away, or somebody else holds the ticket: it is tried again as a whole.
        raise
    except Exception:
        _log.exception("ticket could not be changed with others", ticket=ticket_id)
        return _FAULT
    return ""


def _visible(agent: Agent, ticket_ids: list[int]) -> dict[int, str]:
    seen = visible_tickets(AgentViewer.of(agent)).filter(pk__in=ticket_ids)
    return dict(seen.order_by("pk").values_list("pk", "number"))


def _go_on(press: Press) -> None:
    """Leave the rest to another press, which is seen when this one is done."""
    Press.objects.create(
        agent=press.agent,
        desk_id=press.desk_id,
        kind=press.kind,
        payload=press.payload | {"first": press.payload.get("first", press.pk)},
        pressed_at=press.pressed_at,
        leaves_at=press.leaves_at,
    )
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_press")
