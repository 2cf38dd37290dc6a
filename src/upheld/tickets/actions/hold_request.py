"""Hold a request at intake: kept whole, without a number."""

from django.db import transaction

from upheld.people.actions import confirm_address
from upheld.rules.one_line import one_line
from upheld.tickets.files import keep_held_files
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import HeldMessage, HeldRequest
from upheld.tickets.moment import Moment


@transaction.atomic(savepoint=False)
def hold_request(request: NewRequest, because: str, moment: Moment) -> HeldRequest:
    """Keep a request for which nobody found what entitles its sender to a number. `because` is for agents only."""
    if request.confirmed:
        confirm_address(request.contact, request.received_at)
    held = HeldRequest.objects.create(
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
        information=dict(request.information),
        restricted=request.restricted,
        because=because,
    )
    held.copies.set(request.cc)
    message = HeldMessage.objects.create(
        request=held,
        at=request.received_at,
        channel=request.channel,
        text=request.text,
        quoted_text=request.quoted_text,
        html=request.html,
        message_id=request.message_id,
        raw_mail_id=request.raw_mail_id,
    )
    keep_held_files(message, request.files)
    return held
