"""Fixtures for mail that leaves."""

import pytest
from harbour_office import Office, open_office


@pytest.fixture
def office(db) -> Office:
    """Harbour Support, with Alice's ticket."""
    return open_office()
