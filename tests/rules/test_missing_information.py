"""What a new request lacks: a table, worked out by hand from the words of the rule."""

import pytest

from upheld.rules.missing_information import Item, Said, asked, missing, waiting_clocks

SITE = Item("site")
SERVER = Item("server", products=["tracking"])
STEPS = Item("steps", request_types=["bug"])
SUMMARY = Item("summary", where="subject")
DESCRIPTION = Item("description")
CASE_NUMBER = Item("case_number", where="subject")
OTHERS = Item("others", optional=True)
ALL = [SITE, SERVER, STEPS, SUMMARY, DESCRIPTION, CASE_NUMBER, OTHERS]


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        (Said(), ["site", "summary", "description"]),
        (Said(subject="No sound", text="There is none."), ["site"]),
        (Said(subject=" \t", text="\n"), ["site", "summary", "description"]),
        (Said(subject="a", text="b", product="tracking"), ["site", "server"]),
        (Said(subject="a", text="b", product="another"), ["site"]),
        (Said(subject="a", text="b", request_type="bug"), ["site", "steps"]),
        (Said(subject="a", text="b", given={"site": "Oslo"}), []),
        (Said(subject="a", text="b", given={"site": "  "}), ["site"]),
        (Said(subject="a", text="b", site={"site": "Oslo"}), []),
        (Said(subject="a", text="b", product="tracking", site={"server": "db"}), ["site"]),
        (Said(text="b", given={"summary": "No sound"}, site={"site": "Oslo"}), []),
        (Said(subject="a", text="b", given={"unknown": "x"}), ["site"]),
    ],
)
def test_what_is_missing(said: Said, lacking: list[str]) -> None:
    assert missing(ALL, said) == lacking


def test_a_policy_that_asks_for_nothing_misses_nothing() -> None:
    assert missing([], Said()) == []


def test_what_concerns_a_request_is_asked_in_the_order_of_the_policy() -> None:
    assert [each.id for each in asked(ALL, "tracking", "bug")] == [
        "site",
        "server",
        "steps",
        "summary",
        "description",
        "others",
    ]


def test_subject_and_text_have_their_fields_anyway() -> None:
    assert [each.id for each in ALL if each.has_field] == ["site", "server", "steps", "others"]


@pytest.mark.parametrize(
    ("pauses", "never_for", "priority", "waiting"),
    [
        (["resolution"], [], "low", ["resolution"]),
        (["resolution", "update"], ["urgent"], "low", ["resolution", "update"]),
        (["resolution"], ["urgent"], "urgent", []),
        (["first_response", "next_reply", "resolution"], [], "low", ["resolution"]),
        ([], [], "low", []),
    ],
)
def test_responses_and_urgent_requests_never_wait(
    pauses: list[str], never_for: list[str], priority: str, waiting: list[str]
) -> None:
    assert waiting_clocks(pauses, never_for, priority) == waiting
