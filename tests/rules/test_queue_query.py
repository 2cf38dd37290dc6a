"""Whatever somebody types into the search can be read, and what was read can be typed again."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.clock import Calendar
from upheld.rules.query_times import Day, Named, Side, Span, bounds, closing, read_time
from upheld.rules.queue_query import MOST_TERMS, STATES, FaultKind, Key, Query, Term, Words, parse, written
from upheld.rules.spelling import closest, fold

# Texts that look like queries, and pieces that are none.
PIECES = st.sampled_from(
    [
        "status",
        "due",
        "is",
        "field",
        "field.serial",
        "x",
        ":",
        ",",
        '"',
        "-",
        " ",
        "\t",
        "<2h",
        "open",
        "2026-11-22",
    ]
)
ODD = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


def test_a_query_is_read_into_its_terms() -> None:
    read = parse(
        'status:waiting,open -priority:low organization:"Acme Ltd" "no paper" printer -ink FIELD.Serial:A12'
    )
    assert read.parts == (
        Term(Key.status, ("waiting", "open")),
        Term(Key.priority, ("low",), negated=True),
        Term(Key.organization, ("Acme Ltd",)),
        Words("no paper", exact=True),
        Words("printer"),
        Words("ink", negated=True),
        Term(Key.field, ("A12",), name="serial"),
    )
    assert not read.faults
    assert read.words == '"no paper" printer -ink'


@given(ODD)
def test_every_text_is_read_and_reads_the_same_when_it_is_written_back(text: str) -> None:
    read = parse(text)
    again = parse(str(read))
    assert again == Query(read.parts)
    assert str(again) == str(read)


@given(ODD)
def test_each_part_and_each_fault_has_its_place_in_the_text(text: str) -> None:
    read = parse(text)
    places = sorted((each.start, each.end) for each in (*read.parts, *read.faults))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    left = "".join(char for index, char in enumerate(text) if not any(a <= index < b for a, b in places))
    assert not left.replace('"', "").replace("-", "").strip()


@given(st.text(max_size=40))
def test_any_value_can_be_typed(value: str) -> None:
    kept = " ".join(value.replace('"', "").split())
    read = parse(f"customer:{written(value)}")
    assert read.terms == ((Term(Key.customer, (kept,)),) if kept else ())


@pytest.mark.parametrize(
    ("text", "kind", "key", "value", "nearest"),
    [
        ("statsu:open", FaultKind.unknown_key, "statsu", "open", ("status",)),
        ("status.x:open", FaultKind.unknown_key, "status.x", "open", ("status",)),
        ("status:", FaultKind.no_value, "status", "", ()),
        ("status:open,", FaultKind.no_value, "status", "open,", ()),
        ('-tag:""', FaultKind.no_value, "tag", "", ()),
        ("field:A12", FaultKind.no_field, "field", "A12", ()),
        ("due:<2", FaultKind.not_a_time, "due", "<2", ()),
        ("due:2026-02-30", FaultKind.not_a_time, "due", "2026-02-30", ()),
        ("due:0001-01-01", FaultKind.not_a_time, "due", "0001-01-01", ()),
        ("created:overdue", FaultKind.not_a_time, "created", "overdue", ()),
        ("is:snozed", FaultKind.unknown_value, "is", "snozed", ("snoozed",)),
        ("has:atachment", FaultKind.unknown_value, "has", "atachment", ("attachment",)),
    ],
)
def test_what_cannot_be_meant_is_said_with_its_place(
    text: str, kind: FaultKind, key: str, value: str, nearest: tuple[str, ...]
) -> None:
    read = parse(f"paper {text} jam")
    (fault,) = read.faults
    assert (fault.kind, fault.key, fault.value, fault.nearest) == (kind, key, value, nearest)
    assert (fault.start, fault.end) == (6, 6 + len(text))
    assert read.words == "paper jam"


@pytest.mark.parametrize(
    "text",
    ["Error: no paper", "see http://files.example.com/a", "10:30", "Re:", "C++", "SDS-1001", "a@example.org"],
)
def test_a_colon_in_words_is_a_colon(text: str) -> None:
    read = parse(text)
    assert (read.words, read.terms, read.faults) == (text, (), ())


def test_nobody_asks_for_more_than_can_be_answered() -> None:
    read = parse(" ".join(f"tag:{number}" for number in range(MOST_TERMS + 2)))
    assert len(read.terms) == MOST_TERMS
    assert [each.kind for each in read.faults] == [FaultKind.too_many] * 2


def test_a_value_is_asked_for_once_and_a_state_is_spelled_as_it_is_known() -> None:
    assert str(parse("tag:a,b,a IS:Snoozed")) == "tag:a,b is:snoozed"


@pytest.mark.parametrize("state", STATES)
def test_only_states_of_what_is_done_reach_beyond_open_work(state: str) -> None:
    (term,) = parse(f"is:{state}").terms
    assert term.reaches_done == (state in ("resolved", "closed", "done", "any", "merged"))
    (other,) = parse(f"-is:{state}").terms
    assert other.reaches_done == (state == "open")


@pytest.mark.parametrize(
    ("key", "text", "time"),
    [
        ("due", "<2h", Span(timedelta(hours=2), Side.within)),
        ("due", "2H", Span(timedelta(hours=2), Side.within)),
        ("updated", ">=3d", Span(timedelta(days=3), Side.beyond)),
        ("created", "<90m", Span(timedelta(minutes=90), Side.within)),
        ("created", "1w", Span(timedelta(weeks=1), Side.within)),
        ("created", "2026-11-22", Day(date(2026, 11, 22))),
        ("created", ">2026-11-22", Day(date(2026, 11, 22), Side.beyond, itself=False)),
        ("created", "<=2026-11-22", Day(date(2026, 11, 22), Side.within)),
        ("due", "Before-Closing", Named("before-closing")),
        ("due", "tomorrow", Named("tomorrow")),
        ("created", "tomorrow", None),
        ("due", "<2 h", None),
        ("due", "<99999h", None),
        ("due", "²h", None),
    ],
)
def test_times_are_read(key: str, text: str, time: object) -> None:
    assert read_time(key, text) == time


def test_a_day_is_as_long_as_it_is_where_somebody_works() -> None:
    now = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # in Berlin already Sunday, which has 23 hours
    start, end = bounds(Named("today"), now, "Europe/Berlin")
    assert (start, end) == (datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC))
    day = date(2026, 3, 29)
    assert bounds(Day(day, Side.beyond, itself=False), now, "Europe/Berlin") == (end, None)
    assert bounds(Day(day, Side.beyond), now, "Europe/Berlin") == (start, None)
    assert bounds(Day(day, Side.within, itself=False), now, "Europe/Berlin") == (None, start)
    assert bounds(Named("yesterday"), now, "Europe/Berlin")[1] == start
    assert bounds(Named("tomorrow"), now, "Europe/Berlin")[0] == end


def test_a_desk_closes_at_the_end_of_its_day_and_not_at_noon() -> None:
    calendar = Calendar("Europe/London", {"fri": [("09:00", "12:00"), ("13:00", "17:00")]})
    assert closing(calendar, datetime(2026, 3, 20, 8, tzinfo=UTC)) == datetime(2026, 3, 20, 17, tzinfo=UTC)
    assert closing(calendar, datetime(2026, 3, 21, 8, tzinfo=UTC)) is None


def test_spellings_meet_and_the_nearest_is_named_first() -> None:
    assert fold("Second-Line") == fold("second  line") == fold('"second_line"')
    assert fold("Prüfung") == fold("prufung")
    assert closest("hihg", ["low", "high", "medium"]) == ("high",)
    assert closest("zebra", ["low", "high"]) == ()
