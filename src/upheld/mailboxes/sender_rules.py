"""Whose mail is spam on a desk: it is kept, opens no ticket, and is answered by nobody; and the way back."""

from django.db import transaction
from django.db.models import QuerySet

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.mailboxes.addressing import is_ours, our_addresses
from upheld.mailboxes.models import SenderRule
from upheld.people.models import Agent, OrganizationDomain
from upheld.rules.colleagues import PUBLIC_PROVIDERS
from upheld.rules.permissions import Act, allowed
from upheld.tickets.actions import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer


class NotSure(Refused):
    """Such a rule may keep mail of people whom the desk wants to hear; somebody has to say that it is meant."""


@transaction.atomic
def refuse_sender(
    desk: Desk, sender: str, agent: Agent, moment: Moment, *, ticket: Ticket | None = None, sure: bool = False
) -> SenderRule:
    """Have all further mail of a sender kept as spam: of an address, or of a domain that begins with "@".

    A domain of a known organization or of a provider at which anybody can have an address needs `sure`. Raises
    NotAllowed, NotSure, or Refused for one of our own.
    """
    demand_on(agent, Act.mark_spam, desk.pk)
    wanted = _checked(sender)
    if not sure and (doubt := _doubt(desk, wanted)):
        raise NotSure(doubt)
    rule, is_new = SenderRule.objects.get_or_create(
        desk=desk, sender=wanted, defaults={"made_by": agent, "made_at": moment.at, "ticket": ticket}
    )
    if is_new:
        _record("sender refused", rule, agent, moment)
    return rule


@transaction.atomic
def hear_sender(desk_id: int, rule_id: int, agent: Agent, moment: Moment) -> SenderRule:
    """Take a rule back; mail that it kept stays where it is, to be released one by one. Raises NotAllowed, or
    SenderRule.DoesNotExist."""
    demand_on(agent, Act.mark_spam, desk_id)
    rule = SenderRule.objects.select_for_update().select_related("desk").get(pk=rule_id, desk_id=desk_id)
    _record("sender heard again", rule, agent, moment)
    rule.delete()
    return rule


def rule_for(desk: Desk, address: str) -> SenderRule | None:
    """Return the rule of a desk by which mail from an address is spam."""
    wanted = address.strip().lower()
    if not wanted:
        return None
    named = (wanted, f"@{wanted.rpartition('@')[2]}")
    return SenderRule.objects.filter(desk=desk, sender__in=named).order_by("-sender").first()


def visible_rules(viewer: AgentViewer, desk_id: int) -> QuerySet[SenderRule]:
    """Return the rules of a desk as an agent may see them: the latest first, none where they may make none."""
    role = viewer.roles.get(desk_id)
    if role is None or not allowed(role, Act.mark_spam):
        return SenderRule.objects.none()
    return (
        SenderRule.objects.filter(desk_id=desk_id).select_related("made_by__user").order_by("-made_at", "-pk")
    )


def _checked(sender: str) -> str:
    wanted = sender.strip().lower()
    local, at, domain = wanted.rpartition("@")
    if not at or "." not in domain or len(wanted) > 254 or any(each.isspace() for each in wanted):
        raise Refused("Write an address, or a domain with an @ before it: @example.com.")
    ours = our_addresses()
    if is_ours(wanted, ours) or (not local and any(each.endswith(wanted) for each in ours)):
        raise Refused("That is where the desk's own mail comes from.")
    staff = Agent.objects.filter(user__is_active=True)
    if staff.filter(
        **({"user__email__iexact": wanted} if local else {"user__email__iendswith": wanted})
    ).exists():
        raise Refused("Somebody who works here writes from there.")
    return wanted


def _doubt(desk: Desk, sender: str) -> str:
    """Why somebody may want to think twice; empty for no reason."""
    local, _, domain = sender.rpartition("@")
    if local:
        return ""
    if domain in PUBLIC_PROVIDERS:
        return f"Anybody can have an address at {domain}, also a customer of yours. Say that you mean it."
    known = OrganizationDomain.objects.filter(domain=domain, desk=desk).select_related("organization").first()
    if known is not None:
        return (
            f"{domain} belongs to {known.organization}, of whom no mail would be heard. Say that you mean it."
        )
    return ""


def _record(action: str, rule: SenderRule, agent: Agent, moment: Moment) -> None:
    by = f"{agent.name} <{agent.address}>"
    record(at=moment.at, actor=by, action=action, subject=rule.sender, desk=rule.desk)
