"""Conditions about instants: when a ticket is due, was received, and was changed last."""

from django.db.models import Q

from upheld.clock import Calendar
from upheld.policy import Policy
from upheld.rules.query_times import Named, Side, Span, bounds, closing, read_time
from upheld.rules.queue_query import Key
from upheld.tickets.finding.vocabulary import Place

_COLUMNS = {Key.due: "next_due_at", Key.created: "received_at", Key.updated: "updated_at"}


def at_time(key: Key, value: str, place: Place) -> Q:
    """That a ticket's instant is the one that is named. What was received within two days is not older than them; what
    is due within two hours may be overdue already."""
    column, time = _COLUMNS[key], read_time(key, value)
    match time:
        case Named("overdue"):
            return Q(next_due_at__lt=place.now)
        case Named("none"):
            return Q(next_due_at=None)
        case Named("before-closing"):
            return _before_closing(place)
        case Span(amount, side):
            if key is Key.due:
                after = Q(next_due_at__gte=place.now + amount)
                return after if side is Side.beyond else Q(next_due_at__lt=place.now + amount)
            since = place.now - amount
            return Q(**{f"{column}__lt": since}) if side is Side.beyond else Q(**{f"{column}__gte": since})
        case None:
            return Q(pk__in=[])
    start, end = bounds(time, place.now, place.zone)
    condition = Q(**{f"{column}__isnull": False})
    if start is not None:
        condition &= Q(**{f"{column}__gte": start})
    return condition & Q(**{f"{column}__lt": end}) if end is not None else condition


def _before_closing(place: Place) -> Q:
    """Each desk closes at a time of its own. On a day on which it does not open only what is overdue is meant."""
    condition = Q(pk__in=[])
    for desk_id, policy in place.policy_of.items():
        closes = closing(_calendar(policy), place.now) or place.now
        condition |= Q(desk_id=desk_id, next_due_at__lt=closes)
    return condition


def _calendar(policy: Policy) -> Calendar:
    """The calendar on which most of the policy's targets count."""
    named = [each.amount.calendar for each in policy.targets if each.amount.calendar in policy.calendars]
    usual = sorted(named, key=named.count, reverse=True)
    name = next(iter((*usual, *policy.calendars)), None)
    return policy.calendars[name] if name else Calendar.always()
