"""The words of ledger sentences, in each language that a desk may tell them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from upheld.policy.standing import Metric, Verdict

LANGUAGES = ("en", "de")


@dataclass(frozen=True)
class Wording:
    """Sentences with places for what they tell. `lines` and `so_far` go by the kind of one ledger line or several."""

    days: tuple[str, ...]
    months: tuple[str, ...]
    full: str
    short: str
    metrics: Mapping[Metric, str]
    endings: Mapping[Verdict, str]
    starts: Mapping[str, str]
    lines: Mapping[str, str]
    so_far: Mapping[str, str]
    phrases: Mapping[str, str]
    amounts: Mapping[str, str]
    plurals: Mapping[str, tuple[str, str]]
    reasons: Mapping[str, str]

    def full_instant(self, local: datetime, time: str) -> str:
        """Return a wall time with its date and zone."""
        return f"{self._date(self.full, local)} {time} {local.tzname()}"

    def short_instant(self, local: datetime, time: str) -> str:
        """Return a wall time with its date, without the year."""
        return f"{self._date(self.short, local)} {time}"

    def _date(self, form: str, local: datetime) -> str:
        day, month = self.days[local.weekday()], self.months[local.month - 1]
        return form.format(weekday=day, day=local.day, month=month, year=local.year)

    def counted(self, unit: str, count: int) -> str:
        """Return a number of things, in the singular or the plural."""
        one, many = self.plurals[unit]
        return f"{count} {one if count == 1 else many}"

    def reason(self, text: str) -> str:
        """Return a reason that the program gives itself in this language; others are told as they were given."""
        return self.reasons.get(text, text)


ENGLISH = Wording(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    months=(
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    full="{weekday} {day} {month} {year}",
    short="{weekday} {day} {month}",
    metrics={
        Metric.first_response: "First response",
        Metric.next_reply: "Next reply",
        Metric.update: "Update",
        Metric.resolution: "Resolution",
    },
    endings={
        Verdict.met: "Met",
        Verdict.transferred: "Passed on",
        Verdict.excluded: "Taken out of the figures",
        Verdict.abandoned: "Closed without an answer from the customer",
    },
    starts={
        "received": "It counts from {start}.",
        "written": "It counts from {start}, when the oldest unanswered message came.",
        "acknowledged": "It counts from {start}, when the receipt was acknowledged.",
        "next opening": "It counts from {start}, the next opening.",
        "named": "It counts from {start}, when the priority was first named.",
        "promised": "It counts from {start}, when an agent promised the time.",
        "updated": "It counts from {start}, the last update.",
        "missed": "It counts from {start}, when the update before was missed.",
        "reopened": "It counts from {start}, when the ticket was opened again.",
        "taken over": "It counts from {start}, on the ticket that was merged into this one.",
    },
    lines={
        "ran": "It ran from {start} to {end} ({counted})",
        "days": "It ran in its hours from {start} to {end}, {counted} on {days}",
        "paused": "It stood still from {start} to {end}: {reason}",
        "after": "From {start} to {end} it was overdue",
        "closed": "Closed until {end}",
        "carried": "Up to {end} it had used {counted} {reason}",
    },
    so_far={
        "ran": "It has run since {start} ({counted} so far)",
        "days": "It has run in its hours since {start}, {counted} on {days} so far",
        "paused": "It has stood still since {start}: {reason}",
        "after": "It has been overdue since {start}",
        "closed": "Closed since {start}",
        "carried": "Up to {end} it had used {counted} {reason}",
    },
    phrases={
        "promise": "{metric}: {amount}",
        "on": " on the calendar '{calendar}' ({hours})",
        "hours_in": "{hours} in the zone {zone}",
        "clause": ", by the clause '{clause}'",
        "worth": " (here {budget} of working time)",
        "used": "Used: {used} of {budget}.",
        "ahead": "Still to run: {left}, from {start} to {end}",
        "ahead_parts": "Still to run: {left} ({stretches})",
        "ahead_days": "Still to run: {left}, in its hours on {days} until {end}",
        "stretch": "{counted} from {start} to {end}",
        "days_off": "; closed: {names}",
        "sum": "{added} = {budget}.",
        "left": "When it goes on, {left} are left.",
        "still": "It stands still, so there is no due time now.",
        "due": "So it is due {at}.",
        "missed": "Missed: it was due {at}.",
        "answered": "Answered {at}",
        "late_by": ", {late} late",
        "late": "When this became known the time was already over: judged {at}.",
        "corrected": "Corrected to {verdict}; the verdict above stays on record.",
        "ended": "{ending} {at}",
        "spare": ", with {left} to spare",
        "rival": "'{label}' would have been due {later} later, {at}; the earlier holds.",
        "tie": "'{label}' is due at the same time.",
        "zone": "Times are in the zone {zone}.",
        "best_effort": "{metric}: best effort; no time is promised and no clock runs.",
        "discretionary": "{metric}: at an agent's discretion; no clock runs until one promises a time.",
    },
    amounts={
        "working": "{length} of working time",
        "elapsed": "{length} around the clock",
        "days_same_time": "{days}, at the same time of day",
        "days_at_close": "{days}, at close",
        "cut_off": "by that day's close if it counts from before {time}, else by {time} on the next business day",
    },
    plurals={
        "working_hour": ("working hour", "working hours"),
        "working_minute": ("working minute", "working minutes"),
        "elapsed_hour": ("hour around the clock", "hours around the clock"),
        "elapsed_minute": ("minute around the clock", "minutes around the clock"),
        "day": ("business day", "business days"),
        "date": ("day", "days"),
    },
    reasons={},
)

GERMAN = Wording(
    days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni"),
        *("Juli", "August", "September", "Oktober", "November", "Dezember"),
    ),
    full="{weekday}, {day}. {month} {year}",
    short="{weekday}, {day}. {month}",
    metrics={
        Metric.first_response: "Erste Antwort",
        Metric.next_reply: "Nächste Antwort",
        Metric.update: "Zwischenstand",
        Metric.resolution: "Lösung",
    },
    endings={
        Verdict.met: "Eingehalten:",
        Verdict.transferred: "Weitergegeben:",
        Verdict.excluded: "Aus der Wertung genommen:",
        Verdict.abandoned: "Ohne Antwort der Kundin oder des Kunden geschlossen:",
    },
    starts={
        "received": "Gezählt wird ab {start}.",
        "written": "Gezählt wird ab {start}, dem Eingang der ältesten unbeantworteten Nachricht.",
        "acknowledged": "Gezählt wird ab {start}, der Eingangsbestätigung.",
        "next opening": "Gezählt wird ab {start}, der nächsten Öffnung.",
        "named": "Gezählt wird ab {start}, der ersten Nennung der Priorität.",
        "promised": "Gezählt wird ab {start}, der Zusage dieser Zeit.",
        "updated": "Gezählt wird ab {start}, dem letzten Zwischenstand.",
        "missed": "Gezählt wird ab {start}, dem versäumten Zwischenstand davor.",
        "reopened": "Gezählt wird ab {start}, der erneuten Öffnung.",
        "taken over": "Gezählt wird ab {start}, auf dem Ticket, das hier aufging.",
    },
    lines={
        "ran": "Sie lief von {start} bis {end} ({counted})",
        "days": "Sie lief zu ihren Zeiten von {start} bis {end}, {counted} an {days}",
        "paused": "Sie stand von {start} bis {end} still: {reason}",
        "after": "Von {start} bis {end} war sie überfällig",
        "closed": "Geschlossen bis {end}",
        "carried": "Bis {end} waren {counted} verbraucht, {reason}",
    },
    so_far={
        "ran": "Sie läuft seit {start} (bisher {counted})",
        "days": "Sie läuft zu ihren Zeiten seit {start}, bisher {counted} an {days}",
        "paused": "Sie steht seit {start} still: {reason}",
        "after": "Sie ist seit {start} überfällig",
        "closed": "Geschlossen seit {start}",
        "carried": "Bis {end} waren {counted} verbraucht, {reason}",
    },
    phrases={
        "promise": "{metric}: {amount}",
        "on": " im Kalender '{calendar}' ({hours})",
        "hours_in": "{hours} in der Zone {zone}",
        "clause": ", nach der Klausel '{clause}'",
        "worth": " (hier {budget} Arbeitszeit)",
        "used": "Verbraucht: {used} von {budget}.",
        "ahead": "Noch zu laufen: {left}, von {start} bis {end}",
        "ahead_parts": "Noch zu laufen: {left} ({stretches})",
        "ahead_days": "Noch zu laufen: {left}, zu ihren Zeiten an {days} bis {end}",
        "stretch": "{counted} von {start} bis {end}",
        "days_off": "; geschlossen: {names}",
        "sum": "{added} = {budget}.",
        "left": "Wenn sie weiterläuft, bleiben {left}.",
        "still": "Die Uhr steht still, deshalb gibt es jetzt keinen Zeitpunkt.",
        "due": "Deshalb fällig {at}.",
        "missed": "Versäumt: fällig war {at}.",
        "answered": "Beantwortet {at}",
        "late_by": ", {late} zu spät",
        "late": "Als das bekannt wurde, war die Zeit schon um: gewertet {at}.",
        "corrected": "Berichtigt zu {verdict}; das Urteil darüber bleibt verzeichnet.",
        "ended": "{ending} {at}",
        "spare": ", {left} vor der Zeit",
        "rival": "'{label}' wäre {later} später fällig, {at}; es gilt der frühere Zeitpunkt.",
        "tie": "'{label}' ist zur selben Zeit fällig.",
        "zone": "Alle Zeiten in der Zone {zone}.",
        "best_effort": "{metric}: nach besten Kräften; keine Zeit ist zugesagt, keine Uhr läuft.",
        "discretionary": "{metric}: nach Ermessen; keine Uhr läuft, bis jemand eine Zeit zusagt.",
    },
    amounts={
        "working": "{length} Arbeitszeit",
        "elapsed": "{length} rund um die Uhr",
        "days_same_time": "{days}, zur selben Uhrzeit",
        "days_at_close": "{days}, bis Dienstschluss",
        "cut_off": "bis Dienstschluss, wenn ab vor {time} gezählt wird, sonst bis {time} am nächsten Werktag",
    },
    plurals={
        "working_hour": ("Arbeitsstunde", "Arbeitsstunden"),
        "working_minute": ("Minute Arbeitszeit", "Minuten Arbeitszeit"),
        "elapsed_hour": ("Stunde rund um die Uhr", "Stunden rund um die Uhr"),
        "elapsed_minute": ("Minute rund um die Uhr", "Minuten rund um die Uhr"),
        "day": ("Werktag", "Werktage"),
        "date": ("Tag", "Tagen"),
    },
    reasons={
        "no contract": "kein Vertrag",
        "outside the hours": "außerhalb der Zeiten",
        "closed that day": "an diesem Tag geschlossen",
        "under the version before": "nach der Fassung davor",
        "paused": "angehalten",
        "spam": "Spam",
    },
)

WORDINGS: Mapping[str, Wording] = {"en": ENGLISH, "de": GERMAN}
