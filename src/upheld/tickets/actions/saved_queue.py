"""Keep a query by name, change, move and delete it: for oneself, or for everybody on a desk."""

from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Max

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.rules.queue_query import LONGEST, parse
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.models import SavedQueue
from upheld.tickets.saved_queues import MOST, ordered

_LONGEST_NAME = 60


@transaction.atomic
def keep_queue(agent: Agent, desk: Desk, name: str, query: str, now: datetime, *, shared: bool) -> SavedQueue:
    """Keep a query by name, last among the others. Raises NotAllowed, or Refused for a name or a query that is none."""
    owner = None if shared else agent
    demand_on(agent, Act.share_workspace if shared else Act.read_ticket, desk.pk)
    saved = SavedQueue(desk=desk, agent=owner, name=_name(name), query=_query(query), made_at=now)
    others = ordered(saved)
    if others.count() >= MOST:
        raise Refused(f"There are {MOST} queues already. Delete one that nobody needs.")
    last = others.aggregate(last=Max("position"))["last"]
    saved.position = 0 if last is None else last + 1
    _save(saved)
    _tell(saved, agent, now, "queue shared", query=saved.query)
    return saved


@transaction.atomic
def change_queue(queue_id: int, agent: Agent, name: str, query: str, now: datetime) -> SavedQueue:
    """Give a queue another name, or another query. Raises NotAllowed, or Refused for what is none."""
    saved = _own(queue_id, agent)
    before = {"name": saved.name, "query": saved.query}
    saved.name, saved.query = _name(name), _query(query)
    after = {"name": saved.name, "query": saved.query}
    if after != before:
        _save(saved)
        _tell(saved, agent, now, "queue changed", before=before, after=after)
    return saved


@transaction.atomic
def move_queue(queue_id: int, agent: Agent, to: Literal["up", "down"], now: datetime) -> None:
    """Let a queue change places with the one before it, or after it."""
    saved = _own(queue_id, agent)
    rows = list(ordered(saved).select_for_update())
    at = [each.pk for each in rows].index(saved.pk)
    other = at + (-1 if to == "up" else 1)
    if not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    for position, each in enumerate(rows):
        each.position = position
    SavedQueue.objects.bulk_update(rows, ["position"])
    _tell(saved, agent, now, "queue moved", to=to)


@transaction.atomic
def delete_queue(queue_id: int, agent: Agent, now: datetime) -> None:
    """Forget a queue; the tickets in it stay what they are."""
    saved = _own(queue_id, agent)
    _tell(saved, agent, now, "queue deleted", query=saved.query)
    saved.delete()


def _own(queue_id: int, agent: Agent) -> SavedQueue:
    """The queue, where the agent may change it: their own, or a shared one of a desk on which they may."""
    saved = SavedQueue.objects.select_related("desk").select_for_update(of=("self",)).get(pk=queue_id)
    if saved.agent_id not in (None, agent.pk):
        raise SavedQueue.DoesNotExist
    demand_on(agent, Act.read_ticket if saved.agent_id else Act.share_workspace, saved.desk_id)
    return saved


def _name(text: str) -> str:
    name = one_line(text, _LONGEST_NAME + 1)
    if not name:
        raise Refused("Give the queue a name.")
    if len(name) > _LONGEST_NAME:
        raise Refused(f"A name has up to {_LONGEST_NAME} letters.")
    return name


def _query(text: str) -> str:
    """The query as it is kept. What cannot be meant today is not kept for tomorrow."""
    read = parse(" ".join(text.replace("\0", " ").split()))
    if read.faults:
        raise Refused("Something in this search cannot be meant. Mend it, then save it.")
    query = str(read)
    if not query:
        raise Refused("Say first what the queue is to show.")
    if len(query) > LONGEST:
        raise Refused(f"A search has up to {LONGEST} letters.")
    return query


def _save(saved: SavedQueue) -> None:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        raise Refused(f"There is a queue named “{saved.name}” already. Choose another name.") from None


def _tell(saved: SavedQueue, agent: Agent, now: datetime, action: str, **data: object) -> None:
    """What everybody has is in the audit; what one agent keeps for themselves is nobody's business."""
    if saved.agent_id is None:
        record(at=now, actor=agent.user.email, action=action, subject=saved.name, desk=saved.desk, **data)
