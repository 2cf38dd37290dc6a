"""From a stored mail to a ticket."""

from datetime import timedelta

import pytest

from mailboxes.incoming import edge
from mailboxes.incoming.desk_mail import NINE
from mailboxes.incoming.mails import stored, written
from upheld.mailboxes import placing
from upheld.mailboxes.accept import store
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Contact
from upheld.tickets.keys import new_message_id, reply_token
from upheld.tickets.models import Message, Ticket

CHARLIE = "Charlie <charlie@evil.example.net>"


def acknowledgements() -> int:
    return Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT).count()


def test_a_mail_of_a_stranger_opens_a_ticket_at_its_receipt(post):
    mail = post.gets(written(From="Noor <noor@school.example.org>", Cc="Ida <ida@school.example.org>"))
    assert (mail.state, mail.reason) == (MailState.TICKETED, "it names no ticket")
    ticket = mail.ticket
    assert ticket.received_at == mail.received_at == mail.message.at
    assert (ticket.requester.address, ticket.requester.name) == ("noor@school.example.org", "Noor")
    assert ticket.subject == "Laptop will not start"
    assert sorted(each.contact.address for each in ticket.participants.all()) == [
        "ida@school.example.org",
        "noor@school.example.org",
    ]
    assert acknowledgements() == 1


def test_files_and_the_raw_mail_stay_with_the_message(post):
    mail = post.gets(stored("files-and-pictures"))
    assert [file.name for file in mail.message.attachments.order_by("pk")] == [
        "shot.png",
        "Rechnung März.pdf",
    ]
    assert mail.message.raw_mail_id == mail.pk
    assert "<img" in mail.message.html


def test_a_file_above_the_limit_is_left_in_the_raw_mail_and_said_so(post, settings):
    settings.ATTACHMENT_SIZE_LIMIT = 100
    mail = post.gets(stored("files-and-pictures"))
    assert [file.name for file in mail.message.attachments.all()] == ["shot.png"]
    assert mail.reason.endswith("1 of its files are too large and in the raw mail only")


def test_a_mail_without_subject_takes_its_first_line(post):
    assert post.gets(written(Subject="", body="Help\nplease")).ticket.subject == "Help"


class TestFollowUp:
    def test_by_the_token_in_the_address(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        token = reply_token(ticket.participants.get())
        mail = post.gets(written(), to=f"Support+{token.upper()}@desk.example.com")
        assert mail.ticket == ticket
        assert mail.message.kind == Message.Kind.CUSTOMER

    def test_by_the_token_in_a_header(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        token = reply_token(ticket.participants.get())
        assert post.gets(written(To=f"Desk <support+{token}@desk.example.com>")).ticket == ticket

    def test_somebody_else_with_the_token_is_a_third_party_and_not_shown(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        token = reply_token(ticket.participants.get())
        message = post.gets(written(From=CHARLIE), to=f"support+{token}@desk.example.com").message
        assert (message.ticket, message.kind, message.is_public) == (ticket, Message.Kind.THIRD_PARTY, False)

    def test_a_token_ends_with_its_serial(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        participant = ticket.participants.get()
        token = reply_token(participant)
        participant.key_serial += 1
        participant.save()
        assert post.gets(written(), to=f"support+{token}@desk.example.com").ticket != ticket

    def test_by_our_message_id(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        ours = new_message_id(ticket.pk, "support@desk.example.com")
        assert post.gets(written(In_Reply_To=ours)).ticket == ticket

    def test_a_made_up_message_id_opens_no_door(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        false = f"<u.{ticket.pk}.abcdefgh12345678.abcdefghabcdefgh@desk.example.com>"
        assert post.gets(written(In_Reply_To=false)).ticket != ticket

    def test_by_a_customers_own_message_id(self, post):
        first = post.gets(written(Message_ID="<first@school.example.org>"))
        second = post.gets(written(body="It is number 4711.", References="<first@school.example.org>"))
        assert second.ticket == first.ticket

    @pytest.mark.parametrize("subject", ["Re: [{}] black", "AW: {} black", "re: {}"])
    def test_by_the_number_in_the_subject(self, post, cast, subject):
        ticket = cast.writes("2026-03-19 08:00")
        assert post.gets(written(Subject=subject.format(ticket.number.lower()))).ticket == ticket

    def test_a_stranger_with_number_and_message_id_opens_no_door(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        ours = new_message_id(ticket.pk, "support@desk.example.com")
        mail = post.gets(written(From=CHARLIE, Subject=f"[{ticket.number}]", In_Reply_To=ours))
        assert mail.ticket != ticket
        assert "does not belong" in mail.reason

    def test_an_ambiguous_sender_gets_a_new_ticket_and_no_answer(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00", acknowledge=False)
        token = reply_token(ticket.participants.get())
        sender = "amina@school.example.org <charlie@evil.example.net>"
        mail = post.gets(
            written(From=sender, Cc="ida@school.example.org"), to=f"support+{token}@desk.example.com"
        )
        assert mail.ticket != ticket
        assert mail.ticket.participants.count() == 1
        assert "ambiguous" in mail.reason
        assert acknowledgements() == 0


class TestMachines:
    def test_nothing_of_ours_is_ignored_with_the_reason(self, post):
        mail = post.gets(stored("out-of-office"))
        assert (mail.state, mail.reason) == (MailState.IGNORED, "it says Auto-Submitted: auto-replied")
        assert Contact.objects.filter(address="charlie@evil.example.net").count() == 0

    def test_with_a_token_it_is_kept_on_the_ticket(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        token = reply_token(ticket.participants.get())
        message = post.gets(stored("out-of-office"), to=f"support+{token}@desk.example.com").message
        assert (message.ticket, message.kind) == (ticket, Message.Kind.MACHINE)

    def test_the_null_return_path_of_the_envelope_counts(self, post):
        assert post.gets(written(), sender="<>").reason == "its return path is empty"

    def test_our_own_address_is_ignored(self, post):
        mail = post.gets(written(From="Desk <support+x@desk.example.com>"))
        assert (mail.state, mail.reason) == (MailState.IGNORED, "it was sent from one of our own mailboxes")

    def test_no_sender_at_all_is_kept_for_a_person(self, post):
        assert post.gets(stored("no-sender")).state == MailState.KEPT

    def test_an_address_is_acknowledged_only_so_often_in_an_hour(self, post):
        for number in range(8):
            mail = post.gets(written(body=f"number {number}"))
        assert (Ticket.objects.count(), acknowledgements()) == (8, 5)
        assert mail.reason.endswith("not acknowledged: its sender had 5 acknowledgements within an hour")


class TestDuplicates:
    def test_the_same_bytes_twice(self, post):
        first, second = post.gets(written()), post.gets(written())
        assert (second.state, second.reason) == (MailState.TICKETED, f"duplicate of mail {first.pk}")
        assert (second.ticket, second.message) == (first.ticket, first.message)
        assert Ticket.objects.count() == Message.objects.count() == 1

    def test_the_same_mail_by_two_ways(self, post):
        mail = written(Message_ID="<one@school.example.org>")
        first, second = post.gets(mail), post.gets(b"Received: by another way\r\n" + mail)
        assert second.reason == f"duplicate of mail {first.pk}"

    @pytest.mark.parametrize("other", [{"From": CHARLIE}, {"body": "Something else."}])
    def test_a_message_id_that_somebody_used_before_hides_nothing(self, post, other):
        first = post.gets(written(Message_ID="<one@school.example.org>"))
        second = post.gets(written(**({"Message_ID": "<one@school.example.org>"} | other)))
        assert second.message != first.message
        assert "duplicate" not in second.reason

    def test_a_dated_mail_without_a_message_id_by_two_ways(self, post):
        mail = written(Date="Thu, 19 Mar 2026 09:00:00 +0000")
        first, second = post.gets(mail), post.gets(b"Received: by another way\r\n" + mail)
        assert second.reason == f"duplicate of mail {first.pk}"
        later = post.gets(written(Date="Thu, 19 Mar 2026 09:00:01 +0000"))
        other = post.gets(written("Another word.", Date="Thu, 19 Mar 2026 09:00:00 +0000"))
        assert len({first.message, later.message, other.message}) == 3

    def test_what_names_such_a_mail_stands_in_no_mail_of_ours(self, post):
        mail = post.gets(written(Date="Thu, 19 Mar 2026 09:00:00 +0000"))
        assert mail.message.message_id.startswith("content:")
        assert b"content:" not in render(Notice.objects.get())

    @pytest.mark.parametrize("undated", [written(), written(Date="yesterday")])
    def test_without_date_and_message_id_only_the_same_bytes_are_the_same(self, post, undated):
        first, second = post.gets(undated), post.gets(b"Received: by another way\r\n" + undated)
        assert first.message != second.message
        assert post.gets(undated).message == first.message

    def test_of_a_follow_up_with_its_files(self, post, cast):
        ticket = cast.writes("2026-03-19 08:00")
        raw = stored("files-and-pictures").replace(
            b"\r\nSubject: ", f"\r\nSubject: [{ticket.number}] ".encode()
        )
        first, second = post.gets(raw), post.gets(b"Received: by another way\r\n" + raw)
        assert first.message == second.message
        changed = post.gets(raw.replace(b"iVBOR", b"iVBOS"))
        assert changed.message != first.message

    def test_what_was_held_as_forged_does_not_swallow_the_true_one(self, post, cast):
        edge.is_believed()
        ticket = cast.writes("2026-03-19 08:00")
        both = {"Subject": f"[{ticket.number}]", "Message_ID": "<one@school.example.org>"}
        forged = post.gets(written(Authentication_Results=edge.FAILED, **both))
        again = post.gets(written(Authentication_Results=edge.FAILED, Received="twice", **both))
        true = post.gets(written(Authentication_Results=edge.PASSED, **both))
        assert forged.message == again.message
        assert (forged.message.released, true.message.released) == (False, True)

    def test_of_mail_that_is_kept(self, post):
        first, second = post.gets(stored("no-sender")), post.gets(stored("no-sender"))
        assert (first.state, second.state) == (MailState.KEPT, MailState.IGNORED)
        assert second.reason == f"duplicate of mail {first.pk}, which is kept"

    def test_to_two_mailboxes_of_one_desk_is_one_message_and_of_two_desks_two(self, post, cast, charlie):
        mail = written(
            Message_ID="<one@school.example.org>", Cc="billing@desk.example.com, help@other.example.com"
        )
        first = post.gets(mail)
        billing = cast.desk.mailboxes.create(address="billing@desk.example.com")
        other = charlie.memberships.get().desk.mailboxes.get()
        for mailbox in (billing, other):
            store(mail, way="smtp", mailbox=mailbox, envelope_to=mailbox.address, read_clock=lambda: post.at)
            post.takes_in()
        assert [each.desk for each in Ticket.objects.order_by("pk")] == [cast.desk, other.desk]
        assert RawMail.objects.filter(message=first.message).count() == 2


class TestFailure:
    POISON = written(X_Test="too much")

    def test_a_poison_mail_delays_nobody_and_is_parked_at_last(self, post):
        poison = post.receives(self.POISON)
        good = post.receives(written())
        for _ in range(5):
            post.takes_in()
            post.at += timedelta(minutes=3)
        poison.refresh_from_db()
        good.refresh_from_db()
        assert (poison.state, poison.attempts) == (MailState.PARKED, 5)
        assert poison.reason == "it takes too long to read"
        assert (good.state, good.attempts) == (MailState.TICKETED, 1)

    def test_what_a_failing_mail_began_is_rolled_back(self, post, monkeypatch):
        def fails(*_: object) -> None:
            raise RuntimeError("with words of the mail")

        mail = post.receives(written(From="Noor <noor@school.example.org>"))
        with monkeypatch.context() as patched:
            patched.setattr(placing, "take_in", fails)
            post.takes_in()
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (MailState.WAITING, 1)
        assert mail.reason == "an error while taking it in: RuntimeError"
        assert not Contact.objects.filter(address="noor@school.example.org").exists()
        assert mail.next_try_at > NINE + timedelta(minutes=1)

    def test_a_mail_read_late_counts_from_its_receipt(self, post, monkeypatch):
        mail = post.receives(written(X_Test="too much"))
        post.takes_in()
        monkeypatch.setattr(
            post.pool, "parse", lambda raw: pytest.importorskip("upheld.mailboxes.parsing").parse(raw)
        )
        post.at += timedelta(hours=2)
        post.takes_in()
        mail.refresh_from_db()
        assert mail.ticket.received_at == mail.received_at == NINE + timedelta(minutes=1)

    def test_nothing_to_do(self, post):
        assert post.takes_in() == 0
        assert RawMail.objects.count() == 0
