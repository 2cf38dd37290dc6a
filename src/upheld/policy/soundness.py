"""What a form cannot say about a document: references, contradictions, and promises that can never hold."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from upheld.clock import CalendarError, NoOpening
from upheld.policy.compilation import CHOICES, compile_calendar
from upheld.policy.document import Document, StatusPart
from upheld.policy.order_of_dues import out_of_order
from upheld.policy.phrases import read_amount, read_date
from upheld.policy.problems import Problem
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark, unknown
from upheld.policy.target_soundness import target_findings, target_problems

_MOST_DATES = 2000
_MICROSECOND = timedelta(microseconds=1)


def problems_of(document: Document, place: Callable[[Path, str, str], Problem]) -> list[Problem]:
    """Return what forbids using the document."""
    remarks = [
        *_calendars(document),
        *_duplicates(document),
        *_priorities(document),
        *_statuses(document),
        *_steps(document),
        *target_problems(document),
        *_channels(document),
        *_examples(document),
    ]
    remarks = remarks or list(out_of_order(document))
    return [place(*remark) for remark in remarks]


def findings_of(document: Document, place: Callable[[Path, str, str], Problem]) -> list[Problem]:
    """Return what is worth a thought but may be meant."""
    remarks = [*_unreachable(document), *_assumed(document), *target_findings(document)]
    if not document.examples:
        remarks.append(((), "there are no examples", "add small stories with the due times that you expect"))
    return [place(*remark) for remark in remarks]


def _calendars(document: Document) -> Iterator[Remark]:
    for name, part in document.calendars.items():
        path: Path = ("calendars", name)
        if not any(hours != "closed" for hours in part.hours.values()):
            yield (*path, "hours"), f"the calendar {name!r} never opens", "give at least one day its hours"
            continue
        if len(part.days_off) + len(part.other_hours) > _MOST_DATES:
            yield path, f"the calendar {name!r} has too many dates", f"at most {_MOST_DATES} are read"
            continue
        try:
            calendar = compile_calendar(part, document.zone)
            for day in (*part.days_off, *part.other_hours):
                calendar.add(calendar.midnight(read_date(day)), _MICROSECOND)
        except NoOpening:
            message = f"the calendar {name!r} is closed for more than 366 days"
            yield path, message, "a promise in working time needs an opening in every year"
        except CalendarError as error:
            yield (*path, "hours"), str(error), "write hours such as 07:30-17:00"


def _duplicates(document: Document) -> Iterator[Remark]:
    for block in ("priorities", "statuses", "targets", "channels", "exclusions", *CHOICES):
        seen: set[str] = set()
        for number, part in enumerate(getattr(document, block)):
            if part.id in seen:
                yield (block, number, "id"), f"the id {part.id!r} is used twice", "give each its own id"
            seen.add(part.id)


def _priorities(document: Document) -> Iterator[Remark]:
    known = [part.id for part in document.priorities]
    yield from unknown(("default_priority",), "priority", document.default_priority, known)
    named: dict[str, str] = {}
    for number, part in enumerate(document.priorities):
        for word in part.words:
            other = named.setdefault(word.lower(), part.id)
            if other != part.id:
                path = ("priorities", number, "words")
                yield path, f"the word {word!r} also names {other!r}", "let a word name one priority"


def _statuses(document: Document) -> Iterator[Remark]:
    known = [part.id for part in document.statuses]
    yield from unknown(("initial_status",), "status", document.initial_status, known)
    for number, part in enumerate(document.statuses):
        path: Path = ("statuses", number)
        yield from unknown((*path, "on_reply"), "status", part.on_reply, known)
        for place, id in enumerate(part.next or ()):
            yield from unknown((*path, "next", place), "status", id, known)
        if part.id == document.initial_status and part.category in ("resolved", "closed"):
            yield (*path, "category"), "a new ticket would be done at once", "begin with an open status"


def _steps(document: Document) -> Iterator[Remark]:
    known = [part.id for part in document.statuses]
    for number, part in enumerate(document.statuses):
        last = None
        for place, step in enumerate(part.after):
            path: Path = ("statuses", number, "after", place)
            phrase = read_amount(step.wait)
            if phrase.working:
                yield (*path, "wait"), "waits in a status are elapsed time", "write `72 elapsed hours`"
            if (step.remind is None) == (step.become is None):
                yield path, "a step reminds somebody or changes the status", "write `remind` or `become`"
            if last is not None and phrase.duration >= last:
                yield path, "this step comes after the status has changed", "put it before the change"
            if step.become is not None:
                yield from unknown((*path, "become"), "status", step.become, known)
                last = phrase.duration
        if _comes_back(document, part):
            path = ("statuses", number, "after")
            yield path, f"{part.id!r} leads back to itself without anybody", "let the circle end somewhere"


def _comes_back(document: Document, status: StatusPart) -> bool:
    following = {
        part.id: next((step.become for step in part.after if step.become), None) for part in document.statuses
    }
    reached, current = set[str](), following.get(status.id)
    while current is not None and current not in reached:
        reached.add(current)
        current = following.get(current)
    return status.id in reached


def _channels(document: Document) -> Iterator[Remark]:
    for number, part in enumerate(document.channels):
        yield from unknown(("channels", number, "calendar"), "calendar", part.calendar, document.calendars)


def _examples(document: Document) -> Iterator[Remark]:
    priorities = [part.id for part in document.priorities]
    statuses = [part.id for part in document.statuses]
    for number, example in enumerate(document.examples):
        path: Path = ("examples", number)
        yield from unknown((*path, "priority"), "priority", example.priority, priorities)
        for place, event in enumerate(example.events):
            yield from unknown((*path, "events", place, "priority"), "priority", event.priority, priorities)
            yield from unknown((*path, "events", place, "status"), "status", event.status, statuses)
        for place, expected in enumerate(example.expect):
            targets = [part.id for part in document.targets]
            yield from unknown((*path, "expect", place, "target"), "target", expected.target, targets)


def _unreachable(document: Document) -> Iterator[Remark]:
    reached = {document.initial_status}
    reached |= {part.id for part in document.statuses if part.agent_may_set}
    reached |= {part.on_reply for part in document.statuses if part.on_reply}
    reached |= {step.become for part in document.statuses for step in part.after if step.become}
    for number, part in enumerate(document.statuses):
        if part.id not in reached:
            yield ("statuses", number), f"nothing leads to the status {part.id!r}", "let somebody set it"


def _assumed(document: Document) -> Iterator[Remark]:
    for block in ("statuses", "targets", "objectives", "exclusions"):
        for number, part in enumerate(getattr(document, block)):
            if part.assumed:
                message = f"assumed, not in the source: {getattr(part, 'id', block)}"
                yield (block, number), message, part.note or "confirm it"
    for name, calendar in document.calendars.items():
        if calendar.assumed or any(each.assumed for each in calendar.holidays):
            message = f"assumed, not in the source: the calendar {name!r}"
            yield ("calendars", name), message, calendar.note or "confirm it"
