"""Public holidays by country. The library takes a second to import, so nobody does before a date is needed."""

from collections.abc import Iterable

from upheld.policy.document import CalendarPart, Document
from upheld.policy.problems import PolicyError
from upheld.policy.reading import Reading


def with_dates(document: Document, years: Iterable[int], reading: Reading) -> Document:
    """Return the document with its holidays as dates of their own; raises PolicyError for unknown countries.

    A date that the document names itself keeps its own name.
    """
    if not any(part.holidays for part in document.calendars.values()):
        return document
    calendars: dict[str, CalendarPart] = {}
    for name, part in document.calendars.items():
        days_off = _dates(part, sorted(set(years)), reading, name) | part.days_off
        calendars[name] = part.model_copy(update={"days_off": days_off, "holidays": None})
    return document.model_copy(update={"calendars": calendars})


def _dates(part: CalendarPart, years: list[int], reading: Reading, name: str) -> dict[str, str]:
    if part.holidays is None:
        return {}
    import holidays

    wanted = part.holidays
    try:
        found = holidays.country_holidays(wanted.country, subdiv=wanted.subdivision, years=years)
    except NotImplementedError:
        path = ("calendars", name, "holidays")
        where = " / ".join(filter(None, (wanted.country, wanted.subdivision)))
        problem = reading.problem(path, f"no holidays are known for {where}", "list them under `days_off`")
        raise PolicyError(reading.name, [problem]) from None
    return {day.isoformat(): label for day, label in sorted(found.items())}
