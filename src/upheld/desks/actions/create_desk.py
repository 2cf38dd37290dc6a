"""Open a desk."""

import re
from datetime import datetime

from django.db import transaction

from upheld.desks.actions.set_up_mailbox import refuse_unusable
from upheld.desks.audit import record
from upheld.desks.models import Desk, Mailbox, Portal
from upheld.desks.numbers import start_series

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}\Z")


class PrefixRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """A prefix of ticket numbers is up to 8 capital letters and digits, a letter first."""


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
    """Create a desk with its default mailbox and portal. Raises PrefixRefused for a prefix that no number can carry,
    and MailboxRefused for an address that no mailbox can have."""
    refuse_unusable(address)
    if not _PREFIX.match(prefix):
        raise PrefixRefused(f"{prefix!r}: {PrefixRefused.__doc__}")
    desk = Desk.objects.create(
        slug=slug, name=name, number_prefix=prefix, zone=zone, language=language, created_at=now
    )
    start_series(desk)
    mailbox = Mailbox.objects.create(desk=desk, address=address.lower(), name=name, is_default=True)
    Portal.objects.create(desk=desk, slug=slug, name=name, mailbox=mailbox, is_default=True)
    record(at=now, actor=by, action="desk created", subject=name, desk=desk, address=address.lower())
    return desk
