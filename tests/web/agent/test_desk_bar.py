"""The bar: everybody sees the places that they can open, and where they are."""

import re
from collections.abc import Callable

import pytest
from cast_of_pages import page
from django.test import Client

from harness.cast import Cast
from upheld.people.models import Agent

PLACES = ["Queue", "Alerts", "Customers", "Held", "Problems", "Watch", "Mail", "Policy", "Reports", "Desk"]


def places(text: str) -> dict[str, str]:
    """The places in the line of the bar, with their addresses."""
    bar = re.search(r'<nav class="in-line".*?</nav>', text, re.S)
    assert bar
    return {
        label: address
        for address, label in re.findall(r'<a href="([^"]+)"[^>]*>.*?<span>([^<]+)</span>', bar[0], re.S)
    }


@pytest.mark.parametrize(
    ("who", "hidden"), [("bob", {"Mail", "Desk"}), ("lena", {"Desk"}), ("ada", set[str]())]
)
def test_each_sees_the_places_that_open_for_them_and_no_other(
    cast: Cast, signed_in: Callable[[Agent], Client], who: str, hidden: set[str]
) -> None:
    client = signed_in(getattr(cast, who))
    shown = places(page(client.get("/tickets/")))
    assert list(shown) == [each for each in PLACES if each not in hidden]
    for label, address in shown.items():
        assert client.get(address, follow=True).status_code == 200, label


def test_what_one_can_begin_is_under_new(cast: Cast, bob: Client) -> None:
    text = page(bob.get("/tickets/"))
    for address in ("/tickets/new/", "/calls/new/"):
        assert f'href="{address}"' in text
        assert bob.get(address).status_code == 200


@pytest.mark.parametrize(
    ("address", "here", "how"),
    [
        ("/tickets/", "Queue", "page"),
        ("/tickets/?list=mine", "Queue", "page"),
        ("/customers/", "Customers", "page"),
        ("/mail/outgoing/", "Mail", "true"),
        ("/policy/school-devices/", "Policy", "true"),
        ("/desk/school-devices/staff/", "Desk", "true"),
    ],
)
def test_the_bar_says_where_one_is(
    cast: Cast, signed_in: Callable[[Agent], Client], address: str, here: str, how: str
) -> None:
    text = page(signed_in(cast.ada).get(address))
    bar = re.search(r'<nav class="in-line".*?</nav>', text, re.S)
    assert bar
    assert re.findall(r'aria-current="(\w+)".*?<span>([^<]+)</span>', bar[0], re.S) == [(how, here)]
    # On a phone the same places are a sheet, which the name of the present one opens.
    assert f'<span class="here">{here}</span>' in text


def test_a_new_ticket_is_no_part_of_the_queue(cast: Cast, bob: Client) -> None:
    text = page(bob.get("/tickets/new/"))
    bar = re.search(r'<nav class="in-line".*?</nav>', text, re.S)
    assert bar and "aria-current" not in bar[0]


def test_customers_and_visitors_see_no_bar_of_agents(cast: Cast) -> None:
    assert "in-line" not in Client().get("/help/school-devices/").content.decode()
