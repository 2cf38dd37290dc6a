"""The examples in the chapter about time are true."""

import re
from pathlib import Path

import pytest

from upheld.policy import check, pack

CHAPTER = Path(__file__).parents[2] / "docs" / "policy" / "time.md"
EXAMPLES = re.findall(r"```example\n(.*?)```", CHAPTER.read_text(encoding="utf-8"), re.DOTALL)


def test_the_chapter_has_examples():
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_chapter_holds(example):
    indented = "\n".join("    " + line if line else line for line in example.splitlines())
    text = pack("school-devices") + "\n  - name: from the chapter\n" + indented + "\n"
    report = check(text)
    assert report.ok, [problem.message for problem in report.problems]


def test_a_wrong_example_would_be_noticed():
    wrong = EXAMPLES[0].replace("13:50", "13:20")
    indented = "\n".join("    " + line for line in wrong.splitlines())
    assert not check(pack("school-devices") + "\n  - name: wrong\n" + indented + "\n").ok
