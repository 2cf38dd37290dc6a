"""The portals' front pages: which portal, what to expect there, and how to follow a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk, Portal
from upheld.web.portal.customer import contact_of
from upheld.web.portal.doors import introduction_of, listed_portals, mail_address, portal_or_404
from upheld.web.portal.policy import published_policy
from upheld.web.portal.presenting.contact import not_here
from upheld.web.portal.presenting.policy import expectations


@dataclass(frozen=True, slots=True)
class Choice:
    """A portal among others: for which enquiries it is, in its own words."""

    slug: str
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DeskChoices:
    """The portals of one desk."""

    desk: Desk
    portals: Sequence[Choice]


@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Customers to their requests, visitors to the portals."""
    return redirect("portal:desks" if contact_of(request) is None else "portal:mine")


@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Choose a portal; where there is only one, there is nothing to choose."""
    found = list(listed_portals())
    if len(found) == 1:
        return redirect("portal:start", found[0].slug)
    by_desk = [
        DeskChoices(desk, [_choice(each) for each in portals])
        for desk, portals in groupby(found, key=lambda portal: portal.desk)
    ]
    # Under the name of a desk stand portals where one could not tell otherwise that they belong together.
    several = [each for each in by_desk if len(each.portals) > 1] if len(by_desk) > 1 else []
    alone = [choice for each in by_desk if each not in several for choice in each.portals]
    return render(request, "portal/desks.html", {"alone": alone, "grouped": several})


@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What this portal is for, what to say in a report, what to expect, and what is not done here."""
    portal = portal_or_404(slug)
    published = published_policy(portal.desk, request.now)
    others = listed_portals().filter(desk=portal.desk).exclude(pk=portal.pk)
    page: dict[str, Any] = {
        "portal": portal,
        "desk": portal.desk,
        "introduction": introduction_of(portal),
        "address": mail_address(portal),
        "others": [_choice(each) for each in others],
    }
    if published is not None:
        page["expectations"] = expectations(published.document, published.policy, request.now)
        page["not_here"] = not_here(published.document)
    return render(request, "portal/start.html", page)


@require_safe
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """How to find a request again. Who is signed in has the list at once."""
    portal = portal_or_404(slug)
    if contact_of(request) is not None:
        return redirect("portal:mine")
    page = {"portal": portal, "desk": portal.desk, "address": mail_address(portal)}
    return render(request, "portal/follow.html", page)


def _choice(portal: Portal) -> Choice:
    return Choice(portal.slug, portal.name, portal.enquiry or introduction_of(portal))
