"""Waiting for somebody who is neither the customer nor the desk: in which status, and when the desk looks after it.

Policies name their statuses as they like. Which of them is for a third party is told by their words, since nothing else
in a policy says it; an agent may always choose another.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from upheld.clock import Calendar, CalendarError, from_micros
from upheld.policy import Status

_THIRD_PARTY = re.compile(
    r"third[ _-]?part|vendor|supplier|manufacturer|provider|partner|external|other company|another company"
    r"|dritt|hersteller|lieferant|anbieter|extern|tiers|fournisseur|tercero|proveedor|terz[io]|fornitore|derde"
    r"|leverancier|terceiro|fornecedor",
    re.IGNORECASE,
)
_CUSTOMER = re.compile(
    r"customer|client|requester|user|your (reply|answer)|kund|cliente|klant|usuario|utente|utilisateur",
    re.IGNORECASE,
)
# When the desk is reminded on a business day: whatever came overnight has been read by then.
_AFTER_OPENING = timedelta(hours=1)
# A calendar that opens in the night is looked at in the morning.
_EARLIEST, _MORNING = 6, 9 * 60
_A_DAY = timedelta(days=1)


def is_for_third_party(status: Status) -> bool:
    """Whether a status says that somebody outside has to do their part."""
    words = f"{status.id} {status.label} {status.public_label}"
    return status.category == "waiting" and _THIRD_PARTY.search(words) is not None


def is_for_customer(status: Status) -> bool:
    """Whether a status says that the customer has to do their part: one in which they are reminded does."""
    if status.category != "waiting" or is_for_third_party(status):
        return False
    reminded = any(step.remind == "customer" for step in status.after)
    return reminded or _CUSTOMER.search(f"{status.id} {status.label} {status.public_label}") is not None


def suggested_status(statuses: Iterable[Status]) -> Status | None:
    """Return the waiting status that is for third parties, else the first that is not for the customer."""
    waiting = [each for each in statuses if each.category == "waiting"]
    fitting = [each for each in waiting if is_for_third_party(each)]
    others = [each for each in waiting if not is_for_customer(each)]
    return next(iter([*fitting, *others]), None)


def first_reminder(promised_at: datetime | None, calendar: Calendar, now: datetime) -> datetime:
    """Return when the desk is reminded where nobody said when: as promised, else on the next business day."""
    if promised_at is not None and promised_at > now:
        return promised_at
    return next_reminder(calendar, now)


def next_reminder(calendar: Calendar, after: datetime) -> datetime:
    """Return the instant of the reminder on the first business day after the date of an instant: an hour after its
    opening, or at nine where that would be in the night."""
    try:
        days = calendar.business_days
        day = days.after(calendar.local_date(after), 1)
        opens = from_micros(day.opens)
        if days.local(day.opens).hour < _EARLIEST:
            opens, wait = from_micros(days.at_minute(day, _MORNING)), timedelta()
        else:
            wait = _AFTER_OPENING
        return min(opens + wait, max(opens, from_micros(day.closes)))
    except CalendarError:
        # It opens no more, and the ticket waits all the same.
        return after + _A_DAY


def working_calendar(calendars: Sequence[Calendar], zone: str) -> Calendar:
    """Return the first of these calendars; where a policy knows none, the working days of the week in a zone."""
    if calendars:
        return calendars[0]
    working_days = ("mon", "tue", "wed", "thu", "fri")
    return Calendar(zone, {day: [("09:00", "17:00")] for day in working_days})
