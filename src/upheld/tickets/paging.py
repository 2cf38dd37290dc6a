"""Pages: whoever is on call is told at any hour, and then the next one, until a person answers.

A page begins with the step of the ladder that pages, in the transaction in which that step is recorded. The next person
is called when the one before has had their time, stamped with the instant at which that was over. It ends when somebody
acknowledges it; or by itself, at the instant at which nothing called for it any more.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from upheld.people.models import Agent, Rota
from upheld.people.roles import in_line
from upheld.people.rotas import away_among
from upheld.policy import Actor, Consequence, SettledStep, settled_steps
from upheld.tickets import letters
from upheld.tickets.models import Page, PageCall, StoryEvent, Ticket
from upheld.tickets.pen import Pen, read_stories, write_down
from upheld.tickets.versions import versions_of
from upheld.tickets.visibility import readers_of

ANSWER_MINUTES = 5
# Who is called this much later than they should have been, after an outage say, has their whole time all the same.
LATE = timedelta(minutes=1)
_DONE = ("resolved", "closed")


class Told(NamedTuple):
    """Somebody who is paged, as what: one who fills a role, an administrator where nobody does (`is_filled`), or
    (`as_reader`) a reader where nobody who fills it may read the ticket."""

    agent: Agent
    role: str
    as_reader: bool = False
    is_filled: bool = True


class Over(NamedTuple):
    """Why nothing calls for a page any more, and since when."""

    because: str
    at: datetime


def begin(pen: Pen, consequence: Consequence, told: Sequence[Told]) -> None:
    """Begin the page of a step that pages, and tell these people. Nobody is paged for what was given meanwhile."""
    roles = consequence.data["tell"]
    page = Page(
        ticket=pen.ticket,
        key=consequence.key,
        role=roles[0],
        metric=consequence.data["metric"],
        begun_at=consequence.at,
        answer_minutes=_answer_minutes(pen.ticket, roles),
    )
    if why_over(page, pen.ticket, pen.settled_steps(), pen.moment.at) is not None:
        return
    page.next_at = _next_at(page, consequence.at, pen.moment.at)
    page.save()
    call(pen, page, told, consequence.at)
    write_down([pen])


def call(pen: Pen, page: Page, told: Sequence[Told], at: datetime) -> None:
    """Page people, each in a place of their own, as of the instant `at`."""
    place = page.calls.count()
    calls = [
        PageCall(page=page, place=place + number, agent=each.agent, at=at) for number, each in enumerate(told)
    ]
    PageCall.objects.bulk_create(calls)
    for each, one in zip(told, calls, strict=True):
        pen.fact("paged", Actor.system, at=at, to=each.agent.name, place=one.place)
        letters.page(
            pen, each.agent, page, one, role=each.role, as_reader=each.as_reader, is_filled=each.is_filled
        )


def call_next(pen: Pen, page: Page) -> None:
    """Page whoever is next in line, as of the instant at which they are due, and say when the one after is."""
    due = page.next_at or pen.moment.at
    person = next_in_line(page, pen.ticket, pen.values(), pen.moment.at)
    if person is not None:
        call(pen, page, [person], due)
    page.next_at = _next_at(page, due, pen.moment.at)
    page.save(update_fields=["next_at"])


def next_in_line(page: Page, ticket: Ticket, values: Mapping[str, str], at: datetime) -> Told | None:
    """Return who is called next: of those in line whoever was called least often, the first of them. None where a
    restricted ticket has no reader."""
    called = Counter(page.calls.values_list("agent_id", flat=True))
    line = _line(page, ticket, values, at)
    return min(line, key=lambda each: called[each.agent.pk], default=None)


def why_over(
    page: Page, ticket: Ticket, settled: Mapping[str, SettledStep | None], at: datetime
) -> Over | None:
    """Return why nothing calls for a page any more, and since when; None while something does.

    Whoever answers the customer has it, whatever its ladder waits for.
    """
    if ticket.is_spam:
        return Over("not_needed", at)
    if ticket.status_category in _DONE:
        return Over("ticket_done", _events(page, kind="status").last() or at)
    answered = _events(page, kind__in=("message", "call"), actor=Actor.agent, data__direction="out").first()
    if answered is not None:
        return Over("answered", answered)
    step = settled.get(page.key)
    if step is None:
        # A key that is missing belongs to a ladder that the policy has no more.
        return None if page.key in settled and not ticket.merged_into_id else Over("not_needed", at)
    return Over("answered" if step.is_answered else "not_needed", max(step.at, page.begun_at))


def _events(page: Page, **of: Any) -> QuerySet[StoryEvent, datetime]:
    """When such things happened on the ticket of a page since it began."""
    events = StoryEvent.objects.filter(ticket_id=page.ticket_id, at__gte=page.begun_at, **of)
    return events.order_by("at", "seq").values_list("at", flat=True)


def over_now(page: Page, at: datetime) -> Over | None:
    """Return why nothing calls for a page any more, for who only looks at it."""
    ticket = page.ticket
    facts = read_stories([ticket.pk])[ticket.pk].facts
    return why_over(page, ticket, settled_steps(versions_of(ticket).in_force, facts, at), at)


def end(page: Page, because: str, at: datetime, by: Agent | None = None) -> None:
    """End a page: nobody else is called."""
    page.ended_at, page.ended_because, page.ended_by, page.next_at = at, because, by, None
    page.save(update_fields=["ended_at", "ended_because", "ended_by", "next_at"])


def under_way(ticket_id: int) -> list[Page]:
    """Return the pages of a ticket that have not ended, locked, the first one first."""
    pages = Page.objects.filter(ticket_id=ticket_id, ended_at=None)
    return list(pages.select_for_update().order_by("begun_at", "pk"))


def _line(page: Page, ticket: Ticket, values: Mapping[str, str], at: datetime) -> list[Told]:
    known = {"product": "", "region": "", **values, "organization": str(ticket.organization_id or "")}
    line: dict[int, Told] = {}
    for role in _roles(page):
        for agent in in_line(ticket.desk_id, role, known, at):
            line.setdefault(agent.pk, Told(agent, role))
    if not ticket.restricted:
        return list(line.values())
    readers = {each.pk: each for each in readers_of(ticket)}
    away = away_among(readers, at)
    reading = [each for each in line.values() if each.agent.pk in readers]
    others = [Told(each, page.role, as_reader=True) for each in readers.values() if each.pk not in line]
    there = [each for each in (*reading, *others) if each.agent.pk not in away]
    return there or [*reading, *others]


def _roles(page: Page) -> list[str]:
    """The roles of the step that pages."""
    told = StoryEvent.objects.filter(ticket_id=page.ticket_id, consequence_key=page.key)
    data = told.values_list("data", flat=True).first() or {}
    return list(data.get("tell") or [page.role])


def _answer_minutes(ticket: Ticket, roles: Sequence[str]) -> int:
    """What the first of the roles gives that has a rota."""
    known = dict(
        Rota.objects.filter(desk_id=ticket.desk_id, role__in=roles).values_list("role", "answer_minutes")
    )
    return next((known[role] for role in roles if role in known), ANSWER_MINUTES)


def _next_at(page: Page, due: datetime, now: datetime) -> datetime:
    begun = due if now - due <= LATE else now
    return begun + timedelta(minutes=page.answer_minutes)
