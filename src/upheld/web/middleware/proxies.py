"""Who is really calling: forwarded headers count only when a proxy of ours wrote them."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)
# Where any of these stands, the request came through somebody, whether we know them or not.
SIGNS = (*FORWARDED, "HTTP_VIA")
WAS_FORWARDED = "upheld.forwarded"
# Whoever a proxy of ours does not name in a way that can be read: no machine has this address.
NOBODY = "0.0.0.0"  # noqa: S104 - nothing listens there
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TrustedProxiesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = tuple(ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.META[WAS_FORWARDED] = any(name in request.META for name in SIGNS)
        given = {name: request.META.pop(name, "") for name in FORWARDED}
        if request.META[WAS_FORWARDED] and self._is_trusted(_address(request.META.get("REMOTE_ADDR", ""))):
            self._believe(request, given)
        return self.get_response(request)

    def _believe(self, request: HttpRequest, given: dict[str, str]) -> None:
        request.META["REMOTE_ADDR"] = self._caller(given["HTTP_X_FORWARDED_FOR"])
        if host := _last(given["HTTP_X_FORWARDED_HOST"]):
            request.META["HTTP_HOST"] = host
        if proto := _last(given["HTTP_X_FORWARDED_PROTO"]):
            request.META["HTTP_X_FORWARDED_PROTO"] = proto

    def _caller(self, forwarded_for: str) -> str:
        """The last address in the chain that is not one of our own proxies; what stands before it is hearsay."""
        caller = NOBODY
        for part in reversed(forwarded_for.split(",")):
            address = _address(part)
            caller = str(address) if address else NOBODY
            if not self._is_trusted(address):
                break
        return caller

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)


def is_this_machine(request: HttpRequest) -> bool:
    """Whether a program of this machine asks by itself, and not a proxy on it for somebody else."""
    address = _address(request.META.get("REMOTE_ADDR", ""))
    return address is not None and address.is_loopback and not request.META.get(WAS_FORWARDED)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _last(text: str) -> str:
    return text.rpartition(",")[2].strip()
