"""Stories that nobody would invent, for laws and oracles."""

from datetime import timedelta

from desk_stories import Story, london, school
from hypothesis import strategies as st

START = "2026-03-25 08:00"
STATUSES = [status.id for status in school().statuses]
PRIORITIES = [priority.id for priority in school().priorities]

happenings = st.one_of(
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
    st.tuples(st.just("answer"), st.none()),
    st.tuples(st.just("write"), st.booleans()),
    st.tuples(st.just("note"), st.none()),
)
with_priorities = happenings | st.tuples(st.just("priority"), st.sampled_from(PRIORITIES))


def _told(story, happening, at):
    kind, detail = happening
    if kind == "answer":
        story.agent_answers(at)
    elif kind == "write":
        story.customer_writes(at, reopens=detail)
    elif kind == "note":
        story.then(at, "note")
    else:
        story.then(at, kind, to=detail, reason="because")


@st.composite
def stories(draw, what=with_priorities, unit=timedelta(microseconds=1), longest=timedelta(days=5)):
    story = Story(START, priority=draw(st.sampled_from([None, *PRIORITIES])), by_staff=draw(st.booleans()))
    at = london(START)
    for happening in draw(st.lists(what, max_size=8)):
        at += unit * draw(st.integers(0, longest // unit))
        _told(story, happening, at)
    return story


def instants(longest=timedelta(days=40), unit=timedelta(microseconds=1)):
    return st.integers(0, longest // unit).map(lambda count: london(START) + unit * count)
