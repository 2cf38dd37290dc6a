"""A stranger's HTML costs its reader a moment at most, however it is nested."""

import pytest

from upheld.mailboxes.parsing import limits
from upheld.web.foreign_html import MOST_MARKS, TOO_COMPLEX, clean

NESTED = ("<ul><li>", "<div>", "<b><p>", "<blockquote>", "<table><tr><td>", "<a href=http://x>")


@pytest.mark.parametrize("tag", NESTED)
def test_what_would_cost_minutes_is_not_formatted_at_all(tag: str) -> None:
    assert clean((tag * limits.HTML)[: limits.HTML]) == TOO_COMPLEX


def test_a_long_newsletter_is_still_formatted() -> None:
    newsletter = "<p>Dear reader, <b>this</b> is news.</p>" * (MOST_MARKS // 5)
    assert clean(newsletter).count("<b>this</b>") == MOST_MARKS // 5
