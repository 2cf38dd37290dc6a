"""Agents in front of their pages. It is Friday 20 March 2026, 16:30 in London, half an hour before closing."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from cast_of_pages import NOW, enter
from django.test import Client

from harness.cast import Cast
from upheld.desks.actions import create_desk, publish_policy
from upheld.people.actions import add_agent
from upheld.people.models import Agent
from upheld.policy import pack
from upheld.rules.permissions import Role


@pytest.fixture(autouse=True)
def friday_afternoon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def signed_in(cast: Cast) -> Callable[[Agent], Client]:
    return lambda agent: enter(agent.user)


@pytest.fixture
def bob(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """Bob's browser."""
    return signed_in(cast.bob)


@pytest.fixture
def charlie(cast: Cast) -> Client:
    """The browser of an agent of another desk."""
    desk = create_desk(
        slug="other",
        name="Another Desk",
        prefix="OTH",
        zone="Europe/Berlin",
        address="help@other.example.com",
        by="tests",
        now=NOW,
    )
    publish_policy(desk, pack("school-devices"), now=NOW, by="tests")
    agent = add_agent(
        desk,
        address="charlie@other.example.com",
        name="Charlie",
        role=Role.administrator,
        by="tests",
        now=NOW,
    )
    return enter(agent.user)
