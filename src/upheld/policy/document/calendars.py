"""When the desk works."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from upheld.policy.document.form import DateText, DaysText, HoursText, Part, Words, ZoneName


class HolidaysPart(Part):
    """Public holidays by country and subdivision, as the `holidays` library knows them."""

    country: Annotated[str, Field(pattern=r"^[A-Z]{2,3}$")]
    """The country's code, such as GB."""
    subdivision: str | None = None
    """The part of the country, such as ENG."""
    hours: HoursText = "closed"
    """The hours on these days, where the desk would be open otherwise; it is closed when left out."""


def _as_list(said: Any) -> Any:
    return [said] if isinstance(said, dict | HolidaysPart) else said


class _OneOrMore:
    """Shows editors that one item may stand without a list around it."""

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> dict[str, Any]:
        form = handler(core)
        return {"anyOf": [form["items"], form]}


HolidaysParts = Annotated[list[HolidaysPart], BeforeValidator(_as_list), _OneOrMore()]


class CalendarPart(Part):
    """Weekly hours by day, public holidays, days off of the desk's own, and dates with other hours."""

    zone: ZoneName | None = None
    """The zone of its hours; the policy's, when left out."""
    hours: Annotated[dict[DaysText, HoursText], Field(min_length=1)]
    """Hours by day: `mon-fri: 07:30-12:00, 13:00-17:00`. Days that are not named are closed."""
    holidays: HolidaysParts = []
    """Public holidays; several countries are united."""
    days_off: dict[DateText, Words] = {}
    """Closed dates of the desk's own, each with its name."""
    other_hours: dict[DateText, HoursText] = {}
    """Dates with hours of their own; they stand above holidays and days off."""
