"""One held request: what its sender wrote, why it is held, and the decision about it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.desks.models import AuditEntry
from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.mailboxes.outgoing.held_letters import usual_decline
from upheld.mailboxes.outgoing.languages import language_of_letters
from upheld.people.affiliations import organizations_on
from upheld.people.contracts import contracts_of
from upheld.people.models import Contract, Organization
from upheld.rules.permissions import Act
from upheld.tickets.held import covered_now
from upheld.tickets.held_letters import TO_SENDERS, letters_about
from upheld.tickets.models import HeldFile, HeldMessage, HeldRequest, HeldState
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.held.guard import find_held, for_readers_of_held, may
from upheld.web.agent.unsent import Unsent
from upheld.web.downloads import stored_file
from upheld.web.foreign_html import foreign_page
from upheld.web.presenting.held import facts_of, held_row, held_thread, letter_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

# What an input suggests; anything else can be typed.
MOST_SUGGESTED = 200


@require_safe
@for_readers_of_held
def held_request(request: HttpRequest, workplace: Workplace, held_id: int) -> HttpResponse:
    held = find_held(workplace, held_id)
    return render(request, "web/agent/held/one.html", held_context(request, workplace, held))


@require_safe
@for_readers_of_held
def held_file(
    request: HttpRequest, workplace: Workplace, held_id: int, file_id: int, name: str
) -> HttpResponse:
    """`name` only tells browsers what to call the file; which file it is, the id says."""
    held = find_held(workplace, held_id)
    file = HeldFile.objects.filter(pk=file_id, message__request=held).first()
    if file is None:
        raise Http404
    return stored_file(file)


@require_safe
@for_readers_of_held
def formatted_held(request: HttpRequest, workplace: Workplace, held_id: int, message_id: int) -> HttpResponse:
    """What its sender formatted, for the sandboxed frame."""
    message = HeldMessage.objects.filter(pk=message_id, request=find_held(workplace, held_id)).first()
    if message is None or not message.html:
        raise Http404
    return foreign_page(request, message.html)


def held_context(
    request: HttpRequest, workplace: Workplace, held: HeldRequest, unsent: Unsent | None = None
) -> dict[str, Any]:
    """All that the page shows."""
    times = Times(workplace.zone, request.now)
    waits = held.state == HeldState.HELD
    undecided = held.state != HeldState.ADMITTED
    covered = covered_now([held], request.now).get(held.pk) if undecided else None
    number = visible_tickets(workplace.viewer).filter(pk=held.ticket_id).values_list("number", flat=True)
    organizations = organizations_on(held.desk_id, held.contact)
    document = document_of(version_in_force(held.desk, held.received_at).pk)
    return {
        "held": held,
        "row": held_row(held, times, covered, number.first() or ""),
        "thread": held_thread(held, times),
        "facts": facts_of(held, document, organizations, times),
        "letters": letter_rows(letters_about(held, kinds=TO_SENDERS).order_by("pk"), times),
        "decisions": _decisions(held, times),
        "zone_name": times.zone_name,
        "waits": waits,
        "covered": covered,
        "may_admit": undecided and may(workplace, Act.admit_request, held),
        "may_decline": waits and may(workplace, Act.decline_request, held),
        "may_affiliate": may(workplace, Act.change_customers, held),
        "may_read_customers": may(workplace, Act.read_customers, held),
        "contracts": _contracts(held, organizations),
        "organizations": Organization.objects.filter(desk=held.desk).order_by("name")[:MOST_SUGGESTED],
        "usual_letter": usual_decline(held.desk),
        "letter_language": language_of_letters(held.desk.language),
        "unsent": unsent or Unsent(),
    }


def _contracts(held: HeldRequest, organizations: list[Organization]) -> list[Contract]:
    """What an agent may well mean: the contracts of the sender's organizations, and then those of the desk."""
    theirs = contracts_of((each.pk for each in organizations), locked=False)
    others = Contract.objects.filter(desk=held.desk, cancelled_at=None).exclude(
        pk__in=[each.pk for each in theirs]
    )
    known = others.select_related("organization").order_by("-ends_on", "reference")
    return [*theirs, *known[:MOST_SUGGESTED]]


def _decisions(held: HeldRequest, times: Times) -> list[dict[str, Any]]:
    """What was decided about it so far, and by whom: it may have been declined and taken up again."""
    entries = AuditEntry.objects.filter(desk=held.desk, subject=f"held request {held.pk}").order_by(
        "at", "pk"
    )
    return [
        {
            "action": each.action,
            "by": each.actor,
            "at": times.when(each.at),
            "reason": each.data.get("reason", ""),
            "contract": each.data.get("contract", ""),
            "counts": each.data.get("contract_at_receipt"),
        }
        for each in entries[:50]
    ]
