"""A ledger, told in plain English."""

from datetime import date, datetime, timedelta
from typing import Literal

from upheld.clock import zone as zone_named
from upheld.policy.ledger import Ledger, LedgerLine
from upheld.policy.phrases import amount_text
from upheld.policy.standing import Metric, Verdict

Audience = Literal["agent", "customer"]

_METRICS = {
    Metric.first_response: "First response",
    Metric.next_reply: "Next reply",
    Metric.update: "Update",
    Metric.resolution: "Resolution",
}
_ENDINGS = {
    Verdict.met: "Met",
    Verdict.transferred: "Passed on to another desk",
    Verdict.excluded: "Taken out of the figures",
    Verdict.abandoned: "Closed without an answer from the customer",
}


def ledger_sentences(ledger: Ledger, *, zone: str, audience: Audience) -> list[str]:
    """Return sentences that tell how the clock came to stand where it stands, with times in `zone`.

    A customer is told when the clock ran and why it stood still; an agent also the clause and the sums.
    Raises CalendarError for an unknown zone.
    """
    return _Teller(ledger, zone, audience).sentences()


class _Teller:
    """Remembers the last date told, so that a date is named once."""

    def __init__(self, ledger: Ledger, zone: str, audience: Audience) -> None:
        self._ledger = ledger
        self._zone_name = zone
        self._zone = zone_named(zone)
        self._for_agent = audience == "agent"
        self._told: date | None = None

    def sentences(self) -> list[str]:
        ledger = self._ledger
        result = [self._promise(), f"It counts from {self._full(ledger.started_at)}."]
        self._told = ledger.started_at.astimezone(self._zone).date()
        result += [self._line(line, open_ended=line is self._still_open()) for line in ledger.lines]
        if self._for_agent:
            result.append(f"Used: {duration_text(ledger.used)} of {duration_text(ledger.budget)}.")
        result += self._end()
        result.append(f"Times are in the zone {self._zone_name}.")
        return result

    def _promise(self) -> str:
        ledger = self._ledger
        amount = amount_text(ledger.budget, working=ledger.calendar is not None)
        text = f"{_METRICS[ledger.metric]}: {amount}"
        if ledger.calendar is not None:
            text += f" on the calendar '{ledger.calendar}' ({ledger.calendar_hours})"
        return f"{text}, by the clause '{ledger.clause.rstrip('.')}'." if self._for_agent else f"{text}."

    def _still_open(self) -> LedgerLine | None:
        """The line that ends at the instant asked for only because nothing has ended it yet."""
        ledger = self._ledger
        ended = ledger.satisfied_at or (ledger.verdict is not Verdict.breached and ledger.verdict)
        return ledger.lines[-1] if ledger.lines and not ended else None

    def _line(self, line: LedgerLine, *, open_ended: bool) -> str:
        start = self._short(line.start)
        if open_ended:
            return self._so_far(line, start)
        end = self._short(line.end)
        if line.kind == "ran":
            return f"It ran from {start} to {end} ({duration_text(line.counted)})."
        if line.kind == "paused":
            return f"It stood still from {start} to {end}: {line.reason}."
        if line.kind == "holiday":
            return f"{line.reason}: closed until {end}."
        if line.kind == "after":
            return f"From {start} to {end} it was overdue."
        return f"Closed until {end}."

    def _so_far(self, line: LedgerLine, start: str) -> str:
        if line.kind == "ran":
            return f"It has run since {start} ({duration_text(line.counted)} so far)."
        if line.kind == "paused":
            return f"It has stood still since {start}: {line.reason}."
        if line.kind == "holiday":
            return f"{line.reason}: closed since {start}."
        if line.kind == "after":
            return f"It has been overdue since {start}."
        return f"Closed since {start}."

    def _end(self) -> list[str]:
        ledger = self._ledger
        if ledger.verdict is None:
            due = "It stands still, so there is no due time now."
            return [due if ledger.due_at is None else f"Due {self._full(ledger.due_at)}."]
        if ledger.verdict is Verdict.breached and ledger.due_at is not None:
            missed = [f"Missed: it was due {self._full(ledger.due_at)}."]
            answered = ledger.satisfied_at
            return missed if answered is None else [*missed, f"Answered {self._full(answered)}."]
        return (
            []
            if ledger.verdict_at is None
            else [f"{_ENDINGS[ledger.verdict]} {self._full(ledger.verdict_at)}."]
        )

    def _full(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return f"{local:%A} {local.day} {local:%B %Y} {_time(local)} {local.tzname()}"

    def _short(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        if local.date() == self._told:
            return _time(local)
        self._told = local.date()
        return f"{local:%A} {local.day} {local:%B} {_time(local)}"


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
