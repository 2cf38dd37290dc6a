"""Keep the addresses at which an agent is told besides mail and pages. Each is their own; what it holds is sealed."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks import secrets
from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, AlertAddress
from upheld.people.staff import StaffRefused
from upheld.rules.alert_addresses import AddressRefused, read_address, service_of
from upheld.rules.one_line import one_line

MOST = 10


@transaction.atomic
def add_alert_address(agent: Agent, *, label: str, address: str, now: datetime) -> AlertAddress:
    """Add an address; raises StaffRefused for one that leads to no service of the list."""
    # Of two additions at once the second sees what the first one did.
    Agent.objects.select_for_update().get(pk=agent.pk)
    if agent.alert_addresses.count() >= MOST:
        raise StaffRefused(_("You have %(most)d addresses already. Remove one first.") % {"most": MOST})
    label = one_line(label, 80)
    if not label:
        raise StaffRefused(_("Give the address a name, such as: my phone."))
    try:
        known = read_address(address)
    except AddressRefused as refused:
        raise StaffRefused(_why(refused)) from None
    added = AlertAddress.objects.create(agent=agent, label=label, scheme=known.scheme, added_at=now)
    secrets.seal(added.secret_name, known.text, now)
    _record("alert address added", added, agent, now)
    return added


@transaction.atomic
def turn_alert_address(agent: Agent, address_id: int, *, on: bool) -> AlertAddress:
    """Turn one of the agent's addresses on or off; what waits for one that is off is left out."""
    address = _own(agent, address_id)
    address.is_on = on
    address.save(update_fields=["is_on"])
    return address


@transaction.atomic
def remove_alert_address(agent: Agent, address_id: int, *, now: datetime) -> None:
    """Remove one of the agent's addresses, and what was sealed for it."""
    address = _own(agent, address_id)
    _record("alert address removed", address, agent, now)
    secrets.forget(address.secret_name)
    address.delete()


def _own(agent: Agent, address_id: int) -> AlertAddress:
    address = agent.alert_addresses.select_for_update().filter(pk=address_id).first()
    if address is None:
        raise StaffRefused(_("This address does not exist any more."))
    return address


def _why(refused: AddressRefused) -> str:
    match refused.why:
        case "scheme":
            return _(
                "Alerts cannot be sent to this kind of address. Choose one of the services that are listed below it."
            )
        case "query":
            return _("Leave out the question mark and what follows it.")
        case "topic":
            return _("Write ntfy:// and the name of your topic, and nothing else: ntfy://my-topic")
    return _("Write the address as its service does, such as: tgram://bot-token/chat-id")


def _record(action: str, address: AlertAddress, agent: Agent, now: datetime) -> None:
    """On every desk whose alerts go there."""
    for desk in Desk.objects.filter(memberships__agent=agent):
        record(
            at=now,
            actor=f"{agent.name} <{agent.address}>",
            action=action,
            subject=agent.address,
            desk=desk,
            label=address.label,
            service=service_of(address.scheme),
        )
