"""What was asked of the chosen tickets: which ones, and which change, as plain values."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from upheld.rules.put_off import read_instant
from upheld.tickets import queries
from upheld.tickets.actions import Refused
from upheld.tickets.presses.bulk import MOST
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.filters import Wanted
from upheld.web.agent.next_ticket import LONGEST_LIST
from upheld.web.viewer import Workplace

_LONGEST_ID = 17


def chosen_ids(request: HttpRequest) -> set[int]:
    """The rows that are ticked."""
    given = request.POST.getlist("ticket")[:MOST]
    return {int(each) for each in given if each.isascii() and each.isdigit() and len(each) <= _LONGEST_ID}


def tickets_by_desk(request: HttpRequest, workplace: Workplace, wanted: Wanted) -> dict[int, list[int]]:
    """The chosen tickets that the agent may know of: those that are ticked, or the whole list, at most a thousand."""
    if request.POST.get("all") == "yes":
        found = queries.in_order(workplace.viewer, wanted.filter(workplace, request.now), request.now, MOST)
    else:
        found = visible_tickets(workplace.viewer).filter(pk__in=chosen_ids(request)).order_by("pk")
    by_desk: dict[int, list[int]] = {}
    for ticket_id, desk_id in found.values_list("pk", "desk_id")[:MOST]:
        by_desk.setdefault(desk_id, []).append(ticket_id)
    return by_desk


def change_asked(request: HttpRequest, workplace: Workplace) -> dict[str, Any]:
    """The change that was pressed; raises Refused where something is missing."""
    do, colon, value = typed(request, "do").partition(":")
    match do:
        case "assign":
            return {"do": do, "to": _id(value if colon else typed(request, "assignee"))}
        case "team":
            return {
                "do": do,
                "to": _id(typed(request, "team")),
                "reason": typed(request, "team_reason").strip(),
            }
        case "status":
            return {"do": do, "to": value}
        case "priority":
            return {"do": do, "to": value, "reason": typed(request, "reason").strip()}
        case "tag" | "untag":
            return {"do": do, "to": _tags(typed(request, "tags"))}
        case "snooze":
            return {"do": do, "to": _until(value or typed(request, "until"), workplace, by_hand=not value)}
        case "wake" | "spam":
            return {"do": do}
        case "merge":
            return {"do": do, "to": typed(request, "into").strip().lstrip("#").upper()}
        case "macro":
            return {"do": do, "to": _id(typed(request, "macro"))}
    raise Refused(_("Choose what to do with the tickets first."))


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else None


def _tags(text: str) -> list[str]:
    names = [each.strip() for each in text.split(",") if each.strip()]
    if not names:
        raise Refused(_("Write the tags first, with commas between them."))
    return names


def _until(text: str, workplace: Workplace, *, by_hand: bool) -> str:
    """The instant of an offer as it is, that of the field in the agent's zone."""
    try:
        at = read_instant(text, workplace.zone) if by_hand else datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Refused(_("Choose a date and a time first."))
    return at.isoformat()


def list_asked(request: HttpRequest) -> Wanted:
    """The list in which they were chosen, at its page."""
    within = QueryDict(typed(request, "in")[:LONGEST_LIST], mutable=True)
    within["after"] = typed(request, "after")[:100]
    return Wanted.read(within)
