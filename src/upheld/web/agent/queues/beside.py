"""What stands around the list of the queue: the search above it, and the lists beside it."""

from typing import Any

from django.http import HttpRequest

from upheld.tickets.finding import Vocabulary
from upheld.web.agent.filters import Wanted, place_of
from upheld.web.agent.queues.bar import search_bar
from upheld.web.agent.queues.names import Names
from upheld.web.agent.queues.rail import rail
from upheld.web.viewer import Workplace


def lists_beside(
    request: HttpRequest, workplace: Workplace, wanted: Wanted, names: Names, *, goes_on: bool
) -> dict[str, Any]:
    """The lists alone: for who only looks whether something changed."""
    known = _words(request, workplace, names)
    return rail(request, workplace, wanted, names.queues, known, goes_on=goes_on)


def finding(
    request: HttpRequest, workplace: Workplace, wanted: Wanted, names: Names, *, goes_on: bool
) -> dict[str, Any]:
    """The search and the lists."""
    known = _words(request, workplace, names)
    search = wanted.search(workplace, request.now, known)
    lists = rail(request, workplace, wanted, names.queues, known, goes_on=goes_on)
    return search_bar(wanted, search, known, request.now) | lists


def _words(request: HttpRequest, workplace: Workplace, names: Names) -> Vocabulary:
    return Vocabulary(place_of(workplace, request.now), names.people)
