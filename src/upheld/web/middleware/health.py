"""`/health`: answered before anything else, so that no host check or session can hide a healthy desk."""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/health":
            return _health()
        return self.get_response(request)


def _health() -> JsonResponse:
    healthy = _database_answers()
    answer = JsonResponse({"status": "ok" if healthy else "unavailable"}, status=200 if healthy else 503)
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error:
        return False
    return True
