"""Signing in: by password or by code, for people whom the desk knows, and no word to a stranger about who they are."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from harness.cast import LONG_AGO, Cast
from upheld.desks.models import Desk
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import User

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def no_memory(db: None) -> None:
    """Limits that another test used up are not ours."""
    cache.clear()


@pytest.fixture
def amina(cast: Cast) -> User:
    """Amina with a password."""
    cast.amina.user = User.objects.create_user(cast.amina.address, PASSWORD, cast.amina.name)
    cast.amina.save(update_fields=["user"])
    return cast.amina.user


def code_mailed_to(address: str) -> str:
    text = Notice.objects.filter(kind=NoticeKind.ACCOUNT, to_address=address).latest("pk").data["text"]
    return re.search(r"\n    (\S+)\n", text)[1]


def ask_for_code(client: Client, address: str):
    return client.post(reverse("account_request_login_code"), {"email": address}, follow=True)


def test_a_password_signs_in_and_leads_a_contact_to_their_requests(client: Client, amina: User) -> None:
    answer = client.post(
        reverse("account_login"), {"login": "AMINA@school.example.org", "password": PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/requests/"


def test_signing_in_changes_the_session(client: Client, amina: User) -> None:
    client.get("/accounts/login/code/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.post(reverse("account_login"), {"login": amina.email, "password": PASSWORD})
    assert client.session.session_key != before


@pytest.mark.parametrize("email", ["amina@school.example.org", "nobody@school.example.org"])
def test_a_wrong_password_says_the_same_about_everybody(client: Client, amina: User, email: str) -> None:
    page = client.post(reverse("account_login"), {"login": email, "password": "wrong"}).content.decode()
    assert "The email address and/or password you specified are not correct." in page
    assert email in page


def test_a_code_signs_in_a_contact_who_never_had_an_account(client: Client, cast: Cast) -> None:
    ask_for_code(client, "Amina@School.example.org")
    code = code_mailed_to("amina@school.example.org")
    answer = client.post(reverse("account_confirm_login_code"), {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == "/requests/"
    cast.amina.refresh_from_db()
    assert cast.amina.user.email == "amina@school.example.org"
    assert not cast.amina.user.has_usable_password()


def test_a_code_works_once_and_in_one_browser(client: Client, cast: Cast) -> None:
    ask_for_code(client, cast.amina.address)
    code = code_mailed_to(cast.amina.address)
    other = Client()
    ask_for_code(other, cast.ada.address)
    other.post(reverse("account_confirm_login_code"), {"code": code})
    assert other.get("/requests/").status_code == 302
    client.post(reverse("account_confirm_login_code"), {"code": code})
    client.post(reverse("account_logout"))
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert client.get("/requests/").status_code == 302


def test_a_few_wrong_codes_end_the_attempt(client: Client, cast: Cast) -> None:
    ask_for_code(client, cast.amina.address)
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})
    client.post(reverse("account_confirm_login_code"), {"code": code_mailed_to(cast.amina.address)})
    assert client.get("/requests/").status_code == 302


def test_an_unknown_address_gets_the_same_page_and_no_mail(client: Client, cast: Cast) -> None:
    known = ask_for_code(Client(), cast.amina.address).content.decode()
    unknown = ask_for_code(client, "nobody@school.example.org").content.decode()
    tidy = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page).replace(address, "ADDRESS")
        for page, address in ((known, cast.amina.address), (unknown, "nobody@school.example.org"))
    ]
    assert tidy[0] == tidy[1]
    assert not Notice.objects.filter(to_address="nobody@school.example.org").exists()
    assert not User.objects.filter(email="nobody@school.example.org").exists()


def test_an_account_that_was_closed_gets_no_code(client: Client, amina: User) -> None:
    User.objects.filter(pk=amina.pk).update(is_active=False)
    ask_for_code(client, amina.email)
    assert not Notice.objects.filter(kind=NoticeKind.ACCOUNT).exists()


def test_an_address_gets_only_so_many_codes_whatever_network_asks(cast: Cast) -> None:
    for number in range(6):
        Client(REMOTE_ADDR=f"10.0.0.{number}").post(
            reverse("account_request_login_code"), {"email": cast.amina.address}
        )
    assert Notice.objects.filter(kind=NoticeKind.ACCOUNT).count() == 3


def test_too_many_tries_are_refused_in_the_look(client: Client, amina: User) -> None:
    for _ in range(31):
        answer = client.post(reverse("account_login"), {"login": "x@example.org", "password": "wrong"})
    assert answer.status_code == 429
    assert "That was too often" in answer.content.decode()


def test_a_new_password_is_chosen_through_a_link_that_works_once(client: Client, amina: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(amina, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(
        reverse("account_reset_password"), {"email": amina.email}, follow=True
    ).content.decode()
    assert "Look into your mail" in page
    text = Notice.objects.get(to_address=amina.email).data["text"]
    link = re.search(r"https?://\S+", text)[0].partition("/accounts/")[2]
    form = client.get(f"/accounts/{link}", follow=True)
    fresh = {"password1": "another horse battery", "password2": "another horse battery"}
    done = client.post(form.request["PATH_INFO"], fresh, follow=True).content.decode()
    assert "Your password is set" in done
    assert "This link has ended" in Client().get(f"/accounts/{link}", follow=True).content.decode()
    assert elsewhere.get("/requests/").status_code == 302


def test_an_unknown_address_hears_nothing_of_a_new_password(client: Client, cast: Cast) -> None:
    page = client.post(reverse("account_reset_password"), {"email": "no@school.example.org"}, follow=True)
    assert "Look into your mail" in page.content.decode()
    assert not Notice.objects.exists()


def test_changing_the_password_ends_other_sessions(client: Client, amina: User) -> None:
    elsewhere = Client()
    for each in (client, elsewhere):
        each.post(reverse("account_login"), {"login": amina.email, "password": PASSWORD})
    typed = {
        "oldpassword": PASSWORD,
        "password1": "another horse battery",
        "password2": "another horse battery",
    }
    client.post(reverse("account_change_password"), typed)
    assert client.get("/requests/").status_code == 200
    assert elsewhere.get("/requests/").status_code == 302


def test_leaving_needs_a_button(client: Client, amina: User) -> None:
    client.force_login(amina)
    assert "Sign out?" in client.get(reverse("account_logout")).content.decode()
    assert client.get("/requests/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/requests/").status_code == 302


def test_nobody_opens_an_account_here(client: Client, db: None) -> None:
    for name in ("account_signup", "account_email", "account_confirm_email"):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=["x"] if "confirm" in name else [])
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/accounts/email/").status_code == 404


def test_after_signing_in_nobody_is_led_elsewhere(client: Client, amina: User) -> None:
    typed = {"login": amina.email, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post(reverse("account_login"), typed)["Location"] == "/"


def test_every_page_is_ours_and_checks_against_forgery(cast: Cast) -> None:
    stranger = Client(enforce_csrf_checks=True)
    for name in ("account_login", "account_request_login_code", "account_reset_password"):
        page = stranger.get(reverse(name)).content.decode()
        assert 'class="brand"' in page
        assert "csrfmiddlewaretoken" in page
        assert stranger.post(reverse(name), {"email": "a@b.example"}).status_code == 403


def test_the_title_names_the_desk_where_there_is_only_one(client: Client, cast: Cast) -> None:
    def title() -> str:
        return re.search(r"<title>(.*?)</title>", client.get(reverse("account_login")).content.decode())[1]

    assert title() == "Sign in · School Device Support"
    Desk.objects.create(slug="other", name="Other", number_prefix="OT", created_at=LONG_AGO)
    assert title() == "Sign in · Upheld"


def test_a_stranger_cannot_take_over_an_agent_by_asking(client: Client, cast: Cast) -> None:
    ask_for_code(client, cast.ada.address)
    assert User.objects.count() == 3
