"""What another policy would have made of past stories."""

import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add

import pytest
from desk_stories import Story, london
from hypothesis import given
from hypothesis import strategies as st
from lengths import tries
from made_up_stories import instants, stories
from simulated_policies import QUICK, SLOW, quick, slow, text
from small_policies import shop

from upheld.clock import zone
from upheld.policy import (
    Actor,
    Consequence,
    Event,
    InForce,
    Mode,
    evaluate,
    evaluate_under,
    load,
    story_json,
)
from upheld.policy.simulation import (
    Line,
    PastStory,
    Renames,
    Tally,
    Unread,
    compare,
    figures_of,
    past_story,
    report,
    simulate,
    tell,
)

many_stories = st.lists(stories(longest=timedelta(days=3)), max_size=4)
looked_at = st.none() | instants()
LONDON = zone("Europe/London")


def past(*told):
    return [PastStory(place, f"T-{place}", tuple(story)) for place, story in enumerate(told, start=1)]


def simulated(policy, against, *told, at=None, **more):
    at = london(at) if isinstance(at, str) else at
    return simulate(policy, against, past(*told), at, **more)


def sentences(policy, against, story, at, **more):
    """Return what is told of a story about which two policies, called new and old, differ."""
    tally = simulated(policy, against, story, at=at)
    assert tally.differing == 1, tally
    return tell(policy, against, tally.largest[0], ("new", "old"), **more).sentences


# Laws


@tries(80)
@given(many_stories, looked_at, st.sampled_from([quick, slow]))
def test_a_policy_does_not_differ_from_itself(told, at, desk):
    twin = load(text(QUICK)) if desk is quick else desk()
    tally = simulated(desk(), twin, *told, at=at)
    assert tally.differing == 0 and tally.largest == () and not tally.changed
    assert tally.policy == tally.against


def recounted(policy, told, at):
    """Count what `evaluate` gives, in the plainest way."""
    verdicts, follow, steps, alerts = Counter(), Counter(), Counter(), [0] * 24
    for story in told:
        instant = at or max(event.at for event in story)
        if instant < story[0].at:
            continue
        standing = evaluate(policy, story, instant)
        verdicts.update((c.metric.value, standing.priority, "open") for c in standing.clocks if not c.verdict)
        for each in standing.consequences:
            data, hour = each.data, each.at.astimezone(LONDON).hour
            if each.kind == "verdict":
                verdicts[data["metric"], standing.priority, data["verdict"]] += 1
                alerts[hour] += data["verdict"] == "breached" and data["cause"] != "reclassified"
                continue
            follow[each.kind] += 1
            if each.kind == "escalated":
                steps[data["ladder"], data["step"]] += 1
            alerts[hour] += each.kind in ("warned", "escalated") or data.get("audience") == "agent"
    return verdicts, follow, steps, alerts


@tries(80)
@given(many_stories, looked_at)
def test_the_figures_are_the_sum_of_the_standings(told, at):
    tally = simulated(quick(), slow(), *told, at=at)
    for figures, policy in ((tally.policy, quick()), (tally.against, slow())):
        verdicts, follow, steps, alerts = recounted(policy, told, at)
        assert figures.verdicts == verdicts
        assert Counter(kind for kind, _ in figures.consequences.elements()) == follow
        assert (figures.steps, list(figures.alerts)) == (steps, alerts)
    assert tally.seen == len(told) and tally.unread == 0


@tries(50)
@given(st.lists(stories(longest=timedelta(days=3)), max_size=6), st.integers(0, 3), st.randoms())
def test_parts_add_up_to_the_whole_in_whatever_order(told, keep, chance):
    everything = [*past(*told), Unread(90, "", "odd", (("status", "x"),)), Unread(91, "", "bad")]
    whole = simulate(quick(), slow(), everything, keep=keep)
    chance.shuffle(everything)
    parts = [simulate(quick(), slow(), [each], keep=keep) for each in everything]
    while len(parts) > 1:
        parts.append(parts.pop(chance.randrange(len(parts))) + parts.pop(chance.randrange(len(parts))))
    assert parts[0] == whole
    assert whole + Tally(keep=keep) == whole


@tries(80)
@given(many_stories, looked_at)
def test_the_verdicts_that_changed_account_for_the_difference_of_the_figures(told, at):
    tally = simulated(quick(), slow(), *told, at=at)
    difference: Counter = Counter()
    for sign, figures in ((1, tally.policy), (-1, tally.against)):
        for (metric, _, verdict), count in figures.verdicts.items():
            if metric != "update":
                difference[metric, verdict] += sign * count
    for (metric, before, now), count in tally.changed.items():
        difference[metric, now] -= count
        difference[metric, before] += count
    assert {key for key, count in difference.items() if count and key[1] != "no clock"} == set()


@tries(80)
@given(stories(longest=timedelta(days=3)), looked_at, st.booleans())
def test_whatever_differs_can_be_told(story, at, turned):
    policy, against = (slow(), quick()) if turned else (quick(), slow())
    tally = simulated(policy, against, story, at=at)
    for differing in tally.largest:
        told = tell(policy, against, differing, ("new", "old"))
        assert told.sentences and all(each.endswith(".") for each in told.sentences)
        assert json.loads(json.dumps(report(tally, policy, ("new", "old"), [told], at=at, is_complete=True)))
    assert bool(tally.largest) == bool(tally.differing)


@tries(60)
@given(many_stories, st.randoms())
def test_the_largest_differences_are_those_of_the_whole_list(told, chance):
    sizes = []
    for each in past(*told):
        standings = [
            evaluate(policy, each.events, max(e.at for e in each.events)) for policy in (quick(), slow())
        ]
        difference = compare(*standings, Renames())
        if difference is not None:
            sizes.append((tuple(-part for part in difference.size), each.place))
    tally = simulated(quick(), slow(), *told, keep=2)
    assert [(each.order, each.place) for each in tally.largest] == sorted(sizes)[:2]


# Why a ticket differs


def test_a_shorter_target_is_told_with_both_dues_clauses_and_verdicts():
    new, old = (
        shop("id: soon, metric: first_response, within: 4 working hours"),
        shop("id: answer, metric: first_response, within: 8 working hours"),
    )
    first, *more = sentences(new, old, Story("09:00").agent_answers("15:30"), None)
    assert first == (
        "First response: under new it was due Monday 16 March 2026 13:00 GMT, by soon (4 working hours: “First "
        "response within 4 working hours”), and is breached, answered Monday 16 March 2026 15:30 GMT; under old it "
        "was due Monday 16 March 2026 17:00 GMT, by answer (8 working hours: “First response within 8 working "
        "hours”), and is met."
    )
    # At 15:00 six of eight hours had passed, so both had warned.
    assert more == ["At other times: warnings."]


def test_where_the_promise_is_the_same_it_is_told_where_the_clocks_part():
    new, old = load(text(QUICK, days_off="2026-03-17: Desk day")), load(text(QUICK, days_off=""))
    told = sentences(new, old, Story("16:00"), "2026-03-17 10:00")
    assert (
        "They part Tuesday 17 March 2026 09:00 GMT: under new it is closed (Desk day), under old the clock runs."
        in told
    )


def test_where_clocks_count_from_elsewhere_that_is_told():
    new = shop("id: answer, metric: first_response, within: 4 elapsed hours, start: next_opening")
    old = shop("id: answer, metric: first_response, within: 4 elapsed hours")
    told = sentences(new, old, Story("2026-03-16 07:00"), "2026-03-16 10:00")
    assert told[1] == (
        "It counts from Monday 16 March 2026 09:00 GMT under new, from Monday 16 March 2026 07:00 GMT under old."
    )


def test_a_promise_without_a_clock_is_told_as_what_it_is():
    new, old = (
        shop("id: answer, metric: first_response, within: best effort"),
        shop("id: answer, metric: first_response, within: 4 working hours"),
    )
    (told, fewer) = sentences(new, old, Story("09:00"), "12:30")
    assert told.startswith("First response: under new best effort, no clock runs; under old it is due")
    assert fewer == "Under new: -1 warning."
    (told, *_) = sentences(old, new, Story("09:00").agent_answers("10:00"), "10:00")
    assert told.endswith("and is met; under old no clock runs.")


def test_a_clock_that_stands_still_is_told_by_what_is_left():
    new, old = (shop(f"id: answer, metric: resolution, within: {hours} working hours") for hours in (6, 8))
    (told,) = sentences(new, old, Story("09:00").status("10:00", "waiting"), "11:00")
    assert told.startswith("Resolution: under new it stands still with 5 h left, by answer (6 working")
    assert "under old it stands still with 7 h left" in told


def test_a_cadence_is_told_by_what_was_missed_and_by_its_latest_interval():
    new, old = (shop(f"id: news, metric: update, every: {hours} working hours") for hours in (3, 4))
    told = sentences(new, old, Story("09:00"), "16:00")
    assert told[0].startswith(
        "Update, the latest interval: under new it is due Tuesday 17 March 2026 10:00 GMT, by news"
    )
    assert "; under old it is due Monday 16 March 2026 17:00 GMT, by news" in told[0]
    assert told[1:] == ("Under new: +1 missed update.", "At other times: warnings.")


def test_reminders_that_come_at_other_times_make_a_difference():
    new, old = load(text(QUICK, reminder=30)), load(text(QUICK, reminder=24))
    story = Story("09:00").agent_answers("10:00").status("10:00", "waiting_on_customer")
    told = sentences(new, old, story, "2026-03-17 20:00")
    assert told == ("At other times: reminders to agents, reminders to customers.",)


def test_escalations_to_other_people_make_a_difference():
    document = text(QUICK)
    new, old = load(document.replace("tell: [lead]}", "tell: [head]}")), load(document)
    assert sentences(new, old, Story("09:00"), "14:00") == ("At other times: escalations.",)
    tally = simulated(new, old, Story("09:00"), at="14:00")
    assert (tally.policy.roles, tally.against.roles) == ({"head": 1}, {"lead": 1})
    assert tally.policy.steps == {("late", 1): 1}


def test_another_end_of_the_ticket_is_told():
    document = text(QUICK)
    new = load(
        document.replace(
            "{wait: 96 elapsed hours, become: closed}", "{wait: 48 elapsed hours, become: closed}"
        )
    )
    story = Story("09:00").agent_answers("10:00").status("10:00", "waiting_on_customer")
    told = sentences(new, load(document), story, "2026-03-19 10:00")
    assert "Its status is closed under new, waiting_on_customer under old." in told
    assert any("ended" not in each and "abandoned" in each for each in told)


def test_of_many_clocks_two_are_told_and_the_rest_counted():
    story = Story("09:00").agent_answers("11:00").customer_writes("12:00").agent_answers("16:00")
    story.status("2026-03-20 16:00", "resolved")
    told = sentences(quick(), slow(), story, None)
    clocks = [each for each in told if "under new it was due" in each]
    assert len(clocks) == 2 and any(each.startswith("So do ") for each in told)


def test_what_an_agent_wrote_as_a_reason_is_not_repeated():
    new = load(text(QUICK, pending="none"))
    story = Story("09:00").status("10:00", "pending_action", "a safeguarding matter at home")
    told = sentences(new, load(text(QUICK)), story, "12:00")
    assert any("it stands still" in each for each in told)
    assert "safeguarding" not in " ".join(told)


# What is counted


def test_a_breach_weighs_more_than_another_due_time_however_far_away():
    new, old = (
        shop(
            "id: high, metric: first_response, when: {priority: [high]}, within: 4 working hours",
            "id: answer, metric: first_response, within: 800 working hours",
        ),
        shop("id: answer, metric: first_response, within: 8 working hours"),
    )
    far = Story("09:00").agent_answers("10:00")
    near = Story("09:00", priority="high").agent_answers("14:00")
    tally = simulated(new, old, far, near, far, keep=2)
    assert [each.name for each in tally.largest] == ["T-2", "T-1"]
    assert (tally.differing, tally.changed) == (3, {("first_response", "met", "breached"): 1})


def test_alerts_are_counted_by_the_hour_of_the_day_in_the_policys_zone():
    policy = shop("id: answer, metric: first_response, within: 4 working hours")
    winter, summer = Story("2026-03-16 09:00"), Story("2026-06-15 09:00")
    tally = simulated(policy, None, winter, summer, at="2026-06-16 09:00")
    assert {hour: count for hour, count in enumerate(tally.policy.alerts) if count} == {12: 2, 13: 2}
    assert not any(tally.against.alerts)


def test_who_raised_the_priority_is_not_told_of_the_breach_that_this_is():
    policy = shop(
        "id: high, metric: first_response, when: {priority: [high]}, within: 1 working hour, warn_at_percent: null",
        "id: answer, metric: first_response, within: 8 working hours, warn_at_percent: null",
        more="reclassifying: {raised_counts_from: start}",
    )
    story = Story("09:00").priority("12:00", "high")
    figures = simulated(policy, None, story, at="13:00").policy
    assert figures.verdicts["first_response", "high", "breached"] == 1 and sum(figures.alerts) == 0


def test_consequences_of_a_kind_that_nobody_knows_yet_are_counted_all_the_same():
    standing = evaluate(quick(), Story("09:00"), london("09:30"))
    later = tuple(Consequence(f"k:{each}", london("09:20"), "sung", {}) for each in range(3))
    object.__setattr__(standing, "consequences", later)
    assert figures_of(standing, LONDON).consequences == {("sung", ""): 3}


def test_without_a_policy_to_compare_with_there_are_figures_and_no_differences():
    tally = simulated(quick(), None, Story("09:00"), at="15:00")
    assert tally.stories == 1 and tally.policy.verdicts and tally.differing == 0
    told = report(tally, quick(), ("new", None), [], at=None, is_complete=True)
    assert told["against"] is None and all("against" not in each for each in told["verdicts"])


def test_each_story_is_compared_with_the_version_under_which_it_lived():
    versions = {7: InForce(quick()), 9: InForce(slow())}
    lived = [
        PastStory(1, "T-1", tuple(Story("09:00").agent_answers("16:00")), (7,)),
        PastStory(2, "T-2", tuple(Story("09:00").agent_answers("16:00")), (9,)),
    ]
    tally = simulate(quick(), versions, lived)
    assert [each.name for each in tally.largest] == ["T-2"]
    assert tell(quick(), versions, tally.largest[0], ("new", "version 9")).names[1] == "version 9"


@pytest.mark.parametrize("mode", list(Mode))
def test_a_story_that_a_later_version_took_over_is_compared_with_both_in_turn(mode):
    """What it is compared with is what it lived through, whatever the later version did to its clocks."""
    story = Story("09:00").agent_answers("11:30").customer_writes("12:30")
    versions = {7: InForce(quick()), 9: InForce(slow(), london("11:00"), mode)}
    tally = simulate(quick(), versions, [PastStory(1, "T-1", tuple(story), (7, 9))], london("17:00"))
    lived = evaluate_under((InForce(quick()), versions[9]), story, london("17:00"))
    assert tally.against == figures_of(lived, LONDON)
    assert tally.differing == (mode is not Mode.pin)
    for each in tally.largest:
        assert tell(quick(), versions, each, ("new", "versions 7 and 9")).sentences


def test_a_story_that_had_not_begun_is_counted_apart():
    tally = simulated(quick(), slow(), Story("09:00"), Story("2026-03-17 09:00"), at="12:00")
    assert (tally.stories, tally.not_yet, tally.seen) == (1, 1, 2)


# Names that the policy does not know


OLD_NAMES = {"urgent": "p1", "waiting_on_customer": "parked"}


def old_story():
    """Return a story in the words of an older policy, and the same in the words of today's."""

    def told(urgent, waiting):
        story = Story("09:00", priority="low").priority("09:30", urgent).agent_answers("10:00")
        return story.status("10:00", waiting).customer_writes("11:00").status("12:00", "resolved")

    return told("p1", "parked"), told("urgent", "waiting_on_customer")


@pytest.mark.parametrize("sides", [(quick, slow), (slow, quick)])
def test_a_story_in_old_words_is_the_story_in_new_ones(sides):
    told, meant = old_story()
    policy, against = (side() for side in sides)
    renames = Renames({"p1": "urgent"}, {"parked": "waiting_on_customer"})
    mapped = simulated(policy, against, told, renames=renames)
    plain = simulated(policy, against, meant)
    assert mapped.unread == 0
    assert (mapped.policy, mapped.against, mapped.changed) == (plain.policy, plain.against, plain.changed)


def test_a_priority_that_was_only_renamed_makes_no_difference():
    new = load(text(QUICK).replace("urgent", "p1").replace("waiting_on_customer", "parked"))
    _, story = old_story()
    renames = Renames({"urgent": "p1"}, {"waiting_on_customer": "parked"})
    tally = simulated(new, quick(), story, story[:4], renames=renames)
    assert (tally.stories, tally.differing, tally.unread) == (2, 0, 0)
    assert tally.policy == tally.against
    assert {priority for _, priority, _ in tally.against.verdicts} == {"p1"}


def test_renaming_tries_another_priority_where_both_policies_know_the_name():
    story = Story("09:00", priority="high").agent_answers("10:30")
    as_told = simulated(quick(), quick(), story, renames=Renames({"high": "urgent"}))
    assert as_told.changed == {("first_response", "met", "breached"): 1}
    swapped = Renames({"high": "low", "low": "high"}).retold(story.priority("11:00", "low"))
    assert (swapped[0].data["priority"], swapped[2].data["to"]) == ("low", "high")


def test_what_a_policy_does_not_know_is_named_and_counted_by_story():
    told, meant = old_story()
    tally = simulated(quick(), slow(), told, meant, told, keep=1)
    assert (tally.stories, tally.unread) == (1, 2)
    assert tally.strange == {("priority", "p1"): 2, ("status", "parked"): 2}
    (first,) = tally.first_unread
    assert first.place == 1
    assert first.reason == "event 2: the policy has no priority 'p1'; it has urgent, high, medium, low"


def test_it_is_said_which_of_the_two_policies_does_not_know_a_name():
    _, story = old_story()
    other = load(text(QUICK).replace("urgent", "p1"))
    tally = simulated(quick(), other, story)
    assert "the other policy has no priority 'urgent'; it has p1," in tally.first_unread[0].reason
    lived = [PastStory(1, "T-1", tuple(story), (0,))]
    own = simulate(quick(), {0: InForce(other)}, lived)
    assert (own.stories, own.unread) == (1, 0), "a ticket's own policy passed over what it did not know"


def test_a_name_that_comes_after_the_instant_does_not_matter():
    told, _ = old_story()
    assert simulated(quick(), slow(), told, at="09:15").unread == 0


def test_of_very_many_names_the_first_are_counted_exactly():
    odd = [Story("09:00", priority=f"odd-{number:03d}") for number in range(150)] * 2
    random.Random(1).shuffle(odd)
    everything = past(*odd)
    parts = [simulate(quick(), None, everything[start : start + 30]) for start in range(0, 300, 30)]
    total = reduce(add, parts)
    assert total.unread == 300 and len(total.first_unread) == 20
    assert total.strange == {("priority", f"odd-{number:03d}"): 2 for number in range(100)}


# What cannot be read


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "this is not JSON"),
        (b"1" * 5000, "this is not JSON"),
        (b"[]", "a story is an object"),
        (b'{"version": 1, "events": []}', "events"),
        (b"\xff\xfe", "this is not UTF-8 text"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_a_line_that_is_no_story_says_why(raw, reason):
    read = past_story(Line(17, raw))
    assert isinstance(read, Unread) and read.place == 17 and reason in read.reason


def test_a_line_is_read_with_a_byte_order_mark_and_its_id():
    raw = b"\xef\xbb\xbf" + json.dumps(story_json(Story("09:00"), 4711)).encode()
    read = past_story(Line(1, raw))
    assert (read.name, len(read.events)) == ("4711", 1)
    assert "longer than" in past_story(Line(1, raw, is_whole=False)).reason


def test_a_story_that_breaks_the_evaluation_is_listed_and_the_others_are_counted():
    broken = [
        Event(london("09:00"), "opened", Actor.customer, {}),
        Event(london("10:00"), "message", Actor.agent, None),
    ]
    naive = [Event(datetime(2026, 3, 16, 9), "opened", Actor.customer)]  # noqa: DTZ001
    tally = simulated(quick(), slow(), broken, Story("09:00"), naive, Story("10:00"))
    assert (tally.stories, tally.unread) == (2, 2)
    assert tally.first_unread[0].reason.startswith("it could not be evaluated: AttributeError")


def test_an_instant_far_from_every_receipt_is_refused_and_not_counted_to():
    tally = simulated(quick(), slow(), Story("09:00"), at=datetime(2996, 1, 1, tzinfo=UTC))
    assert tally.unread == 1 and "more than ten years after the receipt" in tally.first_unread[0].reason


def test_a_report_is_plain_data():
    tally = simulated(quick(), slow(), *([Story("09:00").agent_answers("16:00")] * 2), at="17:00")
    told = [tell(quick(), slow(), each, ("new", "old")) for each in tally.largest]
    found = report(tally, quick(), ("new", "old"), told, at=london("17:00"), is_complete=True)
    assert json.loads(json.dumps(found)) == found
    assert (found["at"], found["stories"], found["differing"]) == ("2026-03-16T17:00:00.000000Z", 2, 2)
    assert {
        "metric": "first_response",
        "priority": "medium",
        "verdict": "breached",
        "policy": 2,
        "against": 0,
    } in (found["verdicts"])
    clock = found["listed"][0]["clocks"][0]
    assert (
        clock["policy"]["due_at"] == "2026-03-16T13:00:00.000000Z" and clock["policy"]["target"] == "answer"
    )


def test_the_slow_desk_is_not_the_quick_one():
    """The two policies of these laws differ about most stories, so that the laws say something."""
    told = [Story("09:00"), Story("09:00").agent_answers("16:00"), Story("20:00", priority="low")]
    tally = simulated(quick(), slow(), *told, at="2026-03-20 12:00")
    assert tally.differing == 3 and len(tally.changed) >= 2
    assert QUICK != SLOW and tally.policy.steps and tally.against.consequences
