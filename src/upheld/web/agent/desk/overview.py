"""The first page of a desk: what it is, and what is still missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.people.models import Membership, Team
from upheld.people.roles import roles_filled
from upheld.rules.permissions import Role
from upheld.web.agent.desk.guard import administered, for_administrators_of_any
from upheld.web.agent.desk.readers import nobody_reads, reasons_to_restrict
from upheld.web.agent.desk.sections import Section
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Missing:
    """Something without which the desk does not do what it promises, or could do more; and where to mend it."""

    words: str
    url: str
    is_needed: bool = True


@require_safe
@for_administrators_of_any
def desks(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Where there is one desk, its first page; else a choice."""
    listed = administered(workplace)
    if len(listed) == 1:
        return redirect("desk", listed[0].slug)
    rows = [(desk, len([each for each in missing(desk, request) if each.is_needed])) for desk in listed]
    return render(request, "web/agent/desk/desks.html", {"desks": rows})


def missing(desk: Desk, request: HttpRequest) -> Iterator[Missing]:
    """What the desk still lacks, the gravest first."""
    words = PolicyWords(desk, request.now)
    if words.policy is None:
        yield Missing(
            _("No policy is in force: no request becomes a ticket before one is published."),
            reverse("policy", args=[desk.slug]),
        )
    reasons = reasons_to_restrict(desk, words)
    if reasons and nobody_reads(desk):
        yield Missing(
            _("Restricted tickets come in here, and nobody is named who may read them: %(reasons)s.")
            % {"reasons": ", ".join(reasons)},
            reverse("desk_readers", args=[desk.slug]),
        )
    yield from _of_people(desk, words)
    if not desk.mailboxes.exclude(checked_by="").exists():
        yield Missing(
            _(
                "No mailbox says whose checks of a sender's domain are believed, so agents cannot answer by mail."
            ),
            reverse("desk_mailboxes", args=[desk.slug]),
            is_needed=False,
        )


def _of_people(desk: Desk, words: PolicyWords) -> Iterator[Missing]:
    filled = roles_filled(desk)
    if unfilled := [each.label for each in words.roles if each.id not in filled]:
        yield Missing(
            _(
                "Nobody fills these roles of the policy; what is meant for them goes to the administrators: %(roles)s."
            )
            % {"roles": ", ".join(unfilled)},
            reverse("desk_roles", args=[desk.slug]),
        )
    taken = set(Team.objects.filter(desk=desk).values_list("tier", flat=True))
    if untaken := [each.label for each in words.choices("tiers") if each.id not in taken]:
        yield Missing(
            _("No team is one of these tiers of the policy: %(tiers)s.") % {"tiers": ", ".join(untaken)},
            reverse("desk_teams", args=[desk.slug]),
        )
    administrators = Membership.objects.filter(
        desk=desk, role=Role.administrator.value, agent__user__is_active=True
    )
    if administrators.count() < 2:
        yield Missing(
            _("There is one administrator. When they are away, nobody can change the desk."),
            reverse("desk_staff", args=[desk.slug]),
            is_needed=False,
        )


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    staff = Membership.objects.filter(desk=desk, agent__user__is_active=True).count()
    teams = Team.objects.filter(desk=desk).count()
    listed = list(missing(desk, request))
    return {
        "needed": [each for each in listed if each.is_needed],
        "advised": [each for each in listed if not each.is_needed],
        "policy": PolicyWords(desk, request.now).policy,
        "staff": ngettext("%(count)d person", "%(count)d people", staff) % {"count": staff},
        "teams": ngettext("%(count)d team", "%(count)d teams", teams) % {"count": teams},
        "mailboxes": [each.address for each in desk.mailboxes.order_by("-is_default", "address")],
        "several": len(administered(workplace)) > 1,
    }


section = Section("desk", "web/agent/desk/overview.html", _context)
