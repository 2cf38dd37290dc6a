"""What every request passes through."""

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from upheld.web.middleware.proxies import NOBODY, TrustedProxiesMiddleware


@pytest.mark.django_db
def test_health_answers_whatever_the_host(client: Client) -> None:
    answer = client.get("/health", HTTP_HOST="anything.example")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_health_says_when_the_database_does_not_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def seen_through(trusted: list[str], **headers: str) -> HttpRequest:
    requests: list[HttpRequest] = []
    with override_settings(TRUSTED_PROXIES=trusted):
        middleware = TrustedProxiesMiddleware(lambda request: requests.append(request) or HttpResponse())
        middleware(RequestFactory().get("/", **headers))
    return requests[0]


FORWARDED = {
    "HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9, 10.0.0.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "desk.example.com",
}


def test_nobody_names_their_own_address() -> None:
    request = seen_through(["10.0.0.0/8"], REMOTE_ADDR="203.0.113.5", **FORWARDED)
    assert request.META["REMOTE_ADDR"] == "203.0.113.5"
    assert not [name for name in request.META if "FORWARDED" in name]


def test_without_trusted_proxies_forwarded_headers_are_gone() -> None:
    request = seen_through([], REMOTE_ADDR="127.0.0.1", HTTP_X_REAL_IP="6.6.6.6", **FORWARDED)
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"
    assert "HTTP_X_REAL_IP" not in request.META


def test_a_trusted_proxy_is_believed_for_what_it_saw_itself() -> None:
    request = seen_through(["10.0.0.0/8"], REMOTE_ADDR="10.0.0.1", **FORWARDED)
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"
    assert request.META["HTTP_X_FORWARDED_PROTO"] == "https"
    assert request.META["HTTP_HOST"] == "desk.example.com"


@pytest.mark.parametrize("chain", ["", "unknown", "6.6.6.6, nonsense", "<script>"])
def test_a_chain_that_cannot_be_read_names_nobody(chain: str) -> None:
    request = seen_through(["10.0.0.0/8"], REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=chain)
    assert request.META["REMOTE_ADDR"] == NOBODY


def test_a_proxy_that_asks_for_itself_has_its_own_address() -> None:
    assert seen_through(["10.0.0.0/8"], REMOTE_ADDR="10.0.0.1").META["REMOTE_ADDR"] == "10.0.0.1"


def test_an_address_of_the_old_kind_in_the_new_form_is_the_same() -> None:
    request = seen_through(["10.0.0.0/8"], REMOTE_ADDR="::ffff:10.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.9")
    assert request.META["REMOTE_ADDR"] == "203.0.113.9"


@pytest.mark.django_db
def test_an_error_of_ours_has_an_id_and_no_details(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("upheld.web.home.workplace_of", broken)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert b'<strong class="number">' in answer.content
    assert b"secret detail" not in answer.content
