"""Side conversations and changing who asked, in the pages."""

import pytest
from cast_of_pages import HOSTILE, page
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from harness.cast import LONG_AGO, Cast, at
from upheld.people.actions import find_or_add_contact
from upheld.tickets.actions import take_back
from upheld.tickets.models import Press, SideConversation, Ticket

FORM = {
    "address": "service@heron.example.net",
    "name": "Heron Displays",
    "subject": "Spare part",
    "text": "In stock?",
}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_an_agent_writes_to_somebody_else(bob: Client, ticket: Ticket) -> None:
    form = page(bob.get(path(ticket, "side/new/")))
    assert "Neither Amina Yusuf nor anybody else" in form and "It shows a black screen." in form
    asked = ticket.messages.get()
    photo = SimpleUploadedFile("panel.png", b"\x89PNG", "image/png")
    typed = FORM | {"quoted": asked.pk, "files": photo, "waits": "yes", "status": "waiting_on_third_party"}
    assert bob.post(path(ticket, "side/"), typed).status_code == 302
    side = SideConversation.objects.get()
    shown = page(bob.get(path(ticket)))
    assert "Spare part" in shown and "Heron Displays" in shown and "wrote to Heron Displays aside" in shown
    one = page(bob.get(path(ticket, f"side/{side.pk}/")))
    assert "In stock?" in one and "&gt; It shows a black screen." in one and "panel.png" in one
    ticket.refresh_from_db()
    assert ticket.status == "waiting_on_third_party"
    assert bob.post(path(ticket, f"side/{side.pk}/write/"), {"text": "Any news?"}).status_code == 302
    assert bob.post(path(ticket, f"side/{side.pk}/close/")).status_code == 302
    assert "An answer opens it again" in page(bob.get(path(ticket, f"side/{side.pk}/")))
    assert bob.post(path(ticket, f"side/{side.pk}/reopen/")).status_code == 302


def test_a_refusal_keeps_what_was_typed(bob: Client, ticket: Ticket) -> None:
    asked = ticket.messages.get()
    typed = FORM | {"address": "nobody", "text": HOSTILE, "quoted": asked.pk}
    refused = bob.post(path(ticket, "side/"), typed)
    said = refused.content.decode()
    assert refused.status_code == 422 and "Write the mail address" in said
    assert 'value="nobody"' in said and 'value="Spare part"' in said and "<script>alert(1)" not in said
    assert f'value="{asked.pk}" checked' in said
    side_less = bob.post(path(ticket, "side/"), FORM | {"text": " "})
    assert side_less.status_code == 422 and not SideConversation.objects.exists()


def test_taken_back_it_stands_in_the_form_again(
    cast: Cast, bob: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LONGEST_UNDO", 60)
    cast.bob.undo_seconds = 30
    cast.bob.save()
    photo = SimpleUploadedFile("panel.png", b"\x89PNG", "image/png")
    assert bob.post(path(ticket, "side/"), FORM | {"files": photo, "waits": "yes"}).status_code == 302
    assert not SideConversation.objects.exists()
    take_back(Press.objects.get().pk, cast.bob, at("2026-03-20 16:30").at)
    form = page(bob.get(path(ticket, "side/new/")))
    assert "This is what you were writing." in form and "In stock?" in form
    assert (
        'value="service@heron.example.net"' in form and "panel.png" in form and 'value="yes" checked' in form
    )


def test_others_see_no_conversation(bob: Client, stranger: Client, ticket: Ticket, cast: Cast) -> None:
    bob.post(path(ticket, "side/"), FORM)
    side = SideConversation.objects.get()
    other = cast.writes("2026-03-20 14:30", subject="Another")
    for deed in ("side/new/", f"side/{side.pk}/"):
        assert stranger.get(path(ticket, deed)).status_code == 404
    assert bob.get(path(other, f"side/{side.pk}/")).status_code == 404
    assert stranger.post(path(ticket, f"side/{side.pk}/write/"), {"text": "x"}).status_code == 404


def test_an_agent_says_that_somebody_else_asked(
    cast: Cast, bob: Client, stranger: Client, ticket: Ticket
) -> None:
    chiara = find_or_add_contact("chiara@school.example.org", "Chiara Neri", LONG_AGO)
    cast.writes("2026-03-19 10:00", subject="Projector", contact=chiara)
    assert "Somebody else asked" in page(bob.get(path(ticket)))
    found = page(bob.get(path(ticket, "requester/?q=chia")))
    assert "Chiara Neri" in found and "belongs to no organization" in found
    refused = bob.post(path(ticket, "requester/"), {"contact": "", "address": "x", "before": "out"})
    said = refused.content.decode()
    assert refused.status_code == 422 and 'value="x"' in said and 'value="out" checked' in said
    assert stranger.get(path(ticket, "requester/")).status_code == 404
    assert bob.post(path(ticket, "requester/"), {"contact": chiara.pk, "before": "stays"}).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "Asked by Chiara Neri" in shown and "made Chiara Neri who asked; Amina Yusuf goes on" in shown
