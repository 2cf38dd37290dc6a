"""Add to a held request what its sender wrote since."""

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.policies import compiled, version_in_force
from upheld.people.actions import confirm_address
from upheld.policy import decide_by
from upheld.tickets.actions.hold_request import alert_at_once
from upheld.tickets.files import keep_held_files
from upheld.tickets.held import named_level
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import HeldMessage, HeldRequest, HeldState
from upheld.tickets.moment import Moment


@transaction.atomic(savepoint=False)
def add_to_held(held_id: int, incoming: Incoming, moment: Moment) -> HeldMessage | None:
    """Add a further message at its receipt; None where the request has a number by now, and the message belongs there.

    Nobody is written to. A declined request waits for a decision again, in a time that counts from this message.
    """
    held = (
        HeldRequest.objects.select_for_update(of=("self",)).select_related("desk", "contact").get(pk=held_id)
    )
    if held.state == HeldState.ADMITTED:
        return None
    if incoming.confirmed:
        confirm_address(held.contact, incoming.received_at)
    policy = compiled(version_in_force(held.desk, held.received_at).pk)
    before = named_level(held, policy)
    message = HeldMessage.objects.create(
        request=held,
        at=incoming.received_at,
        channel=incoming.channel,
        text=incoming.text,
        quoted_text=incoming.quoted_text,
        html=incoming.html,
        message_id=incoming.message_id,
        raw_mail_id=incoming.raw_mail_id,
    )
    keep_held_files(message, incoming.files)
    if held.state == HeldState.DECLINED:
        _take_up_again(held, incoming, moment)
        held.due_at = held.wake_at = decide_by(policy, incoming.received_at)
        held.save(update_fields=["due_at", "wake_at"])
    level, urgent = named_level(held, policy), policy.hold.alerts_for
    if level in urgent and before not in urgent:
        alert_at_once(held, policy, level, moment.at)
    return message


def _take_up_again(held: HeldRequest, incoming: Incoming, moment: Moment) -> None:
    record(
        at=moment.at,
        actor=held.contact.address,
        action="request taken up again",
        subject=f"held request {held.pk}",
        desk=held.desk,
        declined_because=held.decision,
        restricted=held.restricted or None,
    )
    held.state, held.decided_at, held.decided_by, held.decision = HeldState.HELD, None, None, ""
    held.save(update_fields=["state", "decided_at", "decided_by", "decision"])
