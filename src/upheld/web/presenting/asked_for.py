"""A query in words: its terms as chips, and what of it cannot be meant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.rules.query_times import Day, Named, Side, Span, Time, read_time
from upheld.rules.queue_query import TIMES, Fault, FaultKind, Key
from upheld.tickets.finding import Meant

KEY_WORDS: Mapping[str, str | Promise] = {
    Key.status: gettext_lazy("Status"),
    Key.priority: gettext_lazy("Priority"),
    Key.due: gettext_lazy("Due"),
    Key.assignee: gettext_lazy("Assignee"),
    Key.team: gettext_lazy("Team"),
    Key.customer: gettext_lazy("Customer"),
    Key.sender: gettext_lazy("From"),
    Key.organization: gettext_lazy("Organization"),
    Key.tag: gettext_lazy("Tag"),
    Key.product: gettext_lazy("Product"),
    Key.region: gettext_lazy("Region"),
    Key.site: gettext_lazy("Site"),
    Key.channel: gettext_lazy("Channel"),
    Key.contract: gettext_lazy("Contract"),
    Key.desk: gettext_lazy("Desk"),
    Key.created: gettext_lazy("Received"),
    Key.updated: gettext_lazy("Changed"),
    Key.state: gettext_lazy("State"),
    Key.has: gettext_lazy("Has"),
    Key.field: gettext_lazy("Own field"),
}
VALUE_WORDS: Mapping[str, str | Promise] = {
    "me": gettext_lazy("me"),
    "none": gettext_lazy("nobody"),
    "open": gettext_lazy("open"),
    "waiting": gettext_lazy("waiting"),
    "resolved": gettext_lazy("resolved"),
    "closed": gettext_lazy("closed"),
    "done": gettext_lazy("done"),
    "any": gettext_lazy("open or done"),
    "overdue": gettext_lazy("overdue"),
    "unassigned": gettext_lazy("unassigned"),
    "together": gettext_lazy("worked on together"),
    "snoozed": gettext_lazy("snoozed"),
    "restricted": gettext_lazy("restricted"),
    "problem": gettext_lazy("a problem"),
    "merged": gettext_lazy("merged"),
    "spam": gettext_lazy("spam"),
    "attachment": gettext_lazy("a file"),
    "tag": gettext_lazy("a tag"),
    "draft": gettext_lazy("a draft of mine"),
    "side": gettext_lazy("a side conversation"),
    "email": gettext_lazy("mail"),
    "portal": gettext_lazy("portal"),
}
_TIME_WORDS: Mapping[str, str | Promise] = {
    "today": gettext_lazy("today"),
    "tomorrow": gettext_lazy("tomorrow"),
    "yesterday": gettext_lazy("yesterday"),
    "overdue": gettext_lazy("overdue"),
    "before-closing": gettext_lazy("before closing today"),
    "none": gettext_lazy("nothing due"),
}


@dataclass(frozen=True, slots=True)
class Chip:
    """One term: what is asked, the values in words, and the text that it is."""

    key: str
    values: str
    negated: bool
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Mend:
    """What may have been meant, and the address where it is."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Complaint:
    """What cannot be meant: the place in the text, why, and what it may have been."""

    typed: str
    words: str
    mends: tuple[Mend, ...] = ()


def chip(meant: Meant, without: str) -> Chip:
    """A term as a chip; `without` is the address without it."""
    term = meant.term
    values = [
        value_words(term.key, value, label) for value, label in zip(term.values, meant.labels, strict=True)
    ]
    return Chip(
        key=term.name or str(KEY_WORDS[term.key]),
        values=_(" or ").join(values),
        negated=term.negated,
        text=str(term),
        without=without,
    )


def value_words(key: str, value: str, label: str = "") -> str:
    """A value in words."""
    if key in TIMES:
        time = read_time(key, value)
        return _time_words(key, time) if time is not None else value
    if label and label != value:
        return label
    known = VALUE_WORDS.get(value) if key in _WORDED else None
    return str(known) if known is not None else label or value


_WORDED = (Key.state, Key.has, Key.assignee, Key.channel, Key.status)


def _time_words(key: str, time: Time) -> str:
    match time:
        case Named(word):
            return str(_TIME_WORDS[word])
        case Span(amount, side):
            said = {"long": _long(amount.days, amount.seconds // 60)}
            if key == Key.due:
                return (
                    _("within %(long)s or overdue") if side is Side.within else _("later than in %(long)s")
                ) % said
            return (_("in the last %(long)s") if side is Side.within else _("more than %(long)s ago")) % said
        case Day(day, side, itself):
            said = {"day": day.isoformat()}
            if side is Side.on:
                return day.isoformat()
            if side is Side.within:
                return (_("until %(day)s") if itself else _("before %(day)s")) % said
            return (_("from %(day)s on") if itself else _("after %(day)s")) % said


def _long(days: int, minutes: int) -> str:
    if days:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    if minutes % 60 == 0 and minutes:
        return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def complaint(fault: Fault, typed: str, now: datetime, mends: tuple[Mend, ...] = ()) -> Complaint:
    """Why something cannot be meant, and what to write instead."""
    return Complaint(typed, _fault_words(fault, now), mends)


def _fault_words(fault: Fault, now: datetime) -> str:
    said = {"key": fault.key, "value": fault.value, "day": now.date().isoformat()}
    match fault.kind:
        case FaultKind.unknown_key if fault.key.startswith(f"{Key.field.value}."):
            return _("None of your desks has a field of this name.")
        case FaultKind.unknown_key:
            return _("There is no “%(key)s:” to ask for. To look for these words, put them in quotes.") % said
        case FaultKind.no_value:
            return _("Write after “%(key)s:” what it is to be.") % said
        case FaultKind.no_field:
            return _("Write the name of the field too: “field.name:value”.")
        case FaultKind.not_a_time if fault.key == Key.due:
            return (
                _(
                    "Write “<2h”, “<30m”, “<3d”, a date such as %(day)s, or “overdue”, “before-closing”, “today”, "
                    "“tomorrow”, “none”."
                )
                % said
            )
        case FaultKind.not_a_time:
            return _("Write “<2h”, “<3d”, “>1w”, a date such as “>%(day)s”, or “today”, “yesterday”.") % said
        case FaultKind.too_many:
            return _("That is more than can be asked for at once. Leave something out.")
    said["key"] = str(KEY_WORDS.get(fault.key, fault.key)).lower()
    return _("There is no %(key)s “%(value)s”.") % said
