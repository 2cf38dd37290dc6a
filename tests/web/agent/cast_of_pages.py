"""What several tests of pages need: the hour, and how somebody enters."""

from datetime import UTC, datetime

from django.test import Client

from upheld.people.models import User

NOW = datetime(2026, 3, 20, 16, 30, tzinfo=UTC)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HTMX = {"HTTP_HX_REQUEST": "true"}
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def enter(user: User, **options: bool) -> Client:
    client = Client(**options)
    client.force_login(user, backend=BACKEND)
    return client


def page(response: object) -> str:
    """The text of an answer that must have been a page."""
    assert response.status_code == 200, response.status_code
    return response.content.decode()
