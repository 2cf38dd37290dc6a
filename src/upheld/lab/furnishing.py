"""What the demo's agents have made themselves comfortable with: saved replies, macros, shared queues, a field."""

from datetime import datetime

from upheld.desks.models import Desk
from upheld.desks.policies import compiled, version_in_force
from upheld.people.models import Agent
from upheld.policy import Policy
from upheld.rules.permissions import Role
from upheld.tickets.actions import add_own_field, keep_queue, save_macro, save_reply
from upheld.tickets.macros import known_on
from upheld.tickets.models import CustomField
from upheld.tickets.moment import Moment

_REPLIES = (
    (
        "Which device is it?",
        "Hello {{customer.first_name}},\n\nthank you for writing. Could you tell us the number on the sticker "
        "underneath, such as AP-0207? With it we can see what the device has been through.\n\n{{agent.first_name}}",
    ),
    (
        "We are on it",
        "Hello {{customer.first_name}},\n\nwe have {{ticket.number}} in hand and are looking into it. You hear from "
        "us again as soon as we know more.\n\n{{agent.first_name}}",
    ),
    (
        "Please try once more",
        "Hello {{customer.first_name}},\n\nwe have changed something on our side. Could you try once more, and tell "
        "us how it went?\n\n{{agent.first_name}}",
    ),
)
_QUEUES = (
    ("Due before we close", "due:before-closing"),
    ("Urgent, nobody's", "assignee:none priority:{highest}"),
)


def furnish(desk: Desk, now: datetime) -> None:
    """Give a desk what its lead shares with everybody."""
    leads = Agent.objects.filter(memberships__desk=desk, memberships__role=Role.lead).select_related("user")
    lead = leads.order_by("pk").first()
    if lead is None:
        return
    policy = compiled(version_in_force(desk, now).pk)
    for name, text in _REPLIES:
        save_reply(lead, desk.pk, name, text, now, shared=True)
    _macros(desk, lead, policy, now)
    highest = min(policy.priorities, key=lambda each: each.rank).id
    for name, query in _QUEUES:
        keep_queue(lead, desk, name, query.format(highest=highest), now, shared=True)
    if desk.slug == "school-devices":
        add_own_field(desk.pk, lead, "Device", CustomField.Kind.TEXT, Moment.exactly(now))


def _macros(desk: Desk, lead: Agent, policy: Policy, now: datetime) -> None:
    """Each uses what the desk's policy has; a desk without such a status has one macro less."""
    known = known_on(desk, policy)
    if waits := _status(policy, "waiting"):
        steps = [
            {"do": "assign", "to": "me"},
            {"do": "reply", "to": _REPLIES[0][1]},
            {"do": "status", "to": waits},
        ]
        save_macro(lead, desk.pk, "Ask which device it is", steps, known, now, shared=True)
    if done := _status(policy, "resolved"):
        steps = [
            {"do": "tag", "to": ["solved at once"]},
            {"do": "reply", "to": _REPLIES[2][1]},
            {"do": "status", "to": done},
        ]
        save_macro(lead, desk.pk, "Mended on our side", steps, known, now, shared=True)


def _status(policy: Policy, category: str) -> str:
    return next((each.id for each in policy.statuses if each.category == category), "")
