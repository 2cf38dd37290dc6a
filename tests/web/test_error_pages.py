"""A page that breaks says under which number the log tells why, and rests on nothing that may be broken itself."""

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

NUMBER = re.compile(r'<strong class="number">([0-9a-f]{8})</strong>')
TOKEN = "a-token-that-opens-a-ticket"


def breaks(request: HttpRequest, token: str) -> HttpResponse:
    raise RuntimeError("the view broke")


def without_database(request: HttpRequest) -> HttpResponse:
    """Asks for a server at an address where none listens."""
    with connection.wrap_database_errors:
        psycopg.connect(host="/nowhere")
    raise AssertionError("somebody answers at /nowhere")


urlpatterns = [
    path("breaks/<str:token>/", breaks),
    path("away/", without_database),
    path("", include("upheld.web.urls")),
]
handler500 = "upheld.web.errors.server_error"

# No test here may use the database: a page that asks for anything fails.
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Lines:
    return lambda: [record.msg for record in caplog.records]


def test_what_broke_has_a_number_that_the_log_explains(visitor: Client, logged: Lines) -> None:
    answer = visitor.get(f"/breaks/{TOKEN}/")
    assert answer.status_code == 500
    shown = NUMBER.search(answer.content.decode())
    assert shown
    (line,) = [line for line in logged() if line.get("error_id") == shown[1]]
    assert line["event"] == "page broke"
    assert line["page"] == "breaks/<str:token>/"
    assert line["exc_info"]
    assert TOKEN not in str(logged())


def test_no_two_errors_share_a_number(visitor: Client) -> None:
    pages = [visitor.get(f"/breaks/{TOKEN}/").content.decode() for _ in range(3)]
    assert len({NUMBER.search(page)[1] for page in pages}) == 3


def test_while_the_database_is_away_a_page_says_when_to_come_again(visitor: Client, logged: Lines) -> None:
    answer = visitor.get("/away/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    page = answer.content.decode()
    assert "load the page again" in page
    shown = NUMBER.search(page)
    assert shown
    (line,) = [line for line in logged() if line.get("error_id") == shown[1]]
    assert "OperationalError" in line["error"]


@pytest.mark.parametrize("address", [f"/breaks/{TOKEN}/", "/away/"])
def test_error_pages_look_like_the_others_and_run_nothing(visitor: Client, address: str) -> None:
    answer = visitor.get(address)
    page = answer.content.decode()
    assert "/styles/" in page
    assert 'class="brand"' in page
    assert 'name="viewport"' in page
    assert not re.search(r"<script|<style|style=|onclick", page)
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "no-store"
