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


@pytest.mark.parametrize(
    "markup",
    [
        "&" * limits.HTML,
        "&amp;" * (limits.HTML // 5),
        "<a " + " ".join(f"a{number}" for number in range(200_000)) + ">",
        "<a " + "/".join(f"a{number}" for number in range(200_000)) + ">",
        "<a" + 'a="b"' * 300_000 + ">",
        '<title><a x="</title><b y=">" ' + " ".join(f"a{number}" for number in range(200_000)) + ">",
        '<b x="<" ' + " ".join(f'a{number}="<"' for number in range(100_000)) + ">",
    ],
    ids=["ampersands", "names", "attributes", "slashes", "no spaces", "behind a title", "with brackets"],
)
def test_characters_by_name_and_attributes_cost_no_minutes_either(markup: str) -> None:
    assert clean(markup) == TOO_COMPLEX


def test_a_long_page_with_large_pictures_is_still_formatted() -> None:
    picture = f'<img src="data:image/png;base64,{"ab/" * 200_000}">'
    text = "<p style='color: red; margin: 0 auto'>Dear “reader”, it's <b>news</b>.</p>\n" * 2_000
    assert clean(picture + text).count("<b>news</b>") == 2_000
