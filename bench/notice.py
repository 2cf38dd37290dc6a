"""From the instant at which one clock is due to the notice of it in the database, with the workers running."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from time import sleep

from bench.row import Row, percentiles
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import add_agent
from upheld.people.models import Agent, Contact
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets.actions import assign, open_ticket, set_status
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment

_SLUG = "bench-around-the-clock"
_LEAD, _APART = timedelta(seconds=20), timedelta(seconds=0.5)
_LONGEST = timedelta(seconds=60)
_LOOK = 0.02
_TOLD = (NoticeKind.WARNING, NoticeKind.BREACH)


def run(size: int, count: int) -> Iterator[Row]:
    """Open so many tickets whose first clock is about to warn, half a second one after the other, and watch."""
    desk, agent = _desk(datetime.now(UTC))
    after = _first_wake(desk, agent)
    due = {}
    start = datetime.now(UTC) + _LEAD
    for place in range(count):
        ticket = _open(desk, agent, start + place * _APART - after)
        if ticket.wake_at is not None and ticket.wake_at > datetime.now(UTC):
            due[ticket.pk] = ticket.wake_at
    late = _watch(due)
    # Left open, each would be told of every hour, for as long as this database lives.
    for ticket_id in Ticket.objects.filter(desk=desk, status_category="open").values_list("pk", flat=True):
        set_status(ticket_id, agent, "resolved", Moment.exactly(datetime.now(UTC)))
    p50, p95, p99 = percentiles([each * 1000 for each in late.values()] or [0.0])
    missing = f"; {len(due) - len(late)} NOT TOLD" if len(late) < len(due) else ""
    note = f"{len(late)} clocks, one at a time{missing}"
    also = {"p95": p95, "p99": p99}
    yield Row("due", "due → notice stored, p50", p50 / 1000, "s", "≤ 2 s", note, size, also)
    yield Row("due", "due → notice stored, latest", max(late.values(), default=None), "s", "≤ 2 s", size=size)


def _watch(due: dict[int, datetime]) -> dict[int, float]:
    """Return for each ticket after how many seconds its first notice was there."""
    late: dict[int, float] = {}
    until = max(due.values(), default=datetime.now(UTC)) + _LONGEST
    while len(late) < len(due) and datetime.now(UTC) < until:
        waiting = [each for each in due if each not in late]
        told = Notice.objects.filter(ticket_id__in=waiting, kind__in=_TOLD).order_by()
        seen, now = set(told.values_list("ticket_id", flat=True)), datetime.now(UTC)
        late |= {ticket: (now - due[ticket]).total_seconds() for ticket in seen}
        sleep(_LOOK)
    return late


def _first_wake(desk: Desk, agent: Agent) -> timedelta:
    """How long after its receipt a ticket of this desk first has something due."""
    now = datetime.now(UTC)
    ticket = _open(desk, agent, now)
    assert ticket.wake_at is not None  # noqa: S101 - its policy promises an answer
    return ticket.wake_at - now


def _open(desk: Desk, agent: Agent, received_at: datetime) -> Ticket:
    contact, _ = Contact.objects.get_or_create(
        address="caller@bench.example.org", defaults={"created_at": received_at, "name": "Caller"}
    )
    request = NewRequest(
        desk=desk,
        contact=contact,
        subject="Nothing works",
        text="Nothing works at all.",
        received_at=received_at,
        channel="portal",
        priority="critical",
        acknowledge=False,
    )
    ticket = open_ticket(request, Moment.exactly(datetime.now(UTC)))
    return assign(ticket.pk, agent, agent, Moment.exactly(datetime.now(UTC)))


def _desk(now: datetime) -> tuple[Desk, Agent]:
    """A desk that is there at every hour, so that a clock can be due now."""
    desk = Desk.objects.filter(slug=_SLUG).first()
    if desk is None:
        then = now - timedelta(days=30)
        address = "always@bench.example.com"
        desk = create_desk(
            slug=_SLUG,
            name="Always",
            prefix="ALWAYS",
            zone="Europe/London",
            address=address,
            by="bench",
            now=then,
        )
        publish_policy(desk, pack("always-on"), now=now, by="bench", effective_from=then)
    agent = add_agent(
        desk, address="awake@bench.example.com", name="Awake", role=Role.lead, by="bench", now=now
    )
    return desk, agent
