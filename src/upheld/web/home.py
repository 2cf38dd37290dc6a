"""The start page leads everybody to where their work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from upheld.web.viewer import workplace_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Agents to their queue, customers and visitors to the portal."""
    if workplace_of(request) is not None:
        return redirect("queue")
    return redirect(_portal())


def _portal() -> str:
    try:
        return reverse("portal")
    except NoReverseMatch:
        return reverse("account_login")
