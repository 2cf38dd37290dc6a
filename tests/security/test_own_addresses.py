"""What leads somewhere leads to the desk's own address, whatever the request called us."""

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from harness.cast import Cast
from upheld.notices.models import Notice
from upheld.people.models import User

PASSWORD = "correct horse battery"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:99", "[::1]"])
def test_a_link_to_a_new_password_leads_to_the_desk_whatever_host_was_asked(cast: Cast, host: str) -> None:
    cache.clear()
    with override_settings(UPHELD_URL="https://desk.example.com"):
        Client().post("/accounts/password/reset/", {"email": cast.bob.address}, HTTP_HOST=host)
    text = Notice.objects.get(kind="account").data["text"]
    links = [line for line in text.splitlines() if "//" in line]
    assert links and all(link.startswith("https://desk.example.com/") for link in links)


def test_a_host_that_is_not_ours_is_refused(db: None) -> None:
    for host in ("evil.example", "desk.example.com.evil.example", "a@b", ""):
        assert Client().get("/", HTTP_HOST=host).status_code == 400


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "http://127.0.0.1/",  # a program of the reader's own machine
        "http://localhost/",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(cast: Cast, settings: object, elsewhere: str) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    cache.clear()
    user = User.objects.create_user("noor@school.example.org", PASSWORD)
    typed = {"login": user.email, "password": PASSWORD, "next": elsewhere}
    assert Client().post("/accounts/login/", typed)["Location"].startswith("/")
