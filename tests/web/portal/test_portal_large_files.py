"""Files that were too large for mail, by the link that the mail has in their stead."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP

import pytest
from django.test import Client

from harness.cast import at, utc
from upheld.mailboxes.outgoing import files
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice
from upheld.tickets.actions import reply, write_note
from upheld.tickets.file_links import file_link, file_token
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, Participant

CONTENT = b"\x89PNG" + b"x" * 500
ANSWERED = "2026-03-16 11:00"


@pytest.fixture
def ticket(cast, noon, monkeypatch):
    monkeypatch.setattr(files, "TOTAL_LIMIT", 100)
    return cast.writes("2026-03-16 10:00")


def letter(cast, ticket) -> str:
    """The text of the reply's mail: a small file is with it, a large one is not."""
    sent = (NewFile("small.txt", "text/plain", b"hi"), NewFile("plan <b>.png", "image/png", CONTENT))
    reply(ticket.pk, cast.bob, "See the plan.", at(ANSWERED), files=sent)
    mail = message_from_bytes(render(Notice.objects.get(kind="reply")), policy=SMTP)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["small.txt"]
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def link_in(text: str) -> str:
    return re.search(r"http://[^/]+(/files/[^/\s]+/)", text)[1]


def test_the_mail_has_a_link_for_the_large_file_and_says_until_when(cast, ticket):
    text = letter(cast, ticket)
    assert "Download plan b.png (504\xa0bytes):" in text
    assert "until Wednesday 15 April 2026, 12:00 (London time, GMT+1)" in text


def test_the_link_downloads_the_file_and_shows_nothing(cast, ticket):
    answer = Client().get(link_in(letter(cast, ticket)))
    assert b"".join(answer.streaming_content) == CONTENT
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_it_ends_and_says_what_to_do_then(cast, ticket, noon):
    link = link_in(letter(cast, ticket))
    noon.move_to(utc(ANSWERED) + files.LINKS_END_AFTER - timedelta(seconds=1))
    assert Client().get(link).status_code == 200
    noon.move_to(utc(ANSWERED) + files.LINKS_END_AFTER)
    ended = Client().get(link)
    assert ended.status_code == 410
    assert "still on the page of your request" in ended.content.decode()


def test_it_ends_with_the_right_to_read(cast, ticket):
    link = link_in(letter(cast, ticket))
    participant = Participant.objects.get(ticket=ticket)
    for change in ({"removed_at": utc(ANSWERED)}, {"removed_at": None, "key_serial": 2}):
        Participant.objects.filter(pk=participant.pk).update(**change)
        assert Client().get(link).status_code == 404
    Participant.objects.filter(pk=participant.pk).update(key_serial=1, sees_from=utc("2026-03-16 11:30"))
    assert Client().get(link).status_code == 404


def test_it_opens_one_file_only_and_nobody_elses(cast, ticket):
    letter(cast, ticket)
    participant = Participant.objects.get(ticket=ticket)
    small, large = Attachment.objects.order_by("id")
    write_note(ticket.pk, cast.bob, "internal", at(ANSWERED), files=(NewFile("n.txt", "text/plain", b"n"),))
    noted = Attachment.objects.order_by("id").last()
    ends = utc("2026-04-01 00:00")
    assert Client().get(f"/files/{file_token(participant, noted.pk, ends)}/").status_code == 404
    token = file_token(participant, large.pk, ends)
    body, _, mac = token.rpartition("-")
    one, serial, file, end = body.split("-")
    for forged in (
        f"{one}-{serial}-{small.pk}-{end}-{mac}",
        f"{one}-{serial}-{file}-{int(end) + 1}-{mac}",
        f"{int(one) + 1}-{serial}-{file}-{end}-{mac}",
        f"{body}-{'a' * 16}",
        body,
        "",
        "x" * 5000,
    ):
        assert file_link(forged) is None
        assert Client().get(f"/files/{forged or 'x'}/").status_code == 404


def test_it_is_asked_by_looking_only(cast, ticket):
    assert Client().post(link_in(letter(cast, ticket))).status_code == 405
