"""The pages about held requests: who sees them, what they show, and what is decided there."""

from collections.abc import Callable

import pytest
from django.test import Client

from harness.cast import Cast, utc
from harness.maintenance import Maintenance
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Affiliation, Agent, NamedReader
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import HeldState, Ticket

# An hour and a half before now; the office opens at 13:30.
RECEIVED = "2026-03-20 15:00"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def desk(cast: Cast) -> Maintenance:
    return Maintenance.of(cast)


def text(page) -> str:  # type: ignore[no-untyped-def]
    return page.content.decode()


def test_what_is_due_first_stands_first_and_overdue_is_marked(desk: Maintenance, bob: Client) -> None:
    desk.held("2026-03-20 16:20", "Later")
    desk.held(RECEIVED, "System down at noon")
    page = text(bob.get("/held/"))
    assert page.index("System down at noon") < page.index("Later")
    assert page.count("Overdue") == 1
    assert "Level 1: system down" in page
    assert "nobody knows which organization the sender belongs to" in page


def test_the_list_comes_in_pages(desk: Maintenance, bob: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.web.agent.held.lists.PAGE_SIZE", 2)
    for number in range(3):
        desk.held(RECEIVED, f"Matter {number}")
    first = text(bob.get("/held/"))
    assert ("Matter 1" in first, "Matter 2" in first, "page=2" in first) == (True, False, True)
    assert "Matter 2" in text(bob.get("/held/?list=waiting&page=2"))
    assert bob.get("/held/?page=²").status_code == 200


def test_for_another_desk_nothing_is_there(desk: Maintenance, stranger: Client) -> None:
    held = desk.held(RECEIVED, "Secret", files=(NewFile("a.txt", "text/plain", b"a"),), html="<p>x</p>")
    file, message = held.messages.get().files.get(), held.messages.get()
    assert "Secret" not in text(stranger.get("/held/"))
    for path in ("", f"files/{file.pk}/a.txt", f"messages/{message.pk}/html"):
        assert stranger.get(f"/held/{held.pk}/{path}").status_code == 404
    for path in ("admit/", "admit/reason/", "admit/contract/", "decline/"):
        assert stranger.post(f"/held/{held.pk}/{path}", {"reason": "Mine"}).status_code == 404
    assert not Ticket.objects.exists()


def test_one_for_named_people_is_for_nobody_else(
    desk: Maintenance, signed_in: Callable[[Agent], Client], bob: Client
) -> None:
    NamedReader.objects.exclude(agent=desk.cast.bob).delete()
    held = desk.held(RECEIVED, "Quiet matter", restricted=True)
    ada = signed_in(desk.cast.ada)
    assert "Quiet matter" not in text(ada.get("/held/"))
    assert ada.get(f"/held/{held.pk}/").status_code == 404
    assert "Quiet matter" in text(bob.get("/held/"))


def test_what_a_stranger_wrote_is_text_and_a_sandboxed_frame(desk: Maintenance, bob: Client) -> None:
    held = desk.held(
        RECEIVED,
        HOSTILE,
        text=HOSTILE,
        html=f"<p onclick='x()'>Hello</p>{HOSTILE}",
        files=(NewFile("../log.txt", "text/html", b"<b>log</b>"),),
    )
    page = text(bob.get(f"/held/{held.pk}/"))
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    message = held.messages.get()
    formatted = bob.get(f"/held/{held.pk}/messages/{message.pk}/html")
    assert "sandbox" in formatted["Content-Security-Policy"]
    assert "onclick" not in text(formatted) and "<script" not in text(formatted)
    file = message.files.get()
    answer = bob.get(f"/held/{held.pk}/files/{file.pk}/{file.name}")
    assert b"".join(answer.streaming_content) == b"<b>log</b>"
    assert answer["Content-Type"] == "application/octet-stream"
    other = desk.held(RECEIVED, "Another")
    assert bob.get(f"/held/{other.pk}/files/{file.pk}/{file.name}").status_code == 404


def test_admitted_with_a_reason(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    without = bob.post(f"/held/{held.pk}/admit/reason/", {"reason": " ", "organization": "Harbour Lights"})
    assert without.status_code == 422
    assert "Say why you admit it" in text(without) and 'value="Harbour Lights"' in text(without)
    done = bob.post(
        f"/held/{held.pk}/admit/reason/",
        {"reason": "Sales vouch for them.", "organization": "harbour lights"},
        follow=True,
    )
    ticket = Ticket.objects.get()
    assert ticket.organization == desk.firm
    assert done.redirect_chain[-1][0] == f"/tickets/{ticket.number}/"
    assert "admitted it: the time in which it was held does not count" in text(done)
    decided = text(bob.get("/held/?list=decided"))
    assert "Sales vouch for them." in decided and ticket.number in decided
    after = text(bob.get(f"/held/{held.pk}/"))
    assert "does not count" in after and "admit/reason" not in after


def test_admitted_by_the_contract_that_somebody_names(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    url = f"/held/{held.pk}/admit/contract/"
    assert "There is no such contract" in text(bob.post(url, {"contract": "MC-9"}))
    desk.signs(reference="MC-1")
    desk.signs("2025-01-01", "2025-12-31", reference="MC-0")
    several = text(bob.post(url, {"contract": "harbour"}))
    assert "Several contracts fit: MC-1 (Harbour Lights); MC-0 (Harbour Lights)" in several
    ended = bob.post(url, {"contract": "mc-0"})
    assert ended.status_code == 422 and "does not cover this request" in text(ended)
    bob.post(url, {"contract": "mc-1"})
    assert Ticket.objects.get().contract.reference == "MC-1"  # type: ignore[union-attr]


def test_the_lead_lets_the_sender_belong_to_it_and_an_agent_is_not_offered_that(
    desk: Maintenance, bob: Client, signed_in: Callable[[Agent], Client]
) -> None:
    held = desk.held(RECEIVED)
    desk.signs(reference="MC-1")
    assert "From now on" not in text(bob.get(f"/held/{held.pk}/"))
    refused = bob.post(f"/held/{held.pk}/admit/contract/", {"contract": "MC-1", "affiliates": "yes"})
    assert refused.status_code == 403 and not Ticket.objects.exists()
    lena = signed_in(desk.cast.lena)
    assert "From now on" in text(lena.get(f"/held/{held.pk}/"))
    lena.post(f"/held/{held.pk}/admit/contract/", {"contract": "MC-1", "affiliates": "yes"})
    assert Affiliation.objects.get().organization == desk.firm


def test_what_would_pass_now_is_marked_and_admitted_with_one_button(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    assert "Would be admitted now" not in text(bob.get("/held/"))
    assert bob.post(f"/held/{held.pk}/admit/").status_code == 422
    desk.belongs()
    desk.signs(reference="MC-1")
    assert "Would be admitted now, under MC-1" in text(bob.get("/held/"))
    bob.post(f"/held/{held.pk}/admit/")
    assert Ticket.objects.get().contract.reference == "MC-1"  # type: ignore[union-attr]


def test_declined_with_a_letter_that_is_shown_before_it_leaves(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    url, words = f"/held/{held.pk}/decline/", {"reason": "No customer.", "letter": "We are sorry.\n\nBob"}
    assert "we look again" in text(bob.get(f"/held/{held.pk}/"))
    shown = text(bob.post(url, words))
    assert "This is what" in shown and "We are sorry." in shown
    assert not Notice.objects.filter(kind=NoticeKind.HELD_DECLINED).exists()
    back = text(bob.post(url, words | {"step": "send", "change": "yes"}))
    assert "We are sorry." in back and "decline-reason" in back
    bob.post(url, words | {"step": "send"})
    held.refresh_from_db()
    assert held.state == HeldState.DECLINED
    assert Notice.objects.get(kind=NoticeKind.HELD_DECLINED).data["text"] == "We are sorry.\n\nBob"
    again = text(bob.get(f"/held/{held.pk}/"))
    assert "Take it up again" in again and "admit/reason" in again


def test_looking_changes_nothing(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    before = Notice.objects.count(), held.alerts
    bob.get("/held/"), bob.get(f"/held/{held.pk}/")
    for path in ("admit/", "admit/reason/", "decline/"):
        assert bob.get(f"/held/{held.pk}/{path}").status_code == 405
    held.refresh_from_db()
    assert (Notice.objects.count(), held.alerts, held.state) == (*before, HeldState.HELD)


def test_the_page_after_the_form_says_the_same_to_everybody(desk: Maintenance, client: Client) -> None:
    portal = desk.cast.desk.portals.first()
    slug = portal.slug if portal else desk.cast.desk.slug
    page = client.get(f"/help/{slug}/requests/held/")
    assert page.status_code == 200
    assert "reply with its number" in text(page)
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_times_are_those_of_the_desk(desk: Maintenance, bob: Client) -> None:
    held = desk.held(RECEIVED)
    assert held.due_at == utc("2026-03-20 16:00")
    assert "today 16:00" in text(bob.get(f"/held/{held.pk}/"))
