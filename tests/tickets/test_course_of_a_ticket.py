"""What happens to a ticket by itself once somebody waits: reminded, closed, opened again - once each, in one mail."""

from email import message_from_bytes
from email.policy import default

from harness.cast import Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import Metric, Standing, pack
from upheld.tickets.actions import receive_message, reply, set_status, settle_ticket
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket

TOLD = (NoticeKind.STATUS, NoticeKind.REMINDER)


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def told(ticket: Ticket) -> list[tuple[str, str]]:
    """What the customer heard by itself: the kind of mail, and the status that it names."""
    notices = Notice.objects.filter(ticket_id=ticket.pk, kind__in=TOLD).order_by("id")
    return [(each.kind, each.data.get("to_label") or each.data["status_label"]) for each in notices]


def letter(notice: Notice) -> str:
    body = message_from_bytes(render(notice), policy=default).get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def left(ticket: Ticket):
    clock = current_clock(Standing.from_json(again(ticket).standing), Metric.resolution)
    assert clock is not None
    return clock.budget - clock.used


def test_a_customer_who_says_nothing_is_reminded_twice_and_then_it_is_closed(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    for day in ("02", "03", "04", "05"):
        settle_ticket(ticket.pk, at(f"2026-06-{day} 10:00"))
        settle_ticket(ticket.pk, at(f"2026-06-{day} 10:01"))
    assert told(ticket) == [
        ("reminder", "Awaiting your reply"),
        ("reminder", "Awaiting your reply"),
        ("status", "Closed"),
    ]
    kinds = StoryEvent.objects.filter(ticket=ticket, kind__in=("reminder", "status")).order_by("at", "seq")
    assert [(each.kind, each.at.isoformat()[5:16]) for each in kinds] == [
        ("status", "06-01T10:00"),
        ("reminder", "06-02T10:00"),
        ("reminder", "06-04T10:00"),
        ("status", "06-05T10:00"),
    ]


def test_a_customer_who_answers_in_time_is_never_closed(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    settle_ticket(ticket.pk, at("2026-06-04 12:00"))
    # The very instant at which it would close; whoever looks only a week later finds it open.
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-05 10:00"), at("2026-06-05 10:00"))
    settle_ticket(ticket.pk, at("2026-06-12 12:00"))
    assert again(ticket).status == "open"
    assert ("status", "Closed") not in told(ticket)


def test_an_answer_that_was_taken_in_before_the_sweep_counts_though_the_sweep_comes_late(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    # Received in time, read hours later; nobody settled in between, since mail was waiting.
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-05 09:59"), at("2026-06-05 15:00"))
    settle_ticket(ticket.pk, at("2026-06-06 12:00"))
    assert again(ticket).status == "open"


def test_an_answer_after_the_closing_opens_it_again_where_the_clock_stopped(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    before = left(ticket)
    settle_ticket(ticket.pk, at("2026-06-05 10:00"))
    assert again(ticket).status == "closed"
    receive_message(ticket.pk, cast.answer_of_amina("2026-06-08 10:00"), at("2026-06-08 10:00"))
    assert again(ticket).status == "open"
    assert left(ticket) == before


def test_the_mail_about_the_closing_says_until_when_it_can_be_opened_again(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", confirmed=True)
    reply(ticket.pk, cast.bob, "Which model is it?", at("2026-06-01 10:00"), status="waiting_on_customer")
    # Found late: what the mail says counts from the closing, not from the sweep.
    settle_ticket(ticket.pk, at("2026-06-06 18:00"))
    text = letter(Notice.objects.get(ticket_id=ticket.pk, kind=NoticeKind.STATUS))
    assert "tell us by Sunday 5 July 2026, 11:00" in text
    assert "/still-broken/" in text


def test_at_72_hours_the_question_and_the_closing_are_one_mail(cast: Cast) -> None:
    ticket = cast.writes("2026-06-01 09:00", confirmed=True)
    set_status(ticket.pk, cast.bob, "resolved", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, at("2026-06-04 10:00"))
    settle_ticket(ticket.pk, at("2026-06-04 10:05"))
    assert told(ticket) == [("status", "Resolved"), ("status", "Closed")]
    assert StoryEvent.objects.filter(ticket=ticket, kind="reminder").count() == 1
    text = letter(Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.STATUS).latest("id"))
    assert "now “Closed”" in text
    assert "If it is not solved, tell us by" in text
    assert "It is still broken:" in text


def test_where_the_closing_is_not_told_the_reminder_still_is(cast: Cast) -> None:
    quiet = pack("school-devices").replace("status_changes: true", "status_changes: false")
    publish_policy(cast.desk, quiet, now=utc("2026-06-02 00:00"), by="tests")
    later = cast.writes("2026-06-03 09:00")
    set_status(later.pk, cast.bob, "resolved", at("2026-06-03 10:00"))
    settle_ticket(later.pk, at("2026-06-06 10:00"))
    assert told(later) == [("reminder", "Resolved")]
