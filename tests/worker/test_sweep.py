"""Due clocks: what the policy says happens at its instant, whoever is broken and however late the worker comes."""

from datetime import timedelta

import pytest
from django.db import transaction

from harness.cast import Cast, utc
from upheld.mailboxes.models import RawMail
from upheld.notices.models import Notice
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.worker import clocks
from upheld.worker.clocks import Sweeper, sweep

NOON = utc("2026-06-01 12:00")
LATER = utc("2026-08-01 12:00")


def due_tickets(cast: Cast, count: int) -> list[Ticket]:
    tickets = [cast.writes("2026-06-01 09:00") for _ in range(count)]
    for place, ticket in enumerate(tickets):
        Ticket.objects.filter(pk=ticket.pk).update(wake_at=NOON + timedelta(seconds=place // 2))
    return tickets


@pytest.fixture
def one_by_one(monkeypatch) -> None:
    """A sweep in which no batch succeeds, so that every ticket is tried alone."""

    def refuse(ticket_ids, moment):
        raise RuntimeError("not together")

    monkeypatch.setattr(clocks, "settle_tickets", refuse)


@pytest.fixture
def settled(one_by_one, monkeypatch) -> list[int]:
    """The tickets that were settled, in order; settling one puts its wake-up off."""
    seen: list[int] = []

    def settle(ticket_id, moment):
        seen.append(ticket_id)
        Ticket.objects.filter(pk=ticket_id).update(wake_at=LATER + timedelta(days=900))

    monkeypatch.setattr(clocks, "settle_ticket", settle)
    return seen


def test_a_breach_is_recorded_at_its_due_instant_however_late_the_worker_comes(cast):
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    due_at = Ticket.objects.get(pk=ticket.pk).next_due_at
    assert sweep(due_at + timedelta(days=1)) == 1
    verdict = StoryEvent.objects.get(ticket=ticket, kind="verdict", data__metric="first_response")
    assert verdict.at == due_at
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="breach").exists()
    assert Ticket.objects.get(pk=ticket.pk).wake_at != due_at


def test_what_happened_once_does_not_happen_again(cast):
    cast.writes("2026-06-01 09:00", priority="urgent")
    at = LATER
    while sweep(at):
        pass
    events, notices = StoryEvent.objects.count(), Notice.objects.count()
    Ticket.objects.update(wake_at=NOON)
    assert sweep(at) == 1
    assert (StoryEvent.objects.count(), Notice.objects.count()) == (events, notices)


def test_tickets_are_settled_in_the_order_in_which_they_fell_due(cast, settled, monkeypatch):
    monkeypatch.setattr(clocks, "BATCH", 3)
    tickets = due_tickets(cast, 8)
    assert sweep(NOON + timedelta(minutes=1)) == 8
    assert settled == [ticket.pk for ticket in tickets]


def test_what_is_not_due_is_left_alone(cast, settled):
    due_tickets(cast, 2)
    assert sweep(NOON - timedelta(seconds=1)) == 0
    assert settled == []


def test_unread_mail_holds_its_desks_clocks_back(cast, settled):
    tickets = due_tickets(cast, 4)
    RawMail.objects.create(
        mailbox=cast.desk.mailboxes.get(),
        received_at=NOON,
        way="smtp",
        raw=b"",
        digest="",
        next_try_at=NOON,
    )
    sweep(NOON + timedelta(minutes=1))
    # What is due at the mail's very instant waits too: it may be the answer in time.
    assert settled == [ticket.pk for ticket in tickets if ticket.wake_at < NOON]


def test_one_poisoned_ticket_spoils_its_batch_for_nobody_else(cast, monkeypatch):
    tickets = [cast.writes("2026-06-01 09:00", priority="urgent") for _ in range(5)]
    poison = tickets[1].pk
    real = Pen.settle

    def settle(pen):
        if pen.ticket.pk == poison:
            raise ValueError("a story that cannot be read")
        return real(pen)

    monkeypatch.setattr(Pen, "settle", settle)
    sweeper = Sweeper()
    assert sweeper.sweep(LATER) == 4
    assert sweeper.ailing[poison].error == "ValueError"
    breached = StoryEvent.objects.filter(consequence_key="breached:first_response:1")
    assert set(breached.values_list("ticket_id", flat=True)) == {each.pk for each in tickets} - {poison}


def test_together_and_one_by_one_come_to_the_same(cast, monkeypatch):
    def breaches():
        rows = StoryEvent.objects.exclude(consequence_key=None).order_by("ticket_id", "seq")
        return list(rows.values_list("ticket__subject", "at", "kind", "consequence_key", "data"))

    def alerts():
        return list(Notice.objects.order_by("key").values_list("kind", "to_address", "data"))

    def standings():
        return list(Ticket.objects.order_by("id").values_list("status", "standing", "wake_at", "next_due_at"))

    for minute in range(4):
        cast.writes(f"2026-06-01 09:0{minute}", priority=("urgent", "high")[minute % 2])
    with transaction.atomic():
        sweep(LATER)
        together = breaches(), alerts(), standings()
        transaction.set_rollback(True)
    for ticket_id in Ticket.objects.values_list("pk", flat=True):
        clocks.settle_ticket(ticket_id, Moment(LATER, LATER - clocks.UNDER_WAY))
    assert (breaches(), alerts(), standings()) == together
    assert together[0]


def test_one_ticket_that_cannot_be_settled_delays_nobody(cast, one_by_one, monkeypatch):
    tickets = due_tickets(cast, 5)
    poison = tickets[1].pk
    real = clocks.settle_ticket

    def settle(ticket_id, moment):
        if ticket_id == poison:
            Ticket.objects.filter(pk=ticket_id).update(subject="half done")
            Ticket.objects.raw("select no_such_column")[0]
        real(ticket_id, moment)

    monkeypatch.setattr(clocks, "settle_ticket", transaction.atomic(settle))
    sweeper = Sweeper()
    assert sweeper.sweep(NOON + timedelta(minutes=1)) == 4
    kept = Ticket.objects.get(pk=poison)
    assert kept.subject != "half done"
    assert kept.wake_at == NOON
    assert sweeper.ailing[poison].error == "ProgrammingError"


def test_it_is_tried_again_later_and_then_forgotten(cast, settled, monkeypatch):
    [ticket] = due_tickets(cast, 1)
    settle = clocks.settle_ticket

    def broken(ticket_id, moment):
        settled.append(ticket_id)
        raise RuntimeError("broken")

    monkeypatch.setattr(clocks, "settle_ticket", broken)
    sweeper = Sweeper()
    at = NOON + timedelta(minutes=1)
    sweeper.sweep(at)
    sweeper.sweep(at + timedelta(seconds=59))
    assert len(settled) == 1
    sweeper.sweep(at + timedelta(seconds=60))
    sweeper.sweep(at + timedelta(seconds=179))
    assert len(settled) == 2
    assert sweeper.ailing[ticket.pk].tries == 2
    monkeypatch.setattr(clocks, "settle_ticket", settle)
    assert sweeper.sweep(at + timedelta(seconds=180)) == 1
    assert sweeper.ailing == {}


def test_a_ticket_that_stays_due_does_not_hold_the_walk_up(cast, one_by_one, monkeypatch):
    monkeypatch.setattr(clocks, "BATCH", 2)
    due_tickets(cast, 5)
    seen = []
    monkeypatch.setattr(clocks, "settle_ticket", lambda ticket_id, moment: seen.append(ticket_id))
    assert sweep(NOON + timedelta(minutes=1)) == 5
    assert len(set(seen)) == 5
