"""What holds for every story and instant."""

from datetime import timedelta
from itertools import pairwise

from desk_stories import replying_school
from hypothesis import given, settings
from made_up_stories import instants, stories

from upheld.policy import Event, Standing, evaluate, explain

ZERO = timedelta(0)
laws = settings(max_examples=100, deadline=None)


def at_instant(story, at):
    return evaluate(replying_school(), story, at)


@laws
@given(stories(), instants(), instants())
def test_a_later_look_never_rewrites_what_has_happened(story, one, other):
    """The later look has every earlier consequence, unchanged, and nothing new before the earlier instant."""
    one, other = sorted((one, other))
    earlier, later = at_instant(story, one), at_instant(story, other)
    assert list(earlier.consequences) == [each for each in later.consequences if each.at <= one]
    assert len({each.key for each in later.consequences}) == len(later.consequences)


@laws
@given(stories(), instants())
def test_a_fact_that_comes_later_never_rewrites_what_has_happened(story, at):
    known = [each for each in story if each.at <= at]
    assert at_instant(known, at) == at_instant(story, at)


@laws
@given(stories(), instants())
def test_nothing_changes_by_itself_before_the_instant_of_waking(story, at):
    now = at_instant(story, at)
    known = [each for each in story if each.at <= at]
    if now.wake_at is None:
        far = at_instant(known, at + timedelta(days=400))
        assert far.consequences == now.consequences
        return
    assert now.wake_at > at
    before = at_instant(known, now.wake_at - timedelta(microseconds=1))
    assert before.consequences == now.consequences
    assert len(at_instant(known, now.wake_at).consequences) > len(now.consequences)


@laws
@given(stories(), instants())
def test_the_order_in_which_a_story_is_stored_does_not_matter(story, at):
    assert at_instant(list(reversed(story)), at) == at_instant(story, at)


@laws
@given(stories(), instants())
def test_consequences_put_back_into_the_story_change_nothing(story, at):
    now = at_instant(story, at)
    recorded = [
        Event(each.at, "status", story[0].actor, {"to": "closed"}, seq=100 + number, consequence=True)
        for number, each in enumerate(now.consequences)
    ]
    assert at_instant([*story, *recorded], at) == now


@laws
@given(stories(), instants())
def test_a_standing_survives_json(story, at):
    now = at_instant(story, at)
    assert Standing.from_json(now.to_json()) == now


@laws
@given(stories(), instants())
def test_ledger_lines_tile_the_time_and_sum_to_what_was_used(story, at):
    now = at_instant(story, at)
    ledgers = explain(replying_school(), story, at)
    assert len(ledgers) == len(now.clocks)
    for ledger, clock in zip(ledgers, now.clocks, strict=True):
        assert (ledger.metric, ledger.cycle, ledger.due_at) == (clock.metric, clock.cycle, clock.due_at)
        assert sum((line.counted for line in ledger.lines), ZERO) == ledger.used == clock.used
        assert all(line.start < line.end for line in ledger.lines)
        assert all(one.end == other.start for one, other in pairwise(ledger.lines))
        assert all(
            line.counted == (line.end - line.start if line.kind == "ran" else ZERO) for line in ledger.lines
        )
        if ledger.lines:
            assert ledger.lines[0].start == ledger.started_at
            assert ledger.lines[-1].end <= at


@laws
@given(stories(), instants())
def test_a_clock_is_in_one_piece(story, at):
    for clock in at_instant(story, at).clocks:
        assert ZERO <= clock.used <= clock.budget
        assert (clock.verdict is None) == (clock.verdict_at is None)
        assert (clock.due_at is None) == (clock.state == "paused") == (clock.paused_since is not None)
        if clock.verdict == "breached":
            assert clock.used == clock.budget and clock.due_at <= clock.verdict_at <= at
        if clock.verdict == "met":
            assert clock.satisfied_at == clock.verdict_at <= clock.due_at
