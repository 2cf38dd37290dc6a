"""An audited change in words. What no administrator needs to read - anything that could open a door - stays out."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.web.presenting.times import Times

LONGEST = 200
# Named so by whoever audits; no such value is written, and if one were it would not be shown.
NEVER_SHOWN = ("password", "secret", "token", "key", "code")
# For machines: nobody reads a fingerprint.
FOR_MACHINES = ("digest",)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
FIELDS: Mapping[str, str | Promise] = {
    "role": gettext_lazy("right"),
    "by": gettext_lazy("by"),
    "is_default": gettext_lazy("the desk's mail leaves from it"),
    "is_list": gettext_lazy("is a mailing list"),
    "checked_by": gettext_lazy("whose checks are believed"),
    "mail_footer": gettext_lazy("last lines of mails"),
    "ticket_word": gettext_lazy("word for a ticket"),
    "named_reader": gettext_lazy("was a named reader"),
    "named_auditor": gettext_lazy("was an auditor"),
    "effective_from": gettext_lazy("in force from"),
    "rank": gettext_lazy("deputy"),
    "calendar": gettext_lazy("hours"),
    "starts_at": gettext_lazy("from"),
    "ends_at": gettext_lazy("until"),
}


class Detail(NamedTuple):
    """One value of a change: what it was, where that is known, and what it is now."""

    name: str
    before: str
    after: str


def action_words(action: str) -> str:
    """What was done, as the audit names it, with a capital."""
    return capfirst(action.replace("_", " "))


def details(data: Mapping[str, Any], times: Times) -> list[Detail]:
    """What a change set, each value with the one before it where there was one."""
    return [each for each in _Telling(times).walk(data) if each.before or each.after]


class _Telling:
    """Puts values into words; instants as seen from one zone."""

    def __init__(self, times: Times) -> None:
        self._times = times

    def walk(self, data: Mapping[str, Any]) -> Iterator[Detail]:
        before, after = data.get("before"), data.get("after")
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for name in after:
                if _may_show(name):
                    yield Detail(
                        _name(name), self._value(before.get(name)), self._value(after[name]) or _("nothing")
                    )
        for name, value in sorted(data.items(), key=_place):
            # Rank 0 is the holder, of whom there is nothing to add.
            if (name, value) == ("rank", 0) or (name in ("before", "after") and isinstance(value, Mapping)):
                continue
            if _may_show(name):
                yield Detail(_name(name), "", self._value(value))

    def _value(self, value: Any) -> str:
        match value:
            case None | "":
                return ""
            case True:
                return _("yes")
            case False:
                return _("no")
            case list() | tuple():
                text = ", ".join(filter(None, map(self._value, value)))
            case Mapping():
                shown = ((_name(name), self._value(each)) for name, each in value.items() if _may_show(name))
                text = ", ".join(f"{name}: {said}" for name, said in shown if said)
            case str() if _INSTANT.match(value):
                text = self._instant(value)
            case _:
                text = str(value)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def _instant(self, text: str) -> str:
        try:
            return self._times.when(datetime.fromisoformat(text)).text
        except (ValueError, OverflowError):
            return text


def _place(item: tuple[str, Any]) -> int:
    """Where a value stands: the names that pages have words for in the order of those words, the rest behind."""
    listed = list(FIELDS)
    return listed.index(item[0]) if item[0] in listed else len(listed)


def _may_show(name: str) -> bool:
    return name not in FOR_MACHINES and not any(word in name.lower() for word in NEVER_SHOWN)


def _name(name: str) -> str:
    return str(FIELDS.get(name) or name.replace("_", " "))
