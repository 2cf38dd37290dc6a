"""The door for Prometheus: open to this machine and to the trusted networks only."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from upheld.web.middleware.proxies import is_this_machine
from upheld.web.stream.open_streams import how_many
from upheld.worker.metrics import metrics_text


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the figures of the desk, without names."""
    if not (is_this_machine(request) or _is_in_a_trusted_network(request)):
        raise Http404
    return HttpResponse(metrics_text() + _streams(), content_type="text/plain; version=0.0.4; charset=utf-8")


def _streams() -> bytes:
    """The figures of this process alone."""
    told = "# HELP upheld_event_streams Open event streams.\n# TYPE upheld_event_streams gauge\n"
    return f"{told}upheld_event_streams {float(how_many())}\n".encode()


def _is_in_a_trusted_network(request: HttpRequest) -> bool:
    try:
        peer = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(peer in ip_network(network, strict=False) for network in settings.METRICS_NETWORKS)
