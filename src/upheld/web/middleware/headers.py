"""Headers of every page. Static files never pass here; they may be kept by browsers, and so may a stylesheet whose
address changes with its content."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


FOR_ALL = "public, max-age=31536000, immutable"


class HeadersMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_the_same_for_all(response):
            response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = PERMISSIONS
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


def is_the_same_for_all(response: HttpResponse) -> bool:
    """Whether a view said of a stylesheet that it never changes under its address. Nothing else is ever kept."""
    return response.get("Cache-Control") == FOR_ALL and response.get("Content-Type", "").startswith(
        "text/css"
    )
