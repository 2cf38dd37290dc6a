"""A closed day that becomes known after a document was written, put into its text or taken out of it.

The text is changed where the day belongs and nowhere else: comments, order and spelling stay as their author left them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml

from upheld.clock import Calendar
from upheld.policy.document import CalendarPart, Document
from upheld.policy.loading import load, read_document
from upheld.policy.phrases import read_days
from upheld.policy.policy import Policy

_DAYS_OFF, _OTHER_HOURS = "days_off", "other_hours"
_WEEKDAYS = read_days("mon-sun")
# The reader of documents reads with the same: the two differ in what they take for a plain word.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ClosedDayError(ValueError):
    """The day cannot be put into the document, or taken out of it; the message says why."""


def add_closed_day(text: str, day: date, name: str, calendar: str | None = None) -> str:
    """Return the text of a document in which a calendar is closed on a day; raises PolicyError for a document that is
    not sound, and ClosedDayError where the calendar is closed on that day anyway.

    `calendar` may be left out where the document has one.
    """
    calendars = _Calendars.of(text, calendar)
    if not calendars.is_open_on(day):
        known = calendars.names.get(day, "its week has no hours then")
        raise ClosedDayError(f"{calendars.name} is closed on {day} already: {known}.")
    if not name.strip():
        raise ClosedDayError("A closed day needs a name, such as “Day of mourning”.")
    changed = text
    if day.isoformat() in calendars.part.other_hours:
        changed = _without(changed, calendars.name, _OTHER_HOURS, day)
    if day.isoformat() in calendars.part.days_off:
        changed = _without(changed, calendars.name, _DAYS_OFF, day)
    changed = _with(changed, calendars.name, _DAYS_OFF, day, " ".join(name.split()))
    _insist(changed, calendars, day, is_open=False)
    return changed


def remove_closed_day(text: str, day: date, calendar: str | None = None) -> str:
    """Return the text of a document in which a calendar is open on a day on which it would be closed: a day off of its
    own is taken out, and on a public holiday the hours of that weekday are written in.

    Raises as `add_closed_day` does.
    """
    calendars = _Calendars.of(text, calendar)
    if calendars.is_open_on(day):
        raise ClosedDayError(f"{calendars.name} is not closed on {day}.")
    usual = _usual_hours(calendars.part, day)
    if usual is None:
        raise ClosedDayError(
            f"{calendars.name} has no hours on that weekday. Write what holds on {day} under `{_OTHER_HOURS}`."
        )
    changed = text
    if day.isoformat() in calendars.part.other_hours:
        changed = _without(changed, calendars.name, _OTHER_HOURS, day)
    if day.isoformat() in calendars.part.days_off:
        changed = _without(changed, calendars.name, _DAYS_OFF, day)
    if not _Calendars.of(changed, calendars.name).is_open_on(day):
        changed = _with(changed, calendars.name, _OTHER_HOURS, day, usual)
    _insist(changed, calendars, day, is_open=True)
    return changed


@dataclass(frozen=True, slots=True)
class _Calendars:
    """One calendar of a document, as it is written and as it runs."""

    name: str
    part: CalendarPart
    calendar: Calendar
    names: Mapping[date, str]
    policy: Policy
    document: Document

    @classmethod
    def of(cls, text: str, wanted: str | None) -> "_Calendars":
        _, document = read_document(text, "policy.yaml")
        policy = load(text)
        known = list(document.calendars)
        if wanted is None and len(known) == 1:
            wanted = known[0]
        if wanted is None or wanted not in document.calendars:
            listed = ", ".join(f"“{each}”" for each in known) or "none"
            said = "Say which calendar" if wanted is None else f"There is no calendar “{wanted}”"
            raise ClosedDayError(f"{said}. The document has: {listed}.")
        names = policy.holiday_names.get(wanted, {})
        return cls(wanted, document.calendars[wanted], policy.calendars[wanted], names, policy, document)

    def is_open_on(self, day: date) -> bool:
        """Whether there is an open minute on a date."""
        start, end = self.calendar.midnight(day), self.calendar.midnight(day + timedelta(days=1))
        return self.calendar.between(start, end) > timedelta(0)


def _usual_hours(part: CalendarPart, day: date) -> str | None:
    weekday = _WEEKDAYS[day.weekday()]
    said = (hours for days, hours in part.hours.items() if weekday in read_days(days))
    return next((hours for hours in said if hours != "closed"), None)


def _insist(changed: str, before: _Calendars, day: date, *, is_open: bool) -> None:
    """Raise ClosedDayError unless the change did what it should, and nothing else."""
    after = _Calendars.of(changed, before.name)
    key = day.isoformat()
    parts = [
        each.model_copy(
            update={
                _DAYS_OFF: {date: name for date, name in each.days_off.items() if date != key},
                _OTHER_HOURS: {date: hours for date, hours in each.other_hours.items() if date != key},
            }
        )
        for each in (before.part, after.part)
    ]
    others = [
        each.document.model_copy(
            update={
                "calendars": {
                    name: part for name, part in each.document.calendars.items() if name != each.name
                }
            }
        )
        for each in (before, after)
    ]
    if after.is_open_on(day) is not is_open or parts[0] != parts[1] or others[0] != others[1]:
        raise ClosedDayError(
            "The day cannot be written into this document by itself. Edit the calendar by hand."
        )


# The text itself.


@dataclass(frozen=True, slots=True)
class _Pair:
    """A key and its value in the text, by their places in it."""

    key: Any
    value: Any


def _find(mapping: Any, name: str) -> _Pair | None:
    found = (_Pair(key, value) for key, value in mapping.value if key.value == name)
    return next(found, None)


def _calendar_in(text: str, calendar: str) -> Any:
    root = yaml.compose(text, Loader=_LOADER)
    calendars = _find(root, "calendars")
    found = None if calendars is None else _find(calendars.value, calendar)
    if found is None:
        raise ClosedDayError(f"The text has no calendar “{calendar}”.")
    return found.value


def _with(text: str, calendar: str, where: str, day: date, said: str) -> str:
    """Write an entry at the head of a calendar's `days_off` or `other_hours`."""
    part = _calendar_in(text, calendar)
    entry = f"{day.isoformat()}: {json.dumps(said, ensure_ascii=False)}"
    known = _find(part, where)
    if known is None:
        begun = f"{where}: {{{entry}}}" if part.flow_style else f"{where}:\n{_indent(part, 2)}{entry}"
        return _before_first(text, part, begun)
    if not known.value.value:
        start, end = known.value.start_mark.index, known.value.end_mark.index
        return f"{text[:start]}{{{entry}}}{text[end:]}"
    return _before_first(text, known.value, entry)


def _before_first(text: str, mapping: Any, entry: str) -> str:
    first = mapping.value[0][0].start_mark
    apart = ", " if mapping.flow_style else f"\n{_indent(mapping)}"
    return f"{text[: first.index]}{entry}{apart}{text[first.index :]}"


def _indent(mapping: Any, more: int = 0) -> str:
    return " " * (int(mapping.value[0][0].start_mark.column) + more)


def _without(text: str, calendar: str, where: str, day: date) -> str:
    """Take an entry out of a calendar's `days_off` or `other_hours`; with the last one the key goes too."""
    part = _calendar_in(text, calendar)
    known = _find(part, where)
    entry = None if known is None else _find(known.value, day.isoformat())
    if known is None or entry is None:
        raise ClosedDayError(f"The text does not name {day} under `{where}`.")
    if len(known.value.value) == 1:
        return _cut(text, part, known)
    return _cut(text, known.value, entry)


def _cut(text: str, mapping: Any, pair: _Pair) -> str:
    start, end = pair.key.start_mark.index, pair.value.end_mark.index
    if not mapping.flow_style:
        begins, ends = text.rfind("\n", 0, start) + 1, _end_of_lines(text, pair)
        return text[:begins] + text[ends:]
    keys = [key for key, _ in mapping.value]
    place = next(number for number, key in enumerate(keys) if key is pair.key)
    if place + 1 < len(keys):
        return text[:start] + text[keys[place + 1].start_mark.index :]
    before = mapping.value[place - 1][1].end_mark.index if place else start
    return text[:before] + text[end:]


def _end_of_lines(text: str, pair: _Pair) -> int:
    """Where the lines of a pair in block style end; a block's own end lies at the next thing after it."""
    value = pair.value
    while not isinstance(value, yaml.ScalarNode) and not value.flow_style:
        value = value.value[-1][1]
    end = text.find("\n", value.end_mark.index)
    return len(text) if end < 0 else end + 1
