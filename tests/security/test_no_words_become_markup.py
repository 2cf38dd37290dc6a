"""Two ways by which words would have become more than words."""

import pytest

from upheld.mailboxes.outgoing.markdown import to_html
from upheld.web.templatetags.addresses import on_the_web


@pytest.mark.parametrize("styled", [True, False])
def test_what_stands_behind_a_fence_is_no_class(styled: bool) -> None:
    assert to_html("```toast notice\nx\n```", styled=styled) == "<pre><code>x\n</code></pre>\n"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/x",
        "http//x",
        "http://[",
    ],
)
def test_an_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    assert on_the_web(address) == ""


def test_an_address_of_the_web_is_a_link_as_it_is() -> None:
    assert on_the_web("https://status.example.com/4711?a=b#c") == "https://status.example.com/4711?a=b#c"
