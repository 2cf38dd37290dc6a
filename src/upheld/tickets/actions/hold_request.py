"""Hold a request at intake: kept whole, without a number."""

from datetime import datetime

from django.db import transaction

from upheld.desks.policies import compiled, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.actions import confirm_address
from upheld.policy import Policy, decide_by
from upheld.rules.one_line import one_line
from upheld.tickets import held_letters
from upheld.tickets.actions.open_ticket import is_from_the_desk
from upheld.tickets.files import keep_held_files
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import HeldMessage, HeldRequest
from upheld.tickets.moment import Moment
from upheld.tickets.naming import at_receipt


@transaction.atomic(savepoint=False)
def hold_request(request: NewRequest, because: str, moment: Moment) -> HeldRequest:
    """Keep a request for which nobody found what entitles its sender to a number. `because` is for agents only.

    Its sender is told what to do, unless `acknowledge` says not to, or it was the desk that wrote; the desk hears at
    once of one that names an urgent level. Somebody has to decide in the time that the policy sets.
    """
    if request.confirmed:
        confirm_address(request.contact, request.received_at)
    version = version_in_force(request.desk, request.received_at)
    policy, document = compiled(version.pk), document_of(version.pk)
    level = at_receipt(request, policy, document.channels).priority
    held = _held(request, because, policy, level)
    held.copies.set(request.cc)
    keep_held_files(_message(held, request), request.files)
    if request.acknowledge and not is_from_the_desk(request):
        told = document.entitlement.told
        held_letters.tell_sender(held, told, moment.at, asked_from=request.asked_from)
    if level in policy.hold.alerts_for:
        alert_at_once(held, policy, level, moment.at)
    return held


def alert_at_once(held: HeldRequest, policy: Policy, level: str | None, now: datetime) -> None:
    """Let the desk hear of a request that names an urgent level, before its time is over."""
    held_letters.alert(held, policy, level, "named", now)
    held.alerts += 1
    held.save(update_fields=["alerts"])


def _held(request: NewRequest, because: str, policy: Policy, level: str | None) -> HeldRequest:
    due_at = decide_by(policy, request.received_at)
    of_few = request.restricted or policy.priority(level or policy.default_priority).restricted
    follows_restricted = request.follows is not None and request.follows.restricted
    return HeldRequest.objects.create(
        desk=request.desk,
        mailbox=request.mailbox,
        portal=request.portal,
        contact=request.contact,
        organization=request.organization,
        site=request.site,
        received_at=request.received_at,
        channel=request.channel,
        subject=one_line(request.subject, 250) or "(no subject)",
        product=request.product,
        region=request.region,
        request_type=request.request_type,
        requested_priority=request.priority or "",
        reason=request.reason,
        information=dict(request.information),
        restricted=of_few or follows_restricted,
        opened_by=request.opened_by,
        follows=request.follows,
        because=because,
        due_at=due_at,
        wake_at=due_at,
    )


def _message(held: HeldRequest, request: NewRequest) -> HeldMessage:
    call = request.call
    return HeldMessage.objects.create(
        request=held,
        at=request.received_at,
        channel=request.channel,
        text=request.text,
        quoted_text=request.quoted_text,
        html=request.html,
        message_id=request.message_id,
        raw_mail_id=request.raw_mail_id,
        stated_at=call.stated_at if call else None,
        direction=call.direction if call else "",
    )
