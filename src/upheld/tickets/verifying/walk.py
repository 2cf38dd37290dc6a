"""Walking all tickets in parts, each read in one snapshot, so that a desk at work is never seen half-way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max, Min

from upheld.notices.models import Alert, Notice, NoticeKind
from upheld.people.models import Membership, Team
from upheld.policy import Actor, Consequence, Event
from upheld.tickets.models import Message, PageCall, StoryEvent, Ticket
from upheld.tickets.result_rows import noted_of_each
from upheld.tickets.verifying.consequences import Line
from upheld.tickets.verifying.story import StoryLine
from upheld.tickets.verifying.ticket import Found, Kept, verify_ticket
from upheld.tickets.verifying.told import Told
from upheld.tickets.versions import versions_of_each

AT_ONCE = 500


class Part(NamedTuple):
    """The tickets of a desk with ids from `first` to `last`; of them `only` some, where they are named."""

    desk_id: int
    first: int
    last: int
    only: tuple[int, ...] = ()


@dataclass(slots=True)
class Tally:
    """What was looked at, and what was found: (ticket's id, its number, the difference). Restricted tickets are counted
    apart, so that no figure on a page tells of them."""

    counts: Counter[str] = field(default_factory=Counter)
    restricted: Counter[str] = field(default_factory=Counter)
    found: list[tuple[int, str, Found]] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another one in."""
        self.counts.update(other.counts)
        self.restricted.update(other.restricted)
        self.found.extend(other.found)


def parts(desk_id: int, *, only: int | None = None) -> list[Part]:
    """Return the parts in which a desk's tickets are walked; `only` that of one ticket."""
    if only is not None:
        return [Part(desk_id, only, only)]
    ends = Ticket.objects.filter(desk_id=desk_id).aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    starts = range(ends["first"], ends["last"] + 1, AT_ONCE)
    return [Part(desk_id, first, min(first + AT_ONCE - 1, ends["last"])) for first in starts]


def sample(desk_id: int, size: int, seed: str) -> list[Part]:
    """Return parts that hold so many tickets of a desk, taken at random; of the same tickets the same `seed` takes the
    same ones."""
    ids = list(Ticket.objects.filter(desk_id=desk_id).order_by("pk").values_list("pk", flat=True))
    taken = sorted(Random(seed).sample(ids, min(size, len(ids))))  # noqa: S311
    groups = [tuple(taken[start : start + AT_ONCE]) for start in range(0, len(taken), AT_ONCE)]
    return [Part(desk_id, group[0], group[-1], group) for group in groups]


def verify_part(part: Part) -> Tally:
    """Replay the stories of a part of the tickets and return what came of it."""
    tally = Tally()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        for kept in _kept(part):
            (tally.restricted if kept.ticket.restricted else tally.counts).update(_counted(kept))
            for found in verify_ticket(kept):
                tally.found.append((kept.ticket.pk, kept.ticket.number, found))
    return tally


def _counted(kept: Kept) -> dict[str, int]:
    return {
        "tickets": 1,
        "events": len(kept.lines),
        "verdicts": sum(line.consequence.kind == "verdict" for line in kept.consequences),
        "effects": len(kept.consequences),
        "clocks": len(kept.ticket.standing.get("clocks", ())),
        "notices": len(kept.told),
        "results": len(kept.noted.clocks) + len(kept.noted.pauses),
    }


def _kept(part: Part) -> Iterator[Kept]:
    tickets = Ticket.objects.filter(desk_id=part.desk_id, pk__range=(part.first, part.last))
    if part.only:
        tickets = tickets.filter(pk__in=part.only)
    rows = list(tickets.order_by("pk"))
    ids = [ticket.pk for ticket in rows]
    versions, stories, told = versions_of_each(rows), _stories(ids), _told(ids)
    messages, noted = _messages(ids), noted_of_each(ids)
    teams = frozenset(Team.objects.filter(desk_id=part.desk_id).values_list("pk", flat=True))
    working = frozenset(
        Membership.objects.filter(agent__user__is_active=True).values_list("desk_id", flat=True).distinct()
    )
    for ticket in rows:
        story = stories[ticket.pk]
        yield Kept(
            ticket,
            versions[ticket.pk],
            story.facts,
            story.consequences,
            story.lines,
            frozenset(messages[ticket.pk]),
            told[ticket.pk],
            ticket.desk_id in working,
            noted[ticket.pk],
            teams,
        )


@dataclass(slots=True)
class _Story:
    facts: list[Event] = field(default_factory=list)
    consequences: list[Line] = field(default_factory=list)
    lines: list[StoryLine] = field(default_factory=list)


def _stories(ids: Iterable[int]) -> defaultdict[int, _Story]:
    columns = (
        "ticket_id",
        "at",
        "kind",
        "actor",
        "data",
        "seq",
        "recorded_at",
        "consequence_key",
        "message_id",
        "agent_id",
    )
    rows = StoryEvent.objects.filter(ticket_id__in=ids).order_by("at", "seq").values_list(*columns)
    stories: defaultdict[int, _Story] = defaultdict(_Story)
    for ticket_id, at, kind, actor, data, seq, recorded_at, key, message_id, agent_id in rows.iterator(5000):
        story = stories[ticket_id]
        story.lines.append(StoryLine(seq, at, recorded_at, kind, message_id, "held_at" in data, agent_id))
        if key is None:
            story.facts.append(Event(at, kind, Actor(actor), data, seq, recorded_at))
        else:
            story.consequences.append(Line(seq, Consequence(key, at, kind, data), recorded_at))
    return stories


def _messages(ids: Iterable[int]) -> defaultdict[int, list[int]]:
    messages: defaultdict[int, list[int]] = defaultdict(list)
    for ticket_id, message_id in Message.objects.filter(ticket_id__in=ids).values_list("ticket_id", "pk"):
        messages[ticket_id].append(message_id)
    return messages


def _told(ids: Iterable[int]) -> defaultdict[int, list[Told]]:
    told: defaultdict[int, list[Told]] = defaultdict(list)
    for model in (Notice, Alert):
        rows = model.objects.filter(ticket_id__in=ids).values_list("ticket_id", "key", "kind", "created_at")
        for ticket_id, key, kind, created_at in rows:
            told[ticket_id].append(Told(key.removeprefix(f"{ticket_id}:"), kind, created_at))
    # A step that pages tells people call by call, under keys of their own.
    calls = PageCall.objects.filter(page__ticket_id__in=ids).values_list("page__ticket_id", "page__key", "at")
    for ticket_id, key, at in calls:
        told[ticket_id].append(Told(key, NoticeKind.PAGED, at))
    return told
