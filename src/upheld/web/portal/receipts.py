"""What a visitor gets for a request: a sign that shows its number again for an hour, and opens nothing."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer

from upheld.tickets.models import Ticket

VALID_FOR = timedelta(hours=1)
_signer = Signer(salt="upheld.portal.receipt")


def receipt_of(ticket: Ticket) -> str:
    return _signer.sign_object(ticket.pk)


def ticket_of(receipt: str, now: datetime) -> Ticket | None:
    """The ticket of a receipt, while it is fresh."""
    try:
        pk = _signer.unsign_object(receipt)
    except (BadSignature, ValueError):
        return None
    fresh = Ticket.objects.filter(pk=pk, received_at__gt=now - VALID_FOR)
    return fresh.select_related("desk", "requester").first()
