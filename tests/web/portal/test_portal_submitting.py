"""Submitting a request: by whom it is, what the page may say, and that nothing typed is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from portal_cast import HOSTILE

from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import create_desk
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.models import Message, Ticket
from upheld.web.portal import limits

NEW = "/help/school-devices/requests/new/"


@pytest.fixture(autouse=True)
def desk(cast: Cast, noon: object) -> Cast:
    return cast


def test_a_request_becomes_a_ticket_with_the_priority_that_was_chosen(stranger: Client, filled) -> None:
    response = stranger.post(NEW, filled(stranger, priority="high"))
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert (ticket.channel, ticket.subject, ticket.priority) == ("portal", "No sound", "high")
    assert ticket.requester.address == "noor@school.example.org"


def test_an_unproven_address_gets_the_number_on_the_page_and_the_link_by_mail_only(
    stranger: Client, filled
) -> None:
    page = stranger.post(NEW, filled(stranger), follow=True).content.decode()
    ticket = Ticket.objects.get()
    assert ticket.number in page
    assert "Wednesday 18 March 2026, 17:00 (London time, GMT)" in page
    assert "noor@school.example.org" in page
    assert "/r/" not in page
    assert (
        Notice.objects.filter(kind=NoticeKind.ACKNOWLEDGEMENT, to_address="noor@school.example.org").count()
        == 1
    )


def test_the_receipt_ends_after_an_hour_and_cannot_be_made_up(stranger: Client, filled, noon) -> None:
    receipt = stranger.post(NEW, filled(stranger))["Location"]
    assert stranger.get(receipt).status_code == 200
    assert stranger.get(receipt[:-2] + "x/").status_code == 404
    noon.shift(3601)
    assert stranger.get(receipt).status_code == 404


def test_the_usual_priority_is_chosen_already(stranger: Client) -> None:
    assert 'value="medium" checked' in stranger.get(NEW).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "nobody"),
        ("name", ""),
        ("subject", ""),
        ("text", ""),
        ("priority", "at once"),
        ("subject", "s" * 251),
        ("website", "https://spam.example"),
        ("email", "support@desk.example.com"),
        ("text", "a\0b"),
    ],
)
def test_a_form_with_an_error_keeps_what_was_typed(stranger: Client, filled, field: str, value: str) -> None:
    typed = filled(stranger) | {field: value}
    response = stranger.post(NEW, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert not Ticket.objects.exists()
    kept = {"name": "Noor Haddad", "subject": "No sound", "text": "There is no sound."}
    kept.pop(field, None)
    assert all(words in page for words in kept.values())
    assert "not sent yet" in page or "once more" in page


def test_the_field_that_people_never_see_is_empty_again_at_the_second_try(stranger: Client, filled) -> None:
    page = stranger.post(NEW, filled(stranger, website="https://spam.example")).content.decode()
    assert "spam.example" not in page


def test_files_come_with_the_request(stranger: Client, filled) -> None:
    files = [SimpleUploadedFile("a.txt", b"one", "text/plain"), SimpleUploadedFile("b.txt", b"")]
    stranger.post(NEW, filled(stranger, files=files))
    kept = Message.objects.get().attachments.order_by("name")
    assert [(each.name, each.size) for each in kept] == [("a.txt", 3), ("b.txt", 0)]


def test_files_that_are_too_large_cost_nobody_their_words(stranger: Client, filled, settings) -> None:
    settings.ATTACHMENT_SIZE_LIMIT = 1024 * 1024
    film = SimpleUploadedFile("film.mp4", b"x" * (1024 * 1024 + 1))
    response = stranger.post(NEW, filled(stranger, files=[film, SimpleUploadedFile("small.txt", b"x")]))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Too large: film.mp4." in page
    assert "There is no sound." in page
    assert not Ticket.objects.exists()


def test_more_files_than_allowed_are_named_as_the_problem(stranger: Client, filled) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    page = stranger.post(NEW, filled(stranger, files=files)).content.decode()
    assert "At most 10 files" in page
    assert "There is no sound." in page


def test_the_same_form_sent_twice_opens_one_ticket(stranger: Client, filled) -> None:
    typed = filled(stranger)
    first, second = stranger.post(NEW, typed), stranger.post(NEW, typed)
    assert Ticket.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_without_the_token_against_forgery_nothing_happens(stranger: Client, filled) -> None:
    typed = filled(stranger)
    del typed["csrfmiddlewaretoken"]
    assert stranger.post(NEW, typed).status_code == 403
    assert not Ticket.objects.exists()


def test_an_address_may_open_so_many_requests_an_hour(stranger: Client, filled, noon, monkeypatch) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 2)
    for _ in range(2):
        assert stranger.post(NEW, filled(stranger)).status_code == 302
    refused = stranger.post(NEW, filled(stranger))
    assert refused.status_code == 429
    assert "There is no sound." in refused.content.decode()
    assert "support@desk.example.com" in refused.content.decode()
    noon.shift(3601)
    assert stranger.post(NEW, filled(stranger)).status_code == 302


def test_a_network_may_try_so_often_whatever_address_it_claims(stranger: Client, filled, monkeypatch) -> None:
    monkeypatch.setattr(limits, "PER_NETWORK", 2)
    tries = [
        stranger.post(
            NEW,
            filled(stranger, email=f"noor{number}@school.example.org"),
            headers={"x-forwarded-for": f"10.0.0.{number}"},
        ).status_code
        for number in range(3)
    ]
    assert tries == [302, 302, 429]


def test_a_signed_in_contact_is_asked_for_no_address_and_cannot_name_another(
    signed_in: Client, cast: Cast, filled
) -> None:
    assert 'name="email"' not in signed_in.get(NEW).content.decode()
    response = signed_in.post(NEW, filled(signed_in, email="head@school.example.org"))
    ticket = Ticket.objects.get()
    assert ticket.requester == cast.amina
    assert response["Location"] == f"/requests/{ticket.number}/"


def test_hostile_words_are_words(stranger: Client, filled, signed_in: Client, cast: Cast) -> None:
    typed = filled(stranger, name=HOSTILE, subject=HOSTILE, text=HOSTILE, email="not an address")
    assert "<script>alert" not in stranger.post(NEW, typed).content.decode()


def test_a_desk_without_a_policy_takes_no_requests_and_says_where_to_write(stranger: Client) -> None:
    create_desk(
        slug="lab", name="Lab", prefix="LAB", zone="UTC", address="lab@desk.example.com", by="t", now=LONG_AGO
    )
    assert stranger.get("/help/lab/requests/new/")["Location"] == "/help/lab/"
    assert "lab@desk.example.com" in stranger.get("/help/lab/").content.decode()


def test_desks_that_do_not_exist_are_not_found(stranger: Client) -> None:
    for page in ("", "requests/new/", "follow/", "requests/sent/x/"):
        assert stranger.get(f"/help/nowhere/{page}").status_code == 404
