"""Many alerts about one silence are one mail, and each of them leaves exactly once."""

import smtplib
import threading
from copy import copy
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.db import connection
from harbour_office import NOW, Office, open_office
from kinds import ALL_KINDS

from upheld.mailboxes.outgoing import together
from upheld.mailboxes.outgoing.again import give_up
from upheld.mailboxes.outgoing.reading import outbox
from upheld.mailboxes.outgoing.send import Sender, _render_next, send_batch, send_next
from upheld.notices.models import Notice
from upheld.people.models import Agent, Membership
from upheld.tickets.models import Reader, Ticket

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def mailed(settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM


def more_tickets(office: Office, count: int) -> list[Ticket]:
    tickets = []
    for number in range(count):
        ticket = Ticket.objects.get(pk=office.ticket.pk)
        ticket.pk, ticket.number, ticket.subject = None, f"SDS-{2000 + number}", f"Laptop {number} is silent"
        ticket.save()
        tickets.append(ticket)
    return tickets


def alerts(office: Office, count: int, kind: str = "breach", **changes: object) -> list[Notice]:
    return [
        office.to_agent(
            kind,
            {**ALL_KINDS[kind], "subject": ticket.subject},
            ticket_id=ticket.pk,
            ticket_number=ticket.number,
            **changes,
        )
        for ticket in more_tickets(office, count)
    ]


def again(notice: Notice) -> Notice:
    return Notice.objects.get(pk=notice.pk)


def test_three_alerts_to_one_agent_are_one_mail(office):
    notices = alerts(office, 3)
    assert send_batch(NOW, 10) == 1
    [mail] = django_mail.outbox
    assert mail.subject == "3 alerts about due times"
    for notice in notices:
        assert f"{notice.ticket_number} {notice.data['subject']}" in mail.body
        assert f"/tickets/{notice.ticket_number}/" in mail.body
        assert (again(notice).state, again(notice).sent_at, again(notice).last_error) == ("sent", NOW, "")
    first = again(notices[0])
    assert first.data["together"] == 2
    assert [again(each).data["together_with"] for each in notices[1:]] == [first.pk] * 2
    assert len(outbox(10)) == 1
    assert mail.extra_headers["Message-ID"] == first.message_id
    assert "References" not in mail.extra_headers


def test_the_overdue_stand_before_what_is_near(office):
    near, over = alerts(office, 2, "warning"), office.to_agent("breach", ALL_KINDS["breach"])
    send_batch(NOW, 10)
    body = django_mail.outbox[0].body
    assert body.index(over.ticket_number) < body.index(near[0].ticket_number)


def test_two_alerts_leave_alone(office):
    alerts(office, 2)
    assert send_batch(NOW, 10) == 2
    assert len(django_mail.outbox) == 2


def test_alerts_of_other_agents_and_kinds_leave_by_themselves(office):
    alerts(office, 1)
    for number, changes in enumerate(
        ({"to_address": "omar@desk.example"}, {"attempts": 1}, {"next_try_at": NOW + timedelta(hours=1)})
    ):
        office.to_agent("breach", ALL_KINDS["breach"], ticket_number=f"SDS-{number}", **changes)
    office.to_agent("assigned", ALL_KINDS["assigned"])
    assert send_batch(NOW, 20) == 4
    assert len(django_mail.outbox) == 4


def test_what_waited_for_the_morning_leaves_together_whenever_it_was_written(office):
    for hours in (1, 5, 9):
        office.to_agent("breach", ALL_KINDS["breach"], created_at=NOW - timedelta(hours=hours))
    assert send_batch(NOW, 20) == 1
    assert django_mail.outbox[0].subject == "3 alerts about due times"


def test_one_mail_is_bounded_and_the_rest_leaves_together_a_minute_later(office, monkeypatch):
    monkeypatch.setattr(together, "MOST", 4)
    alerts(office, 7)
    send_batch(NOW, 20)
    assert [mail.subject[0] for mail in django_mail.outbox] == ["4"]
    assert not send_next(NOW + timedelta(seconds=59))
    send_batch(NOW + timedelta(minutes=1), 20)
    assert [mail.subject[0] for mail in django_mail.outbox] == ["4", "3"]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_after_three_alone_within_a_minute_the_next_ones_wait_and_leave_together(office):
    tickets = more_tickets(office, 7)
    for second, ticket in enumerate(tickets):
        now = NOW + timedelta(seconds=second)
        place = {
            "ticket_id": ticket.pk,
            "ticket_number": ticket.number,
            "created_at": now,
            "next_try_at": now,
        }
        office.to_agent("warning", ALL_KINDS["warning"], **place)
        send_batch(now, 5)
    assert len(django_mail.outbox) == 3
    send_batch(NOW + timedelta(seconds=61), 20)
    assert len(django_mail.outbox) == 3
    send_batch(NOW + timedelta(seconds=62), 20)
    assert [mail.subject for mail in django_mail.outbox[3:]] == ["4 alerts about due times"]


def test_a_page_waits_for_nothing(office):
    alerts(office, 3)
    send_batch(NOW, 5)
    office.to_agent("escalated", ALL_KINDS["escalated"] | {"page": True}, next_try_at=NOW)
    office.to_agent("escalated", ALL_KINDS["escalated"] | {"page": False}, next_try_at=NOW)
    send_batch(NOW + timedelta(seconds=1), 5)
    assert len(django_mail.outbox) == 2
    assert Notice.objects.get(kind="escalated", data__page=True).state == "sent"
    assert Notice.objects.get(kind="escalated", data__page=False).next_try_at == NOW + timedelta(minutes=1)


def test_two_thousand_alerts_to_one_lead_are_three_mails_at_most(office):
    pattern = office.to_agent("breach", ALL_KINDS["breach"])
    for minute in range(2):
        now = NOW + timedelta(seconds=minute)
        rows = [copy(pattern) for _ in range(1000)]
        for number, row in enumerate(rows):
            row.pk, row.key = None, f"storm:{minute}:{number}"
            row.message_id, row.created_at, row.next_try_at = f"<{row.key}@harbour.example>", now, now
        Notice.objects.bulk_create(rows)
        send_batch(now, 20)
    send_batch(NOW + timedelta(minutes=2), 20)
    assert [mail.subject.split()[0] for mail in django_mail.outbox] == ["1001", "1000"]
    assert "and 951 more, on the page Alerts" in django_mail.outbox[0].body
    assert django_mail.outbox[0].body.count("/tickets/SDS-1042/") == 50
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}


def test_a_digest_is_made_in_as_many_statements_however_many_alerts_it_holds(
    office, django_assert_max_num_queries
):
    pattern = office.to_agent("breach", ALL_KINDS["breach"])
    rows = [copy(pattern) for _ in range(400)]
    for number, row in enumerate(rows):
        row.pk, row.key, row.message_id = None, f"storm:{number}", f"<{number}@harbour.example>"
    Notice.objects.bulk_create(rows)
    with django_assert_max_num_queries(40):
        send_batch(NOW, 1)
    assert django_mail.outbox[0].subject == "401 alerts about due times"


def test_of_a_restricted_ticket_the_one_mail_says_the_number_only(office):
    notices = alerts(office, 3)
    Ticket.objects.filter(pk=notices[1].ticket_id).update(restricted=True)
    reader = Agent.objects.get(user__email=notices[1].to_address)
    Reader.objects.create(ticket_id=notices[1].ticket_id, agent=reader, added_at=NOW, added_by="tests")
    send_batch(NOW, 10)
    body = django_mail.outbox[0].body
    assert notices[1].ticket_number in body
    assert "Laptop 1" not in body
    assert "Laptop 2" in body


def test_one_alert_that_cannot_be_written_stops_no_other(office):
    notices = alerts(office, 4)
    Notice.objects.filter(pk=notices[2].pk).update(data={**notices[2].data, "due_at": "no instant"})
    assert send_batch(NOW, 20) == 4
    assert [again(each).state for each in notices] == ["sent", "sent", "waiting", "sent"]


def test_who_left_the_desk_gets_none_of_them(office):
    notices = alerts(office, 3)
    Membership.objects.all().delete()
    assert send_batch(NOW, 20) == 3
    assert {again(each).state for each in notices} == {"failed"}
    assert django_mail.outbox == []


def test_until_the_mail_is_taken_none_of_them_counts_as_sent(office, monkeypatch):
    notices = alerts(office, 3)

    def refuse(self, notice):
        raise OSError("away")

    monkeypatch.setattr(Sender, "_hand_over", refuse)
    assert send_next(NOW)
    assert {again(each).state for each in notices} == {"waiting"}
    assert not send_next(NOW + timedelta(seconds=30))  # the others do not leave on their own meanwhile
    monkeypatch.undo()
    later = again(notices[0]).next_try_at
    assert send_batch(later, 10) == 1
    assert {again(each).state for each in notices} == {"sent"}
    assert len(django_mail.outbox) == 1


def test_should_the_one_mail_never_leave_the_others_do_by_themselves(office, monkeypatch):
    notices = alerts(office, 3)

    def refuse(self, notice):
        raise smtplib.SMTPDataError(554, b"no")

    monkeypatch.setattr(Sender, "_hand_over", refuse)
    assert send_next(NOW)
    assert again(notices[0]).state == "failed"
    assert [again(each).next_try_at for each in notices[1:]] == [NOW, NOW]
    monkeypatch.undo()
    assert send_batch(NOW, 10) == 2
    assert [again(each).state for each in notices] == ["failed", "sent", "sent"]


def test_given_up_by_a_person_the_others_leave_at_once(office):
    notices = alerts(office, 3)
    _render_next(NOW)
    give_up(notices[0].pk, "somebody at the command line", NOW)
    assert send_batch(NOW, 10) == 2
    assert [again(each).state for each in notices] == ["failed", "sent", "sent"]


@pytest.mark.django_db(transaction=True)
def test_several_senders_send_each_alert_in_one_mail_only():
    office = open_office()
    notices = alerts(office, 20)

    def work() -> None:
        send_batch(NOW, 50)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert {again(each).state for each in notices} == {"sent"}
    assert len(django_mail.outbox) == 1
    bodies = "".join(mail.body for mail in django_mail.outbox)
    assert [bodies.count(f"/tickets/{each.ticket_number}/") for each in notices] == [1] * 20


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_was_killed_after_the_mail_was_stored_sends_it_once(monkeypatch):
    notices = alerts(open_office(), 5)

    def killed(self, notice):
        raise KeyboardInterrupt

    monkeypatch.setattr(Sender, "_hand_over", killed)
    with pytest.raises(KeyboardInterrupt):
        send_next(NOW)
    stored = bytes(again(notices[0]).rendered)
    monkeypatch.undo()
    assert send_batch(NOW + timedelta(minutes=5), 10) == 1
    assert len(django_mail.outbox) == 1
    assert bytes(again(notices[0]).rendered) == stored
    assert {again(each).state for each in notices} == {"sent"}
