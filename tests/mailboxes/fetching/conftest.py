"""The desk's accounts at another mail server."""

from pathlib import Path

import pytest

from harness.cast import Cast
from harness.dovecot import Dovecot, Somebody
from mailboxes.fetching.accounts import Post
from upheld.mailboxes.fetching import tokens


@pytest.fixture
def post(cast: Cast, dovecot: Dovecot, trusted: Path) -> Post:
    """The desk's accounts."""
    tokens._held.clear()
    return Post(cast, dovecot)


@pytest.fixture
def account(dovecot: Dovecot) -> Somebody:
    """An empty account on the server."""
    return dovecot.somebody()
