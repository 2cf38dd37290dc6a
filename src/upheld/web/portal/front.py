"""The portal's front pages: which desk, what to expect there, and how to follow a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.web.portal.customer import contact_of
from upheld.web.portal.policy import published_policy
from upheld.web.portal.presenting.policy import expectations


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Customers to their requests, visitors to the desks."""
    return redirect("portal:desks" if contact_of(request) is None else "portal:mine")


@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Choose a desk; where there is only one, there is nothing to choose."""
    found = list(Desk.objects.order_by("name"))
    if len(found) == 1:
        return redirect("portal:start", found[0].slug)
    return render(request, "portal/desks.html", {"desks": found})


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    desk = get_object_or_404(Desk, slug=slug)
    published = published_policy(desk, request.now)
    page = {
        "desk": desk,
        "address": address_of(desk),
        "expectations": published and expectations(published.document, published.policy, request.now),
    }
    return render(request, "portal/start.html", page)


@require_safe
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """How to find a request again. Who is signed in has the list at once."""
    desk = get_object_or_404(Desk, slug=slug)
    if contact_of(request) is not None:
        return redirect("portal:mine")
    return render(request, "portal/follow.html", {"desk": desk, "address": address_of(desk)})


def address_of(desk: Desk) -> str:
    """The address at which the desk is also reached by mail; empty where it has none."""
    mailbox = desk.mailboxes.order_by("-is_default", "id").first()
    return mailbox.address if mailbox else ""
