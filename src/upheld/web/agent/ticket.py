"""One ticket: what was said, what is promised, and what to do next."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.mailboxes.queries import undelivered
from upheld.notices.actions import read_alerts_about
from upheld.people.affiliations import organizations_of
from upheld.people.models import Agent
from upheld.policy import Policy
from upheld.rules.colleagues import Person
from upheld.rules.permissions import NOT_ON_SPAM, ON_MERGED, WITH_A_CUSTOMER, Act, Role, allowed
from upheld.tickets.actions import look_at
from upheld.tickets.looks import has_news
from upheld.tickets.models import Ticket
from upheld.tickets.problems import is_problem
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import readers_of, role_of, visible_tickets
from upheld.web.agent.composing.panel import panel as composing_panel
from upheld.web.agent.customers.beside import customer_view
from upheld.web.agent.escalation.panel import panel as escalation_panel
from upheld.web.agent.intake.panel import panel as intake_panel
from upheld.web.agent.labels.panel import panel as labels_panel
from upheld.web.agent.life.panel import life
from upheld.web.agent.live.panel import as_shown
from upheld.web.agent.live.panel import panel as live_panel
from upheld.web.agent.macros.panel import panel as macros_panel
from upheld.web.agent.merging.panel import panel as merging_panel
from upheld.web.agent.next_ticket import place_in_list
from upheld.web.agent.on_call.panel import panel as on_call_panel
from upheld.web.agent.outside.panel import panel as outside_panel
from upheld.web.agent.problems.panel import panel as problems_panel
from upheld.web.agent.readers.page import brief
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.agent.requester.panel import panel as requester_panel
from upheld.web.agent.side.panel import panel as side_panel
from upheld.web.agent.snoozing.panel import panel as snoozing_panel
from upheld.web.agent.spam.panel import panel as spam_panel
from upheld.web.agent.triage.panel import panel
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.clocks import clock_cards
from upheld.web.presenting.outgoing import OutgoingRow, outgoing_rows
from upheld.web.presenting.participants import participants
from upheld.web.presenting.path import path_view
from upheld.web.presenting.story_days import latest
from upheld.web.presenting.strip import picture
from upheld.web.presenting.thread import Around, thread
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

EARLIER_TICKETS = 5


@require_safe
@for_agents
def ticket(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    context = ticket_context(request, workplace, number)
    if context["ticket"].has_unread_alerts and request.method == "GET":
        # Whoever looks at a ticket has read what they were told of it; nothing else changes by looking.
        read_alerts_about(workplace.agent.pk, context["ticket"].pk, request.now)
    if request.method == "GET" and has_news(context["ticket"]):
        look_at(context["ticket"].pk, workplace.agent.pk, request.now)
    return render(request, "web/agent/ticket.html", context)


def ticket_context(
    request: HttpRequest, workplace: Workplace, number: str, unsent: Unsent | None = None
) -> dict[str, Any]:
    """All that the page shows. Absent and forbidden are the same to the caller."""
    page = ticket_page(workplace.viewer, number, request.now, whole="messages" in request.GET)
    if page is None:
        raise Http404
    note_reading(request, workplace, page.ticket, PAGE)
    times = Times(workplace.zone, request.now)
    in_trouble = undelivered(page.ticket.pk) if page.ticket.has_undelivered else []
    troubled = outgoing_rows(in_trouble, times, workplace.viewer.desk_ids)
    choices = _choices(page)
    around = _around(page, workplace, troubled, choices["colleagues"])
    earlier = _earlier(workplace, page.ticket, page.policy, times)
    clocks = clock_cards(page.standing.clocks, page.ledgers, page.policies, times, workplace.zone, page.story)
    return {
        "ticket": page.ticket,
        "received": times.when(page.ticket.received_at),
        "zone_name": times.zone_name,
        "thread": thread(page.messages, times, around),
        "new_since": times.optional(around.looked_at),
        "clocks": sorted((card for card in clocks if card.is_current), key=lambda card: not card.waits),
        "earlier_clocks": [card for card in clocks if not card.is_current],
        "picture": picture(clocks, times),
        "history": latest(page.story, page.policies, times),
        "folded": page.folded,
        "customer": customer_view(page.ticket, workplace, times),
        "participants": participants(page.participants, times),
        "undelivered": [each for each in troubled if each.message_ref is None and each.about_customer],
        "earlier_tickets": earlier,
        "merging": merging_panel(page, earlier, times),
        "path": path_view(page.ticket, times, page.complaints),
        "escalation_panel": escalation_panel(page, workplace, times),
        "follows": page.follows,
        "readable_by": brief(page.ticket),
        "triage": panel(page, workplace.zone, request.now),
        "outside": outside_panel(page, times, workplace.zone),
        "intake": intake_panel(page.ticket, workplace, times),
        "life": life(page, times),
        "pages": on_call_panel(page, workplace, times),
        "problems": problems_panel(page, workplace, times),
        "labels": labels_panel(page, workplace, times),
        "side": side_panel(page, workplace, times),
        "spam": spam_panel(page, workplace, times),
        "change_requester": requester_panel(page, workplace, times),
        "macros": macros_panel(page, workplace, times),
        "place": place_in_list(request, workplace, page.ticket),
        "snooze": snoozing_panel(page, workplace, times),
        "present": live_panel(page, workplace, times),
        "fresh": as_shown(page),
        "composing": composing_panel(page, workplace, times),
        "may": _rights(role_of(workplace.viewer, page.ticket), page.ticket),
        "unsent": unsent or Unsent(),
    } | choices


def _around(
    page: TicketPage, workplace: Workplace, troubled: list[OutgoingRow], colleagues: QuerySet[Agent]
) -> Around:
    """What the messages are seen against: the people of the ticket, and the mails that did not arrive."""
    by_message: dict[int, list[OutgoingRow]] = {}
    for row in troubled:
        if row.message_ref is not None:
            by_message.setdefault(row.message_ref, []).append(row)
    requester, participants = page.ticket.requester, {each.contact_id for each in page.participants}
    strangers = {each.contact_id for each in page.messages if each.contact_id} - participants
    organizations = organizations_of({requester.pk, *strangers}) if strangers else {}
    return Around(
        participants=participants,
        requester=Person(requester.address, organizations.get(requester.pk, frozenset())),
        undelivered=by_message,
        late_calls={each.entered_at for each in page.standing.late_calls},
        organizations=organizations,
        parts={each.pk: each.number for each in page.parts},
        colleagues=[each.name for each in colleagues],
        reader=workplace.agent.pk,
        looked_at=page.ticket.looked_at,
        folded=page.folded,
    )


def _choices(page: TicketPage) -> dict[str, Any]:
    policy, standing = page.policy, page.standing
    priority = policy.priority(standing.priority)
    return {
        "status": policy.status(standing.status),
        "next_statuses": [policy.status(each) for each in policy.moves(standing.status)],
        "priority": priority,
        "priorities": [(each, each.rank > priority.rank) for each in policy.priorities],
        "colleagues": _colleagues(page.ticket),
    }


def _colleagues(ticket: Ticket) -> QuerySet[Agent]:
    """Those to whom the ticket can be assigned."""
    if ticket.restricted:
        return readers_of(ticket).order_by("user__name", "pk")
    working = Agent.objects.filter(memberships__desk=ticket.desk_id)
    return working.select_related("user").order_by("user__name", "pk")


def _rights(role: Role, ticket: Ticket) -> dict[str, bool]:
    possible = Act if ticket.merged_into_id is None else ON_MERGED
    if is_problem(ticket):
        possible = frozenset(possible) - WITH_A_CUSTOMER
    if ticket.is_spam:
        possible = frozenset(possible) - NOT_ON_SPAM
    return {act.name: act in possible and allowed(role, act) for act in Act}


def _earlier(workplace: Workplace, ticket: Ticket, policy: Policy, times: Times) -> list[dict[str, Any]]:
    others = (
        visible_tickets(workplace.viewer)
        .filter(requester_id=ticket.requester_id, is_spam=False)
        .exclude(pk=ticket.pk)
        .order_by("-updated_at")
        .only("number", "subject", "status_category", "updated_at", "desk", "merged_into")[:EARLIER_TICKETS]
    )
    return [{"ticket": each, "updated": times.when(each.updated_at)} for each in others]
