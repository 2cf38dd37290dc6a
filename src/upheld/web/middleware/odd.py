"""What no page of ours makes a browser send, and what readers further in would stumble over, is not read at all."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


def plain_content_type(environ: dict[str, Any], **_: object) -> None:
    """Keep the kind of a body and its boundary. Our forms are UTF-8; a request that names another charset could have
    any codec of Python's read it, and an odd parameter stops Django before any middleware is asked."""
    kind, *parameters = environ.get("CONTENT_TYPE", "").split(";")
    boundary = [each for each in parameters if each.strip().lower().startswith("boundary=")]
    environ["CONTENT_TYPE"] = ";".join([kind, *boundary])


class OddCookiesMiddleware:
    """A quoted cookie can write any byte. PostgreSQL takes no NUL, so a cookie that holds one is none of ours."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return self.get_response(request)
