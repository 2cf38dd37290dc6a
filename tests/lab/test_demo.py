"""The demo's desk: alive at any hour, its past already told, loaded once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Count

from upheld.desks.models import Desk
from upheld.lab.demo import load
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.releasing import retry
from upheld.notices.models import Notice
from upheld.policy import ClockState, Policy, Standing, pack
from upheld.policy import load as load_policy
from upheld.tickets.models import Attachment, Message, StoryEvent, Ticket

AT_WORK = datetime(2026, 3, 18, 11, 7, tzinfo=UTC)
SATURDAY_NIGHT = datetime(2026, 11, 21, 23, 40, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)


def policy() -> Policy:
    return load_policy(pack("school-devices"))


@pytest.mark.django_db
@pytest.mark.parametrize("now", [AT_WORK, SATURDAY_NIGHT, NEW_YEAR])
def test_the_desk_shows_every_state_of_a_promise(now: datetime) -> None:
    heard: list[tuple[str, int, int]] = []
    load(lambda *told: heard.append(told), now)

    assert heard[-1][1] == heard[-1][2]
    tickets = list(Ticket.objects.filter(desk__slug="school-devices"))
    assert 55 <= len(tickets) <= 70
    assert {"open", "waiting", "resolved", "closed"} == {ticket.status_category for ticket in tickets}
    assert {"urgent", "high", "medium", "low"} == {ticket.priority for ticket in tickets}
    soon = next(iter(policy().calendars.values())).add(now, timedelta(hours=2))
    dues = [ticket.next_due_at for ticket in tickets if ticket.next_due_at]
    assert sum(due < now for due in dues) >= 5
    assert sum(now <= due <= soon for due in dues) >= 8
    states = {clock.state for ticket in tickets for clock in Standing.from_json(ticket.standing).clocks}
    assert {ClockState.met, ClockState.breached, ClockState.paused, ClockState.ended} <= states
    assert ticket_without_assignee_came_minutes_ago(now)
    there_is_mail_in_every_state_that_waits_for_nobody_else(now)


@pytest.mark.django_db
def test_the_past_is_told_and_a_person_can_go_on_from_there() -> None:
    """Filling a desk takes seconds, so one desk is looked at from all sides, and changed at the end."""
    load(lambda *told: None, AT_WORK)
    nothing_is_recorded_ahead_and_the_past_is_told()
    the_mails_that_are_hard_to_show_are_there()
    a_second_start_changes_nothing()
    mail_that_was_parked_is_left_to_a_person_and_can_be_read()


def ticket_without_assignee_came_minutes_ago(now: datetime) -> bool:
    return Ticket.objects.filter(assignee=None, received_at__gt=now - timedelta(minutes=10)).exists()


def nothing_is_recorded_ahead_and_the_past_is_told() -> None:
    assert not StoryEvent.objects.filter(at__gt=AT_WORK).exists()
    assert not StoryEvent.objects.filter(recorded_at__gt=AT_WORK).exists()
    assert not Ticket.objects.filter(wake_at__lte=AT_WORK).exists()
    waiting = Notice.objects.filter(state="waiting")
    assert 0 < waiting.count() < 20
    assert all(AT_WORK - notice.created_at < timedelta(minutes=30) for notice in waiting)
    assert not Notice.objects.filter(state="sent", sent_at=None).exists()


def the_mails_that_are_hard_to_show_are_there() -> None:
    assert Attachment.objects.count() >= 4
    assert Message.objects.filter(kind="third_party", released=False).exists()
    assert Message.objects.filter(kind="note").count() >= 5
    assert Message.objects.exclude(html="").exists()
    assert Message.objects.filter(text__contains="السلام").exists()
    assert max(len(ticket.subject) for ticket in Ticket.objects.all()) > 200
    assert max(ticket.messages.count() for ticket in Ticket.objects.all()) >= 12


def there_is_mail_in_every_state_that_waits_for_nobody_else(now: datetime) -> None:
    states = dict(RawMail.objects.values_list("state").annotate(Count("pk")))
    assert states == {"kept": 3, "parked": 1, "ignored": 2, "ticketed": 2, "discarded": 1}
    assert Notice.objects.filter(state="bounced").count() == 1
    held = Message.objects.exclude(held_because="").filter(kind="third_party").get()
    assert "a colleague of who asked" in held.held_because
    assert not RawMail.objects.filter(received_at__gt=now).exists()


def mail_that_was_parked_is_left_to_a_person_and_can_be_read() -> None:
    parked = RawMail.objects.get(state="parked")
    later = AT_WORK + timedelta(days=30)
    while claim_and_ingest(Reader(), later):
        pass
    parked.refresh_from_db()
    assert parked.state == "parked", "all its attempts are behind it"
    retry(parked.pk, "tests", later)
    assert claim_and_ingest(Reader(), later) == 1
    parked.refresh_from_db()
    assert parked.state == "ticketed"


class Reader:
    """Stands in for the pool, as in the demo itself."""

    parse = staticmethod(parse)


def a_second_start_changes_nothing() -> None:
    events, desks = StoryEvent.objects.count(), Desk.objects.count()

    load(lambda *told: None, AT_WORK + timedelta(days=3))

    assert (StoryEvent.objects.count(), Desk.objects.count()) == (events, desks)
