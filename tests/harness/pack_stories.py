"""Stories that nobody would invent, under each of the shipped policies, around the days on which clocks are put forward
and back."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st

from upheld.policy import Actor, Event, Policy, load, pack, packs

# The days before clocks change in London and Berlin, in Los Angeles, and Easter with its holidays.
STARTS = (
    datetime(2026, 3, 27, 15, 50, tzinfo=UTC),
    datetime(2026, 10, 23, 15, 50, tzinfo=UTC),
    datetime(2026, 3, 6, 20, 10, tzinfo=UTC),
    datetime(2026, 10, 30, 20, 10, tzinfo=UTC),
    datetime(2026, 4, 1, 9, 0, tzinfo=UTC),
)
LONGEST = timedelta(days=3)


class Told(NamedTuple):
    """A policy, a story under it, and the instant at which somebody looks."""

    policy: Policy
    story: list[Event]
    at: datetime

    def __repr__(self) -> str:
        told = ", ".join(
            f"{each.at:%Y-%m-%d %H:%M:%S.%f} {each.kind} {dict(each.data)}" for each in self.story
        )
        return f"<{self.policy.name} at {self.at:%Y-%m-%d %H:%M:%S.%f}: {told}>"


@cache
def shipped(name: str) -> Policy:
    """Return a shipped policy, read once."""
    return load(pack(name))


@st.composite
def told_stories(draw, names=None) -> Told:
    """Return stories of a few events each, looked at up to four weeks after the last of them."""
    policy = shipped(draw(st.sampled_from(names or packs())))
    at = draw(st.sampled_from(STARTS)) + draw(_lengths(timedelta(days=2)))
    priority = draw(st.sampled_from([None, *(each.id for each in policy.priorities)]))
    data = {"channel": "email", "priority": priority, "by_staff": draw(st.booleans())}
    story = [Event(at, "opened", Actor.customer, data)]
    for happening in draw(st.lists(_happenings(policy), max_size=6)):
        at += draw(_lengths(LONGEST))
        kind, actor, data = happening
        story.append(Event(at, kind, actor, data, seq=len(story)))
    return Told(policy, story, at + draw(_lengths(timedelta(days=28))))


def _lengths(longest: timedelta) -> st.SearchStrategy[timedelta]:
    seconds = st.integers(0, int(longest.total_seconds())).map(lambda count: timedelta(seconds=count))
    return seconds | st.integers(0, 3_600_000_000).map(lambda count: timedelta(microseconds=count))


def _happenings(policy: Policy) -> st.SearchStrategy[tuple]:
    statuses = st.sampled_from([each.id for each in policy.statuses])
    priorities = st.sampled_from([each.id for each in policy.priorities])
    because = st.sampled_from([None, "the part comes on Friday"])
    return st.one_of(
        st.builds(lambda to, why: ("status", Actor.agent, {"to": to, "reason": why}), statuses, because),
        st.builds(lambda to: ("priority", Actor.agent, {"to": to, "reason": "we know more"}), priorities),
        st.just(("message", Actor.agent, {"direction": "out", "public": True})),
        st.builds(
            lambda again: ("message", Actor.customer, {"direction": "in", "public": True, "reopens": again}),
            st.booleans(),
        ),
        st.just(("note", Actor.agent, {})),
    )
