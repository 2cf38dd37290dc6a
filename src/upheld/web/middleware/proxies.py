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
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class TrustedProxiesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.trusted = tuple(ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.META.pop(name, "") for name in FORWARDED}
        if self._is_trusted(_address(request.META.get("REMOTE_ADDR", ""))):
            self._believe(request, given)
        return self.get_response(request)

    def _believe(self, request: HttpRequest, given: dict[str, str]) -> None:
        request.META["REMOTE_ADDR"] = self._caller(given["HTTP_X_FORWARDED_FOR"], request.META["REMOTE_ADDR"])
        if host := _last(given["HTTP_X_FORWARDED_HOST"]):
            request.META["HTTP_HOST"] = host
        if proto := _last(given["HTTP_X_FORWARDED_PROTO"]):
            request.META["HTTP_X_FORWARDED_PROTO"] = proto

    def _caller(self, forwarded_for: str, nearest: str) -> str:
        """The last address in the chain that is not one of our own proxies; what stands before it is hearsay."""
        caller = nearest
        for part in reversed(forwarded_for.split(",")):
            address = _address(part)
            if address is None:
                break
            caller = str(address)
            if not self._is_trusted(address):
                break
        return caller

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def _last(text: str) -> str:
    return text.rpartition(",")[2].strip()
