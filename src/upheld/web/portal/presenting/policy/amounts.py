"""What a target gives, in words. Hours are never told as days, since a desk's day is not 24 hours long."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.policy import Amount, AmountKind, Policy, Target

_LENGTH = re.compile(r"(\d+) (working|elapsed) (minute|hour|day)s?")
_OF_DAYS = (AmountKind.days_same_time, AmountKind.days_at_close, AmountKind.cut_off)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Given:
    """A target that governs, with the amount that it gives; `outside` where it is told of requests that come outside
    the hours."""

    target: Target
    amount: Amount
    outside: bool = False


class Amounts:
    """Tells amounts of one policy. A calendar is named where there are several, and time that passes around the clock
    is told apart where working time is promised, too."""

    def __init__(self, policy: Policy) -> None:
        promised = [each for target in policy.targets for each in _amounts_of(target) if each.has_clock]
        calendars = {each.calendar for each in promised if each.calendar is not None}
        self._names_calendars = len(calendars) > 1
        self._tells_apart = bool(calendars)

    def promises(self, given: Sequence[Given]) -> tuple[str, ...]:
        """What targets that hold together promise, each in its words; of several the earliest counts."""
        with_clock = [each for each in given if each.amount.has_clock]
        if with_clock:
            return tuple(dict.fromkeys(self._promise(each) for each in with_clock))
        return (without_clock(given[0].amount),) if given else ()

    def amount(self, amount: Amount) -> str:
        """An amount by itself: `16 working hours`."""
        return self._told(amount, outside=False)

    def within(self, amount: Amount) -> str:
        """An amount as a promise: `within 16 working hours`, `by closing the same day ...`."""
        return _prefixed(amount, self.amount(amount)) if amount.has_clock else without_clock(amount)

    def _promise(self, given: Given) -> str:
        target, amount = given.target, given.amount
        if target.repeats:
            words = self._with_manner(amount, every(amount))
        elif target.aim is not None and amount.kind in (AmountKind.days_at_close, AmountKind.cut_off):
            words = _("aim: %(aim)s; at the latest: %(latest)s") % {
                "aim": _prefixed(target.aim, self.amount(target.aim)),
                "latest": _prefixed(amount, self._told(amount, outside=given.outside)),
            }
        elif target.aim is not None:
            words = _("aim %(aim)s, at the latest %(latest)s") % {
                "aim": target.aim.days or self.amount(target.aim),
                "latest": self._told(amount, outside=given.outside),
            }
        else:
            words = _prefixed(amount, self._told(amount, outside=given.outside))
        return _with_rest(given, words)

    def _told(self, amount: Amount, *, outside: bool) -> str:
        return self._with_manner(amount, plain_amount(amount, outside=outside))

    def _with_manner(self, amount: Amount, words: str) -> str:
        if amount.is_working and self._names_calendars:
            return _("%(amount)s (%(calendar)s)") % {"amount": words, "calendar": amount.calendar}
        if amount.kind is AmountKind.elapsed and amount.duration and self._tells_apart:
            return _("%(amount)s, around the clock") % {"amount": words}
        return words


def spoken(promises: Sequence[str]) -> str:
    """Several promises in one line: `the earlier of: within 48 hours; within 2 business days`."""
    if len(promises) < 2:
        return "".join(promises)
    return _("%(lead)s: %(promises)s") % {"lead": lead(promises), "promises": "; ".join(promises)}


def lead(promises: Sequence[str]) -> str:
    """What stands above several promises; empty above one."""
    if len(promises) < 2:
        return ""
    return _("the earlier of") if len(promises) == 2 else _("the earliest of")


def without_clock(amount: Amount) -> str:
    """What is said where no time is promised."""
    if amount.kind is AmountKind.discretionary:
        return _("no fixed time; we may promise you one")
    return _("as soon as we can; no time is promised")


def plain_amount(amount: Amount, *, outside: bool = False) -> str:
    """An amount by itself, without its calendar's name."""
    match amount.kind:
        case AmountKind.days_same_time:
            return _same_time(amount.days, outside=outside)
        case AmountKind.days_at_close:
            return _at_close(amount.days, outside=outside)
        case AmountKind.cut_off:
            # The time of day decides, whether the desk is open or not.
            return _cut_off(amount.minute)
        case AmountKind.best_effort | AmountKind.discretionary:
            return without_clock(amount)
        case _ if not amount.duration:
            return _("at once")
        case _ if amount.days:
            hours = _length(amount.duration, working=True)
            return _("%(days)s (together %(hours)s)") % {"days": _business_days(amount.days), "hours": hours}
        case _:
            return _as_written(amount)


def every(amount: Amount) -> str:
    """An amount as the time between two updates: `every 4 working hours`, `every business day, by closing`."""
    if amount.kind is AmountKind.days_at_close:
        return _("%(every)s, by closing") % {"every": _every(amount.days, "business day")}
    if amount.kind is AmountKind.days_same_time:
        return _("%(every)s (at the same time of day)") % {"every": _every(amount.days, "business day")}
    found = _LENGTH.fullmatch(amount.text)
    if not found:
        return _("every %(time)s") % {"time": plain_amount(amount)}
    working = "working " if found[2] == "working" else ""
    return _every(int(found[1]), f"{working}{found[3]}")


def _every(count: int, unit: str) -> str:
    match unit:
        case "business day":
            words = ngettext("every business day", "every %(count)s business days", count)
        case "working hour":
            words = ngettext("every working hour", "every %(count)s working hours", count)
        case "working minute":
            words = ngettext("every working minute", "every %(count)s working minutes", count)
        case "hour":
            words = ngettext("every hour", "every %(count)s hours", count)
        case "minute":
            words = ngettext("every minute", "every %(count)s minutes", count)
        case _:
            words = ngettext("every day", "every %(count)s days", count)
    return words % {"count": count}


def _same_time(days: int, *, outside: bool) -> str:
    if outside:
        return _("%(days)s after we next open") % {"days": _business_days(days)}
    return _("%(days)s (at the same time of day)") % {"days": _business_days(days)}


def _at_close(days: int, *, outside: bool) -> str:
    if days == 1 and outside:
        return _("closing on the business day after we next open")
    if days == 1:
        return _("closing on the next business day")
    if outside:
        return _("closing, %(days)s after we next open") % {"days": _business_days(days)}
    return _("closing, %(days)s later") % {"days": _business_days(days)}


def _cut_off(minute: int) -> str:
    words = _("closing the same day if received before %(time)s, else by %(time)s the next business day")
    return words % {"time": f"{minute // 60:02}:{minute % 60:02}"}


def _as_written(amount: Amount) -> str:
    """In the unit that the document chose: 48 hours stay 48 hours."""
    found = _LENGTH.fullmatch(amount.text)
    if not found:
        return _length(amount.duration, working=amount.is_working)
    return _counted(int(found[1]), found[3], working=found[2] == "working")


def _length(duration: timedelta, *, working: bool) -> str:
    if not duration % _HOUR:
        return _counted(duration // _HOUR, "hour", working=working)
    return _counted(duration // _MINUTE, "minute", working=working)


def _counted(count: int, unit: str, *, working: bool) -> str:
    match unit, working:
        case "hour", True:
            words = ngettext("%(count)s working hour", "%(count)s working hours", count)
        case "hour", False:
            words = ngettext("%(count)s hour", "%(count)s hours", count)
        case "minute", True:
            words = ngettext("%(count)s working minute", "%(count)s working minutes", count)
        case "minute", False:
            words = ngettext("%(count)s minute", "%(count)s minutes", count)
        case _:
            words = ngettext("%(count)s day", "%(count)s days", count)
    return words % {"count": count}


def _business_days(count: int) -> str:
    return ngettext("%(count)s business day", "%(count)s business days", count) % {"count": count}


def _prefixed(amount: Amount, words: str) -> str:
    if amount.kind in (AmountKind.cut_off, AmountKind.days_at_close):
        return _("by %(time)s") % {"time": words}
    return _("within %(time)s") % {"time": words}


def _with_rest(given: Given, words: str) -> str:
    """A promise with what it counts from, where that is not the receipt, and what else is special in it."""
    target = given.target
    # Business days of what comes outside the hours are told from the next opening anyway.
    says_opening = given.outside and given.amount.kind in _OF_DAYS
    if target.start == "acknowledged":
        words = _("%(promise)s, counted from our acknowledgement") % {"promise": words}
    elif target.start == "next_opening" and not says_opening:
        words = _("%(promise)s, counted from when we next open") % {"promise": words}
    if target.runs_while_paused:
        words = _("%(promise)s, also while the timer is off") % {"promise": words}
    return words


def _amounts_of(target: Target) -> tuple[Amount, ...]:
    return tuple(each for each in (target.amount, target.outside, target.aim) if each is not None)
