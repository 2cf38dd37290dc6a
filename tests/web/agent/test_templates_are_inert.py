"""No template holds a script or a style of its own: the content policy would refuse it, and rightly."""

import re
from pathlib import Path

import pytest

import upheld.web

TEMPLATES = Path(upheld.web.__file__).parent / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if "email" not in path.parts)
# Written to a file by a command and served by nobody: it carries its own stylesheet, and no word of a stranger.
A_FILE = "portal/policy/file.html"
FILTERED_TRIGGER = r'hx-trigger="(?:[^"]*,)?\s*[a-z:]+(?: \w+)?\['


@pytest.mark.parametrize("template", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_inline_script_or_style(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "script without a file"
    assert str(template.relative_to(TEMPLATES)) == A_FILE or not re.search(r"<style\b", text)
    assert not re.search(r"\sstyle\s*=", text)
    assert not re.search(r"\son[a-z]+\s*=", text), "an event handler"
    assert not re.search(r"hx-on|hx-vals='js:|javascript:", text)
    assert not re.search(FILTERED_TRIGGER, text), "a filter on a trigger needs eval"


@pytest.mark.parametrize("template", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_formats_a_date_or_trusts_a_string(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\|\s*(date|time|timesince|timeuntil)\b", text), (
        "dates are put into words in Python"
    )
    if str(template.relative_to(TEMPLATES)) == A_FILE:
        assert re.findall(r"\{\{[^}]*\|\s*safe\b", text) == ["{{ styles|safe"]
    elif template.name != "foreign.html":
        assert not re.search(r"\|\s*safe\b|autoescape off", text)


def test_every_form_that_posts_carries_a_token() -> None:
    for template in PAGES:
        for form in re.findall(r'<form[^>]*method="post".*?</form>', template.read_text(), re.S):
            assert "{% csrf_token %}" in form, template
