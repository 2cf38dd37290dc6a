"""Business time, exact to the microsecond; the standard library and the pinned zone data only."""

from upheld.clock.business_days import BusinessDay, BusinessDays
from upheld.clock.calendar import Calendar, Span
from upheld.clock.errors import CalendarError, NaiveInstant, NoOpening, OutOfRange
from upheld.clock.instant import duration_micros, from_micros, micros_of_each, to_duration, to_micros
from upheld.clock.timeline import Timeline
from upheld.clock.zones import zone, zone_data_version, zone_names

__all__ = [
    "BusinessDay",
    "BusinessDays",
    "Calendar",
    "CalendarError",
    "NaiveInstant",
    "NoOpening",
    "OutOfRange",
    "Span",
    "Timeline",
    "duration_micros",
    "from_micros",
    "micros_of_each",
    "to_duration",
    "to_micros",
    "zone",
    "zone_data_version",
    "zone_names",
]
