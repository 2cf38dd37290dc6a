"""The customer's path has a clock of its own: whom they turn to answers in time, or it is known that nobody did."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_policies import shop, text

from upheld.policy import Actor, Event, InForce, complaints_under, evaluate, load
from upheld.policy.problems import PolicyError

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANSWER = "id: answer, metric: first_response, within: 40 working hours"
OUT, IN = {"direction": "out", "public": True}, {"direction": "in", "public": True}


def path(*levels):
    listed = ", ".join(f"{{{each}}}" for each in levels)
    return (
        "roles: [{id: manager, label: Manager}, {id: boss, label: Boss}]\n"
        f"escalation: {{customer_path: [{listed}]}}\n"
    )


def policy(manager="reply_within: 4 working hours", boss="reply_within: 1 business day"):
    return shop(ANSWER, more=path(f"role: manager, {manager}", f"role: boss, {boss}"))


def opened():
    return Event(MONDAY, "opened", Actor.customer, {"priority": "high"})


def turns(hours, role="manager", seq=1, actor=Actor.customer):
    return Event(MONDAY + hours * HOUR, "complaint", actor, {"role": role}, seq=seq)


def says(hours, seq, kind="message", actor=Actor.agent, **data):
    return Event(MONDAY + hours * HOUR, kind, actor, data or OUT, seq=seq)


def missed(found, story, hours):
    standing = evaluate(found, story, MONDAY + hours * HOUR)
    return [
        (each.data["role"], (each.at - MONDAY) / HOUR)
        for each in standing.consequences
        if each.kind == "complaint_missed"
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ([], [("manager", 5.0)]),
        ([says(2, 2)], []),
        ([says(5, 2)], []),
        ([says(5.01, 2)], [("manager", 5.0)]),
        ([says(2, 2, kind="call", direction="out")], []),
        ([says(2, 2, actor=Actor.assistant)], [("manager", 5.0)]),
        ([says(2, 2, actor=Actor.system)], [("manager", 5.0)]),
        ([says(2, 2, direction="out", public=False)], [("manager", 5.0)]),
        ([says(2, 2, actor=Actor.customer, **IN)], [("manager", 5.0)]),
        ([says(2, 2, kind="status", to="resolved")], [("manager", 5.0)]),
        ([says(2, 2, kind="status", to="waiting")], [("manager", 5.0)]),
        ([says(2, 2, kind="merged", into="SHP-2")], []),
        ([says(2, 2, kind="merged", into="SHP-2"), says(3, 3, kind="merge_undone")], [("manager", 5.0)]),
    ],
    ids=[
        "silence",
        "an answer",
        "an answer at the very instant",
        "an answer too late",
        "a call",
        "what an assistant wrote",
        "what the system wrote",
        "a note",
        "the customer again",
        "resolved without a word",
        "waiting for the customer",
        "part of another ticket",
        "part of another ticket for a while",
    ],
)
def test_a_person_of_the_desk_speaks_to_the_customer_or_nobody_did(more, expected):
    assert missed(policy(), [opened(), turns(1), *more], 30) == expected


def test_what_was_said_before_does_not_answer_what_is_complained_of_after():
    assert missed(policy(), [opened(), says(0.5, 1), turns(1, seq=2)], 30) == [("manager", 5.0)]


def test_a_call_that_was_made_before_and_entered_after_is_no_answer():
    stated = (MONDAY + 0.9 * HOUR).isoformat()
    story = [opened(), turns(1), says(1.1, 2, kind="call", direction="out", stated_at=stated)]
    assert missed(policy(), story, 30) == [("manager", 5.0)]


def test_each_level_has_its_own_time_and_one_answer_is_enough_for_both():
    story = [opened(), turns(1), turns(2, "boss", seq=2)]
    assert missed(policy(), story, 40) == [("manager", 5.0), ("boss", 26.0)]
    assert missed(policy(), [*story, says(3, 3)], 40) == []


def test_the_desk_wakes_when_an_answer_is_due_and_the_other_clocks_know_nothing_of_it():
    story = [opened(), turns(1)]
    asked, plain = evaluate(policy(), story, MONDAY + HOUR), evaluate(policy(), story[:1], MONDAY + HOUR)
    assert asked.wake_at == MONDAY + 5 * HOUR
    assert asked.clocks == plain.clocks and asked.next_due_at == plain.next_due_at


def test_where_no_time_is_promised_nothing_is_missed():
    found = policy(manager="meaning: Ask here first.")
    story = [opened(), turns(1)]
    assert missed(found, story, 300) == []
    assert complaints_under((InForce(found),), story, MONDAY + HOUR)[0].due_at is None


def test_working_time_on_a_path_needs_a_calendar():
    more = "calendars: {a: {hours: {mon-fri: 09:00-17:00}}, b: {hours: {mon-fri: 09:00-17:00}}}\n" + path(
        "role: manager, reply_within: 4 working hours"
    )
    document = text(f"{ANSWER}, calendar: a", more=more)
    first, second = document.index("calendars:"), document.index("priorities:")
    with pytest.raises(PolicyError, match="working time needs a calendar"):
        load(document[:first] + document[second:])


EVENTS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["manager", "boss", "answer", "note", "call", "customer"])),
    max_size=8,
)


@given(EVENTS, st.integers(0, 40))
def test_whatever_happens_it_agrees_with_a_list_read_by_hand(events, look):
    found = policy(manager="reply_within: 3 elapsed hours", boss="reply_within: 7 elapsed hours")
    events = sorted(events, key=lambda each: each[0])
    facts = [_fact(hour, what, seq) for seq, (hour, what) in enumerate(events, start=1)]
    expected = set()
    for place, (hour, what) in enumerate(events):
        if what in ("manager", "boss"):
            due = hour + (3 if what == "manager" else 7)
            answers = [at for at, said in events[place + 1 :] if said in ("answer", "call")]
            if due <= look and not any(at <= due for at in answers):
                expected.add((f"complaint_missed:{place + 1}", MONDAY + due * HOUR))
    standing = evaluate(found, [opened(), *facts], MONDAY + look * HOUR)
    told = {(each.key, each.at) for each in standing.consequences if each.kind == "complaint_missed"}
    assert told == expected
    later = evaluate(found, [opened(), *facts], MONDAY + 60 * HOUR)
    assert {key for key, _ in told} <= {each.key for each in later.consequences}


def _fact(hour, what, seq):
    match what:
        case "manager" | "boss":
            return turns(hour, what, seq=seq)
        case "answer":
            return says(hour, seq)
        case "call":
            return says(hour, seq, kind="call", direction="out")
        case "note":
            return says(hour, seq, kind="note", text="hm")
    return says(hour, seq, actor=Actor.customer, **IN)
