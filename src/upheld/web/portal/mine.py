"""The requests of a signed-in customer."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import Desk
from upheld.people.models import Contact
from upheld.tickets.models import Attachment
from upheld.tickets.queries import onward_numbers
from upheld.tickets.visibility import ContactViewer
from upheld.web.downloads import download
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.doors import listed_portals
from upheld.web.portal.one_request import Door, answer
from upheld.web.portal.presenting.listing import list_rows
from upheld.web.portal.reading import FILE, noting
from upheld.web.portal.wanted import listed, read_wanted
from upheld.web.portal.zones import viewing_zone
from upheld.web.presenting.times import Times
from upheld.web.uploads import takes_files

A_PAGE = 25


@require_safe
@for_contacts
def requests(request: HttpRequest, contact: Contact) -> HttpResponse:
    """What the customer asked; or what others asked whose requests they may follow."""
    wanted = read_wanted(request.GET, contact)
    page = Paginator(listed(contact, wanted), A_PAGE).get_page(request.GET.get("page"))
    doors = list(listed_portals()[:2])
    # A list over several desks is told in the zone of its latest ticket's desk, where the customer names none.
    desk = page.object_list[0].desk if page.object_list else next((each.desk for each in doors), Desk())
    times = Times(viewing_zone(request, desk, contact), request.now)
    context = {
        "rows": list_rows(
            page.object_list,
            times,
            mine=wanted.is_mine,
            onward=onward_numbers(ContactViewer(contact.pk), page.object_list),
        ),
        "pages": page,
        "wanted": wanted,
        "only_portal": doors[0] if len(doors) == 1 else None,
        "has_portals": bool(doors),
        "several_desks": Desk.objects.count() > 1,
        "zone_name": times.zone_name,
    }
    return render(request, "portal/mine.html", context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def request_page(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return answer(request, account_door(contact, number))


@require_safe
@for_contacts
def file(request: HttpRequest, contact: Contact, number: str, attachment_id: int, name: str) -> HttpResponse:
    return download(ContactViewer(contact.pk), attachment_id, noting(request, contact.pk, FILE))


def account_door(contact: Contact, number: str) -> Door:
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
