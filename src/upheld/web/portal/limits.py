"""How much may be asked of the desk by somebody whom it does not know."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.core.cache import cache

from upheld.tickets.models import Ticket

WINDOW = timedelta(hours=1)
PER_ADDRESS = 20
# A whole school may stand behind one network address.
PER_NETWORK = 100


def too_many(email: str, network: str, now: datetime) -> bool:
    """Whether this address has opened, or this network has tried, more than is plausible within the hour."""
    return _by_network(network, now) > PER_NETWORK or _by_address(email, now) >= PER_ADDRESS


def _by_address(email: str, now: datetime) -> int:
    opened = Ticket.objects.filter(
        requester__address=email.lower(), channel="portal", received_at__gt=now - WINDOW
    )
    return opened.count()


def _by_network(network: str, now: datetime) -> int:
    hour = int(now.timestamp() // WINDOW.total_seconds())
    key = f"portal-requests:{hour}:{_block(network)}"
    cache.add(key, 0, timeout=2 * WINDOW.total_seconds())
    try:
        return cache.incr(key)
    except ValueError:
        return 1


def _block(address: str) -> str:
    """The network that one customer has: an IPv4 address, or the 64 bits that an IPv6 line is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    return str(ip_network(f"{parsed}/64", strict=False).network_address)
