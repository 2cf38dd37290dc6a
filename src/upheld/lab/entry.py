"""The demo's sign-in links: whoever can read the demo's terminal may be anybody on its desk."""

import hmac
from hashlib import sha256

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from upheld.people.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PEOPLE = {
    "agent": "amira@devices.example.com",
    "lead": "tomasz@devices.example.com",
    "administrator": "grace@devices.example.com",
    "customer": "h.okafor@ashdown.example.org",
}


def token(person: str) -> str:
    """Return what only this demo can know about a person."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{person}".encode(), sha256).hexdigest()[:20]


def link(person: str) -> str:
    """Return the address that signs this person in."""
    path = reverse("demo_enter", kwargs={"person": person, "token": token(person)})
    return f"{settings.UPHELD_URL}{path}"


def enter(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """Sign in as one of the demo's people."""
    if not hmac.compare_digest(_expected(person), token.encode("utf-8", "replace")):
        raise Http404
    user = User.objects.filter(email=PEOPLE.get(person, ""), is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    return redirect("home")


def _expected(person: str) -> bytes:
    return token(person).encode()
