"""The examples in the chapter about time are true."""

import re
from pathlib import Path

import pytest
from small_policies import text

from upheld.policy import check, pack

CHAPTER = Path(__file__).parents[2] / "docs" / "policy" / "time.md"


def examples():
    """Return (targets, example): an example is about the targets shown before it in its section, else the school's."""
    found = []
    for section in CHAPTER.read_text(encoding="utf-8").split("\n## "):
        targets = None
        for kind, block in re.findall(r"```(targets|example)\n(.*?)```", section, re.DOTALL):
            if kind == "targets":
                targets = tuple(line.strip("{}") for line in block.splitlines())
            else:
                found.append((targets, block))
    return found


EXAMPLES = examples()


def checked(targets, example):
    document = pack("school-devices") if targets is None else text(*targets) + "examples:"
    indented = "\n".join("    " + line if line else line for line in example.splitlines())
    return check(document + "\n  - name: from the chapter\n" + indented + "\n")


def test_the_chapter_has_examples():
    assert len(EXAMPLES) >= 18
    assert sum(targets is None for targets, _ in EXAMPLES) >= 9


@pytest.mark.parametrize(("targets", "example"), EXAMPLES)
def test_an_example_of_the_chapter_holds(targets, example):
    report = checked(targets, example)
    assert report.ok, [problem.message for problem in report.problems]


def test_a_wrong_example_would_be_noticed():
    targets, example = EXAMPLES[0]
    assert not checked(targets, example.replace("13:50", "13:20")).ok
