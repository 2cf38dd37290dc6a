"""Two policies compared in words: nothing that differs is silent, and what is said to move no clock moves "
"none."""

import json
import random
from datetime import timedelta
from functools import cache
from itertools import islice

import pytest
from changed_documents import Spot, changed, spots, what_stands
from desk_stories import Story, london
from hypothesis import given
from hypothesis import strategies as st
from lengths import tries
from small_policies import text

from upheld.policy import Actor, PolicyError, difference_sentences, evaluate, pack, packs
from upheld.policy.comparison import Kind, Theme, by_theme, compare
from upheld.policy.comparison.keys import COMMON, KEYS
from upheld.policy.compilation import compile_document
from upheld.policy.document import Document, Part
from upheld.policy.holiday_dates import with_dates
from upheld.policy.loading import dated_document, read_document
from upheld.policy.reading import Reading, read
from upheld.policy.soundness import problems_of

YEARS = range(2026, 2028)
QUICK_TO_TRY = ("success-plans", "school-devices", "campaign-severity", "always-on", "maintenance-contract")


def document(text):
    return read_document(text, "policy.yaml")[1]


@cache
def packed(name):
    return document(pack(name))


@cache
def without_examples(name):
    return packed(name).model_copy(update={"examples": []})


def around(name, spot):
    """Return the shipped policy in which a key is changed; its many examples are left out where it is none "
    "of them."""
    return packed(name) if spot.path[0] == "examples" else without_examples(name)


def compared(old, new):
    return compare(old, new, years=YEARS)


def is_sound(candidate):
    try:
        with_dates(candidate, YEARS, Reading("policy.yaml"))
    except PolicyError:
        return False
    return not problems_of(candidate)


def compiled(candidate):
    return compile_document(with_dates(candidate, YEARS, Reading("policy.yaml")), "made up")


# Laws


@pytest.mark.parametrize("name", packs())
def test_a_policy_does_not_differ_from_itself(name):
    assert compare(packed(name), document(pack(name))) == ()
    dated = dated_document(pack(name), name, range(2020, 2036))
    assert compare(dated, dated_document(pack(name), name, range(2020, 2036))) == ()


@tries(5)
@given(st.sampled_from(packs()), st.randoms())
def test_the_order_of_keys_and_of_targets_of_different_metrics_means_nothing(name, chance):
    data = read(pack(name), name).data
    metrics = list(dict.fromkeys(target["metric"] for target in data["targets"]))
    chance.shuffle(metrics)
    data["targets"].sort(key=lambda target: metrics.index(target["metric"]))
    assert compared(packed(name), Document.model_validate(shuffled(data, chance))) == ()


def shuffled(value, chance):
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance) for key in keys}
    return [shuffled(each, chance) for each in value] if isinstance(value, list) else value


def test_a_default_that_is_written_out_means_nothing():
    whole = packed("school-devices").model_dump(mode="json", exclude={"examples"})
    short = packed("school-devices").model_copy(update={"examples": []})
    assert compared(short, Document.model_validate(whole)) == ()


def forms(of=Part):
    return [of, *(form for each in of.__subclasses__() for form in forms(each))]


def test_every_key_of_a_document_is_known():
    unknown = [
        f"{part.__name__}.{key}"
        for part in forms()
        for key in part.model_fields
        if part is not Part and key not in COMMON and key not in KEYS.get(part, {})
    ]
    assert unknown == [], "say in keys.py how a change of it is told, and whether it can move a clock"


def stories(policy, seed):
    """Return made-up stories of a desk under a policy, and the instants at which they are looked at."""
    chance = random.Random(seed)
    for _ in range(12):
        at = london("2026-03-02 08:00") + timedelta(minutes=chance.randrange(100 * 24 * 60))
        fields = {
            name.removesuffix("s"): chance.choice([*(each.id for each in known), None])
            for name, known in policy.choices.items()
        }
        fields["channel"] = chance.choice([*(each.id for each in policy.channels), "email"])
        story = Story(at, priority=chance.choice([*(each.id for each in policy.priorities), None]), **fields)
        for _ in range(chance.randrange(3, 10)):
            at += timedelta(minutes=chance.choice([5, 50, 200, 1000, 6000]))
            happen(story, at, policy, chance)
        yield story, (at, at + timedelta(days=3), at + timedelta(days=60))


# What tickets live by comes often, the rest now and then.
HAPPENINGS = [*("writes", "status") * 4, *("answers", "priority") * 2, "calls", "assigned", "field", "thanks"]


def happen(story, at, policy, chance):
    what = chance.choice(HAPPENINGS)
    if what == "writes":
        story.customer_writes(at)
    elif what == "thanks":
        story.customer_writes(at, reopens=False)
    elif what == "answers":
        story.agent_answers(at, chance.choice([Actor.agent, Actor.agent, Actor.assistant]))
    elif what == "calls":
        story.then(at, "call", stated_at=at - timedelta(minutes=chance.choice([1, 14, 40])), direction="out")
    elif what == "assigned":
        story.then(at, "assigned", to="Bob")
    elif what == "field":
        story.then(at, "field", name="channel", to=chance.choice([each.id for each in policy.channels]))
    elif what == "priority":
        story.priority(at, chance.choice([each.id for each in policy.priorities]))
    else:
        reasons = [*(each.id for each in policy.exclusions), "because"]
        story.status(at, chance.choice([each.id for each in policy.statuses]), chance.choice(reasons))


def clocks_of(standing):
    """Return what a policy makes of a ticket's times, whatever targets and calendars are called."""
    shown = [
        (
            *(each.metric, each.cycle, each.state, each.started_at, each.budget, each.used),
            *(each.due_at, each.verdict, each.verdict_at, each.satisfied_at, each.paused_since),
        )
        for each in standing.clocks
    ]
    return standing.status, standing.priority, standing.next_due_at, sorted(shown, key=str)


def all_of(standing):
    """Return all that a policy makes of a ticket, but for what is read only."""
    data = standing.to_json()
    for each in (*data["clocks"], *data["unclocked"]):
        each.pop("target_label")
    return data


@cache
def told(name):
    policy = compiled(packed(name))
    return [
        (story, at, evaluate(policy, story, at))
        for story, instants in stories(policy, name)
        for at in instants
    ]


FIGURES = {Theme.promises, Theme.statuses, Theme.escalation, Theme.hours}


def assert_honest(name, other, spot):
    """Something is said, in sentences; and what is said to move no clock moves none. Return whether that was tried on
    more than words."""
    found = compared(around(name, spot), other)
    assert found, spot
    assert all(each.sentence[0] == each.sentence[0].upper() and each.sentence.strip() for each in found)
    assert all(each.sentence.endswith((".", "”")) for each in found), difference_sentences(found)
    assert json.loads(json.dumps([each.to_json() for each in found]))
    assert compared(other, around(name, spot)), spot
    if any(each.moves_clocks for each in found):
        return False
    policy = compiled(other)
    look = clocks_of if FIGURES & {each.theme for each in found} else all_of
    for story, at, before in told(name):
        assert look(evaluate(policy, story, at)) == look(before), (spot, difference_sentences(found))
    return not {each.theme for each in found} <= {Theme.words, Theme.examples}


# What is named elsewhere, or has no other value, cannot be changed alone.
NEVER_ALONE = {
    *("PriorityPart.id", "AxisPart.id", "RolePart.id", "PathLevelPart.calendar", "Document.calendars"),
    *("Document.policy", "ClassificationPart.takes"),
}
PLACES_TRIED, POLICIES_TRIED = 12, 3


@cache
def places():
    """Return every key of the blocks that the packs have, by block, each with its places."""
    found: dict[str, dict[str, list[tuple[str, Spot]]]] = {}
    for name in QUICK_TO_TRY:
        for spot in spots(packed(name)):
            keys = found.setdefault(spot.block.__name__, {})
            if not isinstance(what_stands(packed(name), spot.path), Part):
                keys.setdefault(spot.key, []).append((name, spot))
    return found


def some_of(spread):
    """Return some places of a key: of each sort the first, and others all over the documents."""
    first = {str(what_stands(packed(name), spot.path)): (name, spot) for name, spot in reversed(spread)}
    values = sorted(first, key=lambda value: value in ("None", "", "[]"))
    step = max(1, len(spread) // PLACES_TRIED)
    return [*(first[value] for value in values[:PLACES_TRIED]), *spread[::step]]


def first_sound(candidates):
    return next((each for each in candidates if is_sound(each)), None)


@pytest.mark.parametrize("block", sorted(places()))
def test_no_key_of_any_block_changes_in_silence(block):
    for key, spread in places()[block].items():
        if f"{block}.{key}" not in NEVER_ALONE:
            assert tried(spread), f"no sound change of {key} was found to compare"


def tried(spread):
    """Change a key at one of its places; where it is more than words and moves no clock, in several policies. Return in
    how many."""
    done: list[str] = []
    for name, spot in some_of(spread):
        other = None if name in done else first_sound(changed(around(name, spot), spot))
        if other is not None:
            done.append(name)
            if not assert_honest(name, other, spot) or len(done) == POLICIES_TRIED:
                break
    return len(done)


@cache
def all_spots(name):
    return [spot for spot in spots(packed(name)) if spot.path[0] != "examples"]


@tries(40)
@given(st.data())
def test_no_single_change_is_silent(data):
    name = data.draw(st.sampled_from(QUICK_TO_TRY))
    spot = data.draw(st.sampled_from(all_spots(name)))
    candidates = list(islice(changed(around(name, spot), spot), 40))
    other = data.draw(st.sampled_from(candidates)) if candidates else None
    if other is not None and is_sound(other):
        assert_honest(name, other, spot)


# What is said

RESCUE = "id: rescue, metric: first_response, when: {priority: [high]}, within: 4 working hours"
ANSWER = "id: answer, metric: first_response, within: 16 working hours"
DONE = "id: done, metric: resolution, within: 5 business days"
GOLD = "id: gold, metric: first_response, when: {plan: [gold]}, within: 2 working hours"
NEWS = "id: news, metric: update, every: 4 working hours"
PROMISES = (RESCUE, ANSWER, DONE)
LADDER = """
roles:
  - {id: lead, label: Lead}
  - {id: head, label: Head}
escalation:
  ladders:
    - id: late
      label: Late cases
      steps:
        - {after: 4 working hours, tell: [lead]}
        - {after: 2 business days, tell: [lead, head]}
"""


def shop(*targets, more="", **changes):
    """Return the document of a shop; `changes` are other words for some of its own."""
    said = text(*(targets or PROMISES), more=more)
    for old, new in changes.get("instead", {}).items():
        assert old in said
        said = said.replace(old, new, 1)
    return document(said)


def said(old, new):
    found = compared(old, new)
    assert compared(old, old) == compared(new, new) == ()
    return [("* " if each.moves_clocks else "- ") + each.sentence for each in found]


def changed_shop(old, new):
    return said(shop(), shop(instead={old: new}))


def test_a_promise_gets_shorter():
    found = compared(shop(), shop(RESCUE, ANSWER.replace("16", "8"), DONE))
    assert difference_sentences(found) == [
        "First response is now within 8 working hours instead of 16. For example, a request of Monday 10:00 "
        "is due Tuesday 10:00 instead of Wednesday 10:00."
    ]
    (one,) = found
    assert (one.kind, one.theme, one.moves_clocks) == (Kind.shorter, Theme.promises, True)
    assert (one.old_path, one.new_path) == ("targets[1].within", "targets[1].within")
    assert (one.old, one.new) == ("16 working hours", "8 working hours")
    (back,) = compared(shop(RESCUE, ANSWER.replace("16", "8"), DONE), shop())
    assert back.kind is Kind.longer


def test_the_example_is_what_evaluation_gives():
    old, new = shop(), shop(RESCUE.replace("4 working hours", "2 business days at close"), ANSWER, DONE)
    assert said(old, new) == [
        "* High: first response is now within 2 business days at close instead of within 4 working hours. "
        "For example, a request of Monday 10:00 is due Wednesday 17:00 instead of Monday 14:00."
    ]
    story = Story("2026-03-09 10:00", priority="high")
    dues = [
        next(each.due_at for each in evaluate(compiled(each), story, story[0].at).clocks)
        for each in (old, new)
    ]
    assert dues == [london("2026-03-09 14:00"), london("2026-03-11 17:00")]


def test_far_dues_have_their_dates():
    (only,) = said(shop(), shop(RESCUE, ANSWER, DONE.replace("5", "7")))
    assert only == (
        "* Resolution is now within 7 business days instead of 5. For example, a request of Monday 13 April "
        "2026, 10:00 is due Wednesday 22 April, 10:00 instead of Monday 20 April, 10:00."
    )


def test_a_promise_without_a_time_has_no_due_time():
    (only,) = said(shop(), shop(RESCUE, ANSWER.replace("16 working hours", "best effort"), DONE))
    assert only.endswith("a request of Monday 10:00 has no due time now; it was due Wednesday 10:00.")


def test_the_same_time_in_other_words_moves_nothing():
    days, hours = (
        ANSWER.replace("16 working hours", each) for each in ("2 elapsed days", "48 elapsed hours")
    )
    assert said(shop(days), shop(hours)) == [
        "- The time of the first response is the same, written otherwise: 48 elapsed hours instead of 2 "
        "elapsed days."
    ]


def test_a_new_target_says_whom_it_governs():
    assert said(shop(), shop(GOLD, *PROMISES)) == [
        "* New promise for plan gold: first response within 2 working hours.",
        "* High, plan gold: first response is now governed by gold (within 2 working hours) instead of "
        "rescue (within 4 working hours). For example, a request of Monday 10:00 is due Monday 12:00 "
        "instead of Monday 14:00.",
        "* Normal, plan gold: first response is now governed by gold (within 2 working hours) instead of "
        "answer (within 16 working hours). For example, a request of Monday 10:00 is due Monday 12:00 "
        "instead of Wednesday 10:00.",
    ]


def test_the_order_of_targets_says_which_tickets_it_moves():
    assert said(shop(GOLD, *PROMISES), shop(RESCUE, GOLD, ANSWER, DONE)) == [
        "* High, plan gold: first response is now governed by rescue (within 4 working hours) instead of "
        "gold (within 2 working hours). For example, a request of Monday 10:00 is due Monday 14:00 instead "
        "of Monday 12:00."
    ]
    normal = RESCUE.replace("rescue", "usual").replace("high", "normal")
    assert said(shop(RESCUE, normal, DONE), shop(normal, RESCUE, DONE)) == [
        "- The targets of first response stand in another order; every ticket has the same as before."
    ]


def test_a_condition_says_to_whom_the_target_applies():
    narrow = shop(GOLD.replace("{plan", "{priority: [high], plan"), *PROMISES)
    assert said(narrow, shop(GOLD, *PROMISES)) == [
        "* The target gold applies to plan gold now instead of High, plan gold.",
        "* Normal, plan gold: first response is now governed by gold (within 2 working hours) instead of "
        "answer (within 16 working hours). For example, a request of Monday 10:00 is due Monday 12:00 "
        "instead of Wednesday 10:00.",
    ]


def test_a_target_joins_and_another_is_gone():
    ceiling = "id: ceiling, metric: resolution, also: true, within: 60 elapsed hours"
    found = said(shop(*PROMISES, NEWS), shop(*PROMISES, ceiling))
    assert found[0] == "* New promise beside the one that governs: resolution within 60 elapsed hours."
    assert found[1] == "* No longer promised: update every 4 working hours."
    assert found[2] == (
        "* Every ticket: resolution is now governed by done (within 5 business days) together with ceiling "
        "(within 60 elapsed hours) instead of done (within 5 business days). For example, a request of "
        "Monday 13 April 2026, 10:00 is due Wednesday 15 April, 22:00 instead of Monday 20 April, 10:00."
    )


def test_a_target_with_another_id_is_the_same_target():
    assert said(shop(), shop(RESCUE.replace("id: rescue", "id: urgent"), ANSWER, DONE)) == [
        "- The first response for High has another id now: urgent instead of rescue."
    ]


def test_start_calendar_and_warning_of_a_target():
    later = shop(
        RESCUE, ANSWER + ", start: next_opening, warn_at_percent: 50", DONE + ", warn_at_percent: null"
    )
    assert said(shop(), later) == [
        "* The first response counts from the next opening now instead of the receipt.",
        "- Agents are warned of the first response at 50 % of its time now instead of 75 %.",
        "- Agents are no longer warned of the resolution; they were at 75 % of its time.",
    ]
    night = "  night:\n    hours: {mon-sun: 18:00-24:00}\npriorities:"
    targets = (RESCUE + ", calendar: shop", ANSWER + ", calendar: shop", DONE + ", calendar: shop")
    two = shop(*targets, instead={"priorities:": night})
    assert said(shop(), two)[0] == "* The calendar “night” is new: Monday to Sunday 18:00-24:00."
    assert all("names its calendar now and is counted as before" in each for each in said(shop(), two)[1:])
    moved = shop(
        targets[0].replace("calendar: shop", "calendar: night"), *targets[1:], instead={"priorities:": night}
    )
    assert said(two, moved) == [
        "* The first response for High is counted on “night” now instead of “shop”. For example, a request "
        "of Monday 10:00 is due Monday 22:00 instead of Monday 14:00."
    ]


def test_hours_are_told_by_weekday():
    split = {"{mon-fri: 09:00-17:00}": '{mon-thu: "09:00-12:00, 13:00-17:00", sat: 10:00-14:00}'}
    assert said(shop(), shop(instead=split)) == [
        "* In “shop”, Monday to Thursday are open 09:00-12:00, 13:00-17:00 now instead of 09:00-17:00. For "
        "example, a request of Monday 10:00 is due Monday 15:00 instead of Monday 14:00 (first response, "
        "High).",
        "* In “shop”, Saturday 10:00-14:00 is new; the desk was closed.",
        "* In “shop”, Friday is closed now; the desk was open 09:00-17:00.",
    ]
    same = {"{mon-fri: 09:00-17:00}": "{mon-wed: 09:00-17:00, thu-fri: 09:00-17:00}"}
    assert said(shop(), shop(instead=same)) == [
        "- The hours of the calendar “shop” are the same, written otherwise."
    ]


def test_a_new_calendar_tells_its_week():
    odd = "  odd:\n    hours: {mon: 10:00-12:00, wed: 10:00-12:00, thu-fri: 10:00-12:00}\npriorities:"
    targets = [f"{each}, calendar: shop" for each in PROMISES]
    assert said(shop(*targets), shop(*targets, instead={"priorities:": odd})) == [
        "* The calendar “odd” is new: Monday 10:00-12:00; Wednesday to Friday 10:00-12:00."
    ]


def test_dates_are_told_by_name_and_date():
    assert changed_shop("2026-04-03: Good Friday, ", "2026-05-01: May Day, ") == [
        "* In “shop”, May Day (Friday 1 May 2026): a day off now instead of an ordinary day. For example, a "
        "request of Friday 1 May 2026, 10:00 is due Monday 4 May, 13:00 instead of Friday 1 May, 14:00 "
        "(first response, High).",
        "* In “shop”, Good Friday (Friday 3 April 2026): an ordinary day now instead of a day off. For "
        "example, a request of Friday 3 April 2026, 10:00 is due Friday 3 April, 14:00 instead of Tuesday 7 "
        "April, 13:00 (first response, High).",
    ]
    assert changed_shop("2026-03-19: 09:00-12:00", "2026-03-19: 09:00-15:00")[0].startswith(
        "* In “shop”, Thursday 19 March 2026: open 09:00-15:00 now instead of open 09:00-12:00. For example"
    )
    assert changed_shop("Good Friday", "Friday before Easter") == [
        "- In “shop”, Friday 3 April 2026: the name is “Friday before Easter” now instead of “Good Friday”."
    ]


def test_a_public_holiday_is_told_once_with_all_its_dates():
    english = {
        "days_off: {2026-04-03: Good Friday, 2026-04-06: Easter Monday}": "holidays: {country: GB, "
        "subdivision: ENG}"
    }
    scottish = {old: new.replace("ENG", "SCT") for old, new in english.items()}
    found = said(shop(instead=english), shop(instead=scottish))
    assert (
        found[0] == "* The public holidays of GB (SCT) count now instead of the public holidays of GB (ENG)."
    )
    assert any(
        "Easter Monday (6 April 2026 and 29 March 2027): an ordinary day now" in each for each in found
    )


def test_a_year_that_only_one_version_knows_is_told_as_a_year():
    old, new = (dated_document(pack("school-devices"), "x", years) for years in (YEARS, range(2026, 2029)))
    (only,) = compared(old, new)
    assert "dates of 2028 are known now: New Year's Day" in only.sentence
    assert only.moves_clocks and only.kind is Kind.added


def test_a_calendar_of_another_name_moves_nothing():
    assert changed_shop("  shop:\n", "  office:\n") == ["- The calendar “shop” is called “office” now."]


def test_the_only_calendar_may_change_its_name_and_its_hours():
    both = {"  shop:\n": "  office:\n", "{mon-fri: 09:00-17:00}": "{mon-fri: 08:00-17:00}"}
    found = said(shop(), shop(instead=both))
    assert found[0].startswith(
        "* In “office”, Monday to Friday are open 08:00-17:00 now instead of 09:00-17:00."
    )
    assert found[1:] == ["- The calendar “shop” is called “office” now."]


def test_the_days_off_of_another_year_are_told_with_their_dates():
    dates = ("2026-05-01: May Day, 2026-05-14: Outing, 2026-12-31: Year's end", "2027-05-14: Outing")
    old, new = (shop(instead={"2026-04-03: Good Friday, 2026-04-06: Easter Monday": each}) for each in dates)
    old, new = (
        each.model_copy(
            update={"calendars": {"shop": each.calendars["shop"].model_copy(update={"other_hours": {}})}}
        )
        for each in (old, new)
    )
    assert len(said(old, new)) == 4
    assert any("Outing (Thursday 14 May 2026): an ordinary day now" in each for each in said(old, new))


def test_the_zone_moves_the_hours():
    assert changed_shop("zone: Europe/London", "zone: America/New_York") == [
        "* The policy speaks in the zone America/New_York now instead of Europe/London. For example, a "
        "request of Monday 10:00 is due Monday 14:00 instead of Tuesday 06:00 (first response, High)."
    ]
    own = {"  shop:\n": "  shop:\n    zone: Europe/London\n"}
    assert changed_shop("  shop:\n", own["  shop:\n"]) == [
        "- The calendar “shop” names its zone now; it is still Europe/London."
    ]
    abroad = own | {"zone: Europe/London\ncal": "zone: America/New_York\ncal"}
    assert said(shop(instead=own), shop(instead=abroad)) == [
        "- The policy speaks in the zone America/New_York now instead of Europe/London. The calendars keep "
        "theirs."
    ]


def test_clocks_that_ran_stand_still_and_the_other_way_round():
    assert changed_shop("category: waiting, clocks: none", "category: waiting, clocks: [resolution]") == [
        "* In the status Waiting, the clocks of resolution run now; they stood still."
    ]
    assert changed_shop("clocks: [first_response, update]", "clocks: [update, next_reply]") == [
        "* In the status “With a third party”, the clocks of next reply run now; they stood still.",
        "* In the status “With a third party”, the clocks of first response stand still now; they ran.",
    ]
    assert changed_shop(
        "category: open, clocks: all",
        "category: open, clocks: [first_response, next_reply, update, resolution]",
    ) == [
        "- In the status Open, the same clocks run, written otherwise: [first_response, next_reply, update, "
        "resolution] instead of all."
    ]


def test_automatic_steps_and_their_times():
    steps = "clocks: none, on_reply: open, after: [{wait: %d elapsed hours, remind: customer}, %s]}"
    closing = "{wait: 96 elapsed hours, become: closed}"
    plain = "clocks: none, on_reply: open}"
    one, other = (shop(instead={plain: steps % (hours, closing)}) for hours in (24, 48))
    assert said(one, other) == [
        "- The status Waiting: a reminder to the customer after 48 elapsed hours instead of 24."
    ]
    assert said(shop(), one) == [
        "* The status Waiting has a new step: Closed by itself after 96 elapsed hours.",
        "- The status Waiting has a new step: a reminder to the customer after 24 elapsed hours.",
    ]
    turned = shop(
        instead={
            plain: f"clocks: none, on_reply: open, after: [{{wait: 1 elapsed day, remind: customer}}, {closing}]}}"
        }
    )
    assert said(one, turned) == [
        "- The status Waiting: a reminder to the customer after the same time, written otherwise: 1 elapsed "
        "day instead of 24 elapsed hours."
    ]


def test_reopening_and_what_counts_as_a_response():
    rules = "reopening: {within: 336 elapsed hours, clocks: restart}\nresponses: {only_when_assigned: true}"
    assert said(shop(), shop(more=rules)) == [
        "* A response counts only once the ticket is assigned to somebody.",
        "* A ticket may be opened again within 336 elapsed hours now instead of 720.",
        "* When a ticket is opened again, its clocks begin with their whole time now; before, they go on "
        "where they stopped.",
    ]


def test_priorities_that_are_renamed_replaced_new_and_in_another_order():
    assert changed_shop("label: High", "label: Important") == [
        "- The priority Important was called “High” before."
    ]
    replaced = shop(
        RESCUE.replace("high", "p1"), ANSWER, DONE, instead={"id: high, label: High": "id: p1, label: P1"}
    )
    assert said(shop(), replaced)[-1] == (
        "* The priority High is replaced by the priority P1. P1: first response within 4 working hours and "
        "resolution within 5 business days."
    )
    low = "- {id: normal, label: Normal}\n  - {id: low, label: Low, meaning: It can wait.}"
    assert changed_shop("- {id: normal, label: Normal}", low) == [
        "* The priority Low is new: “It can wait.” Low: first response within 16 working hours and "
        "resolution within 5 business days."
    ]
    turned = "- {id: normal, label: Normal}\n  - {id: high, label: High}"
    assert changed_shop("- {id: high, label: High}\n  - {id: normal, label: Normal}", turned) == [
        "* The priorities stand in another order: Normal, High; before: High, Normal."
    ]


def test_ladders_step_by_step():
    quicker = LADDER.replace("4 working hours", "2 working hours").replace(
        "[lead, head]}", "[head], page: true}\n        - {after: 5 business days, tell: [head]}"
    )
    assert said(shop(more=LADDER), shop(more=quicker)) == [
        "- Step 1 of the ladder “Late cases” comes after 2 working hours instead of 4; Lead is told then.",
        "- The people who are told of step 2 of the ladder “Late cases” (after 2 business days): no longer "
        "Lead.",
        "- Step 2 of the ladder “Late cases” (after 2 business days) pages now: at any hour, and until "
        "somebody answers.",
        "- The ladder “Late cases” has a new step: after 5 business days, Head is told.",
    ]
    assert said(shop(), shop(more=LADDER))[-1] == (
        "- The ladder “Late cases” is new: after 4 working hours, Lead is told; after 2 business days, Lead "
        "and Head are told."
    )


def test_an_example_is_told_in_one_sentence():
    example = (
        "examples: [{name: Monday, received: 2026-03-09 10:00, expect: [{clock: first_response, due: %s}]}]"
    )
    one, other = (shop(more=example % due) for due in ("2026-03-11 10:00", "null"))
    (only,) = compared(one, other)
    assert only.sentence == ("The example “Monday”: first response due nothing instead of 2026-03-11 10:00.")
    assert (only.theme, only.moves_clocks) == (Theme.examples, False)


def test_long_words_are_cut_to_where_they_differ():
    long = "A few words before. " * 20
    (only,) = said(
        shop(instead={"title: A shop": f"title: {long}one end"}),
        shop(instead={"title: A shop": f"title: {long}another end"}),
    )
    assert only == (
        "- The title is now “…before. A few words before. another end” instead of “…before. A few words "
        "before. one end”."
    )


def test_what_only_changes_words_stands_last():
    new = shop(RESCUE, ANSWER.replace("16", "8"), DONE, instead={"title: A shop": "title: Our shop"})
    groups = by_theme(compared(shop(more=LADDER), new))
    assert [theme for theme, _ in groups] == [Theme.promises, Theme.escalation, Theme.words]
    assert [theme.heading for theme, _ in groups][-1] == "Wording only"


def test_more_cases_than_can_be_tried_are_told_too():
    fields = ("plan", "region", "product", "team", "reason", "tier")
    many = [
        f"id: t{number}_{name}, metric: first_response, when: {{{name}: [a{number}]}}, within: 1 working hour"
        for number in range(6)
        for name in fields
    ]
    old, new = (Document.model_validate(read(text(*each, ANSWER), "x").data) for each in (many, many[::-1]))
    assert said(old, new) == [
        "* The targets of first response tell too many kinds of ticket apart to try which of them another "
        "one governs."
    ]
