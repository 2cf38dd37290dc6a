"""The dates that differ from the week: public holidays, days off, and dates with hours of their own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.matching import matched_blocks
from upheld.policy.comparison.moving import moved_by_hours
from upheld.policy.comparison.naming import identity
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import listed, quoted
from upheld.policy.comparison.side import Place
from upheld.policy.document import CalendarPart, HolidaysPart
from upheld.policy.phrases import read_date, read_hours

_LISTED = 4
_WITH_EXAMPLE = 3
# So many dates of a year of which one document knows none are told together.
_MANY = 3


class Day(NamedTuple):
    """What holds on a date: its name, and its hours, empty where it is closed; None where it is as in every week."""

    name: str
    hours: str | None

    @property
    def text(self) -> str:
        """What it is, in words."""
        if self.hours is None:
            return "an ordinary day"
        return f"open {self.hours}" if self.hours else "a day off"


_ORDINARY = Day("", None)
Days = Mapping[date, Day]


def dates(pair: Pair, name: str, new_name: str, place: Place) -> Iterator[Difference]:
    """Yield in what the dates of a calendar differ, the first of them with a request that they move."""
    old, new = pair.old.document.calendars[name], pair.new.document.calendars[new_name]
    yield from _public_holidays(pair, old, new, place.at("holidays"))
    before, after = _days(pair.old.dated.calendars[name]), _days(pair.new.dated.calendars[new_name])
    it, whole = quoted(new_name), _whole_years(before, after)
    for year in whole:
        yield _whole_year(year, before, after, it, place)
    for number, ((was, now), days) in enumerate(_grouped(before, after, whole).items()):
        told = number < _WITH_EXAMPLE and was.hours != now.hours
        here = _where(place, (old, new), (was, now), days[0])
        more = moved_by_hours(pair, new_name, days[0]) if told else ""
        yield _changed(was, now, days, it, here).with_more(more)
    yield from _written_otherwise((old, new), (before, after), it, place)


def _public_holidays(pair: Pair, old: CalendarPart, new: CalendarPart, place: Place) -> Iterator[Difference]:
    """Yield whose public holidays count now; on which dates is told by their dates."""
    for i, j in matched_blocks(old.holidays, new.holidays):
        before, after = None if i is None else old.holidays[i], None if j is None else new.holidays[j]
        here = place.at(i or 0, j or 0).only(old=i is not None, new=j is not None)
        if before is not None and after is not None and identity(before) == identity(after):
            yield from fields(pair, before, after, here, _whose(after))
        else:
            yield _other_country(before, after, here)


def _other_country(old: HolidaysPart | None, new: HolidaysPart | None, place: Place) -> Difference:
    before, after = ("" if each is None else _whose(each) for each in (old, new))
    kind = Kind.replaced if old and new else Kind.added if new else Kind.removed
    said = (
        f"{after} count now{f' instead of {before}' if before else ''}."
        if after
        else f"{before} no longer count."
    )
    return differs(kind, Theme.hours, said, place, before, after, moves=True)


def _whose(part: HolidaysPart) -> str:
    return f"the public holidays of {part.country}{f' ({part.subdivision})' if part.subdivision else ''}"


def _days(part: CalendarPart) -> Days:
    """Return every date that differs from the week; hours of its own stand above a day off."""
    days = {read_date(day): Day(name, "") for day, name in part.days_off.items()}
    for text, hours in part.other_hours.items():
        day = read_date(text)
        spans = ", ".join(f"{opens}-{closes}" for opens, closes in sorted(read_hours(hours)))
        days[day] = Day(days[day].name if day in days else "", spans)
    return days


def _whole_years(before: Days, after: Days) -> list[int]:
    """Return the years of which only one document knows dates, several of them, while both know those of another."""
    ours, theirs = ({day.year for day in days} for days in (before, after))
    if not ours & theirs:
        return []
    counts = {year: sum(day.year == year for day in (*before, *after)) for year in ours ^ theirs}
    return sorted(year for year, count in counts.items() if count >= _MANY)


def _whole_year(year: int, before: Days, after: Days, it: str, place: Place) -> Difference:
    known = any(day.year == year for day in after)
    found = {day: each for day, each in sorted((after if known else before).items()) if day.year == year}
    names = listed(list(dict.fromkeys(each.name or day_text(day) for day, each in found.items())))
    verb = "are known now" if known else "are no longer known"
    said = f"in {it}, {len(found)} dates of {year} {verb}: {names}."
    here = place.at("days_off").only(old=not known, new=known)
    texts = ("", names) if known else (names, "")
    return differs(Kind.added if known else Kind.removed, Theme.hours, said, here, *texts, moves=True)


def _grouped(before: Days, after: Days, without: Sequence[int]) -> Mapping[tuple[Day, Day], list[date]]:
    """Return the dates that differ, together those that differ alike: a holiday in all its years."""
    found: defaultdict[tuple[Day, Day], list[date]] = defaultdict(list)
    for day in sorted({*before, *after}):
        was, now = before.get(day, _ORDINARY), after.get(day, _ORDINARY)
        if was != now and day.year not in without:
            found[was, now].append(day)
    return found


def _where(
    place: Place, parts: tuple[CalendarPart, CalendarPart], states: tuple[Day, Day], day: date
) -> Place:
    """Return where each document says what holds on a date: by the date itself, or by a country's holidays."""
    keys = (_key(part, day.isoformat()) for part in parts)
    found = (None if state.hours is None else key for key, state in zip(keys, states, strict=True))
    paths = (path and key and (*path, *key) for path, key in zip(place, found, strict=True))
    return Place(*(path or None for path in paths))


def _key(part: CalendarPart, text: str) -> tuple[str, ...]:
    fields_with_dates = ("other_hours", "days_off")
    found = (name for name in fields_with_dates if text in getattr(part, name))
    return next(((name, text) for name in found), ("holidays",))


def _changed(was: Day, now: Day, days: Sequence[date], it: str, place: Place) -> Difference:
    when, name = dates_text(days), now.name or was.name
    if was.hours == now.hours:
        said = f"in {it}, {when}: the name is {quoted(now.name)} now instead of {quoted(was.name)}."
        return differs(Kind.renamed, Theme.words, said, place, was.name, now.name)
    kind = Kind.added if was.hours is None else Kind.removed if now.hours is None else Kind.changed
    said = f"in {it}, {f'{name} ({when})' if name else when}: {now.text} now instead of {was.text}."
    texts = (f"{each.text}: {when}" for each in (was, now))
    return differs(kind, Theme.hours, said, place, *texts, moves=True)


def _written_otherwise(
    parts: tuple[CalendarPart, CalendarPart], days: tuple[Days, Days], it: str, place: Place
) -> Iterator[Difference]:
    """Yield the dates on which the same holds though the documents write it in two ways."""
    for field in ("days_off", "other_hours"):
        old, new = (getattr(part, field) for part in parts)
        alike = [
            text
            for text in sorted({*old, *new})
            if old.get(text) != new.get(text) and days[0].get(read_date(text)) == days[1].get(read_date(text))
        ]
        if alike:
            said = f"in {it}, the same holds on {dates_text([read_date(each) for each in alike])}, written otherwise."
            texts = (
                "; ".join(f"{each}: {part[each]}" for each in alike if each in part) for part in (old, new)
            )
            yield differs(Kind.reworded, Theme.words, said, place.at(field), *texts)


def dates_text(days: Sequence[date]) -> str:
    """Return dates in words, the first of them where they are many."""
    if len(days) == 1:
        return f"{days[0]:%A} {day_text(days[0])}"
    if len(days) <= _LISTED:
        return listed([day_text(day) for day in days])
    first = ", ".join(day_text(day) for day in days[: _LISTED - 1])
    return f"{first} and {len(days) - _LISTED + 1} more up to {days[-1].year}"


def day_text(day: date) -> str:
    """Return a date in words."""
    return f"{day.day} {day:%B %Y}"
