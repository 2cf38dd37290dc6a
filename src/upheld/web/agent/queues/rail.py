"""The lists beside the queue: the usual ones, then those that were kept by name, with what stands in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from upheld.rules.queue_query import parse
from upheld.tickets import queries
from upheld.tickets.finding import Vocabulary
from upheld.tickets.models import SavedQueue
from upheld.tickets.saved_queues import MOST_COUNTED, is_counted
from upheld.web.agent.filters import LISTS, Wanted
from upheld.web.navigation import note_waiting, what_waits
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class SavedList:
    """One list of the rail; `why` says why it bears no number."""

    url: str
    label: str
    count: str
    is_current: bool
    why: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Fitting:
    """How many tickets are in a list on all of its pages, counted up to a bound."""

    count: int
    is_bounded: bool

    @classmethod
    def of(cls, count: int) -> "Fitting":
        return cls(min(count, queries.COUNT_BOUND), count > queries.COUNT_BOUND)


def rail(
    request: HttpRequest,
    workplace: Workplace,
    wanted: Wanted,
    kept: Sequence[SavedQueue],
    known: Vocabulary,
    *,
    goes_on: bool,
) -> dict[str, Any]:
    """All lists, counted in one query; of the kept ones those whose counting is cheap, and no more than a few. Where
    the list `goes_on` on another page, all that are in it are counted as well."""
    waits, usual = what_waits(workplace), queries.queues(workplace.viewer, request.now)
    narrowed = wanted.filter(workplace, request.now)
    here = queries.in_order(workplace.viewer, narrowed, request.now, queries.COUNT_BOUND + 1)
    asked = {**waits, **usual, **_counted(request, workplace, kept, known)}
    counted = queries.count_each(asked | ({"here": here} if goes_on else {}))
    note_waiting(request, {name: counted.pop(name) for name in waits})
    current = next((each.pk for each in kept if _is(each, wanted)), None)
    saved = [
        SavedList(
            _url(Wanted(list=name)),
            str(label),
            _count(counted.get(name)),
            name == wanted.list and not current,
        )
        for name, label in LISTS.items()
    ]
    return {
        "fitting": Fitting.of(counted["here"]) if goes_on else None,
        "saved_lists": saved,
        "shared_queues": [
            _entry(each, counted, current, workplace) for each in kept if each.agent_id is None
        ],
        "own_queues": [
            _entry(each, counted, current, workplace) for each in kept if each.agent_id is not None
        ],
        "overdue": _count(counted.get("overdue") or None),
        "list_label": next((each.name for each in kept if each.pk == current), str(LISTS[wanted.list])),
    }


def _counted(
    request: HttpRequest, workplace: Workplace, kept: Sequence[SavedQueue], known: Vocabulary
) -> dict[str, QuerySet[Any]]:
    found: dict[str, QuerySet[Any]] = {}
    for each in kept:
        if len(found) == MOST_COUNTED:
            break
        wanted = Wanted(text=each.query)
        if not is_counted(wanted.asked):
            continue
        if not wanted.search(workplace, request.now, known).faults:
            narrowed = wanted.filter(workplace, request.now)
            found[_name(each)] = queries.to_count(workplace.viewer, narrowed, request.now)
    return found


def _entry(each: SavedQueue, counted: dict[str, int], current: int | None, workplace: Workplace) -> SavedList:
    number = counted.get(_name(each))
    why = "" if number is not None else _("Not counted: that would mean to look at every open ticket.")
    desks = {desk.pk: desk.name for desk in workplace.desks}
    desk = desks[each.desk_id] if len(desks) > 1 and each.agent_id is None else ""
    return SavedList(_url(Wanted(text=each.query)), each.name, _count(number), each.pk == current, why, desk)


def _is(each: SavedQueue, wanted: Wanted) -> bool:
    """Whether the queue is what stands in the address, in whatever order."""
    if wanted.list != "open" or not wanted.text:
        return False
    return sorted(map(str, parse(each.query).parts)) == sorted(map(str, wanted.asked.parts))


def _name(each: SavedQueue) -> str:
    return f"queue {each.pk}"


def _url(wanted: Wanted) -> str:
    return reverse("queue") + wanted.query()


def _count(number: int | None) -> str:
    if number is None:
        return ""
    return f"{queries.COUNT_BOUND}+" if number > queries.COUNT_BOUND else str(number)
