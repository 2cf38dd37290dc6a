"""The demo's sign-in links: whoever can read the demo's terminal may be anybody on its desk."""

import hmac
from hashlib import sha256
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from upheld.lab.founding import SLUGS, described
from upheld.lab.life.world import ADMINISTRATOR, ANSWERING, HOUSES, LEAD
from upheld.people.models import User

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PEOPLE = {
    "agent": "amira@devices.example.com",
    "lead": "tomasz@devices.example.com",
    "administrator": "grace@devices.example.com",
    "customer": "h.okafor@ashdown.example.org",
}
IN_A_LAB = {
    "agent": ANSWERING[0].address,
    "lead": LEAD.address,
    "administrator": ADMINISTRATOR.address,
    "customer": next(HOUSES[0].customers)[1],
}


def token(person: str) -> str:
    """Return what only this demo can know about a person."""
    return hmac.new(settings.SECRET_KEY.encode(), f"demo:{person}".encode(), sha256).hexdigest()[:20]


def link(person: str, to: str = "") -> str:
    """Return the address that signs this person in, and leads to the page `to` where one is named."""
    path = reverse("demo_enter", kwargs={"person": person, "token": token(person)})
    return f"{settings.UPHELD_URL}{path}{f'?to={quote(to)}' if to else ''}"


def address_of(person: str) -> str:
    """Return the address of one of the demo's people: of the first desk by their part in it, of another desk as
    `desk:key`; in a lab, of one of the lab's. Empty for nobody."""
    if settings.LAB:
        return IN_A_LAB.get(person, "")
    slug, _, key = person.partition(":")
    if not key:
        return PEOPLE.get(person, "")
    if slug not in SLUGS:
        return ""
    told = described(slug)
    if key in told["agents"]:
        return f"{key}@{told['desk']['address'].partition('@')[2]}"
    return str(told["contacts"][key]["address"]) if key in told.get("may_sign_in", ()) else ""


def enter(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """Sign in as one of the demo's people."""
    if not hmac.compare_digest(_expected(person), token.encode("utf-8", "replace")):
        raise Http404
    user = User.objects.filter(email=address_of(person), is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    to = request.GET.get("to", "")
    return redirect(to if url_has_allowed_host_and_scheme(to, None) else "home")


def _expected(person: str) -> bytes:
    return token(person).encode()
