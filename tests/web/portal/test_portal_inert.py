"""Hostile words in every field are words on every page, and no page carries a script or style of its own."""

import re

import pytest
from django.test import Client
from portal_cast import HOSTILE, link

from harness.cast import Cast, at
from upheld.tickets.actions import reply
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Ticket


@pytest.fixture
def hostile(signed_in: Client, cast: Cast, noon: object) -> Ticket:
    """One ticket in which everybody's every field is an attack."""
    cast.desk.name, cast.desk.introduction = HOSTILE, HOSTILE
    cast.desk.save()
    cast.amina.name = HOSTILE
    cast.amina.save()
    cast.bob.user.name = HOSTILE
    cast.bob.user.save()
    ticket = cast.writes(
        "2026-03-16 08:00",
        subject=HOSTILE,
        text=HOSTILE,
        quoted_text=HOSTILE,
        files=(NewFile(HOSTILE, HOSTILE, b"x"),),
    )
    reply(
        ticket.pk,
        cast.bob,
        f'{HOSTILE}\n\n[x](javascript:alert(3)) ![y](https://evil.example/p.png)\n\nhttps://x.example/"onclick=alert(4)',
        at("2026-03-16 09:00"),
    )
    return ticket


PAGES = (
    "/help/",
    "/help/school-devices/",
    "/help/school-devices/policy/",
    "/help/school-devices/follow/",
    "/help/school-devices/requests/new/",
    "/requests/",
    "/zone/?next=/requests/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "/accounts/password/change/",
)


def test_hostile_words_are_text_on_every_page(hostile: Ticket, signed_in: Client) -> None:
    for address in (*PAGES, link(hostile), f"/requests/{hostile.number}/"):
        page = signed_in.get(address, follow=True).content.decode()
        assert "alert(1)</script>" not in page, address
        assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", page), address
        assert "<img" not in page, address
        assert 'href="javascript' not in page, address


def test_no_page_has_scripts_or_styles_of_its_own(
    hostile: Ticket, signed_in: Client, stranger: Client
) -> None:
    addresses = (
        *PAGES,
        link(hostile),
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/password/reset/",
    )
    for client in (signed_in, stranger):
        for address in addresses:
            page = client.get(address, follow=True).content.decode()
            assert "<style" not in page, address
            assert not re.search(r"<[a-z][^>]*\sstyle=", page.replace("style=x", "")), address
            assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page)), address
            assert not re.search(r'(?:src|action)="(?:https?:)?//', page), address


def test_foreign_words_are_out_of_reach_of_htmx(hostile: Ticket, signed_in: Client) -> None:
    page = signed_in.get(link(hostile)).content.decode()
    assert '<ol class="turns" hx-disable>' in page
