"""The worked example in the chapter about publishing is true."""

import re
from datetime import datetime
from pathlib import Path

import pytest
from desk_stories import Story, clock, london
from small_policies import text

from upheld.clock import zone
from upheld.policy import Mode, Verdict, evaluate_under, load, published

CHAPTER = Path(__file__).parents[2] / "docs" / "policy" / "publishing.md"
ROW = re.compile(r"^\| `within: ([^`]+)`(?:, and `([^`]+)` under `other_hours`)? \| (.+) \|$", re.MULTILINE)
ROWS = ROW.findall(CHAPTER.read_text(encoding="utf-8"))
NOON = london("12:00")
OLD = load(text("id: answer, metric: first_response, within: 8 working hours"))


def told(mode: Mode, within: str, other_hours: str) -> str:
    """What an evaluation makes of the story, in the words of the table."""
    document = text(f"id: answer, metric: first_response, within: {within}")
    if other_hours:
        document = document.replace("other_hours: {", f"other_hours: {{{other_hours}, ")
    standing = evaluate_under(published(OLD, load(document), NOON, mode), Story("09:00"), london("12:00"))
    answer = clock(standing, "first_response")
    assert isinstance(answer.due_at, datetime)
    words = f"{answer.due_at.astimezone(zone('Europe/London')):%a %H:%M}"
    if answer.verdict is None:
        return words
    assert (answer.verdict, answer.verdict_at) == (Verdict.breached, NOON)
    return f"breached, {words}"


def test_the_chapter_has_its_table() -> None:
    assert len(ROWS) == 5
    assert any(other for _, other, _ in ROWS)


@pytest.mark.parametrize(("within", "other_hours", "cells"), ROWS, ids=[row[0] for row in ROWS])
def test_each_cell_is_what_an_evaluation_gives(within: str, other_hours: str, cells: str) -> None:
    assert [told(mode, within, other_hours) for mode in Mode] == cells.split(" | ")


def test_before_the_new_version_the_answer_is_due_at_five() -> None:
    standing = evaluate_under(published(OLD, OLD, NOON, Mode.pin), Story("09:00"), london("11:00"))
    assert clock(standing, "first_response").due_at == london("17:00")
