"""A ledger, told in plain words."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from upheld.clock import zone as zone_named
from upheld.policy.amounts import AmountKind
from upheld.policy.grouping import Group, groups, whole_seconds
from upheld.policy.ledger import Ledger, LedgerLine, Rival
from upheld.policy.phrases import read_promise
from upheld.policy.standing import Unclocked, Verdict
from upheld.policy.wording import WORDINGS, Wording

Audience = Literal["agent", "customer"]

_JUDGED_LATE = ("reclassified", "admitted", "published", "merge undone", "not spam")
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_MOST_ADDED = 6


def ledger_sentences(ledger: Ledger, *, zone: str, audience: Audience, language: str = "en") -> list[str]:
    """Return sentences that tell how the clock came to stand where it stands, with times in `zone`.

    A customer is told when the clock ran, why it stood still and what is still to run; an agent also the clause, the
    sum, and which joined target lost. Raises CalendarError for an unknown zone, KeyError for a language that is not one
    of LANGUAGES.
    """
    return _Teller(ledger, zone, audience, WORDINGS[language]).sentences()


def unclocked_sentence(target: Unclocked, *, language: str = "en") -> str:
    """Return the sentence that says why no clock runs for a target."""
    wording = WORDINGS[language]
    return wording.phrases[target.kind].format(metric=wording.metrics[target.metric])


class _Teller:
    """Remembers the last date told, so that a date is named once."""

    def __init__(self, ledger: Ledger, zone: str, audience: Audience, wording: Wording) -> None:
        self._ledger = ledger
        self._zone_name = zone
        self._zone = zone_named(zone)
        self._for_agent = audience == "agent"
        self._wording = wording
        self._say = wording.phrases
        self._told: date | None = None
        lines = (*ledger.lines, *ledger.ahead)
        self._amounts = dict(zip(lines, whole_seconds(lines), strict=True))

    def sentences(self) -> list[str]:
        ledger, say = self._ledger, self._say
        start = self._wording.starts.get(ledger.counts_from, self._wording.starts["received"])
        result = [self._promise(), start.format(start=self._full(ledger.started_at))]
        self._told = ledger.started_at.astimezone(self._zone).date()
        still_open = self._still_open()
        for group in groups(ledger.lines):
            result.append(self._group(group, open_ended=self._goes_on(group, still_open)))
        if self._for_agent:
            used, budget = duration_text(ledger.used), duration_text(ledger.budget)
            result.append(say["used"].format(used=used, budget=budget))
        result += self._ahead()
        if self._for_agent:
            result += self._sum()
            result += [self._rival(rival) for rival in ledger.rivals]
        result += self._end()
        result.append(say["zone"].format(zone=self._zone_name))
        return result

    def _promise(self) -> str:
        ledger, say = self._ledger, self._say
        amount = amount_words(ledger.promise, ledger, self._wording)
        text = say["promise"].format(metric=self._wording.metrics[ledger.metric], amount=amount)
        if ledger.calendar is not None:
            elsewhere = ledger.calendar_zone not in (None, self._zone_name)
            hours = say["hours_in"] if elsewhere else "{hours}"
            told = hours.format(hours=ledger.calendar_hours, zone=ledger.calendar_zone)
            text += say["on"].format(calendar=ledger.calendar, hours=told)
        if self._for_agent:
            text += say["clause"].format(clause=ledger.clause.rstrip("."))
        return f"{text}."

    def _still_open(self) -> LedgerLine | None:
        """The line that ends at the instant asked for only because nothing has ended it yet."""
        ledger = self._ledger
        if not ledger.lines or ledger.satisfied_at:
            return None
        last = ledger.lines[-1]
        over = last.kind != "after" if ledger.verdict is Verdict.breached else ledger.verdict is not None
        return None if over else last

    def _goes_on(self, group: Group, still_open: LedgerLine | None) -> bool:
        """Whether a group is told without its end: closed hours in which a clock ends last longer than that."""
        last = group.lines[-1]
        return last is still_open or (group.kind == "closed" and last is self._ledger.lines[-1])

    def _group(self, group: Group, *, open_ended: bool) -> str:
        words = (self._wording.so_far if open_ended else self._wording.lines)[group.kind]
        if group.kind == "closed":
            words += self._named(group)
        first, last = group.lines[0], group.lines[-1]
        start = self._short(first.start) if "{start}" in words else ""
        end = self._short(last.end) if "{end}" in words else ""
        text = words.format(
            start=start,
            end=end,
            counted=self._counted(group.lines),
            days=self._days(group.lines),
            reason=self._wording.reason(first.reason),
        )
        return text + (self._days_off(group.lines) if group.kind == "days" else ".")

    def _named(self, group: Group) -> str:
        """The days off in a stretch of closed hours, behind it."""
        names = self._holidays(group.lines)
        return f" ({names})".replace("{", "{{").replace("}", "}}") if names else ""

    def _days_off(self, lines: Sequence[LedgerLine]) -> str:
        names = self._holidays(lines)
        return f"{self._say['days_off'].format(names=names)}." if names else "."

    def _holidays(self, lines: Sequence[LedgerLine]) -> str:
        found = (self._wording.reason(line.reason) for line in lines if line.kind == "holiday")
        return ", ".join(dict.fromkeys(found))

    def _days(self, lines: Sequence[LedgerLine]) -> str:
        """On how many dates it ran, as the zone told in has them."""
        dates = {line.start.astimezone(self._zone).date() for line in lines if line.counted}
        return self._wording.counted("date", len(dates))

    def _counted(self, lines: Sequence[LedgerLine]) -> str:
        return duration_text(sum((self._amounts[line] for line in lines), timedelta()))

    def _ahead(self) -> list[str]:
        """What is still to run, stretch by stretch while these are few."""
        ahead = self._ledger.ahead
        if not ahead:
            return []
        left, say = self._counted(ahead), self._say
        told = [group for group in groups(ahead) if group.kind != "closed"]
        if not told:
            # A time of day that is due while nobody works: all of it is used, and it is not yet over.
            text = self._wording.lines["closed"].format(end=self._short(ahead[-1].end))
        elif told[0].kind == "days":
            text = say["ahead_days"].format(left=left, days=self._days(ahead), end=self._short(ahead[-1].end))
        elif len(told) > 1:
            stretches = ", ".join(self._stretch(group.lines[0]) for group in told)
            text = say["ahead_parts"].format(left=left, stretches=stretches)
        else:
            (line,) = told[0].lines
            text = say["ahead"].format(left=left, start=self._short(line.start), end=self._short(line.end))
        return [text + self._days_off(ahead)]

    def _stretch(self, line: LedgerLine) -> str:
        start, end = self._short(line.start), self._short(line.end)
        return self._say["stretch"].format(start=start, end=end, counted=self._counted([line]))

    def _sum(self) -> list[str]:
        """That what was used and what is still to run make what was promised."""
        ledger = self._ledger
        if not ledger.ahead:
            return []
        amounts = [amount for amount in self._amounts.values() if amount]
        if len(amounts) > _MOST_ADDED:
            amounts = [sum(amounts, timedelta()) - self._left(), self._left()]
        if len(amounts) < 2:
            return []
        added = " + ".join(duration_text(amount) for amount in amounts)
        return [self._say["sum"].format(added=added, budget=duration_text(sum(amounts, timedelta())))]

    def _left(self) -> timedelta:
        return sum((self._amounts[line] for line in self._ledger.ahead), timedelta())

    def _rival(self, rival: Rival) -> str:
        if not rival.later:
            return self._say["tie"].format(label=rival.label)
        at, later = self._full(rival.due_at), duration_text(rival.later)
        return self._say["rival"].format(label=rival.label, later=later, at=at)

    def _end(self) -> list[str]:
        return [*self._verdict(), *self._correction()]

    def _verdict(self) -> list[str]:
        ledger, say = self._ledger, self._say
        if ledger.verdict is None:
            return self._waiting()
        if ledger.verdict_at is None:
            return []
        if ledger.verdict is not Verdict.breached or ledger.due_at is None:
            ending = self._wording.endings.get(ledger.verdict, "")
            spare = ledger.budget - ledger.used if self._for_agent and ledger.verdict is Verdict.met else None
            left = say["spare"].format(left=duration_text(spare)) if spare else ""
            return [say["ended"].format(ending=ending, at=self._full(ledger.verdict_at)) + left + "."]
        told = [say["missed"].format(at=self._full(ledger.due_at))]
        if ledger.cause in _JUDGED_LATE:
            told.append(say["late"].format(at=self._full(ledger.verdict_at)))
        if ledger.satisfied_at is not None:
            late = ledger.satisfied_at - ledger.due_at
            by = say["late_by"].format(late=duration_text(late)) if late >= _MINUTE else ""
            told.append(say["answered"].format(at=self._full(ledger.satisfied_at)) + by + ".")
        return told

    def _waiting(self) -> list[str]:
        """By when an answer is due, or that nothing is due while the clock stands still."""
        ledger, say = self._ledger, self._say
        if ledger.due_at is not None:
            return [say["due"].format(at=self._full(ledger.due_at))]
        left = duration_text(ledger.budget - ledger.used)
        return [say["still"], *([say["left"].format(left=left)] if self._for_agent else [])]

    def _correction(self) -> list[str]:
        correction = self._ledger.correction
        return [] if correction is None else [self._say["corrected"].format(verdict=correction.value)]

    def _full(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return self._wording.full_instant(local, _time(local))

    def _short(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        if local.date() == self._told:
            return _time(local)
        self._told = local.date()
        return self._wording.short_instant(local, _time(local))


def amount_words(promise: str, ledger: Ledger, wording: Wording) -> str:
    """Return what a target gives, in words of a language; what came from elsewhere is told as a length of time."""
    try:
        amount = read_promise(promise)
    except ValueError:
        return _length(ledger.budget, "working" if ledger.calendar is not None else "elapsed", wording)
    if amount.kind in (AmountKind.working, AmountKind.elapsed):
        return _length(amount.duration, amount.kind.value, wording)
    if amount.kind is AmountKind.discretionary:
        return _length(ledger.budget, "elapsed", wording)
    days = wording.counted("day", amount.days)
    time = f"{amount.minute // 60:02d}:{amount.minute % 60:02d}"
    worth = wording.phrases["worth"].format(budget=duration_text(ledger.budget))
    return wording.amounts[amount.kind.value].format(days=days, time=time) + worth


def _length(amount: timedelta, kind: str, wording: Wording) -> str:
    for unit, size in (("hour", _HOUR), ("minute", _MINUTE)):
        if amount % size == timedelta(0):
            return wording.counted(f"{kind}_{unit}", amount // size)
    return wording.amounts[kind].format(length=duration_text(amount))


def duration_text(amount: timedelta) -> str:
    """Return a duration in hours, minutes and whole seconds.

    Never in days, since a working day has no one length. The ledger itself is exact to the microsecond.
    """
    seconds = amount // timedelta(seconds=1)
    hours, minutes, seconds = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{seconds} s" if seconds else "",
    ]
    return " ".join(filter(None, parts)) or "0 min"


def _time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
