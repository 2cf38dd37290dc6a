"""A month in an address, and the months beside it, as a desk's zone has them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS

_MONTH = re.compile(r"\A(?P<year>20[0-9]{2})-(?P<month>0[1-9]|1[0-2])\Z")


@dataclass(frozen=True, slots=True)
class CalendarMonth:
    """A month of a desk: [start, end) in its zone."""

    first: date
    zone: str

    @classmethod
    def asked_for(cls, text: str, zone: str, now: datetime) -> "CalendarMonth":
        """Return the month that an address names as `2026-10`; the running one where it names none."""
        found = _MONTH.match(text)
        today = now.astimezone(ZoneInfo(zone)).date()
        first = date(int(found["year"]), int(found["month"]), 1) if found else today.replace(day=1)
        return cls(first, zone)

    def moved(self, months: int) -> "CalendarMonth":
        number = self.first.year * 12 + self.first.month - 1 + months
        return CalendarMonth(date(number // 12, number % 12 + 1, 1), self.zone)

    @property
    def start(self) -> datetime:
        return datetime(self.first.year, self.first.month, 1, tzinfo=ZoneInfo(self.zone))

    @property
    def end(self) -> datetime:
        return self.moved(1).start

    @property
    def text(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def words(self) -> str:
        return f"{MONTHS[self.first.month]} {self.first.year}"
