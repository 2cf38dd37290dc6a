"""The morning mail: once a weekday, to whoever has something open that needs them, in their own zone."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.mailboxes.outgoing.render import render
from upheld.mailboxes.outgoing.send import send_next
from upheld.notices.models import Notice
from upheld.people.models import Agent, Membership
from upheld.tickets.actions import assign, receive_message, reply
from upheld.tickets.models import Message, Reader, Ticket
from upheld.worker import digests
from upheld.worker.digests import MorningMails

# Monday 23 March 2026; London is still on GMT, so half past seven there is 07:30 UTC.
MONDAY = "2026-03-23 07:30"


def morning_mails() -> list[Notice]:
    return list(Notice.objects.filter(kind="digest").order_by("id"))


def look(when: str, mails: MorningMails | None = None) -> int:
    return (mails or MorningMails()).look(utc(when))


def has(
    cast: Cast, agent: Agent, *, subject: str = "Laptop will not start", due: str | None = None
) -> Ticket:
    """The agent has an open ticket, due at that instant."""
    ticket = cast.writes("2026-03-20 10:00", subject=subject)
    assign(ticket.pk, cast.lena, agent, at("2026-03-20 10:05"))
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=utc(due) if due else None)
    return ticket


def lists(notice: Notice) -> dict[str, list[str]]:
    [desk] = notice.data["desks"]
    return {name: [item["subject"] for item in items] for name, items in desk["lists"].items() if items}


def test_an_agent_reads_what_is_overdue_due_today_and_waiting(cast):
    has(cast, cast.bob, subject="over", due="2026-03-20 16:00")
    has(cast, cast.bob, subject="today", due="2026-03-23 17:00")
    has(cast, cast.bob, subject="unanswered", due="2026-03-24 00:00")
    answered = has(cast, cast.bob, subject="answered", due="2026-03-25 12:00")
    reply(answered.pk, cast.bob, "Done.", at("2026-03-20 11:00"))
    assert look(MONDAY) == 1
    [notice] = morning_mails()
    assert notice.to_address == "bob@desk.example.com"
    assert lists(notice) == {"overdue": ["over"], "today": ["today"], "answer": ["unanswered"]}
    text = render(notice).decode()
    assert "List-Unsubscribe: <http" in text


def test_a_customer_who_writes_again_waits_again(cast):
    ticket = has(cast, cast.bob, due="2026-03-30 12:00")
    reply(ticket.pk, cast.bob, "Try this.", at("2026-03-20 11:00"))
    Ticket.objects.update(next_due_at=None)
    assert look(MONDAY) == 0
    receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 15:00"), at("2026-03-20 15:00"))
    Ticket.objects.update(next_due_at=None)
    assert look(MONDAY) == 1
    assert lists(morning_mails()[0]) == {"answer": ["Laptop will not start"]}


def test_what_a_stranger_sent_and_nobody_released_is_no_answer_awaited(cast):
    ticket = has(cast, cast.bob)
    reply(ticket.pk, cast.bob, "Try this.", at("2026-03-20 11:00"))
    Ticket.objects.update(next_due_at=None)
    Message.objects.create(
        ticket=ticket, kind="customer", at=utc("2026-03-21 10:00"), channel="email", text="x", released=False
    )
    assert look(MONDAY) == 0


def test_nothing_is_sent_when_there_is_nothing(cast):
    assert look(MONDAY) == 0
    ticket = has(cast, cast.bob, due="2026-03-20 16:00")
    Ticket.objects.filter(pk=ticket.pk).update(status_category="resolved")
    assert look(MONDAY) == 0
    assert morning_mails() == []


def test_each_reads_their_own_tickets_only(cast, charlie):
    has(cast, cast.bob, subject="Bob's", due="2026-03-20 16:00")
    has(cast, cast.lena, subject="Lena's", due="2026-03-20 16:00")
    cast.writes("2026-03-20 10:00", subject="Nobody's")
    assert look("2026-03-23 07:45") == 2
    said = {notice.to_address: lists(notice) for notice in morning_mails()}
    assert said == {
        "bob@desk.example.com": {"overdue": ["Bob's"]},
        "lena@desk.example.com": {"overdue": ["Lena's"]},
    }


def test_a_ticket_of_a_desk_that_the_agent_left_is_not_told(cast, charlie):
    has(cast, cast.bob, due="2026-03-20 16:00")
    Membership.objects.filter(agent=cast.bob).update(desk=charlie.memberships.get().desk)
    assert look(MONDAY) == 0


@pytest.mark.parametrize(
    ("when", "sent"),
    [
        ("2026-03-23 07:29:59", 0),
        ("2026-03-23 07:30", 1),
        ("2026-03-23 11:59:59", 1),
        ("2026-03-23 12:00", 0),
        ("2026-03-21 08:00", 0),
        ("2026-03-22 08:00", 0),
        ("2026-03-27 08:00", 1),
        ("2026-03-30 06:29", 0),
        ("2026-03-30 06:30", 1),
    ],
)
def test_it_is_a_weekdays_half_past_seven_until_noon_across_the_clock_change(cast, when, sent):
    has(cast, cast.bob, due="2026-03-20 16:00")
    assert look(when) == sent


def test_it_is_the_morning_of_the_agents_own_zone(cast):
    has(cast, cast.bob, due="2026-03-20 16:00")
    Agent.objects.filter(pk=cast.bob.pk).update(zone="Asia/Tokyo")
    assert look(MONDAY) == 0
    assert look("2026-03-22 22:30") == 1
    [notice] = morning_mails()
    assert notice.key == f"digest:{cast.bob.pk}:2026-03-23"
    assert notice.data["zone"] == "Asia/Tokyo"


@pytest.mark.parametrize("zone", ["", "Nowhere/Atlantis"])
def test_without_a_zone_of_their_own_it_is_the_desks(cast, zone):
    has(cast, cast.bob, due="2026-03-20 16:00")
    Agent.objects.filter(pk=cast.bob.pk).update(zone=zone)
    assert look(MONDAY) == 1
    assert morning_mails()[0].data["zone"] == "Europe/London"


def test_what_is_due_today_ends_at_midnight_in_the_agents_zone(cast):
    Agent.objects.filter(pk=cast.bob.pk).update(zone="America/New_York")
    has(cast, cast.bob, subject="today", due="2026-03-24 03:59")
    has(cast, cast.bob, subject="tomorrow", due="2026-03-24 04:00")
    reply_to_all(cast)
    assert look("2026-03-23 12:00") == 1
    assert lists(morning_mails()[0]) == {"today": ["today"]}


def reply_to_all(cast: Cast) -> None:
    due = dict(Ticket.objects.values_list("pk", "next_due_at"))
    for ticket in Ticket.objects.all():
        reply(ticket.pk, cast.bob, "We look.", at("2026-03-20 11:00"))
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due[ticket.pk])


def test_it_is_sent_once_a_day_whoever_looks_and_however_often(cast):
    has(cast, cast.bob, due="2026-03-20 16:00")
    mails = MorningMails()
    assert [look(MONDAY, mails), look("2026-03-23 08:00", mails), look("2026-03-23 08:01")] == [1, 0, 0]
    assert look("2026-03-24 07:31", mails) == 1
    assert len(morning_mails()) == 2


def test_what_comes_up_later_in_the_morning_is_left_to_single_mails(cast):
    mails = MorningMails()
    assert look(MONDAY, mails) == 0
    has(cast, cast.bob, due="2026-03-23 08:00")
    assert look("2026-03-23 09:00", mails) == 0


@pytest.mark.django_db(transaction=True)
def test_several_workers_write_it_once(cast):
    has(cast, cast.bob, due="2026-03-20 16:00")
    has(cast, cast.lena, due="2026-03-20 16:00")
    start, written = threading.Barrier(3), []

    def work() -> None:
        start.wait()
        written.append(look(MONDAY))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(written) == 2
    assert len(morning_mails()) == 2


def test_who_does_not_want_it_or_left_gets_none(cast):
    for agent in (cast.bob, cast.lena, cast.ada):
        has(cast, agent, due="2026-03-20 16:00")
    Agent.objects.filter(pk=cast.bob.pk).update(wants_digest=False)
    cast.lena.user.is_active = False
    cast.lena.user.save()
    assert look(MONDAY) == 1
    assert morning_mails()[0].to_address == "ada@desk.example.com"


def test_the_words_of_a_restricted_ticket_stay_on_its_page(cast):
    ticket = has(cast, cast.bob, subject="Somebody is in danger", due="2026-03-20 16:00")
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    Reader.objects.create(ticket=ticket, agent=cast.bob, added_at=LONG_AGO, added_by="tests")
    assert look(MONDAY) == 1
    [notice] = morning_mails()
    assert "danger" not in str(notice.data)
    assert ticket.number in render(notice).decode()


def test_a_long_list_ends_and_says_how_much_there_is(cast, monkeypatch):
    monkeypatch.setattr(digests, "ROWS", 2)
    for number in range(5):
        has(cast, cast.bob, subject=f"ticket {number}", due="2026-03-20 16:00")
    look(MONDAY)
    [notice] = morning_mails()
    assert len(lists(notice)["overdue"]) == 2
    assert notice.data["desks"][0]["more"] == {"overdue": 3}
    text = " ".join(render(notice).decode().split())
    assert "5 tickets of yours need you today." in text
    assert "and 3 more, in your queue" in text


def test_two_desks_are_told_apart(cast, charlie):
    has(cast, cast.bob, due="2026-03-20 16:00")
    other = charlie.memberships.get().desk
    Membership.objects.create(agent=cast.bob, desk=other, role="agent")
    cast.desk, here = other, cast.desk
    ticket = cast.writes("2026-03-20 10:00", subject="Elsewhere")
    cast.desk = here
    Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.bob, next_due_at=utc("2026-03-20 16:00"))
    look(MONDAY)
    [notice] = morning_mails()
    assert [desk["name"] for desk in notice.data["desks"]] == ["Another Desk", "School Device Support"]
    assert notice.desk == other
    text = render(notice).decode()
    assert text.index("Another Desk: Overdue") < text.index("School Device Support: Overdue")


def test_one_agents_trouble_delays_nobody(cast, monkeypatch, caplog):
    has(cast, cast.bob, due="2026-03-20 16:00")
    has(cast, cast.lena, due="2026-03-20 16:00")
    real = digests.write_digest

    def write(key, agent, now):
        if agent == cast.bob:
            raise ValueError("poison")
        return real(key, agent, now)

    monkeypatch.setattr(digests, "write_digest", write)
    mails = MorningMails()
    assert look(MONDAY, mails) == 1
    assert "morning mail could not be written" in caplog.text
    monkeypatch.undo()
    assert look("2026-03-23 07:31", mails) == 1


def test_it_leaves_by_the_same_way_as_every_notice(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    has(cast, cast.bob, due="2026-03-20 16:00")
    Notice.objects.all().delete()
    look(MONDAY)
    assert send_next(utc(MONDAY) + timedelta(seconds=1))
    assert morning_mails()[0].state == "sent"


def test_a_look_asks_little_while_nothing_is_due(cast, django_assert_max_num_queries):
    for number in range(3):
        has(cast, cast.bob, subject=f"{number}", due="2026-03-20 16:00")
    mails = MorningMails()
    look(MONDAY, mails)
    with django_assert_max_num_queries(4):
        look("2026-03-23 07:31", mails)
