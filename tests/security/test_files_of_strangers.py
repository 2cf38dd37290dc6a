"""A file is bytes under a name of ours; what its sender called it is shown and nothing more."""

import re
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from harness.cast import LONG_AGO, Cast, at
from upheld.people.actions import find_or_add_contact
from upheld.tickets import actions
from upheld.tickets.incoming import NewFile
from upheld.tickets.keys import link_token
from upheld.tickets.models import Attachment, Message, Participant, Ticket

NAMES = (
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "/etc/shadow",
    "\x00.png",
    "a\r\nX-Injected: yes\r\n\r\n<script>.txt",
    'a"; filename="b.html',
    "invoice\u202efdp.exe",
    "\ud800\udfff.txt",
    ".htaccess",
    "....",
    "",
    "CON",
    "x" * 5000 + ".pdf",
    "a\u2028b\u2029c.txt",
    "%2e%2e%2fx",
    "=cmd|'/c calc'!A1.csv",
)
OURS = re.compile(r"[0-9a-f]{2}/[A-Za-z0-9_-]{32}")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    files = tuple(
        NewFile(name, "text/html; charset=x\r\nX: y", b"<script>alert(1)</script>") for name in NAMES
    )
    return cast.writes("2026-03-20 16:00", files=files)


def link(ticket: Ticket) -> str:
    return f"/r/{link_token(Participant.objects.get(ticket=ticket, is_requester=True))}"


def test_the_store_holds_names_of_ours_only(ticket: Ticket) -> None:
    store = Path(settings.DATA_DIR) / "attachments"
    for each in Attachment.objects.all():
        assert OURS.fullmatch(each.stored_as)
        path = store / each.stored_as
        assert path.resolve().is_relative_to(store.resolve())
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert each.name == Path(each.name).name and "\\" not in each.name


def test_every_file_is_a_download_without_a_type_of_its_senders_choice(cast: Cast, ticket: Ticket) -> None:
    bob = Client()
    bob.force_login(cast.bob.user)
    for each in Attachment.objects.all():
        for browser, path in (
            (bob, reverse("attachment", args=[each.pk, each.name])),
            (Client(), reverse("portal:link_file", args=[link(ticket)[3:], each.pk, each.name])),
        ):
            answer = browser.get(path)
            assert answer.status_code == 200, each.name
            assert answer["Content-Type"] == "application/octet-stream"
            assert answer["Content-Disposition"].startswith("attachment;")
            assert answer["Content-Disposition"].isprintable() and "\n" not in answer["Content-Disposition"]
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer["Content-Security-Policy"]
            assert answer["Cache-Control"] == "no-store"
            assert "X-Injected" not in answer.headers


def test_no_link_opens_a_file_of_another_ticket_of_a_note_or_of_a_held_message(
    cast: Cast, ticket: Ticket
) -> None:
    noor = find_or_add_contact("noor@school.example.org", "Noor", LONG_AGO)
    secret = NewFile("secret.txt", "text/plain", b"secret")
    others = cast.writes("2026-03-20 16:00", contact=noor, files=(secret,))
    actions.write_note(ticket.pk, cast.bob, "A note", at("2026-03-20 16:10"), files=(secret,))
    held = cast.answer_of_amina(
        "2026-03-20 16:20", kind=Message.Kind.THIRD_PARTY, contact=noor, files=(secret,)
    )
    actions.receive_message(ticket.pk, held, at("2026-03-20 16:20"))
    absent = Client().get(f"{link(ticket)}/files/999999/x")
    for each in Attachment.objects.filter(name="secret.txt"):
        answer = Client().get(f"{link(ticket)}/files/{each.pk}/secret.txt")
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert Attachment.objects.filter(name="secret.txt").count() == 3
    own = Attachment.objects.get(message__ticket=others)
    assert Client().get(f"{link(others)}/files/{own.pk}/secret.txt").status_code == 200


@pytest.mark.parametrize("path", ["/theme/", "/zone/", "/accounts/login/"])
def test_a_page_that_takes_no_files_lays_none_on_the_disk(
    db: None, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """A visitor with a false token is refused; what they sent must not have filled the disk by then."""
    written: list[int] = []

    def count(_handler: object, data: bytes, _start: int) -> None:
        written.append(len(data))

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", count)
    monkeypatch.setattr(TemporaryFileUploadHandler, "file_complete", lambda *_: None)
    monkeypatch.setattr(settings, "ATTACHMENT_SIZE_LIMIT", 3_000_000)
    visitor = Client(enforce_csrf_checks=True)
    visitor.cookies["csrftoken"] = "a" * 32
    visitor.post(path, {"file": SimpleUploadedFile("x", b"x" * 9_000_000)})
    assert sum(written) <= 3_000_000


@pytest.mark.parametrize("form", ["reply", "note"])
def test_an_agents_form_lays_no_more_on_the_disk_than_it_takes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Whoever sends it: the form is read before anybody is asked who they are."""
    path = f"/tickets/{cast.writes('2026-03-20 16:00').number}/{form}/"
    written: list[int] = []
    write = TemporaryFileUploadHandler.receive_data_chunk

    def count(handler: TemporaryFileUploadHandler, data: bytes, start: int) -> None:
        written.append(len(data))
        write(handler, data, start)

    monkeypatch.setattr(TemporaryFileUploadHandler, "receive_data_chunk", count)
    monkeypatch.setattr(settings, "ATTACHMENT_SIZE_LIMIT", 3_000_000)
    bob, visitor = Client(), Client(enforce_csrf_checks=True)
    bob.force_login(cast.bob.user)
    visitor.cookies["csrftoken"] = "a" * 32
    for browser in (bob, visitor):
        browser.post(path, {"text": "See this.", "files": SimpleUploadedFile("x", b"x" * 9_000_000)})
        assert 0 < sum(written) <= 3_000_000
        written.clear()
    assert not Message.objects.filter(text="See this.").exists()
