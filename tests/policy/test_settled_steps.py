"""When nothing calls for a step of a ladder any more: answered, done, or no longer meant for such a case."""

from datetime import UTC, datetime, timedelta

import pytest
from small_policies import shop

from upheld.policy import Actor, Event, InForce, SettledStep, evaluate, settled_steps

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
ANSWER = "id: answer, metric: first_response, within: 4 working hours"
LADDER = """roles: [{id: manager, label: Manager}]
escalation:
  ladders:
    - {id: up, until: first_response, when: {priority: [high]}, steps: [{after: at once, tell: [manager], page: true}]}
"""
OPENED = Event(MONDAY, "opened", Actor.customer, {"priority": "high"})
REPLY = Event(
    MONDAY + timedelta(hours=1), "message", Actor.agent, {"direction": "out", "public": True}, seq=1
)
LOWERED = Event(MONDAY + timedelta(hours=2), "priority", Actor.agent, {"to": "normal"}, seq=2)
RAISED = Event(MONDAY + timedelta(hours=3), "priority", Actor.agent, {"to": "high"}, seq=3)


@pytest.mark.parametrize(
    ("told", "story", "hours", "expected"),
    [
        ("it is owed", [OPENED], 1, None),
        ("it was given", [OPENED, REPLY], 1, SettledStep(REPLY.at, is_answered=True)),
        ("not yet given at that time", [OPENED, REPLY], 0.5, None),
        ("it is not meant for such a case", [OPENED, LOWERED], 2, SettledStep(LOWERED.at, is_answered=False)),
        ("it is meant again", [OPENED, LOWERED, RAISED], 3, None),
        (
            "the first that ended it counts",
            [OPENED, REPLY, LOWERED],
            5,
            SettledStep(REPLY.at, is_answered=True),
        ),
    ],
)
def test_since_when_nothing_calls_for_it(
    told: str, story: list[Event], hours: float, expected: SettledStep | None
) -> None:
    policy, at = shop(ANSWER, more=LADDER), MONDAY + timedelta(hours=hours)
    key = next(each.key for each in evaluate(policy, story, at).consequences if each.kind == "escalated")
    assert settled_steps((InForce(policy),), story, at) == {key: expected}, told


def test_before_the_ticket_there_is_nothing() -> None:
    assert settled_steps((InForce(shop(ANSWER, more=LADDER)),), [], MONDAY) == {}
