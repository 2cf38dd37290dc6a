"""A ledger, told in plain words."""

from datetime import date, datetime, timedelta
from typing import Literal

from upheld.clock import zone as zone_named
from upheld.policy.amounts import AmountKind
from upheld.policy.ledger import Ledger, LedgerLine, Rival
from upheld.policy.phrases import read_promise
from upheld.policy.standing import Unclocked, Verdict
from upheld.policy.wording import WORDINGS, Wording

Audience = Literal["agent", "customer"]

_JUDGED_LATE = ("reclassified", "admitted", "published", "merge undone")
_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)


def ledger_sentences(ledger: Ledger, *, zone: str, audience: Audience, language: str = "en") -> list[str]:
    """Return sentences that tell how the clock came to stand where it stands, with times in `zone`.

    A customer is told when the clock ran and why it stood still; an agent also the clause, the sums, and which joined
    target lost. Raises CalendarError for an unknown zone, KeyError for a language that is not one of LANGUAGES.
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

    def sentences(self) -> list[str]:
        ledger, say = self._ledger, self._say
        start = self._wording.starts.get(ledger.counts_from, self._wording.starts["received"])
        result = [self._promise(), start.format(start=self._full(ledger.started_at))]
        self._told = ledger.started_at.astimezone(self._zone).date()
        result += [self._line(line, open_ended=line is self._still_open()) for line in ledger.lines]
        if self._for_agent:
            used, budget = duration_text(ledger.used), duration_text(ledger.budget)
            result.append(say["used"].format(used=used, budget=budget))
            result += [self._rival(rival) for rival in ledger.rivals]
        result += self._end()
        result.append(say["zone"].format(zone=self._zone_name))
        return result

    def _promise(self) -> str:
        ledger, say = self._ledger, self._say
        amount = amount_words(ledger.promise, ledger, self._wording)
        text = say["promise"].format(metric=self._wording.metrics[ledger.metric], amount=amount)
        if ledger.calendar is not None:
            text += say["on"].format(calendar=ledger.calendar, hours=ledger.calendar_hours)
        if self._for_agent:
            text += say["clause"].format(clause=ledger.clause.rstrip("."))
        return f"{text}."

    def _still_open(self) -> LedgerLine | None:
        """The line that ends at the instant asked for only because nothing has ended it yet."""
        ledger = self._ledger
        ended = ledger.satisfied_at or (ledger.verdict is not Verdict.breached and ledger.verdict)
        return ledger.lines[-1] if ledger.lines and not ended else None

    def _line(self, line: LedgerLine, *, open_ended: bool) -> str:
        words = (self._wording.so_far if open_ended else self._wording.lines)[line.kind]
        start = self._short(line.start)
        end = self._short(line.end) if "{end}" in words else ""
        reason = self._wording.reason(line.reason)
        return words.format(start=start, end=end, counted=duration_text(line.counted), reason=reason)

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
            return [
                say["still"] if ledger.due_at is None else say["due"].format(at=self._full(ledger.due_at))
            ]
        if ledger.verdict_at is None:
            return []
        if ledger.verdict is not Verdict.breached or ledger.due_at is None:
            ending = self._wording.endings.get(ledger.verdict, "")
            return [say["ended"].format(ending=ending, at=self._full(ledger.verdict_at))]
        told = [say["missed"].format(at=self._full(ledger.due_at))]
        if ledger.cause in _JUDGED_LATE:
            told.append(say["late"].format(at=self._full(ledger.verdict_at)))
        if ledger.satisfied_at is not None:
            told.append(say["answered"].format(at=self._full(ledger.satisfied_at)))
        return told

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
