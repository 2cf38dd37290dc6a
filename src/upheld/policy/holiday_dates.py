"""Public holidays by country. The library takes a second to import, so nobody does before a date is needed."""

from collections.abc import Iterable

from upheld.policy.document import CalendarPart, Document, HolidaysPart
from upheld.policy.phrases import read_date, read_days
from upheld.policy.problems import PolicyError
from upheld.policy.reading import Path, Reading

_WEEKDAYS = read_days("mon-sun")


def with_dates(document: Document, years: Iterable[int], reading: Reading) -> Document:
    """Return the document with its holidays as dates of their own; raises PolicyError for unknown countries.

    A date that the document names itself keeps its own name.
    """
    if not any(part.holidays for part in document.calendars.values()):
        return document
    wanted = sorted(set(years))
    calendars = {
        name: _dated(part, wanted, reading, name) if part.holidays else part
        for name, part in document.calendars.items()
    }
    return document.model_copy(update={"calendars": calendars})


def _dated(part: CalendarPart, years: list[int], reading: Reading, name: str) -> CalendarPart:
    names: dict[str, str] = {}
    closed: set[str] = set(part.days_off)
    hours: dict[str, str] = {}
    # A holiday has its hours in place of the day's own: on a day that is closed anyway it opens nothing.
    worked = {day for days, said in part.hours.items() if said != "closed" for day in read_days(days)}
    for number, each in enumerate(part.holidays):
        dates = _dates(each, years, reading, ("calendars", name, "holidays", number))
        names |= dates
        if each.hours == "closed":
            closed.update(dates)
        else:
            hours |= {day: each.hours for day in dates if _WEEKDAYS[read_date(day).weekday()] in worked}
    # Where one country closes on a date on which another has reduced hours, it is closed.
    reduced = {day: said for day, said in hours.items() if day not in closed}
    update = {"days_off": names | part.days_off, "other_hours": reduced | part.other_hours, "holidays": []}
    return part.model_copy(update=update)


def _dates(part: HolidaysPart, years: list[int], reading: Reading, path: Path) -> dict[str, str]:
    import holidays

    try:
        found = holidays.country_holidays(part.country, subdiv=part.subdivision, years=years)
    except NotImplementedError:
        where = " / ".join(filter(None, (part.country, part.subdivision)))
        said = f"no holidays are known for {where}"
        problem = reading.problem("unknown-holidays", path, said, "list them under `days_off`")
        raise PolicyError(reading.name, [problem]) from None
    return {day.isoformat(): label for day, label in sorted(found.items())}
