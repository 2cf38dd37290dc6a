"""Strangers' HTML: allow-lists at the moment of reading, and a page of its own that may do nothing."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from upheld.web.mail_html import Pictures, as_sent
from upheld.web.sanitising import MOST_MARKS, TOO_COMPLEX, clean
from upheld.web.theme import chosen_theme

__all__ = ["MOST_MARKS", "POLICY", "TOO_COMPLEX", "clean", "foreign_page", "quiet_page"]

# Nothing is fetched but our stylesheet; nothing is run or sent; links open outside. What style a mail has stands in
# its elements and was read by the allow-list. `{pictures}` is what one reader asked for, for one view.
_POLICY = (
    "default-src 'none'; style-src-elem 'self'; style-src-attr 'unsafe-inline'; img-src data:{pictures}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
POLICY = _POLICY.format(pictures="")


def foreign_page(request: HttpRequest, html: str, pictures: Pictures | None = None) -> HttpResponse:
    """A page that shows a stranger's HTML, for a sandboxed frame of ours and nothing else."""
    shown = as_sent(html, pictures, quoted=_("Quoted text"))
    hosts = "".join(f" https://{host}" for host in shown.hosts)
    context = {"content": shown.html, "own_colours": shown.own_colours}
    return _page(request, context, _POLICY.format(pictures=hosts))


def quiet_page(request: HttpRequest, text: str, note: str = "") -> HttpResponse:
    """The same for text that a stranger sent as a file."""
    return _page(request, {"text": text, "note": note}, POLICY)


def _page(request: HttpRequest, context: dict[str, object], policy: str) -> HttpResponse:
    # A reader whose theme is light or dark by choice has it here as well, where the mail brings no colours.
    context["theme"] = chosen_theme(request)
    response = HttpResponse(render_to_string("web/foreign.html", context))
    response["Content-Security-Policy"] = policy
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
