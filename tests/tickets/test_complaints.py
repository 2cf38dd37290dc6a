"""A customer who is not satisfied turns to the people whom the policy names, one after the other."""

from email import message_from_bytes
from email import policy as email_policies

import pytest

from harness.cast import LONG_AGO, at, utc
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import fill_role
from upheld.policy import pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    assign,
    reply,
    restrict_ticket,
    set_status,
    settle_ticket,
    take_complaint,
)
from upheld.tickets.complaints import choices, complaints_of, next_level, path_of
from upheld.tickets.models import Message, StoryEvent

PATH = ["customer_success_manager", "chief_operating_officer", "chief_executive_officer"]


@pytest.fixture
def promised(cast):
    """Tannenberg's policy: three levels, of which Lena and Ada fill the first two."""
    publish_policy(cast.desk, pack("success-plans"), now=LONG_AGO, by="tests")
    for role, agent in zip(PATH, (cast.lena, cast.ada), strict=False):
        fill_role(cast.desk, role, agent, by="tests", now=LONG_AGO)
    return cast


def told(ticket):
    notices = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.ESCALATED).order_by("pk")
    return [(each.to_address.partition("@")[0], each.data["role"]) for each in notices]


def test_each_level_is_told_in_its_turn_and_the_words_are_on_the_ticket(promised):
    ticket = promised.writes("2026-03-19 08:00")
    for hour, words in ((9, "I was told this in May."), (12, "No date was named."), (15, "Who decides?")):
        take_complaint(ticket.pk, promised.amina, words, at(f"2026-03-19 {hour:02}:00"))
    assert [each.role for each in path_of(ticket) if each.taken_at] == PATH
    assert told(ticket)[:2] == [
        ("lena", "Customer Success Manager"),
        ("ada", "COO - Chief Operating Officer"),
    ]
    # Nobody fills the last role, so it falls to the administrator.
    assert told(ticket)[2] == ("ada", "CEO - Chief Executive Officer")
    texts = ticket.messages.filter(kind=Message.Kind.CUSTOMER).order_by("at").values_list("text", flat=True)
    assert list(texts)[1:] == ["I was told this in May.", "No date was named.", "Who decides?"]
    assert next_level(path_of(ticket)) is None
    with pytest.raises(Refused, match="no level left"):
        take_complaint(ticket.pk, promised.amina, "And now?", at("2026-03-19 16:00"))


def test_a_second_press_of_the_same_button_takes_nothing_further(promised):
    ticket = promised.writes("2026-03-19 08:00")
    for _ in range(2):
        take_complaint(ticket.pk, promised.amina, "Not good.", at("2026-03-19 09:00"), expected=1)
    assert len(told(ticket)) == 1
    assert StoryEvent.objects.filter(ticket=ticket, kind="complaint").count() == 1


def test_whose_ticket_it_is_hears_of_the_words_too(promised):
    ticket = promised.writes("2026-03-19 08:00")
    assign(ticket.pk, promised.bob, promised.bob, at("2026-03-19 08:30"))
    take_complaint(ticket.pk, promised.amina, "Not good.", at("2026-03-19 09:00"))
    wrote = Notice.objects.get(ticket_id=ticket.pk, kind=NoticeKind.CUSTOMER_WROTE)
    assert wrote.to_address == "bob@desk.example.com"


def test_an_agent_who_heard_it_takes_it_there_and_their_words_stay_in_the_desk(promised):
    ticket = promised.writes("2026-03-19 08:00")
    take_complaint(ticket.pk, promised.bob, "She rang, angry.", at("2026-03-19 09:00"))
    assert ticket.messages.get(text="She rang, angry.").kind == Message.Kind.NOTE
    assert path_of(ticket)[0].by_agent


def test_it_moves_no_clock_that_the_policy_did_not_mean_to_move(promised):
    ticket, beside = promised.writes("2026-03-19 08:00"), promised.writes("2026-03-19 08:00")
    take_complaint(ticket.pk, promised.bob, "She rang.", at("2026-03-19 09:00"))
    ticket.refresh_from_db()
    assert ticket.next_due_at == beside.next_due_at


def test_who_does_not_work_here_takes_nothing_anywhere(promised, charlie):
    ticket = promised.writes("2026-03-19 08:00")
    with pytest.raises(NotAllowed):
        take_complaint(ticket.pk, charlie, "Let me see.", at("2026-03-19 09:00"))
    with pytest.raises(Refused, match="few words"):
        take_complaint(ticket.pk, promised.amina, "  ", at("2026-03-19 09:00"))
    assert told(ticket) == []


def test_where_no_path_is_promised_there_is_none(cast):
    ticket = cast.writes("2026-03-19 08:00")
    assert path_of(ticket) == []
    with pytest.raises(Refused):
        take_complaint(ticket.pk, cast.amina, "Further!", at("2026-03-19 09:00"))


def test_what_is_done_long_ago_is_not_opened_by_it(promised):
    ticket = promised.writes("2026-03-19 08:00")
    set_status(ticket.pk, promised.bob, "closed", at("2026-03-19 09:00"))
    later = at("2026-06-19 09:00")
    assert utc("2026-06-19 09:00") == later.at
    with pytest.raises(Refused, match="Submit a new one"):
        take_complaint(ticket.pk, promised.amina, "Still wrong.", later)


def missed(ticket):
    notices = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.ESCALATED, data__missed=True)
    return [
        (each.to_address.partition("@")[0], each.data["at"][:16], each.data["as_administrator"])
        for each in notices.order_by("to_address")
    ]


def test_who_does_not_answer_in_time_is_told_once_with_the_administrators(promised):
    ticket = promised.writes("2026-03-19 08:00")
    take_complaint(ticket.pk, promised.amina, "Not good.", at("2026-03-19 09:00"))
    ticket.refresh_from_db()
    assert ticket.wake_at <= utc("2026-03-20 09:00")
    settle_ticket(ticket.pk, at("2026-03-20 08:59"))
    assert missed(ticket) == []
    for later in ("2026-03-20 15:00", "2026-03-21 15:00"):
        settle_ticket(ticket.pk, at(later))
    due = "2026-03-20T09:00"
    assert missed(ticket) == [("ada", due, True), ("lena", due, False)]
    line = StoryEvent.objects.get(ticket=ticket, kind="complaint_missed")
    assert (line.at, line.data["role"]) == (utc("2026-03-20 09:00"), PATH[0])
    stands = complaints_of(ticket, utc("2026-03-21 15:00"))
    assert [each.is_missed for each in path_of(ticket, stands)] == [True, False, False]


def test_a_word_to_the_customer_in_time_is_an_answer(promised):
    ticket = promised.writes("2026-03-19 08:00")
    take_complaint(ticket.pk, promised.amina, "Not good.", at("2026-03-19 09:00"))
    reply(ticket.pk, promised.bob, "I am on it, and sorry.", at("2026-03-19 15:00"))
    settle_ticket(ticket.pk, at("2026-03-23 15:00"))
    assert missed(ticket) == []
    assert path_of(ticket, complaints_of(ticket, utc("2026-03-23 15:00")))[0].answered_at == utc(
        "2026-03-19 15:00"
    )


def test_of_a_restricted_request_only_its_readers_hear_that_nobody_answered(promised):
    promised.reads_what_is_restricted(promised.bob)
    ticket = promised.writes("2026-03-19 08:00")
    restrict_ticket(ticket.pk, promised.bob, "Of a person.", at("2026-03-19 08:30"))
    take_complaint(ticket.pk, promised.amina, "Not good.", at("2026-03-19 09:00"))
    settle_ticket(ticket.pk, at("2026-03-20 15:00"))
    assert [who for who, *_ in missed(ticket)] == ["bob"]


def test_what_the_policy_lets_them_ask_at_once_needs_no_level_before(promised):
    text = pack("maintenance-contract")
    publish_policy(promised.desk, text, now=LONG_AGO, by="tests")
    ticket = promised.writes("2026-03-19 08:00")
    assert [each.role for each in choices(path_of(ticket))] == ["support_manager", "sales_manager"]
    take_complaint(ticket.pk, promised.amina, "Sales, please.", at("2026-03-19 09:00"), expected=2)
    assert [each.role for each in path_of(ticket) if each.taken_at] == ["sales_manager"]
    assert [each.role for each in choices(path_of(ticket))] == ["support_manager"]


def test_what_comes_after_another_level_is_not_to_be_had_before_it(promised):
    ticket = promised.writes("2026-03-19 08:00")
    with pytest.raises(Refused, match="level before it"):
        take_complaint(ticket.pk, promised.amina, "The CEO!", at("2026-03-19 09:00"), expected=3)


def test_the_letter_says_so_where_nobody_fills_the_role(promised):
    ticket = promised.writes("2026-03-19 08:00")
    for hour in (9, 10, 11):
        take_complaint(ticket.pk, promised.amina, "Further.", at(f"2026-03-19 {hour:02}:00"))
    letter = Notice.objects.get(ticket_id=ticket.pk, data__complaint=3)
    assert not letter.data["is_filled"]
    said = (
        message_from_bytes(render(letter), policy=email_policies.default).get_body(("plain",)).get_content()
    )
    assert "because nobody fills the role CEO - Chief Executive Officer" in " ".join(said.split())
    assert "turns to CEO - Chief Executive Officer" in " ".join(said.split())
