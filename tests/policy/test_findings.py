"""Every finding has its chapter, every example there trips it, and a broken copy of a shipped policy does, too."""

import re
from collections import Counter
from copy import deepcopy
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml

from upheld.policy import check, pack
from upheld.policy.codes import CODES, DOCUMENTATION, Kind
from upheld.policy.reading import read

PAGE = (Path(__file__).parents[2] / DOCUMENTATION).read_text(encoding="utf-8")
CHAPTERS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |^# |\Z)", PAGE, re.DOTALL | re.MULTILINE))
(BASE,) = re.findall(r"```yaml base\n(.*?)```", PAGE, re.DOTALL)
KINDS = {Kind.problem: "A problem.", Kind.finding: "A finding.", Kind.listed: "Listed."}
SNIPPETS = [
    pytest.param(code, bool(whole), snippet, id=f"{code}-{number}")
    for code, text in CHAPTERS.items()
    for number, (whole, snippet) in enumerate(re.findall(r"```yaml( whole)?\n(.*?)```", text, re.DOTALL))
]


def with_keys(snippet):
    """Return the page's sound document with some keys in place of its own, as text: not all of it is YAML."""
    keys = re.split(r"^(?=\w)", snippet, flags=re.MULTILINE)
    names = {each.split(":")[0] for each in keys if each}
    kept = [
        each for each in re.split(r"^(?=\w)", BASE, flags=re.MULTILINE) if each.split(":")[0] not in names
    ]
    return "".join([*kept, *keys])


def found(text, **asked):
    """Return how often each code is found; what is only listed counts as well."""
    report = check(text, **asked)
    codes = Counter(each.code for each in (*report.problems, *report.findings))
    codes["assumed"] = len(report.assumptions)
    codes["uncited-sentence"] = len(report.citations.uncited) if report.citations else 0
    return +codes


def faults(codes):
    return {code for code in codes if CODES[code].kind is not Kind.listed}


def test_every_code_has_its_chapter_and_every_chapter_its_code():
    assert set(CHAPTERS) == set(CODES)
    assert {each.values[0] for each in SNIPPETS} == set(CODES)


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_a_chapter_says_what_the_registry_says_and_what_to_do(code):
    text = CHAPTERS[code.code]
    assert f"*{code.title}.* {KINDS[code.kind]}" in text
    assert "**Mend it:**" in text
    may_be_accepted = code.kind is Kind.finding and code.code != "accepted-in-vain"
    assert ("**Accept it**" in text) == may_be_accepted


def test_the_document_of_the_page_is_sound():
    assert not found(BASE)


@pytest.mark.parametrize(("code", "whole", "snippet"), SNIPPETS)
def test_an_example_of_the_page_trips_its_code_and_no_other(code, whole, snippet):
    asked = {"filled_roles": frozenset()} if code == "unfilled-role" else {}
    codes = found(snippet if whole else with_keys(snippet), **asked)
    assert codes[code] and faults(codes) == faults({code}), codes


# Deliberately broken copies of shipped policies.


@cache
def data(name):
    return read(pack(name), name).data


def written(document):
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def part(document, block, id):
    return next(each for each in document[block] if each["id"] == id)


def hours(document):
    return next(iter(document["calendars"].values()))


def add(block, **new):
    return lambda document: document.setdefault(block, []).append(new)


def put(**keys):
    return lambda document: document.update(keys)


def on_calendar(**keys):
    return lambda document: hours(document).update(keys)


def on_target(**keys):
    return lambda document: document["targets"][0].update(keys)


def on_status(id, **keys):
    return lambda document: part(document, "statuses", id).update(keys)


def on_each(block, **keys):
    return lambda document: [each.update(keys) for each in document[block]]


def on_ladder(**keys):
    return lambda document: document["escalation"]["ladders"][0].update(keys)


def again(document):
    document["targets"].append(deepcopy(document["targets"][0]))


def without_the_morning(document, *, cited):
    """Take away the target that is joined at the opening, and let the page word the others or not."""
    document["targets"] = [each for each in document["targets"] if each["id"] != "high_response_morning"]
    document["examples"] = []
    for each in document["targets"]:
        each["assumed"] = not cited
        each["cites"] = [each["id"]]


def second_calendar(document, *, named):
    document["calendars"]["night"] = {"hours": {"mon-sun": "22:00-06:00"}}
    for each in document["targets"]:
        each.update({"calendar": "help desk"} if named else {})


def one_rung(document, **keys):
    document["escalation"]["ladders"] = [
        {"id": "up", "until": "first_response", "steps": [{"after": "at once", "tell": [manager(document)]}]}
        | keys
    ]


def manager(document):
    return document["roles"][0]["id"]


def one_target_less(document):
    document["targets"].pop(0)
    document["examples"] = []


def report_nowhere(document):
    for each in document["priorities"]:
        each["report_by"] = ["phone"]


def nothing_said(block, key):
    return lambda document: document[block][0].pop(key, None)


def two_on_a_rung(document):
    role = manager(document)
    steps = [{"after": "2 business days", "tell": [role]}, {"after": "3 working hours", "tell": [role]}]
    one_rung(document, steps=steps)


def same_words(document):
    for each in document["priorities"]:
        each["words"] = ["broken"]


def no_choice(document):
    part(document, "statuses", "closed")["agent_may_set"] = False
    part(document, "statuses", "open")["next"] = ["closed", "resolved"]


def expect(document, **expected):
    document["examples"][0]["expect"].append(expected)


def say_more(document):
    document["source"]["text"] += "\n\nNobody cites this sentence at all.\n"


SCHOOL, AROUND, CONTRACT, PLANS = "school-devices", "always-on", "maintenance-contract", "success-plans"
WAITING = "waiting_on_customer"
SHUT = {str(date(2026, 1, 1) + timedelta(days=number)): "shut" for number in range(400)}
RESOLVE_URGENT = {"metric": "resolution", "when": {"priority": ["urgent"]}, "also": True}
BROKEN = {
    "unknown-key": (SCHOOL, put(prioritys=[])),
    "missing-key": (SCHOOL, lambda document: document.pop("title")),
    "wrong-form": (SCHOOL, on_status("open", category="opened")),
    "unreadable": (SCHOOL, on_target(within="2 hours")),
    "out-of-bounds": (SCHOOL, on_target(within="0 working hours")),
    "duplicate-id": (SCHOOL, again),
    "unknown-reference": (SCHOOL, put(default_priority="nothing")),
    "duplicate-word": (SCHOOL, same_words),
    "unknown-zone": (SCHOOL, put(zone="Mars/Olympus")),
    "never-opens": (SCHOOL, on_calendar(hours={"mon-fri": "closed"})),
    "closed-too-long": (SCHOOL, on_calendar(days_off=SHUT)),
    "unknown-holidays": (SCHOOL, on_calendar(holidays={"country": "ZZ"})),
    "needs-calendar": (SCHOOL, lambda document: second_calendar(document, named=False)),
    "useless-calendar": (SCHOOL, on_target(within="4 elapsed hours", calendar="help desk")),
    "unused-calendar": (SCHOOL, lambda document: second_calendar(document, named=True)),
    "zone-told-twice": (SCHOOL, on_calendar(note="Our hours are in GMT.")),
    "fixed-offset": (SCHOOL, put(zone="Etc/GMT+8")),
    "ambiguous-zone": (SCHOOL, on_calendar(cites=["from nine to five EST"])),
    "done-at-once": (SCHOOL, put(initial_status="closed")),
    "unreachable-status": (
        SCHOOL,
        add("statuses", id="lost", label="Lost", category="waiting", clocks="none", agent_may_set=False),
    ),
    "trap": (SCHOOL, add("statuses", id="lost", label="Lost", category="waiting", clocks="none", next=[])),
    "no-clock-runs": (SCHOOL, add("statuses", id="idle", label="Idle", category="open", clocks="none")),
    "metric-never-runs": (SCHOOL, on_each("statuses", clocks="none")),
    "move-not-allowed": (SCHOOL, no_choice),
    "unclear-step": (SCHOOL, on_status(WAITING, after=[{"wait": "1 elapsed day"}])),
    "wait-in-working-time": (
        SCHOOL,
        on_status(WAITING, after=[{"wait": "9 working hours", "remind": "agent"}]),
    ),
    "step-after-change": (
        SCHOOL,
        lambda document: part(document, "statuses", WAITING)["after"].append(
            {"wait": "9 elapsed days", "remind": "customer"}
        ),
    ),
    "closes-unannounced": (
        SCHOOL,
        on_status(WAITING, after=[{"wait": "9 elapsed days", "become": "closed"}]),
    ),
    "endless-circle": (SCHOOL, on_status(WAITING, after=[{"wait": "9 elapsed days", "become": WAITING}])),
    "missing-cell": (SCHOOL, one_target_less),
    "never-governs": (SCHOOL, add("targets", id="late", metric="resolution", within="9 working hours")),
    "contradiction": (SCHOOL, add("targets", id="late", within="48 elapsed hours", **RESOLVE_URGENT)),
    "never-decides": (SCHOOL, add("targets", id="late", within="90 business days", **RESOLVE_URGENT)),
    "clause-differs": (SCHOOL, on_target(clause="We answer within 3 minutes.")),
    "joins-nothing": (
        SCHOOL,
        add("targets", id="late", metric="next_reply", also=True, within="best effort"),
    ),
    "out-of-order": (AROUND, lambda document: without_the_morning(document, cited=False)),
    "out-of-order-in-source": (AROUND, lambda document: without_the_morning(document, cited=True)),
    "cadence-form": (SCHOOL, add("targets", id="news", metric="update", within="4 working hours")),
    "too-often": (SCHOOL, add("targets", id="news", metric="update", every="4 elapsed minutes")),
    "cadence-too-long": (SCHOOL, add("targets", id="news", metric="update", every="900 working hours")),
    "aim-form": (SCHOOL, on_target(aim="1 business day")),
    "aim-too-late": (SCHOOL, on_target(within="8 working hours", aim="9 working hours")),
    "objective-without-target": (SCHOOL, add("objectives", metrics=["update"], percent="95")),
    "missing-meaning": (SCHOOL, nothing_said("priorities", "meaning")),
    "missing-criteria": (PLANS, nothing_said("priorities", "criteria")),
    "missing-report-by": (CONTRACT, nothing_said("priorities", "report_by")),
    "closed-channel": (SCHOOL, report_nowhere),
    "missing-ladder": (
        CONTRACT,
        lambda document: one_rung(document, when={"priority": [document["priorities"][0]["id"]]}),
    ),
    "ladder-order": (CONTRACT, two_on_a_rung),
    "ladder-without-target": (
        CONTRACT,
        lambda document: one_rung(document, until="resolution", counts_from="due"),
    ),
    "ladder-never-holds": (CONTRACT, lambda document: one_rung(document, when={"status": ["closed"]})),
    "unused-role": (CONTRACT, add("roles", id="gardener", label="Gardener")),
    "response-waits": (CONTRACT, lambda document: document["information"].update(pauses=["first_response"])),
    "urgent-waits": (
        CONTRACT,
        lambda document: document["information"].update(pauses=["resolution"], never_for=[]),
    ),
    "no-default-plan": (SCHOOL, put(entitlement={"contract": "required"})),
    "undefined-word": (SCHOOL, on_target(clause="We answer in the evening.")),
    "no-examples": (SCHOOL, put(examples=[])),
    "no-example": (
        SCHOOL,
        lambda document: document["targets"].insert(
            0,
            {"id": "vip", "metric": "first_response", "when": {"plan": ["vip"]}, "within": "1 working hour"},
        ),
    ),
    "unclear-example": (SCHOOL, lambda document: expect(document, due="2026-03-16 17:00")),
    "example-failed": (
        SCHOOL,
        lambda document: expect(document, clock="first_response", due="2036-03-16 17:00"),
    ),
    "citation-not-found": (CONTRACT, on_target(cites=["Nobody ever said so."])),
    "uncited-sentence": (CONTRACT, say_more),
    "assumed": (SCHOOL, put(responses={"assumed": True, "note": "so"})),
    "assumed-without-reason": (SCHOOL, put(responses={"assumed": True})),
    "accepted-in-vain": (SCHOOL, put(accept={"trap": "There is none."})),
}
TEXTS = {
    "not-yaml": lambda text: text + '\nbroken: "\n',
    "empty": lambda text: "\n".join(f"# {line}" for line in text.splitlines()),
    "several-documents": lambda text: f"{text}\n---\n{text}",
    "alias": lambda text: text.replace("\nzone: ", "\nzone: &zone ", 1),
    "tag": lambda text: text.replace("\nzone: ", "\nzone: !!str ", 1),
    "duplicate-key": lambda text: f"{text}\nzone: Europe/Paris\n",
    "not-a-key": lambda text: f"{text}\n? [a]\n: b\n",
    "too-large": lambda text: text + "#" * 256_000,
}


@cache
def before(name):
    return found(written(data(name)))


def test_a_policy_that_was_broken_on_purpose_exists_for_every_code():
    assert {*BROKEN, *TEXTS, "unfilled-role"} == set(CODES)


@pytest.mark.parametrize(("code", "name", "breaks"), [(code, *how) for code, how in BROKEN.items()])
def test_a_broken_copy_of_a_shipped_policy_trips_its_code(code, name, breaks):
    document = deepcopy(data(name))
    breaks(document)
    assert found(written(document))[code] > before(name)[code]


@pytest.mark.parametrize(("code", "breaks"), TEXTS.items(), ids=list(TEXTS))
def test_a_shipped_policy_that_is_no_plain_text_trips_its_code(code, breaks):
    assert faults(found(breaks(pack(SCHOOL)))) == {code}


def test_roles_are_missed_on_a_desk_where_nobody_fills_them():
    named = check(pack(CONTRACT)).policy.roles
    assert found(pack(CONTRACT), filled_roles=frozenset())["unfilled-role"] >= 2
    assert not found(pack(CONTRACT), filled_roles=frozenset(named))["unfilled-role"]
