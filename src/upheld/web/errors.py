"""Pages for what went wrong. They rest on nothing that could itself be broken: no session, no database."""

import logging
import secrets
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.template.defaultfilters import filesizeformat

from upheld.web.theme import chosen_theme

log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What a form held too much of is told; of anything else only that it was not understood."""
    match exception:
        case TooManyFilesSent():
            return _page(request, "400_files.html", 400, most=str(settings.DATA_UPLOAD_MAX_NUMBER_FILES))
        case RequestDataTooBig():
            most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
            return _page(request, "400_text.html", 400, most=most)
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what is absent and for what is not yours to see."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show an id under which the log has the trace."""
    error_id = secrets.token_hex(4)
    log.error("Error %s at %s", error_id, request.path, exc_info=sys.exc_info())
    return _page(request, "500.html", 500, error_id=error_id)


def _page(request: HttpRequest, template: str, status: int, **words: str) -> HttpResponse:
    page = loader.render_to_string(template, {**words, "theme": chosen_theme(request)})
    return HttpResponse(page, status=status)
