"""The one place where a request reads the time."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from upheld.desks import present


class NowMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = present.now()
        return self.get_response(request)
