"""Whose mail is spam on a desk: the list of rules, with the way back, for everybody who may mark spam there."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.mailboxes.models import SenderRule
from upheld.mailboxes.sender_rules import NotSure, hear_sender, refuse_sender, visible_rules
from upheld.mailboxes.visibility import desks_read
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.guard import administered, desks_where, for_desks_where
from upheld.web.agent.desk.sections import rail
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE = 50
View = Callable[..., HttpResponse]


_for_the_desk = for_desks_where(Act.mark_spam)


@require_safe
@for_agents
def senders(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The first of the agent's desks; its page leads to the others."""
    desks = desks_where(workplace, Act.mark_spam)
    if not desks:
        raise Http404
    return redirect("senders_of_desk", desks[0].slug)


@require_safe
@_for_the_desk
def senders_of_desk(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    return _page(request, workplace, desk, Unsent())


def _page(
    request: HttpRequest,
    workplace: Workplace,
    desk: Desk,
    unsent: Unsent,
    status: int = 200,
    *,
    ask: bool = False,
) -> HttpResponse:
    times = Times(workplace.zone, request.now)
    rules = Paginator(visible_rules(workplace.viewer, desk.pk), PAGE_SIZE).get_page(request.GET.get("page"))
    listed = list(rules.object_list)
    numbers = visible_tickets(workplace.viewer).filter(pk__in=[each.ticket_id for each in listed])
    known = dict(numbers.values_list("pk", "number"))
    context = {
        "of_desk": desk,
        "rail": rail(desk, "senders_of_desk") if desk in administered(workplace) else [],
        "desks": [each for each in desks_where(workplace, Act.mark_spam) if each != desk],
        "rules": rules,
        "rows": [
            {"rule": each, "made": times.when(each.made_at), "number": known.get(each.ticket_id, "")}
            for each in listed
        ],
        "reads_mail": desk.pk in desks_read(workplace.viewer),
        "unsent": unsent,
        "ask": ask,
    }
    return render(request, "web/agent/spam/senders.html", context, status=status)


@require_POST
@_for_the_desk
def add_sender(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    sender, sure = typed(request, "sender"), typed(request, "sure") == "yes"
    try:
        rule = refuse_sender(desk, sender, workplace.agent, moment(desk.pk, request.now), sure=sure)
    except (Refused, NotAllowed) as problem:
        unsent = Unsent("sender", str(problem), {"sender": sender})
        status = 403 if isinstance(problem, NotAllowed) else 422
        return _page(request, workplace, desk, unsent, status, ask=isinstance(problem, NotSure))
    messages.success(request, _("Further mail from %(sender)s opens no ticket.") % {"sender": rule.sender})
    return redirect("senders_of_desk", desk.slug)


@require_POST
@_for_the_desk
def remove_sender(request: HttpRequest, workplace: Workplace, desk: Desk, rule_id: int) -> HttpResponse:
    try:
        rule = hear_sender(desk.pk, rule_id, workplace.agent, moment(desk.pk, request.now))
    except SenderRule.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Mail from %(sender)s is heard again.") % {"sender": rule.sender})
    return redirect("senders_of_desk", desk.slug)
