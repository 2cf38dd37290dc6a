"""Header lines: whatever a name or subject holds, a header stays one header and is read back as it was."""

from email import message_from_bytes
from email.headerregistry import Address
from email.policy import SMTP

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from upheld.mailboxes.outgoing.headers import (
    AddressError,
    address_header,
    ids_header,
    mail_address,
    message_id,
    one_line,
    text_header,
    write,
)
from upheld.mailboxes.outgoing.stored_mail import address_in, header_in

HOSTILE = [
    "Eve\r\nBcc: all@victims.example",
    "Eve\nBcc: x@y.example",
    "Eve\rBcc: x@y.example",
    "Eve\u2028Bcc: x@y.example\u2029",
    'Eve" <boss@bank.example>, "x',
    "boss@bank.example",
    "=?utf-8?q?Eve=0D=0ABcc=3A_x=40y.example?=",
    "Müller, Änne (Ünit 7) <x@y.example>;" * 5,
    "\x00\x1b[31mred\x7f",
    "\u202egnp.exe",
    "日本語" * 60,
    "a" * 3000,
    "\ud800 lone",
    "back\\slash \\",
]


def lines(raw: bytes) -> list[bytes]:
    return raw.split(b"\r\n")


@given(st.text(max_size=300))
def test_any_subject_is_one_header_and_comes_back(text):
    check_subject(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_subject_is_one_header(text):
    check_subject(text)


def check_subject(text: str) -> None:
    raw = write([text_header("Subject", text), ("X-Next", "1")])
    mail = message_from_bytes(raw, policy=SMTP)
    assert mail.keys() == ["Subject", "X-Next"]
    assert str(mail["Subject"]) == one_line(text, 200)
    assert header_in(message_from_bytes(raw), "Subject") == one_line(text, 200)
    assert raw.isascii()
    assert all(len(line) <= 998 for line in lines(raw))


@given(st.text(max_size=200))
@example("Eve <eve@x.example>")
@example("O'Brien, Pat")
def test_any_display_name_names_one_address(name):
    check_name(name)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_display_name_names_one_address(name):
    check_name(name)


def check_name(name: str) -> None:
    raw = write([address_header("To", name, "alice@reader.example"), ("X-Next", "1")])
    mail = message_from_bytes(raw, policy=SMTP)
    assert mail.keys() == ["To", "X-Next"]
    assert [address.addr_spec for address in mail["To"].addresses] == ["alice@reader.example"]
    assert address_in(message_from_bytes(raw), "To") == str(
        Address(one_line(name, 80), addr_spec="alice@reader.example")
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "alice",
        "a@b@c",
        "a b@c.example",
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
        "<a@b>",
    ],
)
def test_what_is_not_exactly_one_address_is_refused(address):
    with pytest.raises(AddressError):
        mail_address(address)


def test_an_international_domain_is_written_in_ascii():
    assert mail_address("post@bücher.example") == "post@xn--bcher-kva.example"


def test_a_long_thread_keeps_every_message_id_whole():
    ids = [f"<{'x' * 200}{number}@somewhere.example>" for number in range(12)]
    raw = write([ids_header("References", ids)])
    assert str(message_from_bytes(raw, policy=SMTP)["References"]).split() == ids
    assert all(len(line) <= 998 for line in lines(raw))
    assert b"=?" not in raw


@pytest.mark.parametrize(
    "text", ["<a b@c>", "<a@b>\r\nBcc: x", "<>", "<@>", f"<{'x' * 500}@y>", "<ä@b>", "<a@b><c@d>"]
)
def test_a_message_id_that_no_header_can_hold_is_left_out(text):
    assert message_id(text) is None


def test_a_message_id_without_its_brackets_gets_them():
    assert message_id(" abc@mail.example ") == "<abc@mail.example>"


@pytest.mark.parametrize("value", ["a\nb", "a\r\nBcc: x", "a\rb", "a\r\n"])
def test_a_line_end_within_a_header_is_refused(value):
    with pytest.raises(ValueError, match="line ends"):
        write([("X-Any", value)])
