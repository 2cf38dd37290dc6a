"""The post of the desk."""

import pytest

from harness.cast import Cast
from mailboxes.incoming.desk_mail import Post


@pytest.fixture
def post(cast: Cast) -> Post:
    """The desk's post."""
    return Post(cast)
