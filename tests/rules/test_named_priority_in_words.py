"""What a mail says of its own urgency: believed where it says so, and not where it denies, asks or supposes it."""

import sys
from collections.abc import Callable

import pytest

from upheld.rules.named_priority import Where, own_words, read_priority

LEVELS = [
    ("urgent", ["urgent", "P1", "system down", "dringend"]),
    ("high", ["priority high"]),
    ("medium", []),
    ("low", ["priority low"]),
]


def named(body: str, subject: str = "The printer") -> str | None:
    found = read_priority(subject, body, LEVELS, "medium")
    return found.priority if found else None


@pytest.mark.parametrize(
    "body",
    [
        "Our system down since nine.",
        "Hello,\n\nthis is URGENT.\n",
        "It is not working. Urgent!",
        "Nothing prints, this is urgent, can you help?",
        "Can you look at this urgent matter?",
        "The mail server: P1.",
        "Es ist wirklich dringend.",
        "the\nwhole system\ndown since nine",
        "Printer not working urgent please",
        "urgent: no network in the whole school",
    ],
)
def test_words_of_the_policy_in_the_body_raise(body: str) -> None:
    assert named(body) == "urgent"


@pytest.mark.parametrize(
    "body",
    [
        "This is not urgent.",
        "It isn't urgent at all.",
        "It isn’t really urgent.",
        "Nothing urgent, take your time.",
        "A non-urgent question.",
        "This is less urgent than the other one.",
        "It is no longer urgent, thank you.",
        "Das ist nicht dringend.",
        "Es ist nicht mehr so dringend.",
        "Urgent: no",
        "Is this urgent? I do not know.",
        "How urgent is it?",
        "If it becomes urgent, I write again.",
        "The insurgents took the urgently needed bus.",
        "We want a new system. Down there is the old one.",
        "",
    ],
)
def test_what_is_denied_asked_or_supposed_raises_nothing(body: str) -> None:
    assert named(body) is None


def test_a_word_in_the_body_never_lowers() -> None:
    assert named("This is priority low, I think.") is None
    assert named("This is priority low, I think.", subject="P1: nothing prints") == "urgent"
    assert named("priority high", subject="Urgent") == "urgent"


def test_the_subject_counts_fully_and_the_body_may_still_raise_it() -> None:
    assert named("When you have time.", subject="Priority low: the printer") == "low"
    assert named("The system down again.", subject="Priority low: the printer") == "urgent"
    assert named("", subject="Not urgent: the printer") is None


def test_what_was_read_and_where_is_told() -> None:
    found = read_priority("The printer", "System  DOWN!", LEVELS, "medium")
    assert found is not None
    assert (found.priority, found.words, found.where) == ("urgent", "system down", Where.body)
    found = read_priority("[Priority: High] The printer", "", LEVELS, "medium")
    assert found is not None
    assert (found.priority, found.words, found.where) == ("high", "priority high", Where.subject)


def test_neither_quoted_lines_nor_a_signature_count() -> None:
    assert named("I agree.\n> this is urgent\n>> P1") is None
    assert named("I agree.\n-- \nUrgent repairs: call us") is None
    assert named("I agree.\n\n-- \n") is None
    assert own_words("I agree.\n--\nAmina").strip() == "I agree."


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert named("word " * 5000 + "urgent") is None


@pytest.mark.parametrize(
    "unit", ["urgent ", "not ", "a, ", "system ", "n't' ", "?! ", "\n", "> urgent\n", "--"]
)
def test_the_work_grows_with_the_text_and_no_faster(unit: str) -> None:
    text = unit * (10_000 // len(unit))
    half, whole = _steps(lambda: named(text[: len(text) // 2])), _steps(lambda: named(text))
    assert whole < 2.5 * half + 200


def _steps(work: Callable[[], object]) -> int:
    """How many lines of Python a piece of work runs through: a figure that no busy machine changes."""
    count = 0

    def trace(*_: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        work()
    finally:
        sys.settrace(before)
    return count
