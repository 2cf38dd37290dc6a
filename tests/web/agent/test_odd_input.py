"""Whatever comes in an address or a form, it is answered, not tripped over."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harness.cast import Cast
from upheld.tickets.models import Message

ODD = ("%00", "%F0%9F%92%A5", "..", "A" * 3000, "%FF", "9" * 40)


@pytest.mark.parametrize("odd", ODD)
def test_odd_addresses_are_absent(cast: Cast, bob: Client, odd: str) -> None:
    for address in (f"/tickets/{odd}/", f"/attachments/{'9' * 30}/{odd}", f"/messages/{'9' * 30}/html"):
        assert bob.get(address).status_code in (404, 400), address
    for act in ("reply", "note", "status", "priority", "assignee"):
        assert bob.post(f"/tickets/{odd}/{act}/").status_code in (404, 400), act


def test_text_is_kept_without_what_no_text_can_hold(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    bob.post(f"/tickets/{ticket.number}/note/", {"text": "one\r\ntwo\0three 💥"})
    assert Message.objects.get(kind=Message.Kind.NOTE).text == "one\ntwothree 💥"


@pytest.mark.parametrize("field", ["status", "priority", "assignee"])
def test_odd_choices_are_refused(cast: Cast, bob: Client, field: str) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for odd in ("\0", "x" * 5000, "²", "-1", "None", "<b>"):
        answer = bob.post(f"/tickets/{ticket.number}/{field}/", {field: odd})
        assert answer.status_code in (302, 422), (field, odd)
        assert b"<b></b>" not in answer.content


def test_too_many_files_and_too_much_text_are_told_plainly(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(21)]
    answer = bob.post(f"/tickets/{ticket.number}/note/", {"text": "All of them", "files": files})
    assert answer.status_code == 400
    assert "One form takes 20 files at most." in answer.content.decode()
    answer = bob.post(f"/tickets/{ticket.number}/note/", {"text": "x" * 6_000_000})
    assert answer.status_code == 400
    assert "of text at most" in answer.content.decode()
    assert not Message.objects.filter(kind=Message.Kind.NOTE).exists()
