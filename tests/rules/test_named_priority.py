"""A request names its priority in the words of the policy, or not at all."""

import pytest

from upheld.rules.named_priority import named_priority

PRIORITIES = [
    ("urgent", ["safeguarding", "priority urgent"]),
    ("high", ["priority high", "high priority"]),
    ("medium", []),
    ("low", ["priority low", ""]),
]


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("Priority: high - projector dead", "high"),
        ("[HIGH PRIORITY] projector dead", "high"),
        ("priority_high", "high"),
        ("A safeguarding concern", "urgent"),
        ("High priority, safeguarding", "urgent"),
        ("Priority low: a question", "low"),
        ("The highest priority highway", None),
        ("Projector in the high hall", None),
        ("", None),
        ("!!!", None),
        ("x" * 2000 + " safeguarding", None),
    ],
)
def test_only_whole_words_of_the_policy_name_a_priority(subject: str, named: str | None) -> None:
    assert named_priority(subject, PRIORITIES) == named
