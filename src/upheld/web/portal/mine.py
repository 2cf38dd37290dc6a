"""The requests of a signed-in customer."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import Desk
from upheld.people.models import Contact
from upheld.tickets.models import Attachment
from upheld.tickets.queries import requests_of
from upheld.tickets.visibility import ContactViewer
from upheld.web.downloads import download
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.one_request import Door, answer
from upheld.web.portal.presenting.listing import list_rows
from upheld.web.portal.zones import viewing_zone
from upheld.web.presenting.times import Times
from upheld.web.uploads import takes_files

A_PAGE = 25


@require_safe
@for_contacts
def requests(request: HttpRequest, contact: Contact) -> HttpResponse:
    page = Paginator(requests_of(ContactViewer(contact.pk)), A_PAGE).get_page(request.GET.get("page"))
    desks = list(Desk.objects.order_by("name"))
    # A list over several desks is told in the zone of its latest ticket's desk, where the customer names none.
    desk = page.object_list[0].desk if page.object_list else next(iter(desks), Desk())
    times = Times(viewing_zone(request, desk, contact), request.now)
    context = {
        "rows": list_rows(page.object_list, times),
        "pages": page,
        "desks": desks,
        "zone_name": times.zone_name,
    }
    return render(request, "portal/mine.html", context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def request_page(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return answer(request, _door(contact, number))


@require_safe
@for_contacts
def file(request: HttpRequest, contact: Contact, number: str, attachment_id: int, name: str) -> HttpResponse:
    return download(ContactViewer(contact.pk), attachment_id)


def _door(contact: Contact, number: str) -> Door:
    def file_url(attachment: Attachment) -> str:
        return reverse("portal:request_file", args=[number, attachment.pk, attachment.name])

    return Door(
        viewer=ContactViewer(contact.pk),
        contact=contact,
        number=number,
        url=reverse("portal:request", args=[number]),
        file_url=file_url,
        by_link=False,
    )
