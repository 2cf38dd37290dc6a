"""The whole policy of a desk, for anybody to read: made from the published version that runs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import NoPolicyInForce, compiled, version_in_force
from upheld.desks.policy_documents import coming_versions, document_of
from upheld.policy import Mode, Policy
from upheld.policy.document import Document
from upheld.web.portal.customer import contact_of
from upheld.web.portal.doors import portal_or_404
from upheld.web.portal.presenting.policy import policy_page
from upheld.web.portal.presenting.say import said_at
from upheld.web.portal.zones import viewing_zone
from upheld.web.presenting.times import Times


@dataclass(frozen=True, slots=True)
class Published:
    """A published version: what people read of it, and what runs."""

    version: PolicyVersion
    document: Document
    policy: Policy


def published_policy(desk: Desk, at: datetime) -> Published | None:
    """The version under which a request made at `at` would run; None where none is in force."""
    try:
        version = version_in_force(desk, at)
    except NoPolicyInForce:
        return None
    return Published(version, document_of(version.pk), compiled(version.pk))


@require_safe
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """The version in force now. What a reader says about themselves is in the address, so that it can be passed on."""
    portal = portal_or_404(slug)
    desk = portal.desk
    published, zone = published_policy(desk, request.now), viewing_zone(request, desk, contact_of(request))
    page: dict[str, Any] = {
        "portal": portal,
        "desk": desk,
        "coming": [
            {
                "number": each.number,
                "at": said_at(each.effective_from, zone),
                "takes_over": each.mode != Mode.pin.value,
            }
            for each in coming_versions(desk, request.now)
        ],
    }
    if published is not None:
        since = said_at(published.version.effective_from, zone)
        page |= {
            "page": policy_page(published.document, published.policy, request.now, zone, request.GET.dict()),
            "version": {"number": published.version.number, "since": since},
            "asks": True,
            "zone_name": Times(zone, request.now).zone_name,
        }
    return render(request, "portal/policy/page.html", page)
