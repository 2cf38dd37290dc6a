"""The pages that are measured: who asks for which addresses, and what is to be kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min
from django.urls import Resolver404, resolve

from bench.desk import Measured, account_of
from upheld.people.models import User
from upheld.tickets.models import Ticket

_NOTHING = "zzyzxquuxfrob"
_SAMPLED = 5_000
_OTHERS = 200
# How often words occur in a sample of tickets: plain words, neither numbers nor addresses.
_WORDS = """
select word, ndoc from ts_stat($$
    select t.vector from tickets_tickettext t
    where t.ticket_id in (select id from tickets_ticket order by md5(id::text) limit {sampled})
$$) where word ~ '^[a-z]{{4,9}}$' order by ndoc desc, word
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One page: `people` ask for `paths` in turn. `keep` is said of its time at the server, `queries` of its number of
    queries; `absent` says why it cannot be visited."""

    name: str
    paths: tuple[str, ...]
    people: tuple[User, ...]
    keep: str = ""
    queries: str = ""
    note: str = ""
    absent: str = ""


def visits(measured: Measured) -> Iterator[Visit]:
    """Return all of them, in the order of the table."""
    agents = tuple(User.objects.filter(email__in=measured.agents()).order_by("pk"))
    lead = agents[:1]
    yield Visit("queue", ("/tickets/",), agents, "≤ 30 ms", "≤ 6 queries")
    for name in ("mine", "unassigned", "waiting", "resolved", "closed", "all"):
        yield Visit(f"list: {name}", (f"/tickets/?list={name}",), agents)
    yield from _tickets(measured, agents)
    yield from _searches(agents)
    yield from _portal(measured)
    yield _if_there(Visit("compliance", ("/reports/compliance/",), lead, "≤ 300 ms"))


def _tickets(measured: Measured, agents: tuple[User, ...]) -> Iterator[Visit]:
    for messages, (keep, queries) in {20: ("≤ 30 ms", "≤ 10 queries"), 200: ("≤ 60 ms", "")}.items():
        paths = tuple(f"/tickets/{number}/" for number in measured.long[messages])
        yield Visit(f"ticket, {messages} messages", paths, agents, keep, queries)
    some = tuple(f"/tickets/{number}/" for number in _others(measured))
    yield Visit(f"ticket, {_OTHERS} others in turn", some, agents, "≤ 30 ms")
    history = tuple(f"/tickets/{number}/history/" for number in measured.long[20])
    yield Visit("history of a ticket", history, agents)


def _others(measured: Measured) -> list[str]:
    """The numbers of tickets from all of the desk's years."""
    every = Ticket.objects.filter(desk=measured.desk, restricted=False, merged_into=None)
    span = every.aggregate(first=Min("id"), last=Max("id"))
    step = max((span["last"] - span["first"]) // _OTHERS, 1)
    ids = range(span["first"], span["last"], step)
    return list(every.filter(id__in=ids).order_by("id").values_list("number", flat=True))


def _searches(agents: tuple[User, ...]) -> Iterator[Visit]:
    rare, middling, common = _words()
    asked = {
        "no hit": _NOTHING,
        "rare": rare,
        "common": common,
        "two words": f"{common} {middling}",
        "is:any priority:urgent, no hit": f"is:any priority:urgent {_NOTHING}",
        "assignee:me is:overdue": "assignee:me is:overdue",
    }
    for name, text in asked.items():
        path = "/tickets/?list=all&q=" + text.replace(" ", "+")
        note = text if text != name and _NOTHING not in text else ""
        yield Visit(f"search: {name}", (path,), agents, "≤ 60 ms", note=note)


def _words() -> tuple[str, str, str]:
    """A word that is in few of the tickets, one in some, and one in most."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS.format(sampled=_SAMPLED))
        found = cursor.fetchall()
        cursor.execute(
            "select least(count(*), %s) from (select 1 from tickets_ticket limit %s) t", [_SAMPLED] * 2
        )
        sampled = cursor.fetchone()[0]
    if not found:
        return _NOTHING, _NOTHING, _NOTHING
    # What stands in every ticket is a part of an address.
    words = [(word, count) for word, count in found if count < 0.95 * sampled] or found
    least = words[-1][1]
    rare = next(word for word, count in words if count == least)
    middling = min(words, key=lambda each: (abs(each[1] - 0.02 * sampled), each[0]))[0]
    return rare, middling, words[0][0]


def _portal(measured: Measured) -> Iterator[Visit]:
    for name, (contact, count) in measured.customers().items():
        who, note = (account_of(contact),), f"{count:,} requests"
        yield Visit(f"portal: my requests, {name}", ("/requests/",), who, note=note)
    number = Ticket.objects.filter(requester=contact, is_spam=False).order_by("-id").values("number")[:1]
    yield Visit("portal: one request", (f"/requests/{number.get()['number']}/",), who)
    yield Visit("portal: request form", ("/help/bench/requests/new/?kind=",), who)
    yield Visit("portal: front page", ("/help/bench/",), ())


def _if_there(visit: Visit) -> Visit:
    try:
        resolve(visit.paths[0])
    except Resolver404:
        return Visit(visit.name, visit.paths, visit.people, visit.keep, absent="there is no such page yet")
    return visit
