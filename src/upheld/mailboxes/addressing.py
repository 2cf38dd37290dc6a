"""Which of our mailboxes does an address mean?"""

from collections.abc import Iterable

from django.db.models.functions import Length

from upheld.desks.models import Mailbox
from upheld.mailboxes.parsing.addresses import normal


def find_mailbox(address: str) -> Mailbox | None:
    """Return the mailbox of this address, or the one of which it is a plus-address; letter case says nothing."""
    known = normal(address)
    if not known:
        return None
    # The longer one first: a mailbox may itself have a plus in its address.
    candidates = Mailbox.objects.filter(address__in={known, without_plus(known)})
    return candidates.order_by(Length("address").desc()).first()


def our_addresses() -> frozenset[str]:
    """Return the addresses of all mailboxes."""
    return frozenset(Mailbox.objects.values_list("address", flat=True))


def is_ours(address: str, ours: frozenset[str]) -> bool:
    """Whether an address is one of ours or a plus-address of it."""
    return address in ours or without_plus(address) in ours


def first_mailbox(addresses: Iterable[str]) -> tuple[Mailbox, str] | None:
    """Return the first mailbox that one of the addresses means, and that address."""
    for address in addresses:
        if mailbox := find_mailbox(address):
            return mailbox, address
    return None


def only_mailbox() -> Mailbox | None:
    """Return the one mailbox that mail without a known address is for, if there is no doubt which."""
    defaults = list(Mailbox.objects.filter(is_default=True)[:2]) or list(Mailbox.objects.all()[:2])
    return defaults[0] if len(defaults) == 1 else None


def without_plus(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def plus_part(address: str) -> str:
    """Return what stands behind the plus of an address: where ours carry a reply token."""
    return address.rpartition("@")[0].partition("+")[2]
