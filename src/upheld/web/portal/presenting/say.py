"""Instants and lengths of time as customers read them: the same words as in the desk's mails."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.times import say_instant
from upheld.policy import Amount
from upheld.web.presenting.times import When, length


def said_at(instant: datetime, zone: str) -> When:
    """An instant in full, with its zone: it stays clear when it is quoted, and when the clocks change."""
    words = say_instant(instant, zone)
    return When(iso=instant.isoformat(), text=words, full=words)


def said_amount(amount: Amount) -> str:
    """A promise's length: working hours are hours, never days, since a desk's day is not 24 hours long."""
    if not amount.duration:
        return amount.text
    hours, rest = divmod(amount.duration, timedelta(hours=1))
    if rest:
        words = length(amount.duration)
        return words if amount.calendar is None else _("%(length)s of our hours") % {"length": words}
    one = hours == 1
    if amount.calendar is None:
        return _("1 hour") if one else _("%(hours)s hours") % {"hours": hours}
    return _("1 working hour") if one else _("%(hours)s working hours") % {"hours": hours}
