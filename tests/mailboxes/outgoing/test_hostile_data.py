"""Whatever stands in any word that a notice carries - a colleague's name, a reason, a signature, a number that somebody
else uses - the headers of its mail are ours, and so are the parts of its body."""

from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinds import ALL_KINDS, INSTANTS
from test_header_injection import HOSTILE, KINDS, OURS, facts, notice

from upheld.mailboxes.outgoing.body import body
from upheld.mailboxes.outgoing.files import File, _name, _type
from upheld.mailboxes.outgoing.render import _alone
from upheld.notices.models import NoticeKind
from upheld.tickets.files import clean_name
from upheld.tickets.models import Attachment

# What the program itself chose, which no stranger writes.
CODES = {*INSTANTS, "channel", "metric", "step", "cause", "pressed", "bounced_kind", "because"}


def hostile(value: Any, trick: str) -> Any:
    """The same data with the trick in every word that somebody may have written."""
    match value:
        case dict():
            return {name: each if name in CODES else hostile(each, trick) for name, each in value.items()}
        case list():
            return [hostile(each, trick) for each in value]
        case str():
            return f"{value}{trick}"
    return value


def test_every_kind_is_tried() -> None:
    assert {*ALL_KINDS} == {each.value for each in NoticeKind}


@given(st.sampled_from(KINDS), HOSTILE)
def test_no_word_of_a_notice_makes_a_header(kind: str, trick: str) -> None:
    row = notice(kind, f"Printer{trick}", f"Alice{trick}")
    row.data = hostile(row.data, trick)
    raw = _alone(row, facts(f"Harbour{trick}", trick))
    mail = message_from_bytes(raw, policy=SMTP)
    assert {*mail.keys()} <= OURS
    assert len(mail.keys()) == len(set(mail.keys()))
    assert [each.addr_spec for each in mail["To"].addresses] == ["alice@reader.example"]
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    for part in mail.walk():
        assert {*part.keys()} <= OURS | {"Content-Transfer-Encoding"}
    assert not any(part.defects for part in mail.walk())


NAMES = (
    "a\r\nBcc: all@victims.example",
    'a"; filename="b.html',
    "a\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n<script>",
    "invoice\u202efdp.exe",
    "=?utf-8?q?=0D=0ABcc=3A_x=40y.example?=",
    "utf-8''%0D%0ABcc%3A%20x@y.example",
    "a\0b",
    "\ud800.txt",
    "\u2028Bcc: x",
    "CON",
    "..",
    "x" * 4000,
    "é" * 500,
    "a;b=c",
    "a\\",
    "",
)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream", "message/rfc822"])
def test_no_name_of_a_file_makes_a_header_of_its_part(name: str, kind: str) -> None:
    file = File(_name(Attachment(name=clean_name(name))), _type(kind), b"x")
    raw = body("Hello", "<p>Hello</p>", [file, file], "seed")
    mail = message_from_bytes(raw, policy=SMTP)
    files = list(mail.iter_attachments())
    assert len(files) == 2
    for part in mail.walk():
        assert {*part.keys()} <= {
            "Content-Type",
            "Content-Transfer-Encoding",
            "Content-Disposition",
            "MIME-Version",
        }
    assert b"\nBcc:" not in raw
    assert {part.get_filename() for part in files} == {file.name}
    assert file.name and not set(file.name) & set('/\\<>:"|?*\r\n\0\u202e')
    assert not any(part.is_multipart() for part in files)
    assert all(part.get_content_disposition() == "attachment" for part in files)
