"""Reading a policy document: what is refused, where, and what would be right."""

import json
from datetime import date, timedelta

import pytest
from desk_stories import school

from upheld.policy import PolicyError, check, freeze, from_frozen, load, pack, packs
from upheld.policy.document import schema

SMALL = """\
policy: 1
name: corner-shop
title: How the corner shop helps
zone: Europe/London
calendars:
  shop:
    hours: {mon-fri: 09:00-17:00}
priorities:
  - {id: normal, label: Normal}
default_priority: normal
initial_status: open
statuses:
  - {id: open, label: Open, category: open, clocks: all}
  - id: waiting
    label: Waiting
    category: waiting
    clocks: [first_response]
    after:
      - {wait: 24 elapsed hours, remind: customer}
      - {wait: 48 elapsed hours, become: closed}
  - {id: closed, label: Closed, category: closed, clocks: none, on_reply: open}
targets:
  - {id: answer, metric: first_response, within: 8 working hours}
examples:
  - name: A whole day
    received: 2026-03-16 09:00
    expect:
      - {clock: first_response, due: 2026-03-16 17:00}
"""


def problems(old, new, count=1):
    changed = SMALL.replace(old, new, count)
    assert changed != SMALL
    with pytest.raises(PolicyError) as caught:
        load(changed, "shop.yaml")
    return str(caught.value)


def test_a_small_policy_is_sound_and_its_example_holds():
    report = check(SMALL)
    assert report.ok and report.examples_run == 1 and not report.findings
    assert report.policy.status("waiting").timer_on


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("priorities:", "priorites:", "shop.yaml:8: there is no key 'priorites'; did you mean 'priorities'?"),
        ("label: Waiting", "lable: Waiting", "shop.yaml:15: there is no key 'lable'; did you mean 'label'?"),
        ("8 working hours", "8 hours", "shop.yaml:23: '8 hours' is not an amount of time; write for example"),
        ("8 working hours", "2 working days", "does not say how long a working day is"),
        ("8 working hours", "0 working hours", "is no time"),
        ("09:00-17:00}", "9-17}", "shop.yaml:7: '9-17' is not hours"),
        ("09:00-17:00}", "closed}", "the calendar 'shop' never opens"),
        ("mon-fri", "mon-fry", "is not a day"),
        ("Europe/London", "Europe/Lodnon", "'Europe/Lodnon' is not the IANA name of a time zone"),
        (
            "default_priority: normal",
            "default_priority: norml",
            "there is no priority 'norml'; known: normal",
        ),
        ("become: closed", "become: clsed", "shop.yaml:20: there is no status 'clsed'"),
        ("wait: 24 elapsed", "wait: 24 working", "waits in a status are elapsed time"),
        (
            "remind: customer",
            "remind: customer, become: open",
            "a step reminds somebody or changes the status",
        ),
        ("become: closed", "become: waiting", "leads back to itself without anybody"),
        ("id: closed", "id: open", "the id 'open' is used twice"),
        ("title: How the corner shop helps\n", "", "the key 'title' is missing"),
        ("clocks: [first_response]", "clocks: [first_respons]", "does not fit"),
        ("received: 2026-03-16 09:00", "received: noon", "is not a time"),
        ("initial_status: open", "initial_status: closed", "a new ticket would be done at once"),
        ("policy: 1", "policy: 2", "2 does not fit"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_what_would_be_right(old, new, said):
    assert said in problems(old, new)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x 1\nb: *x\n", "policy.yaml:1: anchors and aliases are not read"),
        ("a: !!python/object/apply:os.system [ls]\n", "tags such as"),
        ("a: 1\nb: 2\na: 3\n", "policy.yaml:3: the key 'a' is here twice; keep one of them"),
        ("a: 1\n---\nb: 2\n", "there is a second document"),
        ("", "there is nothing here"),
        ("a: [1, 2\n", "policy.yaml:2:"),
        ("[" * 40 + "]" * 40, "nested too deeply"),
        ("? [a]\n: b\n", "a key must be a word"),
        ("x" * 300_000, "the document is too large"),
        ("- 1\n" * 30_000, "nested too deeply or too long"),
        ("a: \x00\n", "characters that YAML forbids"),
        ("just words\n", "does not fit"),
    ],
)
def test_only_plain_bounded_yaml_is_read(text, said):
    with pytest.raises(PolicyError) as caught:
        load(text)
    assert said in str(caught.value)


def test_all_problems_are_told_at_once_in_the_order_of_their_lines():
    said = problems("category: open, clocks: all", "category: opn, clocks: al")
    assert said.count("shop.yaml:13:") >= 2


def test_working_time_on_several_calendars_must_name_one():
    second = "  night:\n    hours: {mon-sun: 22:00-06:00}\n"
    assert "working time needs a calendar" in problems("priorities:", second + "priorities:")


def test_a_missing_cell_of_the_matrix_is_an_error_and_not_zero():
    text = SMALL.replace(
        "{id: normal, label: Normal}", "{id: high, label: High}\n  - {id: normal, label: Normal}"
    )
    text = text.replace("within: 8", "when: {priority: [normal]}, within: 8")
    with pytest.raises(PolicyError, match="first_response has no target for high"):
        load(text)


def test_a_target_that_can_never_govern_is_refused():
    extra = "\n  - {id: again, metric: first_response, within: 4 working hours}"
    assert "can never govern" in problems("within: 8 working hours}", "within: 8 working hours}" + extra)


def test_a_failing_example_forbids_publishing_and_says_what_came_out():
    report = check(SMALL.replace("due: 2026-03-16 17:00", "due: 2026-03-16 16:00"))
    (problem,) = report.problems
    assert not report.ok and problem.line == 28
    assert "expected due 2026-03-16 16:00, it is 2026-03-16 17:00:00" in problem.message


def test_a_calendar_that_is_closed_for_more_than_a_year_is_refused():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(400)]
    off = "    days_off: {" + ", ".join(f"{day}: shut" for day in days) + "}\n"
    assert "is closed for more than 366 days" in problems("priorities:", off + "priorities:")


def test_plain_words_stay_words():
    text = SMALL.replace("label: Normal", "label: on").replace(
        "title: How the corner shop helps", "title: no"
    )
    policy = load(text)
    assert policy.priority("normal").label == "on" and policy.title == "no"


def test_every_shipped_pack_may_be_published():
    for name in packs():
        report = check(pack(name), name)
        assert report.ok, [problem.describe(name) for problem in report.problems]
        assert report.policy.name == name and report.examples_run


def test_an_unknown_pack_is_a_key_error():
    with pytest.raises(KeyError):
        pack("../secrets")


def test_a_frozen_policy_has_its_holidays_written_in_and_is_the_same_policy():
    frozen = json.loads(json.dumps(freeze(pack("school-devices"), range(2020, 2036))))
    policy = from_frozen(frozen)
    assert policy == school() and policy is from_frozen(json.loads(json.dumps(frozen)))
    assert frozen["document"]["calendars"]["help desk"]["days_off"]["2026-04-03"] == "Good Friday"
    assert "holidays" not in frozen["document"]["calendars"]["help desk"]


def test_a_policy_that_was_published_before_is_still_the_same():
    # What these two had for a digest when a target knew no more than a priority and a length of time.
    before = "e9cb17dc4ca6092d5646bd0094bdfdb5e91ae2d914f05d6c1ae3a3af333c27c9"
    frozen = freeze(SMALL, [2026])
    assert frozen["digest"] == before and from_frozen(frozen).targets[0].priorities == ()
    target = frozen["document"]["targets"][0]
    assert target == {"id": "answer", "metric": "first_response", "within": "8 working hours"}


def test_every_key_survives_freezing():
    text = SMALL.replace(
        "  - {id: answer, metric: first_response, within: 8 working hours}\n",
        """\
  - {id: in_hours, metric: first_response, when: {received: inside, plan: [gold]}, within: 1 business day}
  - {id: answer, metric: first_response, within: {inside: 1 business day, outside: 8 working hours}}
  - {id: solve, metric: resolution, within: 3 business days, aim: 2 business days, start: acknowledged}
  - {id: other, metric: resolution, within: cut-off 12:00, also: true, start: next_opening, note: meant}
  - {id: news, metric: update, every: 1 business day at close, runs_while_paused: true}
  - {id: more, metric: next_reply, within: best effort}
responses: {calls_entered_within: 5 elapsed minutes, assistants: true, only_when_assigned: true}
reopening: {within: 24 elapsed hours, clocks: restart}
reclassifying: {raised_counts_from: start}
plans: [{id: gold, label: Gold}]
""",
    ).split("examples:")[0]
    policy, frozen = load(text), json.loads(json.dumps(freeze(text, range(2020, 2036))))
    again = from_frozen(frozen)
    assert again == policy and again.targets == policy.targets and again.responses == policy.responses
    assert again.restarts_when_reopened and again.raised_counts_whole_story
    assert again.choices["plans"][0].label == "Gold"


def test_a_frozen_policy_that_was_changed_is_refused():
    frozen = freeze(SMALL, [2026])
    with pytest.raises(ValueError, match="changed after it was frozen"):
        from_frozen(frozen | {"digest": "0" * 64})


def test_an_unknown_country_is_told():
    text = SMALL.replace("    hours: {mon-fri", "    holidays: {country: XX}\n    hours: {mon-fri")
    with pytest.raises(PolicyError, match="no holidays are known for XX; list them under `days_off`"):
        load(text)


def test_the_form_is_published_as_json_schema():
    assert schema()["properties"]["targets"]["type"] == "array"


def test_the_school_policy_says_what_its_page_says():
    policy = school()
    hours = {target.id: target.amount.duration.total_seconds() / 3600 for target in policy.targets}
    assert list(hours.values()) == [2, 16, 24, 40, 16, 40, 80, 120]
    assert [priority.id for priority in policy.priorities] == ["urgent", "high", "medium", "low"]
    assert [status.timer_on for status in policy.statuses] == [True, True, False, False, False, False]
    assert policy.default_priority == "medium" and policy.objectives[0].percent == "95"
    assert policy.priority("urgent").restricted and policy.status("open").public_label == "Being processed"
