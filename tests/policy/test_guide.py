"""The guide from an empty file to a published policy: every block of it goes into one document, step by step."""

import re
from pathlib import Path

import pytest

from upheld.policy import check

GUIDE = Path(__file__).parents[2] / "docs" / "policy" / "guide.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def documents() -> list[str]:
    """Return the document after each step: a key that is written again takes the place of what it said before."""
    keys: dict[str, str] = {}
    texts = []
    for block in BLOCKS:
        for part in re.split(r"^(?=[a-z])", block, flags=re.MULTILINE):
            if part.strip():
                keys[part.partition(":")[0]] = part.rstrip() + "\n"
        texts.append("".join(keys.values()))
    return texts


@pytest.mark.parametrize("step", range(len(BLOCKS)))
def test_after_each_step_the_document_could_be_published(step: int) -> None:
    report = check(documents()[step], "bikes.yaml")
    assert [problem.describe("bikes.yaml") for problem in report.problems] == []


def test_the_finished_document_leaves_no_finding_open() -> None:
    report = check(documents()[-1], "bikes.yaml")
    assert report.examples_run == 6
    assert [finding.describe("bikes.yaml") for finding in report.findings] == []


def test_the_examples_of_the_guide_can_fail() -> None:
    broken = documents()[-1].replace("within: cut-off 12:00", "within: cut-off 11:00")
    assert not check(broken, "bikes.yaml").ok
