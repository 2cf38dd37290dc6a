"""Agents in front of their pages. It is Friday 20 March 2026, 16:30 in London, half an hour before closing."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from cast_of_pages import NOW, enter
from django.test import Client

from harness.cast import Cast
from upheld.people.models import Agent


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
def stranger(charlie: Agent, signed_in: Callable[[Agent], Client]) -> Client:
    """Charlie's browser, from another desk."""
    return signed_in(charlie)
