"""The table of docs/mail.md, "What a mail becomes", row by row, with real mails and a real database."""

import pytest

from harness.cast import LONG_AGO
from mailboxes.incoming import edge
from mailboxes.incoming.mails import written
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Organization
from upheld.tickets.keys import agent_token, new_message_id, reply_token
from upheld.tickets.models import Message, Ticket

AMINA = "Amina Yusuf <amina@school.example.org>"
COLLEAGUE = "Noor <noor@school.example.org>"
STRANGER = "Mallory <mallory@evil.example.net>"
BOB = "Bob Tanaka <bob@desk.example.com>"
MACHINE = {"Auto_Submitted": "auto-replied"}


@pytest.fixture(autouse=True)
def believed_edge(cast):
    edge.is_believed()


def carrying(cast, ticket: Ticket, what: str) -> tuple[dict[str, str], str]:
    """The headers and the recipient of a mail that carries something of the ticket's."""
    to, headers = "support@desk.example.com", {"Subject": "A word"}
    if what == "agent":
        to = f"support+{agent_token(cast.bob.pk, ticket.pk)}@desk.example.com"
    elif what == "token":
        to = f"support+{reply_token(ticket.participants.get(is_requester=True))}@desk.example.com"
    elif what == "our_id":
        headers["In_Reply_To"] = new_message_id(ticket.pk, "support@desk.example.com")
    elif what == "known_id":
        ticket.messages.update(message_id="<first@school.example.org>")
        headers["References"] = "<first@school.example.org>"
    elif what == "number":
        headers["Subject"] = f"Re: [{ticket.number}] A word"
    return headers, to


def outcome(mail: RawMail, ticket: Ticket) -> str:
    """What became of it, in the words of the table."""
    if mail.state != MailState.TICKETED:
        return mail.state
    if mail.ticket != ticket:
        return "new ticket"
    names = {"customer": "follow-up", "reply": "answer", "third_party": "held", "machine": "machine"}
    assert mail.message.released is (mail.message.kind in ("customer", "reply"))
    assert bool(mail.message.held_because) is not mail.message.released
    return names[mail.message.kind]


@pytest.mark.parametrize(
    ("carries", "sender", "says", "restricted", "more", "expected"),
    [
        ("token", AMINA, "unknown", False, MACHINE, "machine"),
        ("our_id", STRANGER, "passed", False, MACHINE, "machine"),
        ("agent", BOB, "passed", False, MACHINE, "machine"),
        ("number", AMINA, "passed", False, MACHINE, "machine"),
        ("number", STRANGER, "passed", False, MACHINE, "ignored"),
        ("", AMINA, "passed", False, MACHINE, "ignored"),
        ("token", f"{AMINA}\r\nFrom: {STRANGER}", "passed", False, {}, "new ticket"),
        ("agent", BOB, "passed", False, {}, "answer"),
        ("agent", BOB, "passed", True, {}, "answer"),
        ("agent", BOB, "failed", False, {}, "kept"),
        ("agent", BOB, "unknown", False, {}, "kept"),
        ("agent", STRANGER, "passed", False, {}, "kept"),
        ("agent", "Lena <lena@desk.example.com>", "passed", False, {}, "kept"),
        ("agent", AMINA, "passed", False, {}, "follow-up"),
        ("token", AMINA, "unknown", False, {}, "follow-up"),
        ("token", AMINA, "passed", True, {}, "follow-up"),
        ("token", AMINA, "failed", False, {}, "held"),
        ("token", AMINA, "failed", True, {}, "held"),
        ("token", STRANGER, "passed", False, {}, "held"),
        ("token", STRANGER, "failed", False, {}, "held"),
        ("token", STRANGER, "passed", True, {}, "kept"),
        *[(each, AMINA, "unknown", False, {}, "follow-up") for each in ("our_id", "known_id", "number")],
        *[(each, AMINA, "passed", True, {}, "follow-up") for each in ("our_id", "known_id", "number")],
        *[(each, AMINA, "failed", False, {}, "held") for each in ("our_id", "known_id", "number")],
        *[(each, AMINA, "failed", True, {}, "kept") for each in ("our_id", "known_id", "number")],
        *[(each, COLLEAGUE, "unknown", False, {}, "held") for each in ("our_id", "known_id", "number")],
        ("number", COLLEAGUE, "failed", False, {}, "new ticket"),
        ("number", COLLEAGUE, "passed", True, {}, "new ticket"),
        ("our_id", COLLEAGUE, "passed", True, {}, "new ticket"),
        *[(each, STRANGER, "passed", False, {}, "new ticket") for each in ("our_id", "known_id", "number")],
        ("", AMINA, "passed", False, {}, "new ticket"),
    ],
)
def test_what_a_mail_becomes(cast, post, carries, sender, says, restricted, more, expected):
    ticket = cast.writes("2026-03-19 08:00", priority="urgent" if restricted else None)
    headers, to = carrying(cast, ticket, carries)
    if edge.SAYS[says]:
        headers["Authentication_Results"] = edge.SAYS[says]
    mail = post.gets(written("Have you seen this?", From=sender, **headers, **more), to=to)
    assert outcome(mail, ticket) == expected
    assert mail.reason
    if expected == "kept":
        assert mail.ticket == ticket
    if expected in ("kept", "new ticket"):
        assert ticket.messages.count() == 1


@pytest.mark.parametrize("carries", ["token", "our_id", "number"])
def test_an_ambiguous_sender_follows_up_on_nothing(cast, post, carries):
    ticket = cast.writes("2026-03-19 08:00", acknowledge=False)
    headers, to = carrying(cast, ticket, carries)
    mail = post.gets(written(From=f"{AMINA}\r\nFrom: {STRANGER}", **headers), to=to)
    assert mail.ticket != ticket
    assert not Notice.objects.exists()


def test_a_machine_starts_nothing(cast, post):
    mail = post.gets(written(From=STRANGER, **MACHINE))
    assert (mail.state, Ticket.objects.count(), Notice.objects.count()) == (MailState.IGNORED, 0, 0)


def test_of_a_machines_message_nobody_is_told(cast, post):
    """The assignee's own notice may have caused it."""
    ticket = cast.writes("2026-03-19 08:00")
    Ticket.objects.filter(pk=ticket.pk).update(assignee=cast.bob)
    headers, to = carrying(cast, ticket, "token")
    assert outcome(post.gets(written(**headers, **MACHINE), to=to), ticket) == "machine"
    assert not Notice.objects.filter(kind=NoticeKind.CUSTOMER_WROTE).exists()
    post.gets(written("A person", **headers), to=to)
    assert Notice.objects.filter(kind=NoticeKind.CUSTOMER_WROTE).count() == 1


class TestLists:
    LIST = {"List_Id": "<staff.school.example.org>", "From": STRANGER}

    def test_what_a_list_sends_on_is_automatic(self, post):
        mail = post.gets(written(**self.LIST))
        assert mail.state == MailState.IGNORED
        assert "List-Id" in mail.reason

    def test_unless_the_mailbox_is_a_list_itself(self, cast, post):
        cast.desk.mailboxes.update(is_list=True)
        assert post.gets(written(**self.LIST)).state == MailState.TICKETED
        assert post.gets(written(**self.LIST, **MACHINE)).state == MailState.IGNORED


class TestColleagues:
    def test_of_one_organization(self, cast, post):
        ticket = cast.writes("2026-03-19 08:00")
        trust = Organization.objects.create(desk=cast.desk, name="Trust")
        other = find_or_add_contact("kim@trust.example.com", "Kim", LONG_AGO)
        for contact in (other, cast.amina):
            Affiliation.objects.create(contact=contact, organization=trust)
        headers, to = carrying(cast, ticket, "number")
        assert outcome(post.gets(written(From="kim@trust.example.com", **headers), to=to), ticket) == "held"

    def test_not_at_a_public_provider(self, cast, post):
        gina = find_or_add_contact("gina@gmail.com", "Gina", LONG_AGO)
        ticket = cast.writes("2026-03-19 08:00", contact=gina)
        headers, to = carrying(cast, ticket, "number")
        mail = post.gets(written(From="other@gmail.com", **headers), to=to)
        assert outcome(mail, ticket) == "new ticket"

    def test_agents_see_why_it_is_held(self, cast, post):
        ticket = cast.writes("2026-03-19 08:00")
        headers, to = carrying(cast, ticket, "number")
        message = post.gets(written(From=COLLEAGUE, **headers), to=to).message
        assert (
            message.held_because == "its number names the ticket, and its sender is a colleague of who asked"
        )


class TestDoubt:
    def test_a_forged_mail_is_not_acknowledged_and_brings_nobody_along(self, cast, post):
        forged = {"Authentication_Results": edge.FAILED, "Cc": "mallory@evil.example.net"}
        mail = post.gets(written(**forged))
        assert mail.reason.endswith("not acknowledged: we do not know who wrote it")
        assert mail.ticket.participants.count() == 1
        assert not Notice.objects.exists()

    def test_what_a_strangers_server_says_is_worth_nothing(self, cast, post):
        ticket = cast.writes("2026-03-19 08:00")
        headers, to = carrying(cast, ticket, "agent")
        claim = {"Authentication_Results": "mx.evil.example.net; dmarc=pass"}
        assert outcome(post.gets(written(From=BOB, **headers, **claim), to=to), ticket) == "kept"

    def test_a_forged_pass_below_our_own_fail_is_worth_nothing(self, cast, post):
        ticket = cast.writes("2026-03-19 08:00")
        headers, to = carrying(cast, ticket, "agent")
        claim = {"Authentication_Results": f"{edge.FAILED}\r\nAuthentication-Results: {edge.PASSED}"}
        assert outcome(post.gets(written(From=BOB, **headers, **claim), to=to), ticket) == "kept"


def test_sender_and_subject_stay_with_the_raw_mail_whatever_became_of_it(cast, post):
    ticket = cast.writes("2026-03-19 08:00")
    headers, to = carrying(cast, ticket, "agent")
    for mail in (
        post.gets(written(From=STRANGER, **headers), to=to),
        post.gets(written(From=STRANGER, Subject="A word", **MACHINE)),
        post.gets(written(From=STRANGER, Subject="A word")),
    ):
        assert (mail.from_address, mail.subject) == ("mallory@evil.example.net", "A word")
    long = post.gets(written(From=STRANGER, Subject="x\u202e" * 200))
    assert long.subject == "x" * len(long.subject) and 100 < len(long.subject) <= 250


def test_messages_of_the_follow_up_are_as_before(cast, post):
    ticket = cast.writes("2026-03-19 08:00")
    headers, to = carrying(cast, ticket, "token")
    message = post.gets(written("It is number 4711.", **headers), to=to).message
    assert (message.kind, message.contact, message.held_because) == (Message.Kind.CUSTOMER, cast.amina, "")
