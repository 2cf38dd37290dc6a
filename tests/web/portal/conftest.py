"""Amina on the portal, and a stranger with nothing but an address bar."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from portal_cast import hidden_fields

from harness.cast import Cast, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact, User

NOON = "2026-03-16 12:00"


@pytest.fixture(autouse=True)
def no_memory(db: None) -> Iterator[None]:
    """Limits that another test used up are not ours."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Monday 16 March 2026, 12:00 in London."""
    with time_machine.travel(utc(NOON), tick=False) as traveller:
        yield traveller


@pytest.fixture
def stranger() -> Client:
    """A browser of its own, checked against forgery as real ones are."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def head(cast: Cast) -> Contact:
    """Somebody else who takes part in some tickets."""
    return find_or_add_contact("head@school.example.org", "", cast.desk.created_at)


@pytest.fixture
def signed_in(cast: Cast) -> Client:
    """Amina's browser, signed in."""
    cast.amina.user = User.objects.create_user(cast.amina.address, "correct horse battery", cast.amina.name)
    cast.amina.save(update_fields=["user"])
    client = Client()
    client.force_login(cast.amina.user)
    return client


Fill = Callable[..., dict[str, object]]


@pytest.fixture
def filled() -> Fill:
    """A request as somebody fills it in."""

    def fill(client: Client, **changes: object) -> dict[str, object]:
        page = client.get("/help/school-devices/requests/new/").content.decode()
        typed = {
            "name": "Noor Haddad",
            "email": "Noor@School.example.org",
            "subject": "No sound",
            "text": "There is no sound.",
            "priority": "medium",
            "website": "",
        }
        return hidden_fields(page) | typed | changes

    return fill
