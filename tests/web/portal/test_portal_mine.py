"""The requests of a signed-in contact: theirs, and nobody else's."""

from django.test import Client
from portal_cast import hidden_fields

from harness.cast import Cast, at, utc
from upheld.people.models import Contact, User
from upheld.tickets.actions import reply, write_note
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Attachment, Participant

FILE = NewFile("plan.txt", "text/plain", b"plan")


def test_the_list_holds_what_is_mine_the_latest_first(
    signed_in: Client, cast: Cast, noon, head: Contact
) -> None:
    cast.writes("2026-03-16 08:00", subject="Earlier")
    cast.writes("2026-03-16 09:00", subject="Later", priority="high")
    cast.writes("2026-03-16 10:00", subject="Not hers", contact=head)
    page = signed_in.get("/requests/").content.decode()
    assert page.index("Later") < page.index("Earlier")
    assert "Not hers" not in page
    assert "First response by" in page


def test_without_requests_the_list_says_so(signed_in: Client) -> None:
    assert "No requests yet" in signed_in.get("/requests/").content.decode()


def test_a_visitor_is_asked_to_sign_in_and_comes_back(stranger: Client, cast: Cast) -> None:
    assert stranger.get("/requests/")["Location"] == "/accounts/login/code/?next=/requests/"


def test_a_user_who_is_no_contact_finds_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.bob.user)
    assert client.get("/requests/").status_code == 404


def test_absent_and_forbidden_are_the_same(signed_in: Client, cast: Cast, noon, head: Contact) -> None:
    other = cast.writes("2026-03-16 08:00", contact=head, files=(FILE,))
    file = Attachment.objects.get()
    absent = signed_in.get("/requests/SDS-99999/")
    forbidden = signed_in.get(f"/requests/{other.number}/")
    assert absent.status_code == forbidden.status_code == 404
    assert absent.content == forbidden.content
    assert signed_in.get(f"/requests/{other.number}/files/{file.pk}/plan.txt").status_code == 404
    assert signed_in.post(f"/requests/{other.number}/", {"text": "mine?"}).status_code == 404
    assert other.messages.count() == 1


def test_who_was_removed_sees_it_no_more(signed_in: Client, cast: Cast, noon) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    Participant.objects.update(removed_at=utc("2026-03-16 09:00"))
    assert signed_in.get(f"/requests/{ticket.number}/").status_code == 404
    assert ticket.number not in signed_in.get("/requests/").content.decode()


def test_my_request_can_be_read_and_answered(signed_in: Client, cast: Cast, noon) -> None:
    ticket = cast.writes("2026-03-16 08:00", files=(FILE,))
    write_note(ticket.pk, cast.bob, "NOTE", at("2026-03-16 09:00"))
    address = f"/requests/{ticket.number}/"
    page = signed_in.get(address).content.decode()
    assert "NOTE" not in page
    assert "Sign out" in page
    signed_in.post(address, hidden_fields(page) | {"text": "More."})
    assert ticket.messages.filter(text="More.", contact=cast.amina).exists()
    file = Attachment.objects.get()
    assert signed_in.get(f"{address}files/{file.pk}/plan.txt").status_code == 200


def test_a_request_that_waits_for_me_says_so_in_the_list(signed_in: Client, cast: Cast, noon) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    reply(ticket.pk, cast.bob, "Which?", at("2026-03-16 09:00"), status="waiting_on_customer")
    assert "Waiting for your answer" in signed_in.get("/requests/").content.decode()


def test_a_closed_account_is_signed_out(signed_in: Client, cast: Cast) -> None:
    User.objects.update(is_active=False)
    assert signed_in.get("/requests/").status_code == 302


def test_many_requests_come_in_pages(signed_in: Client, cast: Cast, noon) -> None:
    for number in range(27):
        cast.writes(f"2026-03-16 08:{number:02}", subject=f"Number {number}.")
    first = signed_in.get("/requests/").content.decode()
    second = signed_in.get("/requests/?page=2").content.decode()
    assert "Number 26." in first
    assert "Number 0." in second
    assert "Number 0." not in first
