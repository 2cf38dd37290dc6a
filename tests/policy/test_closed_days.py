"""A closed day that becomes known late: written into the text of a document, and nothing else of it touched."""

from datetime import date

import pytest
from desk_stories import london
from small_policies import text as shop_text

from upheld.policy import PolicyError, load, pack
from upheld.policy.closed_days import ClosedDayError, add_closed_day, remove_closed_day

SCHOOL = pack("school-devices")
MOURNING = date(2026, 9, 18)  # a Friday
TARGET = "id: answer, metric: first_response, within: 8 working hours"
BLOCK = """\
policy: 1
name: shop
title: A shop
zone: Europe/London
calendars:
  # The front of the shop.
  shop:
    hours:
      mon-fri: 09:00-17:00  # as on the door
      sat: 10:00-12:00
    # Known from the start.
    days_off:
      2026-12-24: "Closed: stock-taking"  # every year
      2026-12-28: Between the years
    other_hours:
      2026-12-23: 09:00-12:00
  workshop: {hours: {mon-fri: 08:00-16:00}, other_hours: {2026-12-23: "08:00-10:00, 11:00-12:00"}}
priorities: [{id: normal, label: Normal}]
default_priority: normal
initial_status: open
statuses: [{id: open, label: Open, category: open, clocks: all}]
"""


def lines_changed(before: str, after: str) -> tuple[set[str], set[str]]:
    """The lines that went, and those that came."""
    old, new = before.splitlines(), after.splitlines()
    return set(old) - set(new), set(new) - set(old)


def is_open(text: str, day: date, calendar: str, hour: str = "11:00") -> bool:
    return load(text).calendars[calendar].is_open(london(f"{day} {hour}"))


def test_a_day_of_mourning_is_written_into_the_calendar_and_the_rest_stays() -> None:
    changed = add_closed_day(SCHOOL, MOURNING, "Day of mourning")
    gone, came = lines_changed(SCHOOL, changed)
    assert gone == set()
    assert came == {"    days_off:", '      2026-09-18: "Day of mourning"'}
    assert is_open(SCHOOL, MOURNING, "help desk") and not is_open(changed, MOURNING, "help desk")
    assert load(changed).holiday_names["help desk"][MOURNING] == "Day of mourning"


@pytest.mark.parametrize("calendar", ["shop", "workshop"])
@pytest.mark.parametrize("day", [MOURNING, date(2026, 12, 23)])
def test_a_day_is_added_whatever_the_style_of_the_text(calendar: str, day: date) -> None:
    changed = add_closed_day(BLOCK, day, 'Näheres: "morgen", # 1', calendar)
    assert not is_open(changed, day, calendar)
    assert load(changed).holiday_names[calendar][day] == 'Näheres: "morgen", # 1'
    other = "workshop" if calendar == "shop" else "shop"
    assert is_open(changed, day, other)
    for comment in (
        "# The front of the shop.",
        "# as on the door",
        "# every year",
        "# Known from the start.",
    ):
        assert comment in changed


@pytest.mark.parametrize("calendar", ["shop", "workshop"])
@pytest.mark.parametrize("day", [MOURNING, date(2026, 12, 29)])
def test_what_was_added_is_taken_out_again(calendar: str, day: date) -> None:
    changed = add_closed_day(BLOCK, day, "Burst pipe", calendar)
    back = remove_closed_day(changed, day, calendar)
    assert is_open(back, day, calendar)
    assert load(back) == load(BLOCK)


def test_one_of_several_days_is_taken_out_and_the_last_takes_its_heading_along() -> None:
    once = remove_closed_day(BLOCK, date(2026, 12, 24), "shop")
    assert lines_changed(BLOCK, once)[0] == {'      2026-12-24: "Closed: stock-taking"  # every year'}
    twice = remove_closed_day(once, date(2026, 12, 28), "shop")
    assert "days_off" not in twice
    assert is_open(twice, date(2026, 12, 28), "shop")


def test_a_public_holiday_is_worked_in_the_hours_of_its_weekday() -> None:
    easter = date(2026, 4, 6)
    changed = remove_closed_day(SCHOOL, easter)
    assert lines_changed(SCHOOL, changed)[1] == {"    other_hours:", '      2026-04-06: "07:30-17:00"'}
    assert is_open(changed, easter, "help desk", "07:30")
    closed_again = add_closed_day(changed, easter, "Easter Monday after all")
    assert not is_open(closed_again, easter, "help desk")


def test_days_off_in_one_line() -> None:
    shop = shop_text(TARGET)
    changed = add_closed_day(shop, MOURNING, "Closed")
    assert not is_open(changed, MOURNING, "shop")
    assert not is_open(changed, date(2026, 4, 3), "shop")
    assert load(remove_closed_day(changed, MOURNING)) == load(shop)
    opened = remove_closed_day(changed, date(2026, 4, 3))
    assert is_open(opened, date(2026, 4, 3), "shop") and not is_open(opened, date(2026, 4, 6), "shop")


@pytest.mark.parametrize(
    ("day", "calendar", "why"),
    [
        (date(2026, 4, 3), None, "closed on 2026-04-03 already: Good Friday"),
        (date(2026, 9, 19), None, "its week has no hours then"),
        (MOURNING, "warehouse", "no calendar “warehouse”. The document has: “help desk”"),
    ],
)
def test_what_changes_nothing_is_refused_with_the_reason(day: date, calendar: str | None, why: str) -> None:
    with pytest.raises(ClosedDayError, match=why):
        add_closed_day(SCHOOL, day, "Closed", calendar)


def test_of_several_calendars_one_is_named() -> None:
    with pytest.raises(ClosedDayError, match=r"Say which calendar\. The document has: “shop”, “workshop”"):
        add_closed_day(BLOCK, MOURNING, "Closed")


def test_a_day_that_is_open_is_not_taken_out() -> None:
    with pytest.raises(ClosedDayError, match="is not closed on 2026-09-18"):
        remove_closed_day(SCHOOL, MOURNING)
    with pytest.raises(ClosedDayError, match="no hours on that weekday"):
        remove_closed_day(SCHOOL, date(2026, 9, 19))


def test_places_are_found_behind_any_letters() -> None:
    text = BLOCK.replace("title: A shop", "title: Ein Lädchen 🛠 für Größeres")
    assert not is_open(add_closed_day(text, MOURNING, "Zu 🛠", "shop"), MOURNING, "shop")


def test_a_document_that_is_not_sound_is_refused_as_such() -> None:
    with pytest.raises(PolicyError):
        add_closed_day("policy: 1", MOURNING, "Closed")
    with pytest.raises(ClosedDayError, match="needs a name"):
        add_closed_day(SCHOOL, MOURNING, "  ")
