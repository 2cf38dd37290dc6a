"""What a person decides about a held request: each a POST and one action; a refusal keeps what was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contract, Organization
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused, admit_request, decline_request
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.held.guard import find_held, for_readers_of_held
from upheld.web.agent.held.one_request import held_context
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

MOST_NAMED = 5
_KEPT = ("reason", "contract", "organization", "affiliates", "letter")
Deed = Callable[[HttpRequest, Workplace, HeldRequest], HttpResponse]
View = Callable[..., HttpResponse]


def deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed; a refusal shows the page again, with what was typed."""

    def make(done: Deed) -> View:
        @require_POST
        @for_readers_of_held
        def view(request: HttpRequest, workplace: Workplace, held_id: int) -> HttpResponse:
            held = find_held(workplace, held_id)
            try:
                return done(request, workplace, held)
            except (Refused, NotAllowed) as problem:
                return _refused(request, workplace, held_id, form, problem)

        return view

    return make


def _refused(
    request: HttpRequest, workplace: Workplace, held_id: int, form: str, problem: Exception
) -> HttpResponse:
    messages.error(request, str(problem))
    unsent = Unsent(form=form, why=str(problem), typed=_typed(request))
    context = held_context(request, workplace, find_held(workplace, held_id), unsent)
    status = 403 if isinstance(problem, NotAllowed) else 422
    return render(request, "web/agent/held/one.html", context, status=status)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: typed(request, name)[:6000] for name in _KEPT}


@deed("contract")
def admit_by_contract(request: HttpRequest, workplace: Workplace, held: HeldRequest) -> HttpResponse:
    contract = find_contract(held, typed(request, "contract"))
    ticket = admit_request(
        held.pk,
        workplace.agent,
        moment(held.desk_id, request.now),
        contract=contract,
        affiliates=bool(typed(request, "affiliates")),
    )
    return _admitted(request, workplace, ticket)


@deed("reason")
def admit_with_reason(request: HttpRequest, workplace: Workplace, held: HeldRequest) -> HttpResponse:
    reason = typed(request, "reason").strip()
    if not reason:
        raise Refused(_("Say why you admit it, so that others understand it later."))
    ticket = admit_request(
        held.pk,
        workplace.agent,
        moment(held.desk_id, request.now),
        reason=reason,
        organization=_organization(held, typed(request, "organization")),
        affiliates=bool(typed(request, "affiliates")),
    )
    return _admitted(request, workplace, ticket)


@deed("now")
def admit_now(request: HttpRequest, workplace: Workplace, held: HeldRequest) -> HttpResponse:
    """By one button, since what was missing is there."""
    ticket = admit_request(held.pk, workplace.agent, moment(held.desk_id, request.now))
    return _admitted(request, workplace, ticket)


@deed("decline")
def decline(request: HttpRequest, workplace: Workplace, held: HeldRequest) -> HttpResponse:
    """First the letter is shown as it will be read, then it is sent."""
    reason, letter = typed(request, "reason").strip(), typed(request, "letter").strip()
    if not reason:
        raise Refused(_("Say why it is declined, so that others understand it later."))
    if typed(request, "step") != "send":
        shown = {"look": True, "reason": reason, "letter": letter, "signature": _signature(workplace)}
        context = held_context(request, workplace, held) | {"declining": shown}
        return render(request, "web/agent/held/decline.html", context)
    if typed(request, "change"):
        context = held_context(request, workplace, held, Unsent(form="decline", typed=_typed(request)))
        return render(request, "web/agent/held/one.html", context)
    decline_request(held.pk, workplace.agent, moment(held.desk_id, request.now), reason=reason, letter=letter)
    said = _("Declined, and the sender is told.") if letter else _("Declined. Nobody is written to.")
    messages.success(request, said)
    return redirect("held_requests")


def find_contract(held: HeldRequest, text: str) -> Contract:
    """The contract of the desk that is meant: by its number, or by its organization where that has only one."""
    wanted, contracts = text.strip()[:160], Contract.objects.filter(desk=held.desk_id)
    if not wanted:
        raise Refused(_("Write the contract's number, or the organization that has it."))
    contracts = contracts.select_related("organization", "desk")
    found = contracts.filter(reference__iexact=wanted).first()
    if found is not None:
        return found
    named = list(
        contracts.filter(organization__name__icontains=wanted).order_by("-ends_on")[: MOST_NAMED + 1]
    )
    if len(named) == 1:
        return named[0]
    if not named:
        raise Refused(_("There is no such contract on this desk. Enter it first, or admit with a reason."))
    listed = "; ".join(f"{each.reference} ({each.organization})" for each in named[:MOST_NAMED])
    raise Refused(_("Several contracts fit: %(listed)s. Write the number of one.") % {"listed": listed})


def _organization(held: HeldRequest, text: str) -> Organization | None:
    wanted = text.strip()[:160]
    if not wanted:
        return None
    found = Organization.objects.filter(desk=held.desk_id, name__iexact=wanted).first()
    if found is None:
        raise Refused(_("There is no organization of that name on this desk. Enter it first."))
    return found


def _admitted(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    messages.success(request, _("Admitted: it is ticket %(number)s.") % {"number": ticket.number})
    if visible_tickets(workplace.viewer).filter(pk=ticket.pk).exists():
        return redirect("ticket", ticket.number)
    return redirect("held_requests")


def _signature(workplace: Workplace) -> str:
    return workplace.agent.signature or workplace.agent.name
