"""Where a customer's further mails belong, seen from outside: over SMTP, by what the desk's own mails carried."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest
from mail_program import MailProgram
from outbox_pages import Outbox, SentMail

from drill.waiting import wait_for
from harness.desk import RunningDesk

# A minute begins with these stories, and has passed when the last ones on this desk are told.
pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("unanswered")]

SUPPORT = "support@devices.example.com"
Rows = psycopg.Cursor[dict[str, Any]]

_people = itertools.count(1)


@pytest.fixture
def noor(running_desk: RunningDesk) -> MailProgram:
    """A customer who has not written before."""
    return MailProgram("Noor Haddad", f"noor{next(_people)}@threads.example.org", running_desk.smtp_port)


@pytest.fixture
def stranger(running_desk: RunningDesk) -> MailProgram:
    return MailProgram("Some Body", f"stranger{next(_people)}@elsewhere.example.net", running_desk.smtp_port)


@pytest.fixture
def acknowledgement(noor: MailProgram, outbox: Outbox) -> SentMail:
    """What the desk answered to a first mail of Noor's, on which nothing else has come yet."""
    noor.write(SUPPORT, "Printer is jammed", "It says PC LOAD LETTER.")
    return outbox.wait_for_mail(noor.address, "acknowledgement")


def test_the_reply_address_alone_finds_the_ticket(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    noor.write(acknowledgement.reply_to, "Another thing", "The paper is blue.")
    assert found(rows, "The paper is blue.") == (acknowledgement.number, "customer")


def test_mail_systems_may_change_the_letter_case_of_the_reply_address(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    noor.write(acknowledgement.reply_to.upper(), "Another thing", "THE PAPER IS BLUE.")
    assert found(rows, "THE PAPER IS BLUE.") == (acknowledgement.number, "customer")


@pytest.mark.parametrize("header", ["In-Reply-To", "References"])
def test_the_message_id_of_our_mail_finds_the_ticket(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows, header: str
) -> None:
    named = {header: acknowledgement.header("Message-ID")}
    noor.write(SUPPORT, "Another subject", f"By {header}.", headers=named)
    assert found(rows, f"By {header}.") == (acknowledgement.number, "customer")


def test_the_number_in_the_subject_is_enough_for_somebody_who_takes_part(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    noor.write(SUPPORT, f"about {acknowledgement.number.lower()}", "I call it by its number.")
    assert found(rows, "I call it by its number.") == (acknowledgement.number, "customer")


def test_a_colleague_in_copy_answers_the_customers_own_mail(
    noor: MailProgram, stranger: MailProgram, outbox: Outbox, rows: Rows
) -> None:
    first = noor.write(
        SUPPORT, "Keys are missing", "Five of them.", headers={"Cc": f"A Colleague <{stranger.address}>"}
    )
    acknowledgement = outbox.wait_for_mail(noor.address, "acknowledgement")
    stranger.write(SUPPORT, "Re: Keys are missing", "Six.", headers={"In-Reply-To": first["Message-ID"]})
    assert found(rows, "Six.") == (acknowledgement.number, "customer")


def test_to_a_stranger_number_and_message_id_open_no_door(
    stranger: MailProgram, acknowledgement: SentMail, outbox: Outbox, rows: Rows
) -> None:
    stranger.write(
        SUPPORT,
        f"Re: [{acknowledgement.number}] Printer is jammed",
        "What is this about?",
        headers={"In-Reply-To": acknowledgement.header("Message-ID")},
    )
    number, kind = found(rows, "What is this about?")
    assert number != acknowledgement.number
    assert kind == "customer"
    answer = outbox.wait_for_mail(stranger.address, "acknowledgement")
    assert answer.number == number
    assert answer.link != acknowledgement.link
    rows.execute("select count(*) from tickets_participant p join tickets_ticket t on t.id = p.ticket_id"
                 " where t.number = %s", [acknowledgement.number])  # fmt: skip
    assert rows.fetchone() == {"count": 1}


def test_a_reply_address_that_was_passed_on_lets_a_third_party_write_unseen(
    stranger: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    stranger.write(acknowledgement.reply_to, "Fwd: your printer", "I am the one who repairs it.")
    assert found(rows, "I am the one who repairs it.") == (acknowledgement.number, "third_party")
    rows.execute("select released from tickets_message where text = %s", ["I am the one who repairs it."])
    assert rows.fetchall() == [{"released": False}]
    assert letters_to(rows, stranger) == 0


def test_a_reply_address_with_a_wrong_key_is_an_ordinary_address(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    address = acknowledgement.reply_to
    last = address.index("@") - 1
    forged = f"{address[:last]}{'b' if address[last] == 'a' else 'a'}{address[last + 1 :]}"
    noor.write(forged, "Guessed", f"A guess at {acknowledgement.number}.")
    number, _ = found(rows, f"A guess at {acknowledgement.number}.")
    assert number != acknowledgement.number


def test_an_out_of_office_note_is_kept_and_answered_by_nobody(
    noor: MailProgram, acknowledgement: SentMail, rows: Rows
) -> None:
    noor.write(
        acknowledgement.reply_to,
        f"Out of office: {acknowledgement.subject}",
        "I am away until Monday.",
        headers={"Auto-Submitted": "auto-replied", "In-Reply-To": acknowledgement.header("Message-ID")},
    )
    assert found(rows, "I am away until Monday.") == (acknowledgement.number, "machine")
    assert letters_to(rows, noor) == 1


def test_the_same_mail_twice_is_one_message(noor: MailProgram, acknowledgement: SentMail, rows: Rows) -> None:
    mail = noor.write(acknowledgement.reply_to, "Re: printer", "Sent twice by mistake.")
    noor.send(mail, acknowledgement.reply_to)
    noor.write(acknowledgement.reply_to, "Re: printer", "And this comes after both.")
    assert found(rows, "And this comes after both.") == (acknowledgement.number, "customer")
    assert found(rows, "Sent twice by mistake.") == (acknowledgement.number, "customer")


def found(rows: Rows, text: str) -> tuple[str, str]:
    """On which ticket a mail of these words came, and as what: it came once."""

    def look() -> list[dict[str, Any]]:
        rows.execute(
            "select t.number, m.kind from tickets_message m join tickets_ticket t on t.id = m.ticket_id"
            " where m.text = %s and m.at > now() - interval '1 minute'",
            [text],
        )
        return rows.fetchall()

    (message,) = wait_for(f"the message “{text}”", look)
    return message["number"], message["kind"]


def letters_to(rows: Rows, person: MailProgram) -> int:
    """How many mails the desk has for somebody, sent or about to be."""
    rows.execute("select count(*) from notices_notice where to_address = %s", [person.address])
    counted = rows.fetchone()
    assert counted is not None
    return int(counted["count"])
