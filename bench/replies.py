"""Replies as agents send them: each through the form of its own ticket, as the browser posts it, and then the worker's
part, since a reply leaves only when the time to take it back is over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from time import perf_counter, sleep

from django.db.models import Model, QuerySet

from bench.desk import Measured, signed_in
from bench.load import Job
from bench.pages import AT_ONCE, row, under_load
from bench.processor import Watched
from bench.program import Program
from bench.row import Row, percentiles
from upheld.notices.models import Notice, NoticeState
from upheld.people.models import User
from upheld.tickets.models import Press

_BOUNDARY = "----bench-form-boundary"
_TEXT = "We have looked at it and found the cause. Please try again, and tell us whether it works now."
_LONGEST = 600.0


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a reply as its page has it: where it goes, its hidden fields, and the cookies that belong to it."""

    action: str
    fields: dict[str, str]
    cookies: str


def run(measured: Measured, program: Program, each: Sequence[int]) -> Iterator[Row]:
    """Send so many replies, each to another ticket, with 1, 8 and 32 people at once."""
    people = list(User.objects.filter(email__in=measured.agents()).order_by("pk"))
    numbers = measured.open_numbers(sum(each))
    # A small desk has fewer open tickets.
    each = [max(many * len(numbers) // sum(each), 1) for many in each]
    if len(numbers) < sum(each):
        yield Row("reply", "reply sent", None, "ms", note="too few open tickets", size=measured.size)
        return
    last_press, last_notice = _last(Press), _last(Notice)
    watched = program.watched()
    before = watched.spent()
    for at_once, many in zip(AT_ONCE, each, strict=True):
        mine, numbers = numbers[:many], numbers[many:]
        requests = [_request(program, form) for form in _forms(program, mine, people)]
        seen, spent = under_load(Job(*program.http, requests, at_once, once=True), program)
        yield row("reply", "reply sent", at_once, seen, spent, size=measured.size)
    yield from _workers_part(measured, watched, before, last_press, last_notice)


def _workers_part(
    measured: Measured, watched: Watched, before: dict[str, float], last_press: int, last_notice: int
) -> Iterator[Row]:
    """What the workers spend on each reply until its mail is sent, and how late replies leave."""
    pressed, written = Press.objects.filter(pk__gt=last_press), Notice.objects.filter(pk__gt=last_notice)
    deadline = perf_counter() + _LONGEST
    while _under_way(pressed, written) and perf_counter() < deadline:
        sleep(0.2)
    spent = watched.spent().get("worker", 0.0) - before.get("worker", 0.0)
    done = list(pressed.filter(state=Press.State.DONE))
    late = [(each.done_at - each.leaves_at).total_seconds() * 1000 for each in done if each.done_at]
    left = pressed.exclude(state=Press.State.DONE).count()
    mails = written.filter(state=NoticeState.SENT).count()
    note = f"{len(done)} replies, {mails} mails" + (f"; {left} NOT DONE" if left else "")
    size = measured.size
    yield Row(
        "reply",
        "the workers' part, processor time",
        spent * 1000 / max(len(done), 1),
        "ms",
        note=note,
        size=size,
    )
    p50, p95, _ = percentiles(late)
    yield Row(
        "reply", "leaves after its time to be taken back", p50, "ms", note=f"p95 {p95:,.0f} ms", size=size
    )


def _under_way(pressed: QuerySet[Press], written: QuerySet[Notice]) -> bool:
    return (
        pressed.filter(state=Press.State.WAITING).exists()
        or written.filter(state=NoticeState.WAITING).exists()
    )


def _last(model: type[Model]) -> int:
    return model._default_manager.order_by("-pk").values_list("pk", flat=True).first() or 0


def _forms(program: Program, numbers: Sequence[str], people: Sequence[User]) -> Iterator[Form]:
    """Open the page of each ticket, its agents in turn, and read its form."""
    sessions = [signed_in(user) for user in people]
    connection = HTTPConnection(*program.http)
    for place, number in enumerate(numbers):
        session = f"sessionid={sessions[place % len(sessions)]}"
        connection.request("GET", f"/tickets/{number}/", headers={"Cookie": session})
        answer = connection.getresponse()
        page = answer.read().decode()
        token = answer.headers["Set-Cookie"].partition(";")[0]
        action = f"/tickets/{number}/reply/"
        yield Form(action, _Fields.of(page, action), f"{session}; {token}")
    connection.close()


def _request(program: Program, form: Form) -> str:
    """The request that htmx makes of the form."""
    fields = form.fields | {"text": _TEXT}
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = "".join(parts) + f"--{_BOUNDARY}--\r\n"
    head = {
        "Host": f"{program.http[0]}:{program.http[1]}",
        "Origin": program.url,
        "Cookie": form.cookies,
        "HX-Request": "true",
        "Content-Type": f"multipart/form-data; boundary={_BOUNDARY}",
        "Content-Length": str(len(body)),
    }
    lines = [f"POST {form.action} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, "", body])


class _Fields(HTMLParser):
    """The hidden fields of one form."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self._action, self._inside = action, False
        self.found: dict[str, str] = {}

    @classmethod
    def of(cls, page: str, action: str) -> dict[str, str]:
        reader = cls(action)
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("action") == self._action
        elif self._inside and tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.found[str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
