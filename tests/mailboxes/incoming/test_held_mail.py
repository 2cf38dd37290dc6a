"""Mail without a contract is held at intake; what its sender adds by mail joins it, and a stranger's mail does not."""

from email import message_from_bytes, policy

import pytest

from harness.cast import Cast, at, utc
from harness.maintenance import Maintenance
from mailboxes.incoming import edge
from mailboxes.incoming.desk_mail import Post
from mailboxes.incoming.mails import written
from upheld.mailboxes import releasing
from upheld.mailboxes.models import MailState
from upheld.mailboxes.outgoing.envelope import NOBODY, envelope_senders
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets import actions
from upheld.tickets.actions import Refused
from upheld.tickets.models import HeldMessage, HeldRequest, HeldState, Ticket

FIRST = {"Message_ID": "<first@school.example.org>"}
STRANGER = "Mallory <mallory@evil.example.net>"
FAILED = edge.SAYS["failed"]


@pytest.fixture
def desk(cast: Cast) -> Maintenance:
    edge.is_believed()
    return Maintenance.of(cast)


def letter() -> Notice:
    return Notice.objects.get(kind=NoticeKind.HELD)


def mail_of(notice: Notice):  # type: ignore[no-untyped-def]
    return message_from_bytes(render(notice), policy=policy.default)


def test_it_is_held_and_its_sender_told(desk: Maintenance, post: Post) -> None:
    mail = post.gets(written("It rains into the server.", Subject="Secret words", **FIRST))
    assert mail.state == MailState.HELD
    assert mail.held_request is not None and mail.held_request.messages.get().raw_mail_id == mail.pk
    assert mail.reason.startswith("held at intake: nobody knows")
    assert not Ticket.objects.exists()
    sent = mail_of(letter())
    text = sent.get_body(("plain",)).get_content()
    assert "reply with its number" in " ".join(text.split())
    assert sent["In-Reply-To"] == "<first@school.example.org>"
    assert sent["Auto-Submitted"] == "auto-replied"
    assert envelope_senders(letter(), "support@desk.example.com")[0] == NOBODY
    # Not one word of what was submitted, the name included.
    for word in ("Secret", "rains", "Amina"):
        assert word not in sent.as_string()


@pytest.mark.parametrize("by", ["our letter", "their own mail"])
def test_an_answer_joins_the_held_request(desk: Maintenance, post: Post, by: str) -> None:
    held = post.gets(written(**FIRST)).held_request
    refers = letter().message_id if by == "our letter" else "<first@school.example.org>"
    mail = post.gets(
        written("Our contract is MC-7.", In_Reply_To=refers, Message_ID="<second@x.example.org>")
    )
    assert (mail.state, mail.held_request) == (MailState.HELD, held)
    assert [each.text for each in held.messages.order_by("pk")] == [
        "It shows a black screen.",
        "Our contract is MC-7.",
    ]
    assert Notice.objects.count() == 1
    # And what answers the second mail, too.
    post.gets(written("Hello?", References="<second@x.example.org>"))
    assert held.messages.count() == 3


@pytest.mark.parametrize(
    "headers",
    [{"From": STRANGER}, {"Authentication_Results": FAILED}, {"From": f"{STRANGER}\r\nFrom: {STRANGER}"}],
)
def test_a_strangers_or_forged_mail_joins_nothing(
    desk: Maintenance, post: Post, headers: dict[str, str]
) -> None:
    held = post.gets(written(**FIRST)).held_request
    mail = post.gets(written("Let me in.", In_Reply_To=letter().message_id, **headers))
    assert mail.held_request != held
    assert held.messages.count() == 1


def test_a_machine_that_answers_our_letter_is_ignored(desk: Maintenance, post: Post) -> None:
    post.gets(written(**FIRST))
    mail = post.gets(written("I am away.", In_Reply_To=letter().message_id, Auto_Submitted="auto-replied"))
    assert mail.state == MailState.IGNORED
    assert HeldMessage.objects.count() == 1


def test_a_new_mail_without_reference_is_a_request_of_its_own(desk: Maintenance, post: Post) -> None:
    post.gets(written(**FIRST))
    post.gets(written("Something else.", Subject="Another matter"))
    assert HeldRequest.objects.count() == 2


@pytest.mark.parametrize("headers", [FIRST, {"Date": "Thu, 19 Mar 2026 09:00:00 +0000"}, {}])
def test_a_copy_makes_nothing_new(desk: Maintenance, post: Post, headers: dict[str, str]) -> None:
    first = post.gets(written(**headers))
    copy = post.gets(written(**headers))
    assert (copy.state, copy.held_request) == (MailState.HELD, first.held_request)
    assert copy.reason == f"duplicate of mail {first.pk}"
    assert (HeldMessage.objects.count(), Notice.objects.count()) == (1, 1)


def test_letters_are_counted_like_acknowledgements(desk: Maintenance, post: Post, settings: object) -> None:
    settings.ACKNOWLEDGEMENTS_AN_ADDRESS = 2  # type: ignore[attr-defined]
    mails = [post.gets(written(f"Text {number}", Subject=f"Matter {number}")) for number in range(3)]
    assert HeldRequest.objects.count() == 3
    assert Notice.objects.filter(kind=NoticeKind.HELD).count() == 2
    assert "not acknowledged" in mails[-1].reason


def test_nobody_answers_for_a_forged_address(desk: Maintenance, post: Post) -> None:
    mail = post.gets(written(Authentication_Results=FAILED))
    assert mail.state == MailState.HELD
    assert not Notice.objects.exists()


class TestOnceItIsAdmitted:
    def test_who_answers_our_letter_writes_on_the_ticket(self, desk: Maintenance, post: Post) -> None:
        held = post.gets(written(**FIRST)).held_request
        ticket = actions.admit_request(held.pk, desk.cast.bob, at("2026-03-19 10:00"), reason="They paid.")
        post.at = utc("2026-03-19 10:00")
        mail = post.gets(written("Thank you for the letter.", In_Reply_To=letter().message_id))
        assert (mail.state, mail.ticket) == (MailState.TICKETED, ticket)
        assert mail.message.text == "Thank you for the letter."

    def test_the_acknowledgement_stands_in_the_same_thread(self, desk: Maintenance, post: Post) -> None:
        held = post.gets(written(**FIRST)).held_request
        ticket = actions.admit_request(held.pk, desk.cast.bob, at("2026-03-19 10:00"), reason="They paid.")
        sent = mail_of(Notice.objects.get(kind=NoticeKind.ACKNOWLEDGEMENT))
        assert ticket.number in sent["Subject"]
        assert sent["References"].split() == ["<first@school.example.org>", letter().message_id]

    def test_a_copy_of_the_first_mail_makes_nothing_new(self, desk: Maintenance, post: Post) -> None:
        held = post.gets(written(**FIRST)).held_request
        ticket = actions.admit_request(held.pk, desk.cast.bob, at("2026-03-19 10:00"), reason="They paid.")
        copy = post.gets(written(**FIRST))
        assert (copy.state, copy.ticket) == (MailState.TICKETED, ticket)
        assert ticket.messages.count() == 1


def test_an_answer_to_the_letter_that_declines_takes_it_up_again(desk: Maintenance, post: Post) -> None:
    held = post.gets(written(**FIRST)).held_request
    actions.decline_request(
        held.pk, desk.cast.bob, at("2026-03-19 10:00"), reason="No contract.", letter="We are sorry."
    )
    declined = Notice.objects.get(kind=NoticeKind.HELD_DECLINED)
    sent = mail_of(declined)
    assert "We are sorry." in sent.get_body(("plain",)).get_content()
    assert "No contract" not in sent.as_string()
    mail = post.gets(written("But we have one!", In_Reply_To=declined.message_id))
    held.refresh_from_db()
    assert (mail.held_request, held.state, held.messages.count()) == (held, HeldState.HELD, 2)


def test_a_late_reply_is_held_and_its_answers_join_that_and_not_the_old_ticket(
    desk: Maintenance, post: Post
) -> None:
    desk.belongs()
    desk.signs("2026-01-01", "2026-03-31")
    old = post.gets(written(**FIRST)).ticket
    actions.reply(old.pk, desk.cast.bob, "Solved.", at("2026-03-20 17:00"), status="closed")
    post.at = utc("2026-06-03 17:00")
    late = post.gets(
        written("It is back.", In_Reply_To="<first@school.example.org>", Message_ID="<late@x.example.org>")
    )
    assert late.state == MailState.HELD
    assert late.held_request.follows == old
    more = post.gets(written("Anybody?", References="<first@school.example.org> <late@x.example.org>"))
    assert more.held_request == late.held_request
    assert HeldRequest.objects.count() == 1


def test_released_mail_goes_through_the_gate_as_well(desk: Maintenance, post: Post) -> None:
    mail = post.gets(written("I rang the bell.", Auto_Submitted="auto-generated"))
    assert mail.state == MailState.IGNORED
    taken = releasing.release_as_ticket(mail.pk, desk.cast.lena, at("2026-03-19 10:00"), post.pool)
    assert isinstance(taken, HeldRequest)
    mail.refresh_from_db()
    assert (mail.state, mail.held_request) == (MailState.HELD, taken)
    for deed in (
        lambda: releasing.retry(mail.pk, desk.cast.lena, utc("2026-03-19 11:00")),
        lambda: releasing.discard(mail.pk, desk.cast.lena, "No.", utc("2026-03-19 11:00")),
    ):
        with pytest.raises(Refused, match="held at intake"):
            deed()


def test_the_alert_to_the_leads_says_what_waits_and_where(desk: Maintenance, post: Post) -> None:
    held = post.gets(written("Nothing works.", Subject="System down")).held_request
    sent = mail_of(Notice.objects.get(kind=NoticeKind.HELD_ALERT))
    text = sent.get_body(("plain",)).get_content()
    assert "System down" in text and "Level 1: system down" in text
    assert f"/held/{held.pk}/" in text
