"""What a ticket's page shows of its intake: what was said and what lacks, what belongs to it, what is not done here."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from upheld.people.models import Site
from upheld.policy.document import ScopePart
from upheld.tickets import information
from upheld.tickets.links import Linked, linked_tickets
from upheld.tickets.models import InformationAsked, Ticket, TicketLink
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Question:
    """That the requester was asked, and how it ended; `ended` is empty while it lasts."""

    asked: When
    ended: str
    ended_at: When | None


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket that belongs to this one, and how; `put_back` is where what was split off becomes one with it again."""

    link_id: int
    ticket: Ticket
    words: str
    may_be_taken_back: bool
    put_back: str


@dataclass(frozen=True, slots=True)
class Panel:
    """`lasting` are values that a site could keep and does not, `sites` those that could keep them."""

    answers: Sequence[information.Answer]
    lacks: int
    question: Question | None
    lasting: Sequence[str]
    sites: Sequence[Site]
    linked: Sequence[Row]
    scope: Sequence[ScopePart]


def panel(ticket: Ticket, workplace: Workplace, times: Times) -> Panel:
    """Return what the page shows of the ticket's intake."""
    answers = information.answers(ticket)
    known = ticket.site.fields if ticket.site else {}
    new = [id for id, text in information.lasting(answers).items() if known.get(id) != text]
    return Panel(
        answers=answers,
        lacks=sum(each.is_missing for each in answers),
        question=_question(ticket, times),
        lasting=[each.part.label for each in answers if each.part.id in new],
        sites=_sites(ticket) if new else (),
        # Most tickets are alone; the page's own query says so.
        linked=[_row(each, ticket) for each in linked_tickets(workplace.viewer, ticket)]
        if getattr(ticket, "has_links", True)
        else (),
        scope=() if _is_done(ticket) else information.document_for(ticket).scope,
    )


def _question(ticket: Ticket, times: Times) -> Question | None:
    if not getattr(ticket, "has_question", True):
        return None
    asked = InformationAsked.objects.select_related("ended_by__user").filter(ticket=ticket).first()
    if asked is None:
        return None
    ways = {
        "given": _("all was given"),
        "waived": _("%(name)s does without the rest") % {"name": asked.ended_by},
        "replied": _("the customer wrote, and no clock waits any more"),
    }
    return Question(
        times.when(asked.asked_at), ways.get(asked.ended_because, ""), times.optional(asked.ended_at)
    )


def _sites(ticket: Ticket) -> Sequence[Site]:
    """The ticket's own site first."""
    found = Site.objects.filter(organization_id=ticket.organization_id).order_by("name")
    return sorted(found, key=lambda each: each.pk != ticket.site_id)


def _row(linked: Linked, ticket: Ticket) -> Row:
    kind = TicketLink.Kind(linked.link.kind)
    words = {
        TicketLink.Kind.TOGETHER: _("reported together"),
        TicketLink.Kind.SPLIT: _("split off from here")
        if linked.came_from_it
        else _("this was split off it"),
        TicketLink.Kind.RELATED: _("related"),
    }
    is_related = kind is TicketLink.Kind.RELATED
    put_back = _put_back(linked, ticket) if kind is TicketLink.Kind.SPLIT else ""
    return Row(linked.link.pk, linked.ticket, words[kind], is_related, put_back)


def _put_back(linked: Linked, ticket: Ticket) -> str:
    if linked.ticket.merged_into_id is not None or ticket.merged_into_id is not None:
        return ""
    source, into = (linked.ticket, ticket) if linked.came_from_it else (ticket, linked.ticket)
    return f"{reverse('merge_ticket', args=[source.number])}?into={into.number}"


def _is_done(ticket: Ticket) -> bool:
    return ticket.status_category in ("resolved", "closed")
