"""From bytes to a value: clean, bounded, and never an error."""

import random
from datetime import UTC, datetime

import pytest

from mailboxes.incoming.mails import FOLDER, stored, written
from upheld.mailboxes.parsing import limits, parse


def test_a_plain_mail():
    mail = parse(stored("plain"))
    assert (mail.from_address, mail.from_name, mail.sender_certain) == (
        "amina@school.example.org",
        "Amina Yusuf",
        True,
    )
    assert mail.to == ("support@desk.example.com",)
    assert mail.subject == "Laptop will not start"
    assert mail.date == datetime(2026, 3, 5, 10, 12, tzinfo=UTC)
    assert mail.message_id == "<plain@school.example.org>"
    assert mail.body_text == mail.new_text == "The laptop shows a black screen.\nIt is number 4711."
    assert mail.defects == ()


def test_files_and_pictures_keep_their_bytes_and_names():
    picture, bill = parse(stored("files-and-pictures")).attachments
    assert (picture.name, picture.content_id, picture.inline) == ("shot.png", "shot@school", True)
    assert picture.content.startswith(b"\x89PNG\r\n\x1a\n")
    assert (bill.name, bill.content_type, bill.size, bill.inline) == (
        "Rechnung März.pdf",
        "application/pdf",
        521,
        False,
    )


def test_both_the_plain_and_the_html_part_are_there():
    mail = parse(stored("files-and-pictures"))
    assert mail.body_text == "Grüße, see the picture."
    assert '<img src="cid:shot@school">' in mail.body_html


def test_hostile_file_names_are_cleaned():
    names = [file.name for file in parse(stored("hostile-file-names")).attachments]
    assert names == ["system.ini", "billfdp.exe"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("latin1-labelled-utf8", "Grüße aus München, schön hier."),
        ("unknown-charset", "Grüße"),
        ("dangerous-charset", "\\ud800 \\x00 stays as written"),
        ("no-boundary", "Just the text."),
        ("no-header-at-all", "just words, nothing else"),
    ],
)
def test_false_labels_do_not_lose_the_text(name, text):
    assert parse(stored(name)).body_text == text


def test_encoded_words_in_several_charsets():
    assert parse(stored("encoded-subject")).subject == "Grüße😆 and more"


def test_broken_base64_gives_what_is_left_of_it():
    mail = parse(stored("broken-base64"))
    assert mail.body_text.startswith("Hello")
    assert mail.attachments[0].name == "a.pdf"


def test_parts_within_parts_end_at_a_depth():
    mail = parse(stored("nested-too-deep"))
    assert mail.from_address == "amina@school.example.org"
    assert mail.defects == ("it holds more parts, or deeper ones, than are read",)
    assert b"too deep" in mail.attachments[0].content


def test_more_parts_than_are_read_stay_together_as_the_last():
    head = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    mail = parse(head + b"".join(b"--b\nContent-Type: image/png\n\n%d\n" % n for n in range(2000)))
    assert len(mail.attachments) == limits.FILES
    assert mail.defects


def test_references_are_bounded_and_the_last_ones_count():
    many = " ".join(f"<{n}@x.example>" for n in range(200))
    mail = parse(written(References=many, In_Reply_To="<1@x.example>"))
    assert mail.in_reply_to == ("<1@x.example>",)
    assert mail.references[-1] == "<199@x.example>"
    assert len(mail.references) == limits.REFERENCES


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.eml")), ids=lambda path: path.stem)
def test_text_is_clean_whatever_came(path):
    mail = parse(path.read_bytes())
    for text in (
        mail.subject,
        mail.from_name,
        mail.body_text,
        mail.new_text,
        mail.quoted_text,
        mail.body_html,
    ):
        text.encode("utf-8")
        assert "\x00" not in text and "\x1b" not in text and "\r" not in text
    assert "\n" not in mail.subject


def test_no_bytes_raise():
    """Every stored mail, cut, doubled and scrambled: a result comes back, and only seldom an empty one."""
    dice = random.Random(7)
    for path in sorted(FOLDER.glob("*.eml")):
        raw = bytearray(path.read_bytes()[:5000])
        for _ in range(20):
            for _ in range(dice.randrange(1, 30)):
                raw[dice.randrange(len(raw))] = dice.randrange(256)
            cut = bytes(raw[: dice.randrange(1, len(raw))])
            assert not [defect for defect in parse(cut * 2).defects if "could not be read" in defect]


def test_a_date_that_is_none_is_none():
    assert parse(stored("date-in-the-future")).date is None
    assert parse(written(Date="tomorrow, perhaps")).date is None


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2026-03-05 10:12:00", "2026-03-05T10:12:00+00:00"),
        ("2026-03-05T10:12:00Z", "2026-03-05T10:12:00+00:00"),
        ("2026-03-05T11:12:00+01:00", "2026-03-05T10:12:00+00:00"),
    ],
)
def test_a_date_as_scripts_write_it_is_read(value, date):
    assert parse(written(Date=value)).date.isoformat() == date


def test_a_mail_on_which_reading_fails_still_names_its_sender_in_doubt(monkeypatch):
    def fails(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr("upheld.mailboxes.parsing.reading.parts", fails)
    mail = parse(stored("plain"))
    assert (mail.from_address, mail.subject) == ("amina@school.example.org", "Laptop will not start")
    assert not mail.sender_certain
    assert "The laptop shows a black screen." in mail.new_text
    assert mail.defects == ("the mail could not be read in full: RecursionError",)
