"""How to reach the desk: which ways there are, which are open now, and when the others open."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.web.portal.customer import contact_of
from upheld.web.portal.doors import mail_address, portal_or_404
from upheld.web.portal.policy import published_policy
from upheld.web.portal.presenting.contact import contact_page
from upheld.web.portal.zones import viewing_zone


@require_safe
def contact(request: HttpRequest, slug: str) -> HttpResponse:
    """The channels of the policy in force, as they stand at this moment."""
    portal = portal_or_404(slug)
    address, published = mail_address(portal), published_policy(portal.desk, request.now)
    page: dict[str, Any] = {"portal": portal, "desk": portal.desk, "address": address}
    if published is not None:
        zone = viewing_zone(request, portal.desk, contact_of(request))
        page["page"] = contact_page(published.document, published.policy, request.now, zone, address)
    return render(request, "portal/contact.html", page)
