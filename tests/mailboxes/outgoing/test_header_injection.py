"""Whatever stands in a name, a subject, an address, a footer or a file name: the headers of a mail are exactly ours."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import ALL_KINDS

from upheld.mailboxes.outgoing.facts import Facts, UndeliverableError
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.render import _alone
from upheld.mailboxes.outgoing.stored_mail import address_in
from upheld.notices.models import Notice

NOW = datetime(2026, 3, 24, 9, 20, tzinfo=UTC)
TRICKS = st.sampled_from(
    [
        "\r\nBcc: all@victims.example",
        "\nBcc: a@b.example\n\n<html>",
        "\rX: 1",
        "\0",
        "\u2028Bcc: x@y.example",
        "\u2029",
        "\x85Bcc: x",
        "\x0b\x0c",
        "=?utf-8?q?=0D=0ABcc=3A_x=40y.example?=",
        "=?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?=",
        '" <boss@bank.example>, "',
        "\ud800",
        "\u202e\u200b",
        "x" * 1100,
        " " * 80 + "\t",
        "(comment) ;:@\\",
    ]
)
HOSTILE = st.lists(TRICKS | st.text(max_size=30), max_size=6).map("".join)
KINDS = [kind for kind in ALL_KINDS if kind != "digest"]
OURS = {
    "Date",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Thread-Topic",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "Precedence",
    "X-Upheld-Desk",
    "MIME-Version",
    "Content-Type",
}


def notice(kind: str, subject: str, to_name: str, **changes: object) -> Notice:
    values = {
        "desk": None,
        "kind": kind,
        "ticket_id": 7,
        "ticket_number": "SDS-1042",
        "to_address": "alice@reader.example",
        "to_name": to_name,
        "message_id": "<u.7.abcdefgh.aaaaaaaaaaaaaaaa@harbour.example>",
        "data": {**ALL_KINDS[kind], "subject": subject},
        "created_at": NOW,
        "next_try_at": NOW,
    }
    return Notice(**{**values, **changes})


def facts(sender_name: str, footer: str, slug: str = "harbour") -> Facts:
    return Facts(
        sender_name=sender_name,
        sender_address="support@harbour.example",
        reply_to="support+7-1-abcdefghabcdefgh@harbour.example",
        desk_slug=slug,
        zone="Europe/London",
        link="https://desk.example.com/r/x/",
        references=("<a@mail.example>",),
        footer=footer,
    )


@given(st.sampled_from(KINDS), HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_the_headers_are_exactly_ours(kind, subject, to_name, sender_name, footer, slug):
    raw = _alone(notice(kind, subject, to_name), facts(sender_name, footer, slug))
    head = raw.partition(b"\r\n\r\n")[0]
    mail = message_from_bytes(raw, policy=SMTP)
    assert set(mail.keys()) <= OURS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert all(line[:1] in (b" ", b"\t") or b": " in line for line in head.split(b"\r\n"))
    assert b"\0" not in head
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert [each.addr_spec for each in mail["To"].addresses] == ["alice@reader.example"]
    assert [each.addr_spec for each in mail["From"].addresses] == ["support@harbour.example"]
    assert [each.addr_spec for each in mail["Reply-To"].addresses] == [
        "support+7-1-abcdefghabcdefgh@harbour.example"
    ]
    said = Address(one_line(sender_name, 80), addr_spec="support@harbour.example")
    assert address_in(message_from_bytes(raw), "From") == str(said)
    assert mail.get_content_type() == "multipart/alternative"
    assert len(list(mail.iter_parts())) == 2


@given(HOSTILE)
def test_an_address_is_one_address_or_goes_nowhere(trick):
    address = f"alice{trick}@reader.example"
    try:
        raw = _alone(notice("reply", "Printer", "Alice", to_address=address), facts("Harbour", ""))
    except UndeliverableError:
        return
    mail = message_from_bytes(raw, policy=SMTP)
    assert [each.addr_spec for each in mail["To"].addresses] == [address.strip()]
    assert mail["Bcc"] is None


@pytest.mark.parametrize("lookalike", ["=?utf-8?q?Bcc=3A?=", "=?x?Q?=?=", "=?utf-8?b?####?="])
def test_what_looks_like_an_encoded_word_is_shown_as_it_is(lookalike):
    raw = _alone(notice("reply", lookalike, lookalike), facts(lookalike, ""))
    mail = message_from_bytes(raw, policy=SMTP)
    assert str(mail["Subject"]) == f"Re: [SDS-1042] {lookalike}"
    assert mail["From"].addresses[0].display_name == lookalike
