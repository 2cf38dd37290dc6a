"""Open a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk, Mailbox


@transaction.atomic
def create_desk(
    *,
    slug: str,
    name: str,
    prefix: str,
    zone: str,
    address: str,
    language: str = "en",
    by: str,
    now: datetime,
) -> Desk:
    """Create a desk with its default mailbox."""
    desk = Desk.objects.create(
        slug=slug, name=name, number_prefix=prefix, zone=zone, language=language, created_at=now
    )
    Mailbox.objects.create(desk=desk, address=address.lower(), name=name, is_default=True)
    record(at=now, actor=by, action="desk created", subject=name, desk=desk, address=address.lower())
    return desk
