"""One mail: what the desk makes of it, what it says, its bytes, and what can be done with it."""

from threading import BoundedSemaphore
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.desks.models import Mailbox
from upheld.mailboxes import queries
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.pool import ParserPool, Unreadable
from upheld.mailboxes.queries import FOR_A_PERSON, MailFilter
from upheld.mailboxes.traces import pointers
from upheld.mailboxes.visibility import desks_read, may
from upheld.rules.follow_up import Pointer, Trace
from upheld.rules.permissions import Act
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.mail.guard import for_readers_of_mail
from upheld.web.agent.readers.reading import MAIL, note_reading
from upheld.web.agent.unsent import Unsent
from upheld.web.foreign_html import foreign_page
from upheld.web.presenting.mail import mail_row
from upheld.web.presenting.mail_read import Pointed, facts, file_lines, head_of, way_of, ways
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

# A mail may be large, and so is what is read of it.
_READ_AT_ONCE = BoundedSemaphore(2)


@require_safe
@for_readers_of_mail
def one_mail(request: HttpRequest, workplace: Workplace, mail_id: int) -> HttpResponse:
    mail = find_mail(workplace, mail_id)
    note_reading(request, workplace, mail.ticket, MAIL)
    return render(request, "web/agent/mail/one.html", mail_context(request, workplace, mail))


@require_safe
@for_readers_of_mail
def mail_formatted(request: HttpRequest, workplace: Workplace, mail_id: int) -> HttpResponse:
    """What its sender formatted, for the sandboxed frame."""
    mail = find_mail(workplace, mail_id)
    note_reading(request, workplace, mail.ticket, MAIL)
    read = read_apart(mail)
    if isinstance(read, Unreadable) or not read.body_html:
        raise Http404
    return foreign_page(request, read.body_html)


@require_safe
@for_readers_of_mail
def mail_bytes(request: HttpRequest, workplace: Workplace, mail_id: int) -> HttpResponse:
    """The mail as it came, as a download that no browser opens by itself."""
    mail = find_mail(workplace, mail_id)
    note_reading(request, workplace, mail.ticket, MAIL)
    answer = HttpResponse(bytes(mail.raw), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="mail-{mail.pk}.eml"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def find_mail(workplace: Workplace, mail_id: int) -> RawMail:
    """The mail, where this agent may see it; otherwise it does not exist."""
    mail = queries.one_mail(workplace.viewer, mail_id)
    if mail is None:
        raise Http404
    return mail


def read_apart(mail: RawMail) -> ParsedMail | Unreadable:
    """Read a stranger's bytes in a child with limits of its own, never in the process of the pages."""
    with _READ_AT_ONCE, ParserPool(1) as pool:
        return pool.parse(bytes(mail.raw))


def mail_context(
    request: HttpRequest, workplace: Workplace, mail: RawMail, unsent: Unsent | None = None
) -> dict[str, Any]:
    """All that the page shows."""
    times = Times(workplace.zone, request.now)
    read = read_apart(mail)
    shown = mail_row(mail, times, workplace.viewer.desk_ids)
    context: dict[str, Any] = {
        "mail": shown,
        "settled": times.optional(mail.settled_at),
        "settled_by": mail.settled_by,
        "zone_name": times.zone_name,
        "way": way_of(mail),
        "ways": ways(mail, times),
        "raw_url": reverse("mail_bytes", args=[mail.pk]),
        "next_waiting": _next_waiting(workplace, mail),
        "unsent": unsent or Unsent(),
        "unreadable": "",
    }
    if isinstance(read, Unreadable):
        context |= {"unreadable": read.reason, "head": head_of(mail), "prefilled": shown.points_at}
    else:
        pointed = _pointed(workplace, mail, read)
        context |= {
            "facts": facts(mail, read, pointed, times),
            "new_text": read.new_text.strip(),
            "quoted_text": read.quoted_text.strip(),
            "formatted_url": reverse("mail_formatted", args=[mail.pk]) if read.body_html else "",
            "files": file_lines(read),
            "prefilled": shown.points_at or next((each.number for each in pointed if each.number), ""),
        }
    return context | _acts(workplace, mail, read)


def _pointed(workplace: Workplace, mail: RawMail, read: ParsedMail) -> list[Pointed]:
    """The tickets at which the mail points; those that this agent may not see have no number."""
    if mail.mailbox is None:
        return []
    found: list[Pointer] = pointers(read, mail.mailbox.desk, mail.envelope_to)
    tickets: dict[int, Ticket] = (
        visible_tickets(workplace.viewer).in_bulk([each.ticket_id for each in found]) if found else {}
    )
    return [
        Pointed(
            number=tickets[each.ticket_id].number if each.ticket_id in tickets else "",
            subject=tickets[each.ticket_id].subject if each.ticket_id in tickets else "",
            trace=each.trace,
            sender=each.sender,
        )
        for each in sorted(found, key=lambda each: list(Trace).index(each.trace))
    ]


def _acts(workplace: Workplace, mail: RawMail, read: ParsedMail | Unreadable) -> dict[str, Any]:
    """Which forms stand on the page: what its state allows, and what this agent may do."""
    desk_id = mail.mailbox.desk_id if mail.mailbox else None
    waits = mail.state not in (MailState.TICKETED, MailState.HELD, MailState.WAITING)
    readable = isinstance(read, ParsedMail)
    may_release = waits and readable and _may(workplace, Act.release_mail, desk_id)
    return {
        "may_release": may_release,
        "has_sender": isinstance(read, ParsedMail) and bool(read.from_address),
        "readable_now": readable and mail.state == MailState.PARKED,
        "may_retry": waits and _may(workplace, Act.retry_mail, desk_id),
        "may_discard": mail.state in FOR_A_PERSON and _may(workplace, Act.discard_mail, desk_id),
        "mailboxes": _own_mailboxes(workplace) if may_release and mail.mailbox is None else [],
    }


def _may(workplace: Workplace, act: Act, desk_id: int | None) -> bool:
    return may(workplace.viewer, act, desk_id)


def _own_mailboxes(workplace: Workplace) -> list[Mailbox]:
    """Where a mail may belong that came to none of our mailboxes."""
    return list(Mailbox.objects.filter(desk__in=desks_read(workplace.viewer)).order_by("address"))


def _next_waiting(workplace: Workplace, mail: RawMail) -> str:
    """Where to go on once a mail waits no more."""
    if mail.state in FOR_A_PERSON:
        return ""
    waiting = queries.mail_page(workplace.viewer, MailFilter(states=FOR_A_PERSON), limit=1).mails
    return reverse("one_mail", args=[waiting[0].pk]) if waiting else ""
