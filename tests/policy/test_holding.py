"""What a policy says of requests that are held: by when the desk decides, and of which it hears at once."""

from datetime import datetime, timedelta

import pytest
import yaml

from upheld.clock import zone
from upheld.policy import check, compare, decide_by, difference_sentences, load, pack
from upheld.policy.loading import read_document

NAME = "maintenance-contract"
PACIFIC = zone("America/Los_Angeles")


def changed(**keys: object) -> str:
    """The pack with other keys of its section on entitlement; None leaves one out."""
    data = yaml.safe_load(pack(NAME))
    for key, value in keys.items():
        if value is None:
            data["entitlement"].pop(key, None)
        else:
            data["entitlement"][key] = value
    return yaml.safe_dump(data, sort_keys=False)


def due(text: str, received: str) -> str | None:
    at = decide_by(load(text), datetime.fromisoformat(received).replace(tzinfo=PACIFIC))
    return None if at is None else f"{at.astimezone(PACIFIC):%a %H:%M}"


@pytest.mark.parametrize(
    ("within", "received", "expected"),
    [
        ("1 working hour", "2026-03-16 09:00", "Mon 10:00"),
        ("1 working hour", "2026-03-16 17:00", "Tue 07:00"),
        ("1 working hour", "2026-03-21 22:00", "Mon 07:30"),
        ("90 elapsed minutes", "2026-03-21 22:00", "Sat 23:30"),
        # A business day that ends in closed time is due at the opening of that time of day, not at the evening before.
        ("1 business day", "2026-03-16 09:00", "Tue 09:00"),
        ("1 business day", "2026-03-20 06:30", "Mon 06:30"),
        ("1 business day at close", "2026-03-20 09:00", "Mon 17:30"),
        (None, "2026-03-16 09:00", None),
    ],
)
def test_the_time_counts_from_the_receipt(within: str | None, received: str, expected: str | None) -> None:
    assert due(changed(answer_within=within), received) == expected


def test_the_two_most_urgent_levels_alert_where_nothing_is_said() -> None:
    assert load(changed(alerts_for=None)).hold.alerts_for == ("level_1", "level_2")
    assert load(changed(alerts_for=["level_1"])).hold.alerts_for == ("level_1",)


def test_of_two_levels_none_is_told_apart() -> None:
    document = """
policy: 1
name: two
title: Two levels
zone: Europe/London
calendars: {shop: {hours: {mon-fri: 09:00-17:00}}}
priorities: [{id: high, label: High, meaning: Soon.}, {id: low, label: Low, meaning: Later.}]
default_priority: low
initial_status: open
statuses:
  - {id: open, label: Open, category: open, clocks: all, on_reply: open}
  - {id: closed, label: Closed, category: closed, clocks: none, on_reply: open}
targets: [{id: answer, metric: first_response, within: 8 working hours}]
entitlement: {contract: required, without: hold}
"""
    policy = load(document)
    assert policy.hold.alerts_for == ()
    assert decide_by(policy, datetime(2026, 3, 16, 9, tzinfo=PACIFIC)) is None


@pytest.mark.parametrize(
    ("keys", "code", "path"),
    [
        ({"calendar": "night"}, "unknown-reference", "entitlement.calendar"),
        ({"alerts_for": ["level_9"]}, "unknown-reference", "entitlement.alerts_for"),
        (
            {"answer_within": "2 elapsed hours", "calendar": "office"},
            "useless-calendar",
            "entitlement.calendar",
        ),
        ({"answer_within": "at once"}, None, "entitlement.answer_within"),
        ({"answer_within": "best effort"}, None, "entitlement.answer_within"),
    ],
)
def test_what_is_wrong_is_found(keys: dict[str, object], code: str | None, path: str) -> None:
    problems = check(changed(**keys)).problems
    assert any(path in str(each) and code in (None, each.code) for each in problems), problems


def test_working_time_asks_for_a_calendar_where_there_are_two() -> None:
    data = yaml.safe_load(pack(NAME))
    data["calendars"]["night"] = {"hours": {"mon-fri": "18:00-23:00"}}
    for block in (*data["targets"], *data["escalation"]["ladders"]):
        block.setdefault("calendar", "office")
    problems = check(yaml.safe_dump(data, sort_keys=False)).problems
    assert any(each.code == "needs-calendar" and "entitlement" in str(each) for each in problems)


def test_a_comparison_tells_what_changed() -> None:
    other = changed(answer_within="2 working hours", alerts_for=["level_1"])
    before, after = (read_document(text, "policy.yaml")[1] for text in (pack(NAME), other))
    said = " ".join(difference_sentences(compare(before, after)))
    assert "within 2 working hours now instead of 1." in said
    assert "hears at once" in said


def test_ten_business_days_are_never_due_before_one() -> None:
    start = datetime(2026, 3, 13, 12, tzinfo=PACIFIC)
    one, ten = (
        decide_by(load(changed(answer_within=text)), start) for text in ("1 business day", "10 business days")
    )
    assert one is not None and ten is not None and ten - one >= timedelta(days=11)
