"""Pages for what went wrong. They rest on nothing that could itself be broken: no session, no database."""

import secrets
import sys

import structlog
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.template.defaultfilters import filesizeformat

from upheld.web.theme import chosen_theme

# What PostgreSQL says when it is away, has no room, or has trouble with its machine: classes of SQLSTATE.
_AWAY = ("08", "53", "57P", "58")
_SECONDS_UNTIL_AGAIN = 30

log = structlog.get_logger(__name__)


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
    """Show an id, under which the log has the reason. While the database is away that is no fault of the page, and it
    is told when to come again."""
    error_id, error = secrets.token_hex(4), sys.exc_info()[1]
    # The route, since an address may hold a token.
    page = request.resolver_match.route if request.resolver_match else ""
    if is_database_away(error):
        said = " ".join(str(error).split())[:300]
        log.error(
            "page without database", error_id=error_id, page=page, error=f"{type(error).__name__}: {said}"
        )
        response = _page(request, "503.html", 503, error_id=error_id)
        response["Retry-After"] = str(_SECONDS_UNTIL_AGAIN)
    else:
        log.error("page broke", error_id=error_id, page=page, method=request.method, exc_info=True)
        response = _page(request, "500.html", 500, error_id=error_id)
    # Django would log the same again, without the id and with the address.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def is_database_away(error: BaseException | None) -> bool:
    """Whether the database could not be reached, or could not go on; every other error is ours."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


def _page(request: HttpRequest, template: str, status: int, **words: str) -> HttpResponse:
    page = loader.render_to_string(template, {**words, "theme": chosen_theme(request)})
    return HttpResponse(page, status=status)
