"""One file of a reply that was too large to go with its mail, by the link that the mail has in its stead."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.tickets.file_links import file_link
from upheld.tickets.visibility import LinkViewer
from upheld.web.downloads import download
from upheld.web.portal.reading import FILE_BY_LINK, noting


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """Answer with the file where its participant may still read it. A link that has ended says what to do instead."""
    link = file_link(token)
    if link is None:
        raise Http404
    if request.now >= link.ends_at:
        response = render(
            request, "portal/link_ended.html", {"desk": link.participant.ticket.desk}, status=410
        )
    else:
        participant = link.participant
        viewer = LinkViewer(participant.pk, participant.ticket_id, participant.contact_id)
        note = noting(request, participant.contact_id, FILE_BY_LINK)
        response = download(viewer, link.attachment_id, note)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
