"""What a person does with mail that waits for one: release it, have it read again, put it aside."""

from datetime import timedelta

import pytest

from harness.cast import at
from mailboxes.incoming import edge
from mailboxes.incoming.mails import stored, written
from upheld.desks.models import AuditEntry, Mailbox
from upheld.mailboxes import releasing
from upheld.mailboxes.accept import store
from upheld.mailboxes.horizon import moment
from upheld.mailboxes.ingest import ATTEMPTS, PAUSES, claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.outgoing.render import render
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.pool import ParserPool, Unreadable
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Membership
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused, assign, open_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.keys import agent_token, reply_token
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment

STRANGER = "Mallory <mallory@evil.example.net>"


@pytest.fixture
def ticket(cast):
    """A restricted ticket: a stranger with a token is kept, not held."""
    edge.is_believed()
    return cast.writes("2026-03-19 08:00", priority="urgent")


@pytest.fixture
def kept(post, ticket):
    """Amina's mail that our mail server takes for a forged one."""
    forged = {"Subject": f"[{ticket.number}]", "Authentication_Results": edge.FAILED}
    mail = post.gets(written("It is number 4711.", **forged))
    assert (mail.state, mail.ticket) == (MailState.KEPT, ticket)
    return mail


def later(post):
    return Moment.exactly(post.at + timedelta(hours=1))


def audited():
    return list(
        AuditEntry.objects.filter(action__startswith="mail ")
        .order_by("pk")
        .values_list("actor", "action", "subject")
    )


class TestOntoATicket:
    def test_a_participants_mail_counts_as_theirs_at_its_receipt(self, cast, post, kept, ticket):
        message = releasing.release_onto(kept.pk, ticket.pk, cast.lena, later(post), post.pool)
        assert (message.ticket, message.kind, message.released) == (ticket, Message.Kind.CUSTOMER, True)
        assert message.at == kept.received_at
        kept.refresh_from_db()
        assert (kept.state, kept.message, kept.settled_by) == (MailState.TICKETED, message, cast.lena.address)
        assert kept.settled_at == later(post).at
        assert kept.reason == "released by Lena Novak"
        assert audited() == [(cast.lena.address, "mail released", f"mail {kept.pk}")]

    def test_twice_is_once(self, cast, post, kept, ticket):
        first = releasing.release_onto(kept.pk, ticket.pk, cast.lena, later(post), post.pool)
        assert releasing.release_onto(kept.pk, ticket.pk, cast.ada, later(post), post.pool) == first
        assert releasing.release_as_ticket(kept.pk, cast.ada, later(post), post.pool) == first
        assert (ticket.messages.count(), Ticket.objects.count(), len(audited())) == (2, 1, 1)

    def test_a_strangers_mail_is_held_there(self, cast, post, ticket):
        token = reply_token(ticket.participants.get())
        mail = post.gets(written(From=STRANGER), to=f"support+{token}@desk.example.com")
        assert mail.state == MailState.KEPT
        message = releasing.release_onto(mail.pk, ticket.pk, cast.lena, later(post), post.pool)
        assert (message.kind, message.released) == (Message.Kind.THIRD_PARTY, False)
        assert "does not belong" in message.held_because

    def test_an_agents_answer_is_sent_as_theirs_now(self, cast, post, ticket):
        to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
        mail = post.gets(written("Try this.", From="bob@desk.example.com"), to=to)
        assert mail.state == MailState.KEPT
        when = later(post)
        message = releasing.release_onto(mail.pk, ticket.pk, cast.lena, when, post.pool)
        assert (message.kind, message.agent, message.at) == (Message.Kind.REPLY, cast.bob, when.at)
        assert Notice.objects.filter(kind=NoticeKind.REPLY).count() == 1

    def test_but_not_of_an_agent_who_left(self, cast, post, ticket):
        to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
        mail = post.gets(written("Try this.", From="bob@desk.example.com"), to=to)
        Membership.objects.filter(agent=cast.bob).delete()
        with pytest.raises(Refused, match="no right"):
            releasing.release_onto(mail.pk, ticket.pk, cast.lena, later(post), post.pool)
        mail.refresh_from_db()
        assert (mail.state, ticket.messages.count(), audited()) == (MailState.KEPT, 1, [])

    def test_of_another_desk_is_refused(self, cast, post, kept, charlie):
        desk = charlie.memberships.get().desk
        theirs = open_ticket(
            NewRequest(
                desk=desk, contact=cast.amina, subject="x", text="x", received_at=post.at, channel="email"
            ),
            Moment.exactly(post.at),
        )
        with pytest.raises(Refused, match="another desk"):
            releasing.release_onto(kept.pk, theirs.pk, cast.lena, later(post), post.pool)
        with pytest.raises(NotAllowed):
            releasing.release_onto(kept.pk, theirs.pk, charlie, later(post), post.pool)

    def test_an_unknown_ticket_is_refused(self, cast, post, kept):
        with pytest.raises(Refused, match="no such ticket"):
            releasing.release_onto(kept.pk, 10**12, cast.lena, later(post), post.pool)


class TestAsATicket:
    def test_it_is_opened_at_its_receipt_and_acknowledged(self, cast, post, kept):
        message = releasing.release_as_ticket(kept.pk, cast.lena, later(post), post.pool)
        assert message.ticket.received_at == message.at == kept.received_at
        assert message.ticket.requester == cast.amina
        assert Notice.objects.filter(ticket_id=message.ticket_id, kind=NoticeKind.ACKNOWLEDGEMENT).exists()

    def test_what_a_machine_wrote_is_not_answered(self, cast, post):
        mail = post.gets(stored("out-of-office"))
        assert mail.state == MailState.IGNORED
        message = releasing.release_as_ticket(mail.pk, cast.lena, later(post), post.pool)
        assert not Notice.objects.filter(ticket_id=message.ticket_id).exists()

    def test_what_names_no_sender_is_refused(self, cast, post):
        mail = post.gets(stored("no-sender"))
        with pytest.raises(Refused, match="no sender"):
            releasing.release_as_ticket(mail.pk, cast.lena, later(post), post.pool)
        ticket = cast.writes("2026-03-19 08:00")
        assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 08:10"))
        message = releasing.release_onto(mail.pk, ticket.pk, cast.lena, later(post), post.pool)
        assert (message.contact, message.released) == (None, False)
        told = render(Notice.objects.get(kind=NoticeKind.CUSTOMER_WROTE))
        assert f"The customer wrote on {ticket.number}.".encode() in told

    def test_what_still_cannot_be_read_is_refused_with_the_reason(self, cast, post):
        mail = post.receives(written(X_Test="too much"))
        RawMail.objects.update(state=MailState.PARKED)
        with pytest.raises(Refused, match="takes too long to read"):
            releasing.release_as_ticket(mail.pk, cast.lena, later(post), post.pool)

    def test_a_copy_that_was_released_before_is_found(self, cast, post, ticket):
        raw = written(
            Subject=f"[{ticket.number}]", Authentication_Results=edge.FAILED, Message_ID="<a@b.example>"
        )
        mails = [post.gets(raw), post.gets(b"Received: by another way\r\n" + raw)]
        assert [mail.state for mail in mails] == [MailState.KEPT, MailState.KEPT]
        first, second = (
            releasing.release_as_ticket(mail.pk, cast.lena, later(post), post.pool) for mail in mails
        )
        assert first == second

    def test_mail_to_none_of_our_mailboxes_is_for_administrators(self, cast, post):
        mail = store(written(), way="pipe", mailbox=None, read_clock=lambda: post.at)
        post.takes_in()
        mail.refresh_from_db()
        assert mail.state == MailState.KEPT
        with pytest.raises(NotAllowed):
            releasing.release_as_ticket(
                mail.pk, cast.lena, later(post), post.pool, mailbox=Mailbox.objects.get()
            )
        with pytest.raises(Refused, match="to which one"):
            releasing.release_as_ticket(mail.pk, cast.ada, later(post), post.pool)
        message = releasing.release_as_ticket(
            mail.pk, cast.ada, later(post), post.pool, mailbox=Mailbox.objects.get()
        )
        assert message.ticket.desk == cast.desk

    def test_without_a_pool_a_reader_is_started(self, cast, post, kept):
        assert releasing.release_as_ticket(kept.pk, cast.lena, later(post)).text == "It is number 4711."

    def test_with_the_real_readers(self, cast, post, kept):
        with ParserPool(1) as pool:
            assert releasing.release_as_ticket(kept.pk, cast.lena, later(post), pool).text


class TestRights:
    @pytest.mark.parametrize(
        "deed",
        [
            lambda mail, who, post: releasing.release_as_ticket(mail.pk, who, later(post), post.pool),
            lambda mail, who, post: releasing.release_onto(
                mail.pk, mail.ticket_id, who, later(post), post.pool
            ),
            lambda mail, who, post: releasing.retry(mail.pk, who, later(post).at),
            lambda mail, who, post: releasing.discard(mail.pk, who, "spam", later(post).at),
        ],
    )
    def test_leads_and_administrators_of_the_desk_and_nobody_else(self, cast, post, kept, charlie, deed):
        for outsider in (cast.bob, charlie):
            with pytest.raises(NotAllowed):
                deed(kept, outsider, post)
        kept.refresh_from_db()
        assert (kept.state, audited()) == (MailState.KEPT, [])
        deed(kept, cast.lena, post)
        assert len(audited()) == 1


class TestDiscarding:
    def test_the_bytes_stay_and_the_reason_is_audited(self, cast, post, kept):
        raw = bytes(kept.raw)
        releasing.discard(kept.pk, cast.lena, "Advertising\r\nX: y", later(post).at)
        kept.refresh_from_db()
        assert (kept.state, kept.reason, bytes(kept.raw)) == (MailState.DISCARDED, "Advertising X: y", raw)
        assert AuditEntry.objects.get(action="mail discarded").data == {"reason": "Advertising X: y"}
        releasing.discard(kept.pk, cast.ada, "again", later(post).at)
        assert len(audited()) == 1

    def test_a_mind_may_change(self, cast, post, kept, ticket):
        releasing.discard(kept.pk, cast.lena, "spam", later(post).at)
        assert releasing.release_onto(kept.pk, ticket.pk, cast.lena, later(post), post.pool).text

    def test_what_is_on_a_ticket_stays_there(self, cast, post):
        mail = post.gets(written())
        for deed in (releasing.discard, releasing.retry):
            arguments = ("spam",) if deed is releasing.discard else ()
            with pytest.raises(Refused, match="on a ticket"):
                deed(mail.pk, cast.lena, *arguments, later(post).at)

    def test_what_nobody_has_read_yet_waits(self, cast, post):
        mail = post.receives(written())
        with pytest.raises(Refused, match="not been read"):
            releasing.discard(mail.pk, cast.lena, "spam", later(post).at)


class TestReadingAgain:
    def test_the_worker_reads_it_at_once_and_its_receipt_stays(self, cast, post, kept, ticket):
        received_at = kept.received_at
        cast.desk.mailboxes.update(checked_by="mx.elsewhere.example")
        releasing.retry(kept.pk, cast.lena, later(post).at)
        kept.refresh_from_db()
        assert (kept.state, kept.attempts, kept.next_try_at) == (MailState.WAITING, 0, later(post).at)
        post.at = later(post).at
        post.takes_in()
        kept.refresh_from_db()
        assert (kept.state, kept.ticket, kept.received_at) == (MailState.TICKETED, ticket, received_at)
        assert (kept.message.kind, kept.message.at) == (Message.Kind.CUSTOMER, received_at)
        assert kept.settled_by == cast.lena.address

    def test_while_it_waits_no_clock_goes_back(self, cast, post, kept):
        now = later(post).at
        releasing.retry(kept.pk, "command line (ada)", now)
        assert moment(cast.desk.pk, now) == Moment.exactly(now)
        assert audited() == [("command line (ada)", "mail read again", f"mail {kept.pk}")]

    def test_a_new_mail_still_holds_the_clocks_up(self, cast, post, kept):
        releasing.retry(kept.pk, cast.lena, post.at)
        new = post.receives(written())
        assert moment(cast.desk.pk, later(post).at).settled_by == new.received_at - timedelta(microseconds=1)

    def test_if_it_fails_again_it_is_parked_again_at_once(self, cast, post):
        mail = post.receives(written(X_Test="too much"))
        RawMail.objects.update(
            state=MailState.PARKED, attempts=ATTEMPTS, next_try_at=at("2030-01-01 00:00").at
        )
        releasing.retry(mail.pk, cast.lena, post.at)
        post.takes_in()
        mail.refresh_from_db()
        assert (mail.state, mail.attempts) == (MailState.PARKED, ATTEMPTS)
        assert mail.next_try_at == post.at + timedelta(seconds=1) + PAUSES[0]

    def test_twice_is_once(self, cast, post, kept):
        for _ in range(2):
            releasing.retry(kept.pk, cast.lena, post.at)
        assert len(audited()) == 1


class TestParked:
    def parked(self, post):
        mail = post.receives(written(X_Test="too much", Subject="Projector is dark"))
        for _ in range(ATTEMPTS):
            post.at += timedelta(minutes=5)
            post.takes_in()
        mail.refresh_from_db()
        assert mail.state == MailState.PARKED
        return mail

    def test_it_is_tried_again_by_itself_after_growing_pauses_and_then_no_more(self, post):
        mail, tried = self.parked(post), []
        begun = post.at
        for _ in range(24 * 12):
            post.at += timedelta(hours=1)
            if post.takes_in(timedelta(seconds=2)):
                tried.append(round((post.at - begun) / timedelta(hours=1)))
        mail.refresh_from_db()
        assert tried == [1, 7, 31, 79, 175]
        assert (mail.state, mail.attempts) == (MailState.PARKED, ATTEMPTS + len(PAUSES))

    def test_meanwhile_it_holds_up_nothing_and_a_new_version_reads_it(self, cast, post, monkeypatch):
        mail = self.parked(post)
        assert moment(cast.desk.pk, later(post).at) == Moment.exactly(later(post).at)
        monkeypatch.setattr(post.pool, "parse", parse)
        post.at += timedelta(hours=1)
        post.takes_in(timedelta(seconds=2))
        mail.refresh_from_db()
        assert (mail.state, mail.ticket.received_at) == (MailState.TICKETED, mail.received_at)

    def test_new_mail_goes_first(self, post):
        mail = self.parked(post)
        post.at += timedelta(hours=2)
        new = post.receives(written())
        claim_and_ingest(post.pool, post.at + timedelta(seconds=1))
        new.refresh_from_db()
        attempts = mail.attempts
        mail.refresh_from_db()
        assert (new.state, mail.attempts) == (MailState.TICKETED, attempts)

    def test_its_head_says_whose_it_is(self, post, monkeypatch):
        def only_heads(raw):
            return Unreadable("it takes too long to read") if b"black screen" in raw else parse(raw)

        monkeypatch.setattr(post.pool, "parse", only_heads)
        mail = self.parked(post)
        assert (mail.from_address, mail.subject) == ("amina@school.example.org", "Projector is dark")
