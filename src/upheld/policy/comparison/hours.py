"""When the desk works: calendars, their zones, and the hours of each weekday."""

from collections.abc import Iterator
from itertools import groupby

from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.dates import dates
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.moving import moved_by_hours
from upheld.policy.comparison.naming import block_text
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import quoted
from upheld.policy.comparison.side import Place
from upheld.policy.document import CalendarPart, Document
from upheld.policy.phrases import read_days, read_hours

_HOURS, _WORDS = Theme.hours, Theme.words
_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = read_days("mon-sun")
_TOLD_HERE = ("zone", "hours", "holidays", "days_off", "other_hours")

Spans = tuple[tuple[str, str], ...]


def calendars(pair: Pair, old: Document, new: Document, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what the calendars differ."""
    place = place.at("calendars")
    for name, part in old.calendars.items():
        found = pair.calendars.get(name)
        if found is None:
            said = f"the calendar {quoted(name)} is gone."
            here = place.at(name).only(old=True, new=False)
            yield differs(Kind.removed, _HOURS, said, here, block_text(part), "", moves=True)
        else:
            yield from _calendar(pair, name, found, place.at(name, found))
    for name, part in new.calendars.items():
        if name not in pair.calendars.values():
            said = f"the calendar {quoted(name)} is new: {week_text(part)}."
            here = place.at(name).only(old=False, new=True)
            yield differs(Kind.added, _HOURS, said, here, "", block_text(part), moves=True)


def _calendar(pair: Pair, name: str, new_name: str, place: Place) -> Iterator[Difference]:
    old, new = pair.old.document.calendars[name], pair.new.document.calendars[new_name]
    it = f"the calendar {quoted(new_name)}"
    if name != new_name:
        said = f"the calendar {quoted(name)} is called {quoted(new_name)} now."
        yield differs(Kind.renamed, _HOURS, said, place, name, new_name)
    if old.zone != new.zone:
        yield _zone(pair, old, new, place.at("zone"), it).with_more(_moved(pair, old, new, new_name))
    if old.hours != new.hours:
        yield from _first_with_example(pair, new_name, _week(old, new, place.at("hours"), new_name))
    yield from dates(pair, name, new_name, place)
    yield from fields(pair, old, new, place, it, skip=_TOLD_HERE)


def _first_with_example(pair: Pair, calendar: str, differences: Iterator[Difference]) -> Iterator[Difference]:
    """Give the first difference of the hours an example: a request that is due at another time on that calendar."""
    for number, each in enumerate(differences):
        more = moved_by_hours(pair, calendar) if each.moves_clocks and not number else ""
        yield each.with_more(more)


def _zone(pair: Pair, old: CalendarPart, new: CalendarPart, place: Place, it: str) -> Difference:
    before, after = old.zone or pair.old.document.zone, new.zone or pair.new.document.zone
    if before == after:
        verb = "names its zone now" if new.zone else "no longer names its zone"
        said = f"{it} {verb}; it is still {after}."
        return differs(Kind.reworded, _WORDS, said, place, old.zone or "", new.zone or "")
    said = f"the hours of {it} are in the time of {after} now instead of {before}."
    return differs(Kind.changed, _HOURS, said, place, before, after, moves=True)


def _moved(pair: Pair, old: CalendarPart, new: CalendarPart, name: str) -> str:
    """Return a request that another zone moves, where the hours alone do not tell of one."""
    same_zone = (old.zone or pair.old.document.zone) == (new.zone or pair.new.document.zone)
    return "" if same_zone or old.hours != new.hours else moved_by_hours(pair, name)


def zone(pair: Pair, old: Document, new: Document, place: Place, it: str) -> Iterator[Difference]:
    """Yield that the policy speaks in another zone; it moves clocks where a calendar names no zone of its own."""
    parts = (*old.calendars.values(), *new.calendars.values())
    inherited = any(part.zone is None for part in parts)
    kept = "" if inherited else " The calendars keep theirs."
    said = f"the policy speaks in the zone {new.zone} now instead of {old.zone}.{kept}"
    found = (
        _moved(pair, old.calendars[was], new.calendars[now], now)
        for was, now in pair.calendars.items()
        if old.calendars[was].zone is None and new.calendars[now].zone is None
    )
    more = next(filter(None, found), "")
    here = place.at("zone")
    yield differs(Kind.changed, _HOURS, said, here, old.zone, new.zone, moves=inherited).with_more(more)


def _week(old: CalendarPart, new: CalendarPart, place: Place, name: str) -> Iterator[Difference]:
    before, after = week_of(old), week_of(new)
    days = [day for day in range(7) if before[day] != after[day]]
    for group in _groups(days, before, after):
        was, now = before[group[0]], after[group[0]]
        said = f"in {quoted(name)}, {_days_text(group)} {_changed(was, now, len(group) > 1)}."
        texts = (spans_text(was), spans_text(now))
        yield differs(_kind(was, now), _HOURS, said, place, *texts, moves=True)
    if not days:
        said = f"the hours of the calendar {quoted(name)} are the same, written otherwise."
        yield differs(Kind.reworded, _WORDS, said, place, _written(old), _written(new))


def week_of(part: CalendarPart) -> list[Spans]:
    """Return the hours of each weekday, Monday first."""
    found: dict[str, set[tuple[str, str]]] = {day: set() for day in _SHORT}
    for days, hours in part.hours.items():
        for day in read_days(days):
            found[day].update(read_hours(hours))
    return [tuple(sorted(found[day])) for day in _SHORT]


def week_text(part: CalendarPart) -> str:
    """Return a week in words."""
    week = week_of(part)
    days = [day for day in range(7) if week[day]]
    return "; ".join(f"{_days_text(group)} {spans_text(week[group[0]])}" for group in _groups(days, week))


def _groups(days: list[int], *weeks: list[Spans]) -> Iterator[list[int]]:
    """Yield those of some days that follow each other and have the same hours in each of the weeks."""
    numbered = enumerate(days)
    for _, group in groupby(numbered, lambda each: (each[1] - each[0], [week[each[1]] for week in weeks])):
        yield [day for _, day in group]


def _days_text(days: list[int]) -> str:
    if len(days) == 1:
        return _WEEK[days[0]]
    return f"{_WEEK[days[0]]} {'to' if len(days) > 2 else 'and'} {_WEEK[days[-1]]}"


def _changed(before: Spans, after: Spans, several: bool) -> str:
    is_, was = ("are", "were") if several else ("is", "was")
    if not before:
        return f"{spans_text(after)} {is_} new; the desk {was} closed"
    if not after:
        return f"{is_} closed now; the desk was open {spans_text(before)}"
    return f"{is_} open {spans_text(after)} now instead of {spans_text(before)}"


def _kind(before: Spans, after: Spans) -> Kind:
    return Kind.added if not before else Kind.removed if not after else Kind.changed


def spans_text(spans: Spans) -> str:
    """Return the hours of a day."""
    return ", ".join(f"{opens}-{closes}" for opens, closes in spans) or "closed"


def _written(part: CalendarPart) -> str:
    return "; ".join(f"{days}: {hours}" for days, hours in part.hours.items())
