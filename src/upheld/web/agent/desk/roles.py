"""Who fills the roles of the policy, for what, in which hours, and who stands in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.models import Desk
from upheld.people.actions import clear_holder, fill_role
from upheld.people.models import Organization, RoleHolder
from upheld.people.roles import holders
from upheld.people.staff import StaffRefused, agent_of, working_on
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import Section, chosen_id, read_id
from upheld.web.agent.desk.vocabulary import PolicyRole, PolicyWords
from upheld.web.agent.policy.guard import acting
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

RANKS = {
    0: gettext_lazy("Holder"),
    1: gettext_lazy("First deputy"),
    2: gettext_lazy("Second deputy"),
    3: gettext_lazy("Third deputy"),
}
# How many organizations a list offers while one types; any other name can be written in full.
OFFERED = 500


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    words = PolicyWords(desk, request.now)
    held = list(
        RoleHolder.objects.filter(desk=desk)
        .select_related("agent__user", "organization")
        .order_by("product", "region", "organization__name", "rank", "agent__user__name")
    )
    working = set(working_on(desk).filter(user__is_active=True).values_list("pk", flat=True))
    rows = [_row(each, words, working) for each in held]
    listed = [_role(each, rows, words, desk, request) for each in words.roles]
    known = {each.id for each in words.roles}
    return {
        "has_policy": words.policy is not None,
        "roles": listed,
        "unknown": [each for each in rows if each["role"] not in known],
        "unfilled": [each["label"] for each in listed if not each["is_filled"]],
        "agents": list(working_on(desk).filter(user__is_active=True).order_by("user__name", "pk")),
        "products": words.choices("products"),
        "regions": words.choices("regions"),
        "organizations": Organization.objects.filter(desk=desk).order_by("name")[:OFFERED],
        "calendars": words.calendars,
        "ranks": list(RANKS.items()),
    }


def _role(
    role: PolicyRole, rows: list[dict[str, Any]], words: PolicyWords, desk: Desk, request: HttpRequest
) -> dict[str, Any]:
    own = [each for each in rows if each["role"] == role.id]
    is_filled = any(each["counts"] for each in own)
    return {
        "id": role.id,
        "label": role.label,
        "meaning": role.meaning,
        "by": role.by,
        "holders": own,
        "is_filled": is_filled,
        "now": [each.name for each in holders(desk.pk, role.id, {}, request.now)],
        "by_product": "product" in role.by and bool(words.choices("products")),
        "by_region": "region" in role.by and bool(words.choices("regions")),
        "by_organization": "organization" in role.by,
        "unlisted": [
            name for name in ("products", "regions") if name[:-1] in role.by and not words.choices(name)
        ],
    }


def _row(holder: RoleHolder, words: PolicyWords, working: set[int]) -> dict[str, Any]:
    limits = [
        words.label("products", holder.product) if holder.product else "",
        words.label("regions", holder.region) if holder.region else "",
        holder.organization.name if holder.organization else "",
    ]
    return {
        "id": holder.pk,
        "role": holder.role,
        "agent": holder.agent,
        "for_what": ", ".join(filter(None, limits)),
        "rank": holder.rank,
        "rank_words": RANKS.get(holder.rank) or _("Deputy %(rank)s") % {"rank": holder.rank},
        "calendar": holder.calendar,
        "counts": holder.agent_id in working,
    }


section = Section("desk_roles", "web/agent/desk/roles.html", _context)


@section.deed("fill")
def fill(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    words = PolicyWords(desk, request.now)
    role = next((each for each in words.roles if each.id == typed(request, "role")), None)
    if role is None:
        raise StaffRefused(_("The policy in force has no such role."))
    agent = agent_of(desk, chosen_id(request, "agent"))
    fill_role(
        desk,
        role.id,
        agent,
        product=_one_of(request, "product", words, role),
        region=_one_of(request, "region", words, role),
        organization=_organization(request, desk, role),
        rank=min(read_id(typed(request, "rank")), max(RANKS)),
        calendar=_calendar(request, words),
        by=acting(workplace),
        now=request.now,
    )
    return _("%(role)s: %(name)s.") % {"role": role.label, "name": agent.name}


@section.deed("clear")
def clear(request: HttpRequest, workplace: Workplace, desk: Desk, *, holder_id: int) -> str:
    holder = clear_holder(desk, holder_id, by=acting(workplace), now=request.now)
    if holder is None:
        raise StaffRefused(_("That is taken away already."))
    return _("%(name)s fills it no more.") % {"name": holder.agent.name}


def _one_of(request: HttpRequest, name: str, words: PolicyWords, role: PolicyRole) -> str:
    chosen = typed(request, name)
    if not chosen or name not in role.by:
        return ""
    if chosen not in [each.id for each in words.choices(f"{name}s")]:
        raise StaffRefused(_("Choose one from the list: the policy has no “%(id)s”.") % {"id": chosen[:60]})
    return chosen


def _organization(request: HttpRequest, desk: Desk, role: PolicyRole) -> Organization | None:
    name = " ".join(typed(request, "organization").split())
    if not name or "organization" not in role.by:
        return None
    found = Organization.objects.filter(desk=desk, name__iexact=name).order_by("pk").first()
    if found is None:
        raise StaffRefused(
            _("There is no organization “%(name)s”. Enter it under Customers first.") % {"name": name[:160]}
        )
    return found


def _calendar(request: HttpRequest, words: PolicyWords) -> str:
    chosen = typed(request, "calendar")
    if chosen and chosen not in [each.id for each in words.calendars]:
        raise StaffRefused(_("Choose one of the policy's calendars."))
    return chosen
