"""What a customer asks for and what the desk gives: two things, and the story keeps both."""

from datetime import timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import NamedReader
from upheld.policy import Metric, pack
from upheld.tickets.actions import (
    NotHigher,
    raise_priority,
    receive_message,
    set_priority,
    set_status,
)
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.pen import Pen


@pytest.fixture
def campaigns(cast: Cast) -> Cast:
    """The desk under a policy whose words are “urgent” and “severity 1”, and whose top level is for everybody."""
    publish_policy(cast.desk, pack("campaign-severity"), now=LONG_AGO + timedelta(days=1), by="tests")
    return cast


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def opened(ticket: Ticket) -> dict[str, object]:
    return StoryEvent.objects.get(ticket=ticket, kind="opened").data


def test_a_word_in_the_body_raises_and_the_story_says_which(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", text="Nothing goes out. This is URGENT, please help.")
    assert (ticket.priority, ticket.requested_priority) == ("severity_1", "severity_1")
    said = opened(ticket)
    assert (said["requested"], said["named_by"], said["named_words"]) == ("severity_1", "body", "urgent")


@pytest.mark.parametrize("text", ["This is not urgent.", "Is this urgent? Tell me.", "All well.\n> urgent"])
def test_what_is_denied_asked_or_quoted_leaves_the_usual_priority(campaigns: Cast, text: str) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", text=text)
    assert (ticket.priority, ticket.requested_priority) == ("severity_3", "")


def test_what_was_quoted_by_the_mail_program_does_not_count(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", text="Hello again.", quoted_text="This is urgent")
    assert ticket.requested_priority == ""


def test_the_choice_in_the_form_counts_whatever_the_text_says(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", text="Urgent!", priority="severity_2", channel="portal")
    assert (ticket.priority, opened(ticket)["named_by"]) == ("severity_2", "form")


def test_assigning_another_priority_keeps_what_was_asked_for(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", subject="Urgent: the preview")
    set_priority(ticket.pk, campaigns.bob, "severity_3", at("2026-03-20 10:05"), reason="A detour exists.")
    ticket = again(ticket)
    assert (ticket.requested_priority, ticket.priority) == ("severity_1", "severity_3")


def test_a_later_mail_asks_for_more_and_decides_nothing(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00")
    answer = campaigns.answer_of_amina("2026-03-20 11:00", "Now nobody can sign in: severity 1!")
    receive_message(ticket.pk, answer, at("2026-03-20 11:00"))
    ticket = again(ticket)
    assert (ticket.requested_priority, ticket.priority) == ("severity_1", "severity_3")
    fact = StoryEvent.objects.get(ticket=ticket, kind="requested")
    assert (fact.data["to"], fact.data["named_words"]) == ("severity_1", "severity 1")


def test_a_later_mail_that_asks_for_less_or_the_same_leaves_no_line(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 10:00", subject="Urgent: nothing goes out")
    for minute, text in ((5, "It is severity 2 by now."), (6, "Still urgent.")):
        answer = campaigns.answer_of_amina(f"2026-03-20 10:0{minute}", text)
        receive_message(ticket.pk, answer, at(f"2026-03-20 10:0{minute}"))
    assert not StoryEvent.objects.filter(ticket=ticket, kind="requested").exists()
    assert again(ticket).requested_priority == "severity_1"


def test_a_channel_for_urgent_requests_gives_at_least_its_priority(cast: Cast) -> None:
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO + timedelta(days=1), by="tests")
    rung = cast.writes("2026-03-20 10:00", channel="phone")
    assert (rung.priority, rung.requested_priority, opened(rung)["raised_by"]) == ("high", "", "phone")
    worse = cast.writes("2026-03-20 10:00", channel="phone", priority="critical")
    assert (worse.priority, "raised_by" in opened(worse)) == ("critical", False)
    mailed = cast.writes("2026-03-20 10:00", channel="email")
    assert mailed.priority != "high"


def test_everything_is_down_raises_at_once_and_tells_who_is_responsible_once(cast: Cast) -> None:
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO + timedelta(days=1), by="tests")
    ticket = cast.writes("2026-03-20 10:00")
    before = current_clock(Pen.on(ticket.pk, at("2026-03-20 10:30")).standing(), Metric.first_response)
    raise_priority(ticket.pk, cast.amina, at("2026-03-20 10:30"))
    ticket = again(ticket)
    assert (ticket.requested_priority, ticket.priority) == ("critical", "critical")
    after = current_clock(Pen.on(ticket.pk, at("2026-03-20 10:30")).standing(), Metric.first_response)
    assert before is not None and after is not None
    assert after.due_at is not None and before.due_at is not None
    assert after.due_at < before.due_at
    fact = StoryEvent.objects.get(ticket=ticket, kind="priority")
    assert (fact.actor, fact.contact_id, fact.data["named_by"]) == ("customer", cast.amina.pk, "link")
    told = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.RAISED)
    assert [each.to_address for each in told] == [cast.lena.address]
    with pytest.raises(NotHigher):
        raise_priority(ticket.pk, cast.amina, at("2026-03-20 10:31"))
    assert told.count() == 1


def test_what_is_done_is_not_raised(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 10:00")
    set_status(ticket.pk, cast.bob, "resolved", at("2026-03-20 10:10"))
    with pytest.raises(NotHigher):
        raise_priority(ticket.pk, cast.amina, at("2026-03-20 10:30"))
    assert again(ticket).priority == "medium"


def test_a_top_level_for_named_people_restricts_the_ticket_at_once(cast: Cast) -> None:
    NamedReader.objects.all().delete()
    NamedReader.objects.create(
        desk=cast.desk, agent=cast.lena, added_at=utc("2026-01-01 08:00"), added_by="tests"
    )
    ticket = cast.writes("2026-03-20 10:00")
    raise_priority(ticket.pk, cast.amina, at("2026-03-20 10:30"))
    assert again(ticket).restricted
    told = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.RAISED)
    assert [each.to_address for each in told] == [cast.lena.address]


def test_the_acknowledgement_offers_the_button_where_there_is_a_level_above(campaigns: Cast) -> None:
    usual, urgent = campaigns.writes("2026-03-20 10:00"), campaigns.writes("2026-03-20 10:01", "Urgent: help")
    labels = {
        each.ticket_id: each.data["highest_label"]
        for each in Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT)
    }
    assert labels == {usual.pk: "Severity 1", urgent.pk: ""}
