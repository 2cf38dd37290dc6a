"""Who reads what is restricted on a desk. Administrators name them; who is named sees who else is, and since when."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk, Mailbox, Portal
from upheld.mailboxes.horizon import moment
from upheld.notices.actions import take_out_reader
from upheld.people.models import NamedReader
from upheld.people.staff import agent_of, working_on
from upheld.tickets.actions import name_reader
from upheld.web.agent.desk.guard import administered
from upheld.web.agent.desk.named import named_rows, naming_history
from upheld.web.agent.desk.sections import Section, chosen_id
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


def reasons_to_restrict(desk: Desk, words: PolicyWords) -> list[str]:
    """What makes a ticket restricted on this desk by itself, in words."""
    portals = Portal.objects.filter(desk=desk, restricted=True).values_list("name", flat=True)
    mailboxes = Mailbox.objects.filter(desk=desk, restricted=True).values_list("address", flat=True)
    return [
        *(_("the priority %(name)s of the policy") % {"name": each} for each in words.restricted_priorities),
        *(_("the portal %(name)s") % {"name": each} for each in portals),
        *(_("the mailbox %(name)s") % {"name": each} for each in mailboxes),
    ]


def nobody_reads(desk: Desk) -> bool:
    """Whether no named reader works on the desk and can sign in."""
    return not working_on(desk).filter(user__is_active=True, named_on__desk=desk).exists()


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    times = Times(workplace.zone, request.now)
    named = list(
        NamedReader.objects.filter(desk=desk).select_related("agent__user").order_by("added_at", "pk")
    )
    may_change = desk in administered(workplace)
    taken = {each.agent_id for each in named}
    others = working_on(desk).filter(user__is_active=True).exclude(pk__in=taken).order_by("user__name", "pk")
    return {
        "readers": named_rows(named, times),
        "others": list(others) if may_change else [],
        "may_change": may_change,
        "reasons": reasons_to_restrict(desk, PolicyWords(desk, request.now)),
        "nobody_reads": nobody_reads(desk),
        "history": naming_history(
            desk, times, named="reader named", struck="reader taken out", left="named_reader"
        ),
    }


section = Section("desk_readers", "web/agent/desk/readers.html", _context)


@require_safe
@for_agents
def readers(request: HttpRequest, workplace: Workplace, slug: str) -> HttpResponse:
    """The page for administrators, and for those who are named themselves."""
    desk = next((each for each in workplace.desks if each.slug == slug), None)
    if desk is None:
        raise Http404
    if desk not in administered(workplace) and not desk.named_readers.filter(agent=workplace.agent).exists():
        raise Http404
    return section.page(request, workplace, desk)


@section.deed("name")
def name(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    agent = agent_of(desk, chosen_id(request, "agent"))
    waited = name_reader(desk.pk, agent.pk, by=workplace.agent, moment=moment(desk.pk, request.now))
    said = _("%(name)s reads the restricted tickets that come from now on.") % {"name": agent.name}
    if waited:
        said += " " + _("So do those that nobody could read until now: %(name)s is told of them.") % {
            "name": agent.name
        }
    return said


@section.deed("take-out")
def take_out(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    take_out_reader(desk.pk, agent_id, by=workplace.agent, now=request.now)
    return _("They read no restricted tickets that come from now on.")
