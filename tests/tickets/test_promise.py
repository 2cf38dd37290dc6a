"""From a mail to a promise: number, priority, due times, and what pauses them."""

from harness.cast import Cast, at, utc
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import Metric, Standing
from upheld.tickets.actions import receive_message, reply, set_priority, set_status, settle_ticket
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket


def standing_of(ticket: Ticket) -> Standing:
    ticket.refresh_from_db()
    return Standing.from_json(ticket.standing)


def due(ticket: Ticket, metric: Metric):
    clock = current_clock(standing_of(ticket), metric)
    assert clock is not None
    return clock.due_at


def test_a_mail_on_friday_1650_with_priority_high_is_answered_over_the_change_to_summer_time(
    cast: Cast,
) -> None:
    # Friday 27 March 2026, 16:50 in London; the clocks go forward on Sunday the 29th.
    ticket = cast.writes("2026-03-27 16:50", priority="high")
    # 10 minutes on Friday, 9.5 h on Monday, 6 h 20 min on Tuesday: 13:50 summer time.
    assert due(ticket, Metric.first_response) == utc("2026-03-31 12:50")
    # 40 h: 10 min + 9.5 h Mon, Tue, Wed, Thu (2 April) = 38:10; Friday 3 and Monday 6 April are bank holidays.
    assert due(ticket, Metric.resolution) == utc("2026-04-07 08:20")


def test_numbers_follow_each_other_and_stay(cast: Cast) -> None:
    first, second = cast.writes("2026-06-01 09:00"), cast.writes("2026-06-01 09:01")
    assert (first.number, second.number) == ("SDS-1001", "SDS-1002")


def test_the_priority_is_medium_when_nobody_says_otherwise(cast: Cast) -> None:
    assert cast.writes("2026-06-01 09:00").priority == "medium"


def test_the_acknowledgement_names_the_due_time_in_the_customers_zone(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    notice = Notice.objects.get(ticket_id=ticket.pk, kind=NoticeKind.ACKNOWLEDGEMENT)
    assert notice.to_address == "amina@school.example.org"
    assert notice.data["first_response_due"] == "2026-06-01T11:00:00+00:00"
    assert notice.data["zone"] == "Europe/London"


def test_an_acknowledgement_meets_no_response(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    clock = current_clock(standing_of(ticket), Metric.first_response)
    assert clock is not None
    assert clock.verdict is None


def test_a_reply_meets_the_response_at_the_press_of_send(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "Please hold the power button for 30 seconds.", at("2026-06-01 10:30"))
    clock = current_clock(standing_of(ticket), Metric.first_response)
    assert clock is not None
    assert (clock.verdict, clock.verdict_at) == ("met", utc("2026-06-01 10:30"))


def test_waiting_on_the_customer_stops_the_timer_and_their_reply_starts_it_again(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    # 16 h from 10:00 London time: 7 h on Monday, 9 h on Tuesday.
    assert due(ticket, Metric.resolution) == utc("2026-06-02 15:30")
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    assert due(ticket, Metric.resolution) is None
    assert standing_of(ticket).next_due_at is None
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-01 11:00"), at("2026-06-01 11:00"))
    ticket.refresh_from_db()
    assert ticket.status == "open"
    # One working hour was paused: half of it fits before closing on Tuesday, half falls on Wednesday morning.
    assert due(ticket, Metric.resolution) == utc("2026-06-03 07:00")


def test_a_breach_is_stamped_with_its_deadline_however_late_the_worker_looks(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-03 03:00"))
    breach = StoryEvent.objects.get(ticket=ticket, consequence_key="breached:first_response:1")
    assert breach.at == utc("2026-06-01 11:00")
    assert breach.recorded_at == utc("2026-06-03 03:00")


def test_settling_again_and_again_records_nothing_twice(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", priority="urgent")
    for hour in ("10:45", "11:30", "11:31", "18:00"):
        settle_ticket(ticket.pk, at(f"2026-06-01 {hour}"))
    kinds = sorted(Notice.objects.filter(ticket_id=ticket.pk).values_list("kind", flat=True))
    assert kinds == ["acknowledgement", "breach", "warning"]


def test_raising_the_priority_makes_it_due_sooner(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    later = due(ticket, Metric.first_response)
    set_priority(ticket.pk, cast.bob, "urgent", at("2026-06-01 09:30"))
    assert due(ticket, Metric.first_response) < later


def test_a_ticket_left_resolved_closes_at_72_hours_and_the_customer_is_told_of_each_step(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, at("2026-06-05 00:00"))
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    closing = StoryEvent.objects.get(ticket=ticket, kind="status", consequence_key__isnull=False)
    assert closing.at == utc("2026-06-04 10:00")
    labels = [each.data["to_label"] for each in Notice.objects.filter(kind=NoticeKind.STATUS).order_by("id")]
    assert labels == ["Resolved", "Closed"]


def test_a_priority_named_in_the_subject_counts_from_receipt(cast: Cast) -> None:
    ticket = cast.writes("2026-03-27 16:50", subject="Priority: High - thirty laptops without a network")
    assert ticket.priority == "high"
    assert due(ticket, Metric.first_response) == utc("2026-03-31 12:50")
