"""What is done with mail on its pages: released, read again, put aside; sent again, given up."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast_of_pages import NOW, page
from desk_post import PLAIN, mail, notice
from django.test import Client

from harness.cast import Cast
from upheld.desks.models import AuditEntry, Mailbox
from upheld.mailboxes.models import MailState
from upheld.notices.models import Notice, NoticeState
from upheld.people.models import Agent
from upheld.rules import permissions
from upheld.rules.permissions import Act
from upheld.tickets.models import Message, Ticket


@pytest.fixture
def mailbox(cast: Cast) -> Mailbox:
    """The desk's mailbox."""
    return cast.desk.mailboxes.get()


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


def said(answer: object) -> str:
    found = re.findall(r'<p class="notice"[^>]*>.*?</p>', page(answer), re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", " ".join(found)).split())


def without(monkeypatch: pytest.MonkeyPatch, act: Act) -> None:
    granted = {role: acts - {act} for role, acts in permissions._GRANTED.items()}
    monkeypatch.setattr(permissions, "_GRANTED", granted)


def test_released_it_is_a_ticket_whose_clocks_run_from_its_receipt(lena: Client, mailbox: Mailbox) -> None:
    one = mail(mailbox)
    answer = lena.post(f"/mail/{one.pk}/release/", follow=True)
    ticket = Ticket.objects.get()
    assert said(answer) == f"Released: the mail is on ticket {ticket.number}."
    assert f'href="/tickets/{ticket.number}/"' in page(answer)
    assert ticket.received_at == one.received_at
    assert ticket.requester.address == "t.berg@supplier.example.net"
    one.refresh_from_db()
    assert (one.state, one.ticket, one.settled_by) == (MailState.TICKETED, ticket, "lena@desk.example.com")
    assert "What to do with it" not in page(lena.get(f"/mail/{one.pk}/"))
    again = lena.post(f"/mail/{one.pk}/release/", follow=True)
    assert said(again) == f"Released: the mail is on ticket {ticket.number}."
    assert Ticket.objects.count() == Message.objects.count() == 1
    audit = AuditEntry.objects.filter(actor="lena@desk.example.com", subject__contains=str(one.pk))
    assert audit.count() == 1


def test_it_is_released_onto_the_ticket_that_was_named_however_it_is_written(
    cast: Cast, lena: Client, mailbox: Mailbox
) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    one = mail(mailbox)
    answer = lena.post(
        f"/mail/{one.pk}/release-onto/", {"ticket": f" #{ticket.number.lower()} "}, follow=True
    )
    assert said(answer) == f"Released: the mail is on ticket {ticket.number}."
    assert ticket.messages.count() == 2
    assert Ticket.objects.count() == 1


def test_mail_to_none_of_our_mailboxes_is_released_where_an_administrator_says(
    cast: Cast, signed_in: Callable[[Agent], Client], charlie: Agent, mailbox: Mailbox
) -> None:
    ada, lost = signed_in(cast.ada), mail(None)
    for chosen in ("", "help@other.example.com", "x"):
        answer = ada.post(f"/mail/{lost.pk}/release/", {"mailbox": chosen})
        assert answer.status_code == 422, "another desk's mailbox is as good as none"
    ada.post(f"/mail/{lost.pk}/release/", {"mailbox": mailbox.address})
    assert Ticket.objects.get().desk == cast.desk


def test_it_is_read_again_by_the_worker(lena: Client, mailbox: Mailbox) -> None:
    one = mail(mailbox, MailState.PARKED, attempts=5)
    answer = lena.post(f"/mail/{one.pk}/retry/", follow=True)
    assert "read again within seconds" in said(answer)
    one.refresh_from_db()
    assert (one.state, one.attempts, one.next_try_at) == (MailState.WAITING, 0, NOW)


def test_put_aside_it_waits_no_more_and_can_still_be_released(lena: Client, mailbox: Mailbox) -> None:
    one = mail(mailbox)
    answer = lena.post(f"/mail/{one.pk}/discard/", {"reason": "advertising"}, follow=True)
    assert said(answer).startswith("Put aside.")
    assert "No mail waits for you" in page(lena.get("/mail/"))
    assert "advertising" in page(lena.get("/mail/?list=discarded"))
    assert AuditEntry.objects.filter(action="mail discarded", data__reason="advertising").count() == 1
    lena.post(f"/mail/{one.pk}/discard/", {"reason": "again"})
    one.refresh_from_db()
    assert one.reason == "advertising", "twice changes nothing"
    lena.post(f"/mail/{one.pk}/release/")
    assert Ticket.objects.count() == 1


def test_from_one_mail_that_is_done_one_goes_on_to_the_next(lena: Client, mailbox: Mailbox) -> None:
    one, other = mail(mailbox), mail(mailbox, at=NOW - timedelta(hours=1))
    assert "Next mail that waits" not in page(lena.get(f"/mail/{one.pk}/"))
    answer = lena.post(f"/mail/{one.pk}/discard/", {"reason": "advertising"}, follow=True)
    link = re.search(r'class="next" href="([^"]+)"', page(answer))
    assert link
    assert link[1] == f"/mail/{other.pk}/"


@pytest.mark.parametrize(
    ("act", "place", "button"),
    [
        (Act.release_mail, "release/", "Release as a new ticket"),
        (Act.release_mail, "release-onto/", "Release onto ticket"),
        (Act.retry_mail, "retry/", "Read again"),
        (Act.discard_mail, "discard/", "Put aside, because"),
    ],
)
def test_without_the_right_there_is_no_button_and_no_way_around_it(
    cast: Cast,
    lena: Client,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
    place: str,
    button: str,
) -> None:
    ticket, one = cast.writes("2026-03-20 15:00"), mail(mailbox)
    assert button in page(lena.get(f"/mail/{one.pk}/"))
    without(monkeypatch, act)
    assert button not in page(lena.get(f"/mail/{one.pk}/"))
    answer = lena.post(f"/mail/{one.pk}/{place}", {"ticket": ticket.number, "reason": "x"})
    assert answer.status_code == 403
    one.refresh_from_db()
    assert one.state == MailState.KEPT


def test_who_is_signed_in_and_no_longer_a_lead_finds_nothing(
    cast: Cast, lena: Client, mailbox: Mailbox
) -> None:
    one = mail(mailbox)
    assert lena.get(f"/mail/{one.pk}/").status_code == 200
    cast.lena.memberships.update(role="agent")
    assert lena.get(f"/mail/{one.pk}/").status_code == 404
    assert lena.post(f"/mail/{one.pk}/release/").status_code == 404
    assert not Ticket.objects.exists()


def test_a_mail_without_a_sender_says_why_it_becomes_no_ticket(lena: Client, mailbox: Mailbox) -> None:
    one = mail(mailbox, raw=PLAIN.replace(b"From: Tomas Berg <t.berg@supplier.example.net>\n", b""))
    answer = lena.post(f"/mail/{one.pk}/release/")
    assert answer.status_code == 422
    assert 'data-level="error"' in answer.content.decode()
    assert not Ticket.objects.exists()


def rows(text: str) -> list[str]:
    return re.findall(r'<tr data-state="[^"]+" id="n\d+">', text)


def test_outgoing_tells_to_whom_what_and_why_not(cast: Cast, lena: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    notice(
        cast.desk, ticket_id=ticket.pk, ticket_number=ticket.number, last_error="550 5.1.1\r\n no such user"
    )
    text = page(lena.get("/mail/outgoing/"))
    for words in (
        "amina@school.example.org",
        "Change of status",
        ticket.number,
        "550 5.1.1 no such user",
        "tried 3 times",
    ):
        assert words in text, words
    notice(cast.desk, NoticeState.WAITING, last_error="421 later")
    notice(cast.desk, NoticeState.WAITING, attempts=0, last_error="")
    notice(cast.desk, NoticeState.SENT)
    assert len(rows(page(lena.get("/mail/outgoing/")))) == 1
    waiting = page(lena.get("/mail/outgoing/?list=retrying"))
    assert len(rows(waiting)) == 1
    assert "today 17:05" in waiting


def test_tried_again_it_has_all_its_attempts_anew(cast: Cast, lena: Client) -> None:
    letter = notice(cast.desk, NoticeState.BOUNCED, attempts=10, bounced_at=NOW, rendered=b"kept")
    answer = lena.post(f"/mail/outgoing/{letter.pk}/again/", follow=True)
    assert said(answer) == "amina@school.example.org: It is sent again within seconds."
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.next_try_at) == (NoticeState.WAITING, 0, NOW)
    assert bytes(letter.rendered) == b"kept", "the same mail under the same Message-ID"
    lena.post(f"/mail/outgoing/{letter.pk}/again/")
    assert AuditEntry.objects.filter(action="mail sent again").count() == 1, "twice changes nothing"


def test_a_mail_that_waits_is_tried_now_and_keeps_its_count(cast: Cast, lena: Client) -> None:
    letter = notice(cast.desk, NoticeState.WAITING)
    lena.post(f"/mail/outgoing/{letter.pk}/again/", {"list": "retrying"})
    letter.refresh_from_db()
    assert (letter.next_try_at, letter.attempts) == (NOW, 3)


@pytest.mark.parametrize("state", [NoticeState.WAITING, NoticeState.FAILED, NoticeState.BOUNCED])
def test_given_up_it_waits_for_nobody_and_is_still_there(
    cast: Cast, lena: Client, state: NoticeState
) -> None:
    letter = notice(cast.desk, state)
    named = "retrying" if state == NoticeState.WAITING else "failed"
    answer = lena.post(f"/mail/outgoing/{letter.pk}/give-up/", {"list": named}, follow=True)
    assert answer.redirect_chain[0][0].endswith(
        "?list=retrying" if named == "retrying" else "/mail/outgoing/"
    )
    assert not rows(page(lena.get(f"/mail/outgoing/?list={named}")))
    assert "Given up by" in page(lena.get("/mail/outgoing/?list=given-up"))
    lena.post(f"/mail/outgoing/{letter.pk}/give-up/")
    assert AuditEntry.objects.filter(action="mail given up").count() == 1
    letter.refresh_from_db()
    assert letter.state == (NoticeState.FAILED if state == NoticeState.WAITING else state)
    lena.post(f"/mail/outgoing/{letter.pk}/again/")
    assert not rows(page(lena.get("/mail/outgoing/?list=given-up")))


def test_what_left_is_neither_sent_twice_nor_given_up(cast: Cast, lena: Client) -> None:
    letter = notice(cast.desk, NoticeState.SENT, sent_at=NOW)
    for act in ("again", "give-up"):
        answer = lena.post(f"/mail/outgoing/{letter.pk}/{act}/", follow=True)
        assert "This mail has left" in said(answer)
    assert Notice.objects.get().state == NoticeState.SENT


def test_without_the_right_nothing_outgoing_is_decided(
    cast: Cast, lena: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = notice(cast.desk)
    without(monkeypatch, Act.retry_mail)
    assert "Try again now" not in page(lena.get("/mail/outgoing/"))
    for act in ("again", "give-up"):
        assert lena.post(f"/mail/outgoing/{letter.pk}/{act}/").status_code == 403
    assert Notice.objects.get().state == NoticeState.FAILED


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_being_sent_makes_nobody_wait(cast: Cast, lena: Client) -> None:
    import threading

    from django.db import connection, transaction

    letter = notice(cast.desk, NoticeState.WAITING)
    held, done = threading.Event(), threading.Event()

    def send() -> None:
        with transaction.atomic():
            Notice.objects.select_for_update().get(pk=letter.pk)
            held.set()
            done.wait(10)
        connection.close()

    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert held.wait(5)
        answer = lena.post(f"/mail/outgoing/{letter.pk}/again/", follow=True)
        assert "being sent at this very moment" in said(answer)
    finally:
        done.set()
        sender.join()
