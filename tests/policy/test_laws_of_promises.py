"""What holds for every kind of promise, story and instant."""

from datetime import timedelta
from itertools import pairwise

from desk_stories import HOUR, Story, london
from hypothesis import given
from hypothesis import strategies as st
from lengths import tries
from small_policies import shop, text
from test_walking_oracle import tell
from walked_policy import TEXT, walked

from upheld.policy import Mode, evaluate, evaluate_under, explain, load, open_clocks, published

ZERO = timedelta(0)
MICROSECOND = timedelta(microseconds=1)
DEEDS = [
    *("answer", "ask", "pause", "resume", "acknowledge"),
    *(
        "to open",
        "to waiting",
        "to researching",
        "to resolved",
        "raise",
        "lower",
        "call",
        "promise",
        "correct",
    ),
    *("merge", "undo merge", "absorb", "part"),
    *("spam", "spam", "not spam"),
]


def tell_more(story, deed, at):
    match deed:
        case "raise":
            story.priority(at, "high")
        case "lower":
            story.priority(at, "low")
        case "call":
            # One that was made earlier is a fact that arrives late: see the tests of corrections.
            story.then(at, "call", stated_at=at, direction="out")
        case "promise":
            story.then(at, "promised", metric="update", due_at=at + 5 * HOUR)
        case "merge":
            story.then(at, "merged", into="T-2")
        case "spam":
            story.then(at, "spam")
        case "not spam":
            story.then(at, "not_spam")
        case "undo merge":
            story.then(at, "merge_undone")
        case "absorb":
            source = evaluate(walked(), Story(at - timedelta(hours=len(story)), priority="high"), at)
            story.then(at, "absorbed", source="T-1", clocks=open_clocks(source))
        case "part":
            story.then(at, "absorption_undone", source="T-1")
        case "correct":
            story.then(at, "corrected", metric="update", cycle=1, verdict="excluded", reason="so")
        case _:
            tell(story, deed, at)


@st.composite
def stories(draw):
    at = london("2026-03-25 07:00") + MICROSECOND * draw(st.integers(0, 86_400_000_000))
    story = Story(at, priority=draw(st.sampled_from(["high", "normal", "low"])), held=draw(st.booleans()))
    for deed in draw(st.lists(st.sampled_from(DEEDS), max_size=9)):
        at += MICROSECOND * draw(st.integers(0, 3 * 86_400_000_000))
        tell_more(story, deed, at)
    if draw(st.booleans()):
        story.then(at + HOUR, "admitted", contract_at_receipt=draw(st.booleans()))
    return story


instants = st.integers(0, 20 * 86_400_000_000).map(
    lambda count: london("2026-03-25 07:00") + MICROSECOND * count
)


@tries(80)
@given(stories(), st.lists(instants, min_size=2, max_size=5))
def test_looking_more_often_and_in_any_order_gives_the_same_verdicts(story, looks):
    last = max(looks)
    final = {each.key: each for each in evaluate(walked(), story, last).consequences}
    for at in looks:
        seen = evaluate(walked(), story, at).consequences
        assert [each for each in final.values() if each.at <= at] == list(seen)


@tries(80)
@given(stories(), instants)
def test_a_later_fact_rewrites_nothing(story, at):
    known = [each for each in story if each.at <= at]
    assert evaluate(walked(), known, at) == evaluate(walked(), story, at)


@tries(80)
@given(stories(), instants)
def test_nothing_changes_by_itself_before_the_instant_of_waking(story, at):
    known = [each for each in story if each.at <= at]
    now = evaluate(walked(), known, at)
    if now.wake_at is None:
        assert evaluate(walked(), known, at + timedelta(days=60)).consequences == now.consequences
        return
    assert now.wake_at > at
    assert evaluate(walked(), known, now.wake_at - MICROSECOND).consequences == now.consequences
    assert len(evaluate(walked(), known, now.wake_at).consequences) > len(now.consequences)


@tries(80)
@given(stories(), instants)
def test_used_and_paused_and_closed_time_are_the_wall_time(story, at):
    now = evaluate(walked(), story, at)
    for ledger, clock in zip(explain(walked(), story, at), now.clocks, strict=True):
        assert (ledger.metric, ledger.cycle, ledger.used) == (clock.metric, clock.cycle, clock.used)
        assert sum((line.counted for line in ledger.lines), ZERO) == ledger.used <= ledger.budget
        assert all(line.start < line.end for line in ledger.lines)
        assert all(one.end == other.start for one, other in pairwise(ledger.lines))
        for line in ledger.lines:
            if line.kind != "carried":
                assert line.counted == (line.end - line.start if line.kind == "ran" else ZERO)
        if ledger.lines:
            wall = ledger.lines[-1].end - ledger.lines[0].start
            apart = dict.fromkeys(("ran", "paused", "closed", "holiday", "after", "carried"), ZERO)
            carried = sum((line.counted for line in ledger.lines if line.kind == "carried"), ZERO)
            for line in ledger.lines:
                apart[line.kind] += line.end - line.start
            assert apart["ran"] + carried == ledger.used and sum(apart.values(), ZERO) == wall
            assert ledger.lines[0].start == ledger.started_at


@tries(80)
@given(stories(), instants)
def test_a_clock_is_in_one_piece(story, at):
    for clock in evaluate(walked(), story, at).clocks:
        assert ZERO <= clock.used <= clock.budget
        assert (clock.verdict is None) == (clock.verdict_at is None)
        assert (clock.due_at is None) == (clock.state == "paused") == (clock.paused_since is not None)
        if clock.verdict == "breached":
            assert clock.used == clock.budget and clock.due_at <= clock.verdict_at <= at
        if clock.verdict == "met":
            assert clock.satisfied_at == clock.verdict_at <= clock.due_at


_UNCONDITIONAL = load(
    text(
        "id: a, metric: first_response, within: 2 business days",
        "id: b, metric: first_response, also: true, within: 30 elapsed hours, note: meant",
        "id: c, metric: resolution, within: 20 working hours",
    )
)


@tries(80)
@given(st.integers(0, 100_000), st.integers(1, 200_000), st.integers(1, 200_000))
def test_a_pause_that_is_added_makes_nothing_due_earlier(start, before, length):
    received = london("2026-03-25 09:00") + timedelta(seconds=start)
    story = Story(received)
    begins = received + timedelta(seconds=before)
    ends = begins + timedelta(seconds=length)
    paused = Story(received).then(begins, "paused", reason="so").then(ends, "resumed")
    plain = {each.metric: each.due_at for each in evaluate(_UNCONDITIONAL, story, ends).clocks}
    for clock in evaluate(_UNCONDITIONAL, paused, ends).clocks:
        assert clock.due_at >= plain[clock.metric]


_THREE = (
    "id: a, metric: first_response, within: 2 business days",
    "id: c, metric: resolution, within: 20 working hours",
    "id: n, metric: next_reply, within: cut-off 12:00",
)


@tries(60)
@given(st.integers(0, 500_000), st.integers(0, 14))
def test_a_date_that_is_closed_makes_nothing_due_earlier(start, day):
    received = london("2026-03-09 07:00") + timedelta(seconds=start)
    closed = (london("2026-03-09 12:00") + timedelta(days=day)).date()
    shut = load(text(*_THREE).replace("days_off: {", f"days_off: {{{closed}: Shut, "))
    story = Story(received).agent_answers(received).customer_writes(received)
    at = received + MICROSECOND
    plain = {each.metric: each.due_at for each in evaluate(shop(*_THREE), story, at).clocks}
    for clock in evaluate(shut, story, at).clocks:
        assert clock.due_at >= plain[clock.metric]


_SHORTER = load(
    TEXT.replace("16 working hours", "9 working hours").replace("2 business days}", "1 business day}")
)


@tries(80)
@given(stories(), instants, instants, st.sampled_from(list(Mode)))
def test_a_publication_rewrites_no_verdict_and_nothing_before_it(story, since, at, mode):
    versions = published(walked(), _SHORTER, since, mode)
    before, after = evaluate(walked(), story, since), evaluate_under(versions, story, max(since, at))
    judged = [each for each in before.consequences if each.at < since]
    assert [each for each in after.consequences if each.at < since] == judged
    assert len({each.key for each in after.consequences}) == len(after.consequences)
