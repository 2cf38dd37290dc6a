"""Spam: it leaves the lists and the figures, nobody hears of it any more, and one act takes all of it back."""

import pytest

from harness.cast import Cast, at, utc
from upheld.desks.models import AuditEntry
from upheld.mailboxes.models import SenderRule
from upheld.mailboxes.sender_rules import NotSure, hear_sender, refuse_sender, rule_for, visible_rules
from upheld.notices.models import Alert, Notice, NoticeKind, NoticeState
from upheld.people.models import Agent, Organization, OrganizationDomain
from upheld.policy import Metric
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    assign,
    mark_spam,
    merge_tickets,
    receive_message,
    reply,
    set_status,
    settle_ticket,
    unmark_spam,
    write_note,
)
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.queries import QueueFilter, counts, queue
from upheld.tickets.verifying import parts, verify_part
from upheld.tickets.visibility import AgentViewer

LATER = "2026-03-27 12:00"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ticket = cast.writes("2026-03-20 14:00")
    assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 14:05"))
    return ticket


def clock(ticket: Ticket, when: str, metric: Metric = Metric.first_response):
    return current_clock(Pen.on(ticket.pk, at(when)).standing(), metric)


def found_on(ticket: Ticket) -> list[str]:
    return [found.what for _, _, found in verify_part(parts(ticket.desk_id, only=ticket.pk)[0]).found]


def numbers(cast: Cast, category: str) -> list[str]:
    viewer = AgentViewer.of(cast.bob)
    return [each.number for each in queue(viewer, QueueFilter(category=category), utc(LATER)).tickets]


def test_it_is_out_of_every_list_and_nothing_is_due(cast: Cast, ticket: Ticket) -> None:
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))
    settle_ticket(ticket.pk, at(LATER))
    ticket.refresh_from_db()
    assert ticket.next_due_at is None and ticket.wake_at is None
    assert numbers(cast, "open") == numbers(cast, "all") == [] and numbers(cast, "spam") == [ticket.number]
    counted = counts(AgentViewer.of(cast.bob), utc(LATER))
    assert counted["open"] == counted["mine"] == 0
    assert not StoryEvent.objects.filter(ticket=ticket, kind="verdict").exists()


def test_nobody_is_told_any_more_and_what_has_not_left_stays(cast: Cast, ticket: Ticket) -> None:
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))
    acknowledgement = Notice.objects.get(kind=NoticeKind.ACKNOWLEDGEMENT)
    assert (acknowledgement.state, acknowledgement.last_error) == (NoticeState.LEFT_OUT, "the ticket is spam")
    before = Notice.objects.count(), Alert.objects.count()
    receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 15:00"), at("2026-03-20 15:00"))
    settle_ticket(ticket.pk, at(LATER))
    assert (Notice.objects.count(), Alert.objects.count()) == before
    assert not Notice.objects.filter(state=NoticeState.WAITING).exists()
    assert not Alert.objects.filter(read_at=None).exists()
    unmark_spam(ticket.pk, cast.bob, at("2026-03-27 12:01"))
    acknowledgement.refresh_from_db()
    assert acknowledgement.state == NoticeState.WAITING


def test_undone_its_clocks_are_as_if_they_had_never_stopped(cast: Cast, ticket: Ticket) -> None:
    due = clock(ticket, "2026-03-20 14:09").due_at
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))
    assert clock(ticket, "2026-03-20 14:15").due_at is None
    unmark_spam(ticket.pk, cast.lena, at("2026-03-20 14:20"))
    assert clock(ticket, "2026-03-20 14:20").due_at == due
    ticket.refresh_from_db()
    assert ticket.is_spam is False and ticket.next_due_at is not None and numbers(cast, "open")


def test_what_ran_out_meanwhile_is_judged_and_told_when_it_is_undone(cast: Cast, ticket: Ticket) -> None:
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))
    unmark_spam(ticket.pk, cast.bob, at(LATER))
    verdict = StoryEvent.objects.filter(ticket=ticket, kind="verdict").earliest("seq")
    assert (verdict.data["verdict"], verdict.data["cause"], verdict.at) == (
        "breached",
        "not spam",
        utc(LATER),
    )
    assert Alert.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.BREACH).exists()


@pytest.mark.django_db(transaction=True)
def test_the_proof_is_clean_while_it_is_spam_and_after(cast: Cast, ticket: Ticket) -> None:
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 16:55"))
    settle_ticket(ticket.pk, at(LATER))
    assert found_on(ticket) == []
    unmark_spam(ticket.pk, cast.bob, at("2026-03-27 12:01"))
    assert found_on(ticket) == []


def test_nothing_is_promised_or_owed_to_a_sender_of_spam(cast: Cast, ticket: Ticket) -> None:
    other = cast.writes("2026-03-20 14:02", subject="Another")
    mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))
    now = at("2026-03-20 14:11")
    for deed in (
        lambda: reply(ticket.pk, cast.bob, "Hello", now),
        lambda: set_status(ticket.pk, cast.bob, "resolved", now),
        lambda: merge_tickets(ticket.pk, other.number, cast.bob, now),
        lambda: mark_spam(ticket.pk, cast.bob, now),
        lambda: unmark_spam(other.pk, cast.bob, now),
    ):
        with pytest.raises(Refused, match="spam"):
            deed()
    write_note(ticket.pk, cast.bob, "The third one this week.", now)


def test_it_is_not_for_tickets_that_are_more_than_a_strangers_mail(cast: Cast, ticket: Ticket) -> None:
    other = cast.writes("2026-03-20 14:02", subject="Another")
    merge_tickets(other.pk, ticket.number, cast.bob, at("2026-03-20 14:05"))
    with pytest.raises(Refused, match="merges"):
        mark_spam(ticket.pk, cast.bob, at("2026-03-20 14:10"))


def test_strangers_to_the_desk_mark_nothing(cast: Cast, ticket: Ticket, charlie: Agent) -> None:
    with pytest.raises(NotAllowed):
        mark_spam(ticket.pk, charlie, at("2026-03-20 14:10"))
    with pytest.raises(NotAllowed):
        refuse_sender(cast.desk, "x@offers.example.net", charlie, at("2026-03-20 14:10"))


def test_a_sender_is_refused_and_heard_again(cast: Cast, ticket: Ticket, charlie: Agent) -> None:
    now = at("2026-03-20 14:10")
    rule = refuse_sender(cast.desk, " Win@Offers.example.net", cast.bob, now, ticket=ticket)
    assert refuse_sender(cast.desk, "win@offers.example.net", cast.lena, now) == rule
    assert rule_for(cast.desk, "WIN@offers.example.net") == rule
    assert rule_for(cast.desk, "other@offers.example.net") is None
    refuse_sender(cast.desk, "@offers.example.net", cast.bob, now)
    assert rule_for(cast.desk, "other@offers.example.net") is not None
    assert rule_for(cast.desk, "other@sub.offers.example.net") is None
    assert not visible_rules(AgentViewer.of(charlie), cast.desk.pk).exists()
    hear_sender(cast.desk.pk, rule.pk, cast.lena, now)
    with pytest.raises(SenderRule.DoesNotExist):
        hear_sender(cast.desk.pk, rule.pk, cast.lena, now)
    said = AuditEntry.objects.filter(desk=cast.desk, action__startswith="sender").order_by("pk")
    assert [(each.action, each.subject) for each in said] == [
        ("sender refused", "win@offers.example.net"),
        ("sender refused", "@offers.example.net"),
        ("sender heard again", "win@offers.example.net"),
    ]


def test_whole_domains_of_people_one_wants_to_hear_need_a_second_word(cast: Cast) -> None:
    now = at("2026-03-20 14:10")
    school = Organization.objects.create(desk=cast.desk, name="Hillside School")
    OrganizationDomain.objects.create(desk=cast.desk, organization=school, domain="school.example.org")
    with pytest.raises(NotSure, match="Hillside School"):
        refuse_sender(cast.desk, "@school.example.org", cast.bob, now)
    with pytest.raises(NotSure, match="Anybody can have an address"):
        refuse_sender(cast.desk, "@gmail.com", cast.bob, now)
    assert not SenderRule.objects.exists()
    refuse_sender(cast.desk, "@school.example.org", cast.bob, now, sure=True)
    refuse_sender(cast.desk, "someone@gmail.com", cast.bob, now)
    for ours in ("support@desk.example.com", "@desk.example.com", "bob@desk.example.com", "gmail.com", "@x"):
        with pytest.raises(Refused):
            refuse_sender(cast.desk, ours, cast.bob, now, sure=True)
