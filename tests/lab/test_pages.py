"""The demo's own pages: sign-in links, outbox, and what the terminal says; a real desk has none of them."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from django.test import Client, modify_settings, override_settings
from django.urls import Resolver404, resolve

from upheld.desks.actions import create_desk
from upheld.lab.announcement import announcement, first_mail
from upheld.lab.cast import hire
from upheld.lab.entry import PEOPLE, link, token
from upheld.notices.models import Notice

NOW = datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
MAIL = (
    b"From: Desk <support@devices.example.com>\r\nTo: Hannah <h@ashdown.example.org>\r\nSubject: Re: <b>iPads</b>\r\n"
    b"Message-ID: <u.1@devices.example.com>\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/alternative; boundary="xx"\r\n\r\n'
    b"--xx\r\nContent-Type: text/plain\r\n\r\nRead it: http://127.0.0.1:8000/t/abc <script>alert(1)</script>\r\n"
    b"--xx\r\nContent-Type: text/html\r\n\r\n<!doctype html><html><head></head><body>Hello</body></html>\r\n--xx--\r\n"
)


@pytest.fixture
def demo(db: None) -> Iterator[Client]:
    """A demo's pages, with its people but without its stories."""
    desk = create_desk(
        slug="school-devices",
        name="School Device Support",
        prefix="SDS",
        zone="Europe/London",
        address="support@devices.example.com",
        by="test",
        now=NOW,
    )
    hire(desk, NOW)
    with (
        modify_settings(INSTALLED_APPS={"append": "upheld.lab"}),
        override_settings(ROOT_URLCONF="lab.demo_urls"),
    ):
        yield Client(SERVER_NAME="localhost")


@pytest.fixture
def sent(demo: Client) -> Notice:
    return Notice.objects.create(
        kind="reply",
        key="one",
        to_address="h@ashdown.example.org",
        message_id="<u.1@devices.example.com>",
        rendered=MAIL,
        state="sent",
        sent_at=NOW,
        created_at=NOW,
        next_try_at=NOW,
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_a_link_signs_its_person_in(demo: Client, person: str) -> None:
    path = link(person).partition("8000")[2]
    answer = demo.get(path)
    assert answer.status_code == 302
    assert demo.session["_auth_user_id"]


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_a_link_leads_nowhere_else(demo: Client, to: str) -> None:
    assert demo.get(link("agent").partition("8000")[2], {"to": to})["Location"] == "/"


def test_a_link_leads_to_a_page_of_ours(demo: Client) -> None:
    assert demo.get(link("agent").partition("8000")[2], {"to": "/customers/"})["Location"] == "/customers/"


@pytest.mark.parametrize("person", ["always-on:nobody", "nowhere:ravi", "always-on:mei", ":", "agent:"])
def test_nobody_else_has_a_link(demo: Client, person: str) -> None:
    assert demo.get(f"/demo/enter/{person}/{token(person)}/").status_code == 404


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.7"])
def test_the_tour_is_for_this_machine_only(demo: Client, address: str) -> None:
    assert demo.get("/tour/").status_code == 200
    assert demo.get("/tour/", REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize(
    "path", ["/demo/enter/agent/wrong/", "/demo/enter/nobody/x/", "/demo/enter/agent/é/"]
)
def test_a_wrong_token_opens_nothing(demo: Client, path: str) -> None:
    assert demo.get(path).status_code == 404
    assert "_auth_user_id" not in demo.session


def test_a_token_fits_one_person_only(demo: Client) -> None:
    assert demo.get(f"/demo/enter/administrator/{token('agent')}/").status_code == 404


def test_the_outbox_lists_what_was_sent(demo: Client, sent: Notice) -> None:
    page = demo.get("/outbox/").content.decode()
    assert f'href="/outbox/{sent.pk}/"' in page
    assert "Re: &lt;b&gt;iPads&lt;/b&gt;" in page


def test_links_in_a_mail_can_be_followed_and_nothing_else_runs(demo: Client, sent: Notice) -> None:
    page = demo.get(f"/outbox/{sent.pk}/").content.decode()
    assert '<a href="http://127.0.0.1:8000/t/abc"' in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert 'sandbox="allow-popups' in page


def test_the_html_of_a_mail_has_a_policy_of_its_own(demo: Client, sent: Notice) -> None:
    answer = demo.get(f"/outbox/{sent.pk}/html")
    assert b"<body>Hello</body>" in answer.content
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "allow-scripts" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.7", "", "::ffff:192.0.2.1"])
def test_the_outbox_is_for_this_machine_only(demo: Client, sent: Notice, address: str) -> None:
    for path in ("/outbox/", f"/outbox/{sent.pk}/", f"/outbox/{sent.pk}/html"):
        assert demo.get(path, REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_has_several_names(demo: Client, sent: Notice, address: str) -> None:
    assert demo.get("/outbox/", REMOTE_ADDR=address).status_code == 200


def test_a_mail_that_is_not_there_is_not_there(demo: Client) -> None:
    assert demo.get("/outbox/4711/").status_code == 404


def test_a_normal_start_has_no_such_route() -> None:
    for path in ("/demo/enter/agent/x/", "/outbox/", "/outbox/1/", "/outbox/1/html"):
        with pytest.raises(Resolver404):
            resolve(path)


def test_a_normal_start_does_not_even_load_the_demo() -> None:
    code = (
        "import sys, django; django.setup(); import upheld.config.urls;"
        " sys.exit(any(name.startswith('upheld.lab') for name in sys.modules))"
    )
    env = {name: value for name, value in os.environ.items() if name != "UPHELD_DEMO"}
    assert subprocess.run([sys.executable, "-c", code], env=env).returncode == 0


def test_the_announcement_fits_a_terminal_and_names_every_way_in(demo: Client) -> None:
    text = announcement()
    lines = text.splitlines()
    assert max(len(line) for line in lines) <= 80
    for person in PEOPLE:
        assert link(person) in text
    assert "/outbox/" in text
    assert "support@devices.example.com" in text


class Kept:
    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        self.mails.append(envelope.content)
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_the_first_mail_can_be_pasted_into_a_shell() -> None:
    kept = Kept()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with override_settings(SMTP_ADDRESS=f"127.0.0.1:{controller.port}"):
            command = first_mail("support@devices.example.com")
        done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    finally:
        controller.stop()
    assert (done.returncode, done.stderr) == (0, "")
    mail = message_from_bytes(kept.mails[0])
    assert mail["To"] == "support@devices.example.com"
    assert mail["Subject"] == "My laptop will not start"
    assert "three times" in mail.get_payload()
