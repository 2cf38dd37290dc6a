"""Whatever the bytes: a mail comes back, it is clean, and it survives the way to the worker.

A few seconds in the normal suite; `make test-long` goes on for as long as it is told to.
"""

import random
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailboxes.incoming.evil import MAILS
from mailboxes.incoming.mails import FOLDER
from upheld.config import one_mail
from upheld.mailboxes.parsing import ParsedMail, frames, limits, parse
from upheld.web.sanitising import clean

SEEDS = [path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))] + [mail(600) for mail in MAILS.values()]
TOKENS = [
    *(b"\0", b"\r", b"\n", b"\r\n", b"\r\r\n", b"\n\n", b"\n--", b"--\n", b"=", b"=?", b"?=", b"=?utf-8?b?"),
    *(
        b'"',
        b"\\",
        b"(",
        b")",
        b";",
        b":",
        b",",
        b"@",
        b"<",
        b">",
        b"*0*=",
        b"''",
        b"\xff\xfe",
        b"\xc3",
        b"\x1b$B",
    ),
    *(
        b"From: ",
        b"Content-Type: ",
        b"multipart/mixed; boundary=",
        b"message/rfc822",
        b"text/html",
        b"base64",
    ),
    *(
        b"Content-Transfer-Encoding: ",
        b"charset=utf-16",
        b"charset=utf-7",
        b"format=flowed",
        b"begin 644 x\n",
    ),
    *(b"<!--", b"-->", b"<script>", b"<a href='", b"&#x110000;", b"&", b"application/ms-tnef", b"\nend\n"),
    *(
        b"message/delivery-status\n\n",
        b"Action: failed\n",
        b"BEGIN:VEVENT\n",
        b"text/calendar",
        b"> ",
        b"-- \n",
    ),
    *(
        "\u202e\u2028\ufeff\U0001f600".encode(),
        b"\xed\xa0\x80",
        b"\x78\x9f\x3e\x22",
        b"9" * 5000,
        b"x" * 1200,
    ),
]
CAREFUL = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A stored or an evil mail with bytes turned over, cut out, doubled, replaced and put in."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 12))):
        change(raw, draw(st.integers(0, 5)), draw(st.randoms(use_true_random=False)))
    return bytes(raw)


def change(raw: bytearray, kind: int, dice: random.Random) -> None:
    """Do one thing to the bytes of a mail."""
    start = dice.randrange(len(raw) + 1)
    end = min(len(raw), start + dice.choice([1, 2, 10, 100, 1000]))
    if kind == 0 and raw:
        raw[start % len(raw)] ^= 1 << dice.randrange(8)
    elif kind == 1:
        del raw[start:end]
    elif kind == 2:
        raw[start:start] = raw[start:end] * dice.choice([1, 2, 50])
    elif kind == 3:
        other = dice.choice(SEEDS)
        raw[start:end] = other[dice.randrange(len(other)) :][:5000]
    elif kind == 4:
        raw[start:start] = dice.choice(TOKENS)
    else:
        raw[start:end] = dice.randbytes(end - start)


def check(raw: bytes) -> None:
    """What holds of every mail."""
    mail = parse(raw)
    assert not [defect for defect in mail.defects if "could not be read" in defect]
    assert mail.sender_certain is (mail.sender_doubt == "")
    assert mail.from_address or not mail.sender_certain
    assert mail.machine or not mail.bounce
    for text in texts(mail):
        text.encode()
        assert not set(text) & set("\0\r\x1b\x7f\ufeff")
    for line in (
        mail.subject,
        mail.from_name,
        *(file.name for file in mail.attachments),
        *mail.authentication,
    ):
        assert "\n" not in line
    for file in mail.attachments:
        assert file.name and "/" not in file.name and "\\" not in file.name
    assert len(mail.body_text) <= limits.TEXT and len(mail.attachments) <= limits.FILES
    assert frames.unpack(b"".join(frames.pack(mail))[frames.LENGTH.size :]) == mail
    assert one_mail.as_json(mail)
    assert "<script" not in clean(mail.body_html).lower()


def texts(mail: ParsedMail) -> list[str]:
    """Every text of a mail."""
    lists = (
        mail.to,
        mail.cc,
        mail.in_reply_to,
        mail.references,
        mail.authentication,
        mail.our_marks,
        mail.defects,
    )
    return [
        *(mail.from_address, mail.from_name, mail.subject, mail.message_id, mail.body_text, mail.new_text),
        *(mail.quoted_text, mail.body_html, mail.sender_doubt, mail.machine or "", mail.from_list or ""),
        *(text for texts in lists for text in texts),
        *(text for file in mail.attachments for text in (file.name, file.content_type, file.content_id)),
        *(
            (mail.bounce.recipient, mail.bounce.status, mail.bounce.original_message_id)
            if mail.bounce
            else ()
        ),
    ]


@CAREFUL
@given(mangled())
def test_no_bytes_are_too_much(raw: bytes) -> None:
    check(raw)


@CAREFUL
@given(st.binary(max_size=3000))
def test_not_even_bytes_that_were_never_a_mail(raw: bytes) -> None:
    check(raw)


@pytest.mark.parametrize("name", MAILS)
def test_every_evil_mail_is_clean_too(name: str) -> None:
    check(MAILS[name](5_000))


@pytest.mark.long
def test_no_bytes_are_too_much_for_hours(long_seconds: float, tmp_path: Path) -> None:
    """Bytes on which it fails are written to a file, whose name the failure tells."""
    seed = time.time_ns()
    until = time.monotonic() + long_seconds
    while time.monotonic() < until:
        seed += 1
        raw = _mangled_by(seed)
        try:
            started = time.process_time()
            check(raw)
            assert time.process_time() - started < 10
        except Exception as error:
            kept = tmp_path / f"{seed}.eml"
            kept.write_bytes(raw)
            pytest.fail(f"{type(error).__name__}: {error}; the mail is {kept}")


def _mangled_by(seed: int) -> bytes:
    dice = random.Random(seed)
    raw = bytearray(dice.choice(SEEDS))
    for _ in range(dice.choice([1, 3, 10, 40, 200])):
        change(raw, dice.randrange(6), dice)
        del raw[2_000_000:]
    return bytes(raw)
