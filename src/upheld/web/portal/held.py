"""What somebody reads whose request has no number yet. The page is the same for everybody: it says nothing of who has a
contract, and nothing of what was submitted."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from upheld.web.portal.doors import mail_address, portal_or_404
from upheld.web.portal.policy import published_policy


@require_safe
def held(request: HttpRequest, slug: str) -> HttpResponse:
    """The policy's own words about what to do."""
    portal = portal_or_404(slug)
    published = published_policy(portal.desk, request.now)
    if published is None:
        return redirect("portal:start", portal.slug)
    page = {
        "portal": portal,
        "desk": portal.desk,
        "told": published.document.entitlement.told,
        "address": mail_address(portal),
    }
    response = render(request, "portal/held.html", page)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
