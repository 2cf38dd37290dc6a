"""The story is append-only and the standing can always be derived from it again."""

import pytest
from django.db import DatabaseError, connection, transaction

from harness.cast import Cast, at, utc
from upheld.policy import evaluate
from upheld.tickets.actions import receive_message, reply, set_status, settle_ticket
from upheld.tickets.models import StoryEvent
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, read_stories, summary


@pytest.mark.parametrize(
    "statement",
    ["update tickets_storyevent set kind = 'note'", "delete from tickets_storyevent"],
)
def test_the_database_itself_refuses_to_change_a_story(cast: Cast, statement: str) -> None:
    cast.writes("2026-06-01 09:00")
    refused = pytest.raises(DatabaseError, match="never changed or deleted")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_to_change_a_published_policy(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
        cast.desk.policy_versions.update(source="")


def test_what_is_stored_is_what_the_story_gives(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="high")
    reply(ticket.pk, cast.bob, "Try another cable.", at("2026-06-01 09:40"), status="waiting_on_customer")
    settle_ticket(ticket.pk, at("2026-06-02 12:00"))
    ticket.refresh_from_db()
    facts = read_stories([ticket.pk])[ticket.pk].facts
    policy = Pen(ticket, at("2026-06-02 12:00")).policy
    again = evaluate(policy, facts, utc("2026-06-02 12:00"))
    assert ticket.standing == summary(again)
    assert (ticket.status, ticket.priority) == (again.status, again.priority)
    assert (ticket.next_due_at, ticket.wake_at) == (again.next_due_at, again.wake_at)


def test_no_consequence_is_recorded_past_the_oldest_unread_mail(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    # A mail received at 09:59 on the 4th has not been read; the ticket would close at 10:00.
    waiting = Moment(at=utc("2026-06-04 12:00"), settled_by=utc("2026-06-04 09:59"))
    settle_ticket(ticket.pk, waiting)
    assert not StoryEvent.objects.filter(ticket=ticket, kind="status", data__to="closed").exists()
    ticket.refresh_from_db()
    assert ticket.wake_at == utc("2026-06-04 10:00")


def test_a_customer_who_answered_in_time_is_not_closed_by_a_late_worker(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    moment = Moment(at=utc("2026-06-04 12:00"), settled_by=utc("2026-06-04 09:59"))
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-04 09:59"), moment)
    settle_ticket(ticket.pk, at("2026-06-04 12:01"))
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert not StoryEvent.objects.filter(ticket=ticket, data__to="closed").exists()


def test_a_stored_status_is_never_ahead_of_the_recorded_story(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, Moment(at=utc("2026-06-04 12:00"), settled_by=utc("2026-06-04 09:59")))
    ticket.refresh_from_db()
    assert ticket.status == "resolved"


def test_a_reply_that_is_written_down_after_the_breach_does_not_rewrite_it(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 11:00:00.100"))
    # Pressed a moment before the deadline, but another worker had settled the ticket meanwhile.
    reply(ticket.pk, cast.bob, "Try another cable.", at("2026-06-01 10:59:59.900"))
    keys = set(
        StoryEvent.objects.filter(ticket=ticket, kind="verdict")
        .order_by("pk")
        .values_list("consequence_key", flat=True)
    )
    assert keys == {"breached:first_response:1"}
    answer = StoryEvent.objects.get(ticket=ticket, kind="message")
    assert answer.at == utc("2026-06-01 11:00:00.000001")
    assert answer.data["held_at"] == "2026-06-01T10:59:59.900000+00:00"
    ticket.refresh_from_db()
    clock = next(each for each in ticket.standing["clocks"] if each["metric"] == "first_response")
    assert clock["verdict"] == "breached"
    assert clock["satisfied_at"] is not None


def test_a_mail_read_long_after_its_ticket_was_closed_opens_it_again(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, at("2026-06-05 10:00"))
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-04 09:59"), at("2026-06-08 08:00"))
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert StoryEvent.objects.filter(ticket=ticket, kind="status", data__to="closed").count() == 1
