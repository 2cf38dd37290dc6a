"""Whom we talk to, and what we sign in with."""

import json
from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest

from harness.dovecot import Dovecot
from harness.token_server import CLIENT, CLIENT_SECRET, REFRESH_TOKEN, TokenServer
from mailboxes.fetching.accounts import failing, fetch, mail, subjects
from upheld.desks import secrets
from upheld.mailboxes.fetching import credentials as kept
from upheld.mailboxes.fetching import tokens
from upheld.mailboxes.fetching.administering import Plan, add, checked
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.tls import is_loopback
from upheld.mailboxes.fetching.trouble import FetchTrouble
from upheld.mailboxes.fetching.visiting import Visit, pay

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("protocol", ["imap", "pop"])
@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_each_way_to_connect(post, account, dovecot: Dovecot, protocol, security):
    port = {"tls": {"imap": dovecot.imaps, "pop": dovecot.pops}}.get(
        security, {"imap": dovecot.imap, "pop": dovecot.pop}
    )[protocol]
    source = post.begun(account, protocol=protocol, security=security, port=port)
    account.gets(mail("New"))
    assert fetch(source) == 1


@pytest.mark.parametrize("protocol", ["imap", "pop"])
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_false_certificate_is_refused_before_the_password_is_said(
    post, account, dovecot, monkeypatch, protocol, security
):
    port = {"tls": {"imap": dovecot.imaps, "pop": dovecot.pops}}.get(
        security, {"imap": dovecot.imap, "pop": dovecot.pop}
    )[protocol]
    source = post.source(account, protocol=protocol, security=security, port=port)
    monkeypatch.delenv("SSL_CERT_FILE")
    why = failing(source)
    assert "The certificate of localhost" in why
    assert "is not trusted" in why
    assert f"Login: user=<{account.address}>" not in dovecot.log()


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_a_certificate_for_another_name_is_refused(post, account, protocol):
    # The certificate is for localhost.
    source = post.source(account, protocol=protocol, host="127.0.0.1")
    assert "is not trusted" in failing(source)


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_a_wrong_password_says_so_and_not_which(post, account, protocol):
    source = post.source(account, password="wrong-4711", protocol=protocol)
    why = failing(source)
    assert "refuses the sign-in of" in why
    assert f"upheld mail source password {source.name}" in why
    assert "wrong-4711" not in why


@pytest.mark.parametrize("protocol", ["imap", "pop"])
@pytest.mark.parametrize("password", ["umlaut-ä-ö", 'quote-" and \\ and {3}'])
def test_a_password_of_any_characters_is_said_as_it_is(post, account, protocol, password):
    account.chooses(password)
    post.begun(account, password=password, protocol=protocol)
    assert "refuses the sign-in" in failing(post.source(account, password=password + "x", protocol=protocol))


def test_nobody_is_there(post, account):
    source = post.source(account, host="127.0.0.1", port=1)
    assert failing(source) == "No connection to 127.0.0.1:1: Connection refused."
    source = post.source(account, host="no-such-host.invalid")
    assert "No connection to no-such-host.invalid" in failing(source)


def test_failures_are_counted_and_the_pauses_grow_to_an_hour(post, account):
    source = post.source(account, port=1)
    pauses = []
    for number in range(1, 10):
        now = datetime(2026, 6, 1, 12, tzinfo=UTC)
        assert not pay(Visit(source, read_clock=lambda now=now: now))
        source.refresh_from_db()
        assert source.failures == number
        pauses.append((source.next_try_at - now) // timedelta(minutes=1))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    source.port = post.server.imaps
    assert fetch(source) == 0
    assert (source.failures, source.last_error) == (0, "")


@pytest.fixture
def provider(dovecot: Dovecot, account) -> TokenServer:
    dovecot.tokens.begin(account.address)
    return dovecot.tokens


def by_oauth(post, account, provider: TokenServer, **details):
    return post.source(
        account, oauth_token_url=provider.url, oauth_client_id=CLIENT, oauth_scope="mail offline", **details
    )


@pytest.mark.parametrize("protocol", ["imap", "pop"])
def test_mail_is_fetched_with_a_token_that_is_kept_until_it_ends(post, account, provider, protocol):
    source = by_oauth(post, account, provider, protocol=protocol)
    fetch(source)
    account.gets(mail("By token"))
    assert fetch(source) == 1
    assert subjects(source) == ["By token"]
    assert len(provider.asked) == 1
    assert provider.asked[0] == {
        "client_id": CLIENT,
        "scope": "mail offline",
        "grant_type": "refresh_token",
        "refresh_token": REFRESH_TOKEN,
    }
    later = datetime.now(UTC) + timedelta(minutes=59, seconds=1)
    fetch(source, lambda: later)
    assert len(provider.asked) == 2


def test_a_client_that_signs_in_by_itself(post, account, provider):
    source = by_oauth(post, account, provider)
    kept.keep(source, Credentials(client_secret=CLIENT_SECRET), datetime.now(UTC))
    assert fetch(source) == 0
    assert provider.asked[0]["grant_type"] == "client_credentials"


def test_a_refresh_token_that_is_renewed_is_kept_sealed(post, account, provider):
    source = by_oauth(post, account, provider)
    provider.next_refresh_token = "renewed-geheim"
    fetch(source)
    assert kept.load(source).refresh_token == "renewed-geheim"


def test_a_token_that_the_mail_server_refuses_is_asked_for_anew(post, account, provider):
    source = by_oauth(post, account, provider)
    fetch(source)
    provider.valid.clear()
    assert "refuses the sign-in" in failing(source)
    assert fetch(source) == 0
    assert len(provider.asked) == 2


def test_what_a_provider_says_about_a_refusal_is_not_repeated(post, account, provider):
    source = by_oauth(post, account, provider)
    kept.keep(source, Credentials(refresh_token="ended-geheim"), datetime.now(UTC))
    why = failing(source)
    assert "refused with 400 (invalid_grant)" in why
    assert f"upheld mail source password {source.name}" in why
    assert "geheim" not in why


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((302, {"Location": "http://127.0.0.1:1/elsewhere"}, b""), "answered 302, and not in JSON"),
        ((200, {}, b"<html>"), "answered 200, and not in JSON"),
        ((200, {}, b"[]"), "answered 200, and not in JSON"),
        ((200, {}, b"{}"), "without an access token"),
        ((200, {}, json.dumps({"access_token": "a\r\nb"}).encode()), "without an access token"),
        ((200, {}, b" " * 70_000), "with too much"),
        ((200, {"Content-Encoding": "gzip"}, b"\x1f\x8b\x08\x00"), "not in JSON"),
        ((500, {}, b'{"error": {"a": 1}}'), "refused with 500 (no reason)"),
        ((400, {}, b'{"error": "Say refresh-geheim-0815"}'), "refused with 400 (no reason)"),
    ],
)
def test_odd_answers_of_a_provider_are_refused(post, account, provider, answer, said):
    provider.answer = lambda _form: answer
    why = failing(by_oauth(post, account, provider))
    assert said in why
    assert "geheim" not in why


def test_a_provider_that_never_ends_its_answer_is_given_up(post, account, provider, monkeypatch):
    monkeypatch.setattr(tokens, "SECONDS", 0.3)
    source = by_oauth(post, account, provider)
    provider.trickle = b" " * 20
    began = monotonic()
    assert "took too long" in failing(source)
    assert monotonic() - began < 1.5
    monkeypatch.setattr(tokens, "SECONDS", 0.05)
    assert "did not answer in time" in failing(source)


@pytest.mark.parametrize(
    "url",
    [
        "http://login.example.com/token",
        "http://127.0.0.1.example.com/token",
        "ftp://login.example.com/token",
        "https://user:password@login.example.com/token",
        "https:///token",
        "https://[::1/token",
        "login.example.com/token",
    ],
)
def test_tokens_are_asked_of_https_alone(url):
    with pytest.raises(FetchTrouble):
        tokens.check_address(url)


@pytest.mark.parametrize(
    "url", ["https://login.example.com/token", "http://127.0.0.1:8080/t", "http://[::1]/t"]
)
def test_addresses_that_may_be_asked(url):
    tokens.check_address(url)


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"name": "Help Desk"}, "no name for a source"),
        ({"security": "none", "host": "imap.example.com"}, "Without encryption"),
        ({"security": "ssl"}, "Use one of: tls, starttls, none"),
        ({"protocol": "jmap"}, "Use one of: imap, pop"),
        ({"protocol": "pop", "afterwards": "seen"}, "POP3 knows neither"),
        ({"afterwards": "move"}, "belong together"),
        ({"move_to": "Done"}, "belong together"),
        ({"afterwards": "move", "move_to": "INBOX"}, "cannot be moved to the folder"),
        ({"afterwards": "shred"}, "Use one of: leave"),
        ({"host": "imap.example.com/x"}, "no name of a mail server"),
        ({"port": 70000}, "no port 70000"),
        ({"username": ""}, "--username"),
        ({"username": "a\r\nA1 LOGOUT"}, "one line"),
        ({"folder": ""}, "--folder"),
        ({"oauth_client_id": "x"}, "belong to --oauth-token-url"),
        ({"oauth_token_url": "https://login.example.com/t"}, "--oauth-client-id"),
    ],
)
def test_what_cannot_work_is_refused_with_what_to_do(cast, details, said):
    plan = {
        "name": "help",
        "mailbox": cast.desk.mailboxes.get(),
        "host": "imap.example.com",
        "username": "help",
    }
    with pytest.raises(FetchTrouble) as refused:
        checked(Plan(**(plan | details)), datetime.now(UTC))
    assert said in str(refused.value)


def test_a_password_that_would_end_its_line_is_refused(cast):
    plan = Plan(name="help", mailbox=cast.desk.mailboxes.get(), host="imap.example.com", username="help")
    now = datetime.now(UTC)
    for password in ("", "a\r\nb", "a\x00b"):
        with pytest.raises(FetchTrouble):
            add(checked(plan, now), Credentials(password=password), "tests", now)
    assert not secrets.Secret.objects.exists()


def test_which_hosts_are_this_machine():
    assert [host for host in ("localhost", "127.0.0.9", "::1", "[::1]") if not is_loopback(host)] == []
    assert [
        host for host in ("10.0.0.1", "localhost.example.com", "", "127.0.0.1.nip") if is_loopback(host)
    ] == []
