"""Whatever bytes a stranger sends, the answer is a page or a refusal, never a fault of ours."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from harness.cast import Cast
from upheld.people.models import Contact, User
from upheld.tickets.keys import link_token
from upheld.tickets.models import Participant

NEW = "/help/school-devices/requests/new/"
TYPED = {"name": "Noor", "subject": "No sound", "text": "None.", "priority": "medium", "website": ""}
# A stranger may name the charset of a request; these make lone surrogates, or are no charsets at all.
CHARSETS = ("unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "hex", "undefined")
HALF = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\nhello \\ud800 +2AA-\r\n--x--\r\n'


@pytest.fixture(autouse=True)
def no_limits_used_up(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def asked(browser: Client, method: str, path: str, data: object = None, **headers: str) -> int:
    """The status that a visitor gets. A fault of ours is 500, and it harms no other question of the test."""
    browser.raise_request_exception = False
    try:
        with transaction.atomic():
            if isinstance(data, dict):
                answer = browser.post(path, data) if method == "POST" else browser.get(path, data)
            else:
                answer = browser.generic(method, path, data or b"", **headers)
    except Exception:  # it came past the error page as well
        return 500
    return int(answer.status_code)


@pytest.fixture
def amina(cast: Cast) -> Client:
    """Amina's browser, signed in."""
    cast.amina.user = User.objects.create_user(cast.amina.address, None, cast.amina.name)
    cast.amina.save(update_fields=["user"])
    browser = Client()
    browser.force_login(cast.amina.user)
    return browser


def test_the_charset_that_a_request_names_breaks_no_form(cast: Cast) -> None:
    link = f"/r/{link_token(Participant.objects.get(ticket=cast.writes('2026-03-20 16:00')))}/"
    browser = Client()
    broken = [
        (charset, path)
        for charset in CHARSETS
        for path, name in ((link, b"text"), ("/accounts/login/", b"login"), (NEW, b"subject"))
        if asked(
            browser,
            "POST",
            path,
            HALF % name,
            content_type=f"multipart/form-data; boundary=x; charset={charset}",
        )
        >= 500
    ]
    assert broken == []


def test_the_charset_that_a_request_names_breaks_no_address(cast: Cast) -> None:
    bob = Client()
    bob.force_login(cast.bob.user)
    broken = [
        (charset, path)
        for charset in CHARSETS
        for path in ("/tickets/?q=%5Cud800", "/zone/?next=/%5Cud800")
        if asked(bob, "GET", path, CONTENT_TYPE=f"text/plain; charset={charset}") >= 500
    ]
    assert broken == []


@pytest.mark.parametrize("said", ["utf-8''%00", "nope''x"])
def test_a_charset_written_in_the_extended_form_is_refused_in_order(db: None, said: str) -> None:
    assert asked(Client(), "GET", "/", CONTENT_TYPE=f"text/plain; charset*={said}") < 500


@pytest.mark.parametrize(
    "name", ["nonsense''x", "hex''x", "unicode_escape''%5Cud800", "utf-8''%00", "a'b", "utf-8''%E2%80%AE.txt"]
)
def test_the_charset_of_a_file_name_breaks_nothing(cast: Cast, name: str) -> None:
    link = f"/r/{link_token(Participant.objects.get(ticket=cast.writes('2026-03-20 16:00')))}/"
    body = (
        f'--x\r\nContent-Disposition: form-data; name="files"; filename*={name}\r\n\r\nhello\r\n'
        '--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello\r\n--x--\r\n'
    ).encode()
    assert asked(Client(), "POST", link, body, content_type="multipart/form-data; boundary=x") == 302


@pytest.mark.parametrize("cookie", ["sessionid", "csrftoken", "zone", "theme", "messages"])
def test_a_cookie_that_holds_nul_breaks_no_page(db: None, cookie: str) -> None:
    # A quoted cookie may write any byte as three octal digits.
    assert asked(Client(), "GET", "/zone/", HTTP_COOKIE=f'{cookie}="\\000{"a" * 31}"') < 500


PATHS = (
    "/requests/%00/",
    "/requests/..%00/",
    "/requests/%F0%9F%92%A5/",
    "/requests/%00/files/1/x",
    f"/requests/x/files/{'9' * 40}/x",
    "/requests/?page=%00",
    f"/requests/?page={'9' * 5000}",
    "/r/%00/",
    f"/r/{'9' * 5000}/",
    "/help/school-devices/requests/sent/%00/",
    "/accounts/login/?next=%00",
    "/accounts/password/reset/key/1-%00/",
    f"/accounts/password/reset/key/{'z' * 400}-x/",
)


def test_no_address_of_a_customers_page_breaks_it(cast: Cast, amina: Client) -> None:
    broken = [path for path in PATHS for browser in (amina, Client()) if asked(browser, "GET", path) >= 500]
    assert broken == []


PLACES = (
    "-~999999999999999999999999~1",
    f"-~1~{'9' * 40}",
    "0001-01-01T00:00:00+23:59~1~1",
    "9999-12-31T23:59:59-23:59~1~1",
    "2026-01-01T00:00:00+00:00:30.500000~1~1",
    "-~\uff11~\uff11",
)
WORDS = ("'", "''\\", "((", '"a', "or or", "-", "§desk1", "a:*", "a or -a", "%s", "{}", "\ufffe", "!!&|<->")


def test_a_place_in_the_queue_that_nobody_made_is_no_place(cast: Cast) -> None:
    bob = Client()
    bob.force_login(cast.bob.user)
    assert [each for each in PLACES if asked(bob, "GET", "/tickets/", {"after": each}) >= 500] == []


def test_no_words_break_the_search(cast: Cast) -> None:
    cast.writes("2026-03-20 16:00")
    bob = Client()
    bob.force_login(cast.bob.user)
    assert [each for each in WORDS if asked(bob, "GET", "/tickets/", {"q": each}) != 200] == []


ADDRESSES = (
    "a@" + ".".join(["\u0130" * 60] * 4) + ".de",  # grows when it is written in small letters
    "a@\ua7cbx.de",  # a capital letter that the database knows and Python does not yet
    "a@\u0130.de",
    "a@[127.0.0.1]",
)


def test_an_odd_address_is_taken_or_refused(cast: Cast) -> None:
    broken = [
        each for each in ADDRESSES if asked(Client(), "POST", NEW, TYPED | {"email": each}) not in (302, 422)
    ]
    assert broken == []


def test_a_name_is_one_line(cast: Cast) -> None:
    """Agents read it in their notices; a second line there would be a line of ours."""
    name = "Noor\r\n\r\nYour password expired: http://evil.example\u202e\x1b[31m"
    asked(Client(), "POST", NEW, TYPED | {"name": name, "email": "noor@school.example.org"})
    assert Contact.objects.get(address="noor@school.example.org").name.isprintable()
