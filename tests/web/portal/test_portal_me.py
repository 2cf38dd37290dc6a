"""What the desk knows about somebody, for themselves to see and correct."""

from django.test import Client

from harness.cast import Cast
from upheld.desks.models import AuditEntry
from upheld.people.models import Affiliation, Organization

RIGHT = {"name": "Amina Yusuf-Bell", "phone": "+44 (0)20 7946 0018", "zone": "Asia/Kolkata", "language": "de"}


def test_somebody_corrects_their_own_data(signed_in: Client, cast: Cast, noon) -> None:
    signed_in.cookies["zone"] = "America/New_York"
    answer = signed_in.post("/me/", RIGHT)
    assert answer["Location"] == "/me/"
    assert answer.cookies["zone"].value == ""
    cast.amina.refresh_from_db()
    assert {name: getattr(cast.amina, name) for name in RIGHT} == RIGHT
    assert cast.amina.phone_digits == "442079460018"
    cast.writes("2026-03-16 08:00")
    assert "Asia/Kolkata" in signed_in.get("/requests/").content.decode()
    entry = AuditEntry.objects.get(action="contact corrected")
    assert entry.actor == cast.amina.address
    assert entry.data["changed"]["name"] == ["Amina Yusuf", "Amina Yusuf-Bell"]


def test_the_same_again_changes_nothing(signed_in: Client, cast: Cast, noon) -> None:
    for _again in range(2):
        signed_in.post("/me/", RIGHT)
    assert AuditEntry.objects.filter(action="contact corrected").count() == 1


def test_what_was_typed_stays_when_it_is_wrong(signed_in: Client, cast: Cast, noon) -> None:
    for wrong, said in (
        ({"phone": "none"}, "A phone number has digits"),
        ({"zone": "Mars/Base"}, "Select a valid choice"),
        ({"language": "tlh"}, "Select a valid choice"),
        ({"name": ""}, "This field is required"),
    ):
        answer = signed_in.post("/me/", RIGHT | wrong)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    cast.amina.refresh_from_db()
    assert cast.amina.name == "Amina Yusuf"


def test_what_the_desk_noted_is_neither_shown_nor_changed(signed_in: Client, cast: Cast, noon) -> None:
    cast.amina.notes, cast.amina.region = "Rings often.", "europe"
    cast.amina.save()
    assert "Rings often." not in signed_in.get("/me/").content.decode()
    signed_in.post("/me/", RIGHT | {"notes": "", "region": "", "address": "x@y.example"})
    cast.amina.refresh_from_db()
    assert (cast.amina.notes, cast.amina.region) == ("Rings often.", "europe")
    assert cast.amina.address == "amina@school.example.org"


def test_organizations_are_named_with_what_was_granted(signed_in: Client, cast: Cast, noon) -> None:
    north = Organization.objects.create(desk=cast.desk, name="North School")
    Affiliation.objects.create(contact=cast.amina, organization=north, title="Head of IT", sees_all=True)
    page = signed_in.get("/me/").content.decode()
    assert "<bdi>North School</bdi> (Head of IT): you may follow all its requests" in page
    assert "amina@school.example.org" in page


def test_only_a_signed_in_contact_has_such_a_page(stranger: Client, client: Client, cast: Cast, noon) -> None:
    assert stranger.get("/me/")["Location"] == "/accounts/login/code/?next=/me/"
    client.force_login(cast.bob.user)
    assert client.get("/me/").status_code == 404
