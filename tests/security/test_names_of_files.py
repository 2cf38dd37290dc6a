"""The name that a stranger gave a file: from the mail in which it came to the download, and to the next mail."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from urllib.parse import quote, unquote

import pytest
from django.test import Client
from django.urls import reverse

from harness.cast import Cast, at
from mailboxes.incoming.desk_mail import Post
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets import actions
from upheld.tickets.files import clean_name
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, Ticket

# As a mail says it in Content-Disposition, and what is left of it.
SAID = {
    'filename="../../../../etc/passwd"': "passwd",
    'filename="..\\\\..\\\\boot.ini"': "boot.ini",
    'filename="/etc/shadow"': "shadow",
    'filename="C:\\\\autoexec.bat"': "autoexec.bat",
    'filename=".htaccess"': "htaccess",
    'filename="...."': "",
    'filename=""': "",
    "filename=": "",
    'filename="CON"': "_CON",
    'filename="con.txt"': "_con.txt",
    'filename="nul.tar.gz"': "_nul.tar.gz",
    'filename="console.txt"': "console.txt",
    'filename="a\\"; filename=\\"b.html"': None,
    'filename="a.txt"; filename="b.html"': None,
    "filename*=utf-8''..%2F..%2Fx.txt": "x.txt",
    "filename*=utf-8''a%0D%0ABcc%3A%20x%40y.example.txt": None,
    "filename*=utf-8''a%00b.txt": None,
    'filename*0="a"; filename*1=".exe"': "a.exe",
    "filename*=utf-8''invoice%E2%80%AEfdp.exe": "invoicefdp.exe",
    "filename*=utf-8''%ED%A0%80.txt": None,
    "filename*=unknown-charset''%FF%FE.txt": None,
    'filename="=?utf-8?q?=2E=2E=2Fpasswd?="': "passwd",
    'filename="=?utf-8?q?a=0D=0ABcc=3A_x=40y.example?="': None,
    'filename="=?utf-8?b?DQpCY2M6IHhAeS5leGFtcGxl?="': None,
    'filename="%s.pdf"' % ("x" * 4000): None,
    'filename="%s"' % ("é" * 300): None,
    'filename="<script>alert(1)</script>.html"': None,
    'filename="=cmd|calc!A1.csv"': None,
    'filename="a;b,c=d.txt"': None,
    'filename="Brief an Müller.txt"': None,
}
FORBIDDEN = set('/\\<>:"|?*') | {chr(code) for code in range(32)} | {"\u202e", "\u2028", "\u2029", "\x7f"}


def mail(*said: str) -> bytes:
    """A mail with a file for each of these names."""
    parts = "".join(
        f"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; {each}\r\n\r\n{number}\r\n"
        for number, each in enumerate(said)
    )
    head = "From: amina@school.example.org\r\nTo: support@desk.example.com\r\nSubject: Files\r\nMIME-Version: 1.0\r\n"
    return f"{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n".encode()


@pytest.fixture
def files(cast: Cast) -> list[Attachment]:
    """What came with one mail, in its order."""
    Post(cast).gets(mail(*SAID), sender="amina@school.example.org")
    return list(Attachment.objects.order_by("pk"))


def names_in(disposition: str) -> str:
    """The name under which a browser keeps a download; the header has one form of it alone."""
    kind, _, said = disposition.partition("; ")
    assert kind == "attachment"
    if said.startswith("filename*=utf-8''"):
        return unquote(said.removeprefix("filename*=utf-8''"))
    assert said.startswith('filename="')
    assert said.endswith('"')
    return said.removeprefix('filename="').removesuffix('"').replace('\\"', '"').replace("\\\\", "\\")


def test_no_name_leads_anywhere_from_receipt_to_download(cast: Cast, files: list[Attachment]) -> None:
    assert len(files) == len(SAID)
    bob = Client()
    bob.force_login(cast.bob.user)
    page = bob.get(f"/tickets/{Ticket.objects.get().number}/").content.decode()
    assert "<script>alert(1)" not in page
    for number, (file, (said, left)) in enumerate(zip(files, SAID.items(), strict=True)):
        assert file.name and len(file.name) <= 150, said
        assert not set(file.name) & FORBIDDEN, said
        assert file.name == file.name.strip(" ."), said
        if left:
            assert file.name == left, said
        for name in (file.name, "anything.html"):
            answer = bob.get(reverse("attachment", args=[file.pk, name]))
            assert answer.status_code == 200, said
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Content-Disposition"].isascii()
            assert answer["Content-Disposition"].isprintable()
            assert names_in(answer["Content-Disposition"]) == file.name, said
            assert b"".join(answer.streaming_content).strip() == str(number).encode()


def test_two_files_of_one_name_are_two_files(cast: Cast) -> None:
    Post(cast).gets(mail('filename="a.txt"', 'filename="a.txt"'), sender="amina@school.example.org")
    first, second = Attachment.objects.order_by("pk")
    assert first.name == second.name == "a.txt"
    assert first.stored_as != second.stored_as
    bob = Client()
    bob.force_login(cast.bob.user)
    contents = [
        b"".join(bob.get(f"/attachments/{each.pk}/a.txt").streaming_content) for each in (first, second)
    ]
    assert contents[0] != contents[1]


def test_they_go_on_by_mail_under_the_names_that_are_shown(cast: Cast, files: list[Attachment]) -> None:
    ticket = Ticket.objects.get()
    again = tuple(NewFile(f"../{each.name}", "text/html; x=\r\nBcc: a@b.example", b"x") for each in files)
    actions.reply(ticket.pk, cast.bob, "Here they are again.", at("2026-03-20 10:00"), files=again)
    raw = render(Notice.objects.get(kind=NoticeKind.REPLY))
    parts = list(message_from_bytes(raw, policy=default).iter_attachments())
    assert [part.get_filename() for part in parts] == [each.name for each in files]
    assert {part.get_content_type() for part in parts} == {"application/octet-stream"}
    assert b"\nBcc:" not in raw


@pytest.mark.parametrize("name", ["CON", "com1.pdf", "LPT9", "aux.", " nul .txt"])
def test_no_name_is_a_device_of_windows(name: str) -> None:
    assert clean_name(name).split(".")[0].strip().upper() not in {"CON", "COM1", "LPT9", "AUX", "NUL"}
    assert quote(clean_name(name))
