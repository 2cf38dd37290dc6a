"""One request through its signed link. The link opens one ticket, for one contact, until it is revoked; it is no
session and shows no account, not even to somebody who is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from upheld.rules.tokens import Purpose
from upheld.tickets.keys import participant_by
from upheld.tickets.models import Attachment, Participant
from upheld.tickets.visibility import LinkViewer
from upheld.web.downloads import download
from upheld.web.portal.one_request import Door, answer
from upheld.web.portal.reading import FILE_BY_LINK, noting
from upheld.web.uploads import takes_files

View = Callable[..., HttpResponse]


def through_link(view: View) -> View:
    """Hand the view the door that a token opens. A false, ended or revoked token opens nothing."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        participant = participant_by(Purpose.link, token)
        if participant is None:
            raise Http404
        return _discreet(view(request, _door(participant, token), **kwargs))

    return guarded


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def request_page(request: HttpRequest, door: Door) -> HttpResponse:
    return answer(request, door)


@require_safe
@through_link
def file(request: HttpRequest, door: Door, attachment_id: int, name: str) -> HttpResponse:
    """`name` only tells browsers what to call the file; which file it is, the id says."""
    note = noting(request, door.contact.pk, FILE_BY_LINK)
    response = download(door.viewer, attachment_id, note)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _door(participant: Participant, token: str) -> Door:
    def file_url(attachment: Attachment) -> str:
        return reverse("portal:link_file", args=[token, attachment.pk, attachment.name])

    return Door(
        viewer=LinkViewer(participant.pk, participant.ticket_id, participant.contact_id),
        contact=participant.contact,
        number=participant.ticket.number,
        url=reverse("portal:link", args=[token]),
        file_url=file_url,
        by_link=True,
    )


def _discreet(response: HttpResponse) -> HttpResponse:
    """Nobody else learns the address. Not `no-referrer`: with it a browser hides from us, too, that our own form came
    from our own page, and the check against forgery refuses every reply."""
    response.setdefault("Referrer-Policy", "same-origin")
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
