"""Evaluation against a desk that looks at every ticket every minute."""

from datetime import timedelta

from desk_stories import school
from hypothesis import given, settings
from made_up_stories import happenings, instants, stories
from slow_desk import MINUTE, SlowDesk

from upheld.policy import Metric, evaluate

HOUR = timedelta(hours=1)
BUDGETS = {
    "urgent": {"response": 2 * HOUR, "resolution": 16 * HOUR},
    "high": {"response": 16 * HOUR, "resolution": 40 * HOUR},
    "medium": {"response": 24 * HOUR, "resolution": 80 * HOUR},
    "low": {"response": 40 * HOUR, "resolution": 120 * HOUR},
}


@settings(max_examples=60, deadline=None)
@given(stories(happenings, MINUTE, timedelta(days=4)), instants(timedelta(days=25), MINUTE))
def test_evaluation_agrees_with_a_desk_that_looks_every_minute(story, at):
    slow = SlowDesk(story, BUDGETS[story[0].data["priority"] or "medium"], at)
    now = evaluate(school(), story, at)
    assert now.status == slow.status
    for name, metric in (("response", Metric.first_response), ("resolution", Metric.resolution)):
        clocks = [each for each in now.clocks if each.metric is metric]
        assert [[each.verdict, each.verdict_at] for each in clocks] == slow.results[name]
        if clocks and clocks[-1].verdict is None:
            assert clocks[-1].used == slow.used[name]
