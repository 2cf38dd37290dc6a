"""The page on which an agent splits several problems that came as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.tickets.actions import Refused, SplitPart, split_ticket
from upheld.tickets.actions.split_ticket import MAY_COME_OVER, MOST_PARTS
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_messages, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.presenting.thread import MessageView, thread
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

LONGEST_SUBJECT = 250


@dataclass(frozen=True, slots=True)
class TypedPart:
    """One new ticket as it is typed."""

    number: int
    subject: str = ""
    note: str = ""
    chosen: frozenset[int] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not (self.subject.strip() or self.note.strip() or self.chosen)

    def as_part(self) -> SplitPart:
        return SplitPart(self.subject, tuple(sorted(self.chosen)), self.note)


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def split(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Ask what belongs to which new ticket, and make them."""
    tickets = visible_tickets(workplace.viewer).select_related("desk", "requester")
    ticket = tickets.filter(number=number.upper()).first()
    if ticket is None or not allowed(role_of(workplace.viewer, ticket), Act.split_ticket):
        raise Http404
    if request.method != "POST":
        return _page(request, workplace, ticket, [TypedPart(1)])
    parts = _parts(request)
    if typed(request, "do") == "add":
        return _page(request, workplace, ticket, [*parts, TypedPart(len(parts) + 1)][:MOST_PARTS])
    wanted = [each.as_part() for each in parts if not each.is_empty]
    try:
        new = split_ticket(ticket.pk, workplace.agent, wanted, moment(ticket.desk_id, request.now))
    except (Refused, NotAllowed) as problem:
        return _page(request, workplace, ticket, parts, str(problem))
    numbers = ", ".join(each.number for each in new)
    messages.success(request, _("Split off: %(numbers)s.") % {"numbers": numbers})
    return redirect("ticket", ticket.number)


def _parts(request: HttpRequest) -> list[TypedPart]:
    given = typed(request, "parts")
    count = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 1
    return [
        TypedPart(
            number,
            typed(request, f"subject-{number}")[:LONGEST_SUBJECT],
            typed(request, f"note-{number}"),
            _ids(request.POST.getlist(f"message-{number}")),
        )
        for number in range(1, min(max(1, count), MOST_PARTS) + 1)
    ]


def _ids(given: Sequence[str]) -> frozenset[int]:
    return frozenset(int(each) for each in given if each.isascii() and each.isdigit() and len(each) < 18)


def _page(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, parts: Sequence[TypedPart], problem: str = ""
) -> HttpResponse:
    context = {
        "ticket": ticket,
        "parts": parts,
        "messages_to_choose": _messages(request, workplace, ticket),
        "may_add": len(parts) < MOST_PARTS,
        "problem": problem,
    }
    return render(request, "web/agent/split.html", context, status=422 if problem else 200)


def _messages(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> list[MessageView]:
    found = visible_messages(workplace.viewer, ticket).filter(kind__in=MAY_COME_OVER)
    rows = found.select_related("contact", "agent__user").prefetch_related("attachments")
    return thread(rows, Times(workplace.zone, request.now))
