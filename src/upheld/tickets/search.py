"""From what somebody typed to the tickets that hold it: full-text search, and a ticket's number."""

import re

from django.contrib.postgres.search import (
    CombinedSearchQuery,
    SearchQuery,
    SearchQueryCombinable,
    SearchQueryField,
)
from django.db.models import BooleanField, ExpressionWrapper, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.lookups import GreaterThan

from upheld.tickets.models import OutsideWork, ThirdPartyWait, Ticket, TicketText
from upheld.tickets.search_text import desk_word
from upheld.tickets.visibility import AgentViewer

# Up to this many hits are sorted; of more, the latest are found by walking the tickets by recency.
FEW = 2000
LONGEST = 500
MOST_OUTSIDE = 200
_NUMBER = re.compile(r"\A#?([A-Za-z][A-Za-z0-9]{0,7}-[0-9]{1,18})\Z")
# A dash before no word. PostgreSQL takes each for a "not" of the next one, and gives up at the thirty-third.
_MERE_DASHES = re.compile(r"-(?![\w\"])")
# Words without quotes, of which the last has three letters or more; it may be the start of a longer word.
_UNFINISHED = re.compile(r"\A([^\"]*\s)?([^\W_]{3,})\Z")


class _DeskWords(SearchQueryCombinable, Func):
    """The lexemes of desks as the vectors hold them, so no parser may touch them."""

    config = None
    template = "%(expressions)s::tsquery"
    output_field = SearchQueryField()

    def __init__(self, desks: list[int]) -> None:
        super().__init__(Value(" | ".join(f"'{desk_word(desk)}'" for desk in desks)))


def number_in(text: str) -> str | None:
    """The ticket number that the text is, if it is one."""
    found = _NUMBER.match(text.strip())
    return found[1].upper() if found else None


def known_outside_as(number: str) -> list[int]:
    """Return the tickets that somebody outside the desk knows by this number, which may look like one of ours; whether
    a viewer sees them is for the caller to ask."""
    waits = ThirdPartyWait.objects.filter(reference__iexact=number).order_by().values_list("ticket_id")
    work = OutsideWork.objects.filter(reference__iexact=number, removed_at=None).order_by()
    known = waits.union(work.values_list("ticket_id")).order_by("ticket_id")
    return [ticket_id for (ticket_id,) in known[:MOST_OUTSIDE]]


def holding(viewer: AgentViewer, text: str, vector: str) -> Q:
    """The condition that the vector (the name of its field) belongs to a desk of the viewer and holds the words.

    Each desk's words are read in its own language. Words that mean nothing to it, such as "the", find nothing.
    """
    languages: dict[str, list[int]] = {}
    for desk in viewer.desk_ids:
        languages.setdefault(viewer.search_configurations.get(desk, "simple"), []).append(desk)
    condition = Q(pk__in=[])
    for language, desks in languages.items():
        words = _words(_MERE_DASHES.sub(" ", text.replace("\0", " ")).strip()[:LONGEST], language)
        has_words = GreaterThan(Func(words, function="numnode", output_field=IntegerField()), 0)
        condition |= Q(has_words) & Q(**{vector: _DeskWords(desks) & words})
    return condition


def _words(text: str, language: str) -> SearchQuery | CombinedSearchQuery:
    words = SearchQuery(text, config=language, search_type="websearch")
    unfinished = _UNFINISHED.match(text)
    if unfinished is None:
        return words
    start = SearchQuery(f"{unfinished[2]}:*", config=language, search_type="raw")
    if unfinished[1] is None:
        return words | start
    return words | (SearchQuery(unfinished[1], config=language, search_type="websearch") & start)


def holding_on_the_way(viewer: AgentViewer, text: str) -> Subquery:
    """The same condition as a look at each ticket in turn: PostgreSQL cannot gather all hits first, as it otherwise
    does where it takes common words for rare ones."""
    holds = ExpressionWrapper(holding(viewer, text, "vector"), output_field=BooleanField())
    return Subquery(TicketText.objects.filter(pk=OuterRef("pk")).values_list(holds))


def is_common(viewer: AgentViewer, text: str) -> bool:
    """Whether more than FEW tickets hold the words; restricted ones are counted for nobody.

    Asked without an order, so that PostgreSQL may take the shortest way: no single question is fast for rare words
    and for common ones.
    """
    hidden = Ticket.objects.filter(restricted=True).values("pk")
    found = TicketText.objects.filter(holding(viewer, text, "vector")).exclude(pk__in=hidden)
    return found[FEW : FEW + 1].exists()
