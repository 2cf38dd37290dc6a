"""What a calendar is made of, as a value: equal definitions share one compiled timeline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from upheld.clock.errors import CalendarError
from upheld.clock.hours import DAY_MINUTES, Hours, hours, united
from upheld.clock.wall import closing, opening
from upheld.clock.zones import zone

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONE_DAY = timedelta(days=1)

DayHours = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Definition:
    """Zone, seven tuples of hours from Monday on, and the dates whose hours replace those of the week."""

    zone: str
    week: tuple[tuple[Hours, ...], ...]
    dates: tuple[tuple[date, tuple[Hours, ...]], ...]
    _by_date: dict[date, tuple[Hours, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the replaced dates."""
        object.__setattr__(self, "_by_date", dict(self.dates))

    def spans_of(self, day: date) -> list[tuple[int, int]]:
        """Return the open spans that begin on a date in local time, as instants in microseconds, unsorted."""
        tz = zone(self.zone)
        pieces = [(opening(day, a, tz), closing(day, b, tz)) for a, b in self._pieces(day)]
        return [(start, end) for start, end in pieces if start < end]

    def is_day_off(self, day: date) -> bool:
        """Whether the date is replaced, and by no hours at all."""
        return self._by_date.get(day) == ()

    def _pieces(self, day: date) -> list[Hours]:
        """Cut at midnight: what the date itself says, and what the date before lets run into it."""
        own = [Hours(each.opens, min(each.closes, DAY_MINUTES)) for each in self._hours(day)]
        if day in self._by_date or day == date.min:
            return own
        before = [each for each in self._hours(day - _ONE_DAY) if each.closes > DAY_MINUTES]
        return [Hours(0, each.closes - DAY_MINUTES) for each in before] + own

    def _hours(self, day: date) -> tuple[Hours, ...]:
        replaced = self._by_date.get(day)
        return self.week[day.weekday()] if replaced is None else replaced


def define(
    zone_name: str,
    weekly: Mapping[str, DayHours],
    holidays: Iterable[date],
    overrides: Mapping[date, DayHours],
) -> Definition:
    """Return the value of a calendar's description; raises CalendarError when it has no meaning."""
    zone(zone_name)
    unknown = set(weekly) - set(WEEKDAYS)
    if unknown:
        raise CalendarError(f"{sorted(unknown)[0]!r} is not a day of the week; the days are {list(WEEKDAYS)}")
    week = tuple(_day(weekly.get(name, ())) for name in WEEKDAYS)
    dates: dict[date, tuple[Hours, ...]] = {_whole_date(day): () for day in holidays}
    dates.update((_whole_date(day), _day(spans)) for day, spans in overrides.items())
    return Definition(zone_name, week, tuple(sorted(dates.items())))


def _whole_date(day: date) -> date:
    if isinstance(day, datetime):
        raise CalendarError(f"{day!r} is an instant; holidays and overrides are whole dates")
    return day


def _day(spans: DayHours) -> tuple[Hours, ...]:
    return united(hours(opens, closes) for opens, closes in spans)
