"""Strangers' HTML: an allow-list at the moment of reading, and a page of its own that may do nothing."""

from django.http import HttpResponse
from django.template.loader import render_to_string

from upheld.web.sanitising import MOST_MARKS, TOO_COMPLEX, clean

__all__ = ["MOST_MARKS", "POLICY", "TOO_COMPLEX", "clean", "foreign_page"]

# No image, font, script or form, whatever the allow-list lets through; links open outside.
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


def foreign_page(html: str) -> HttpResponse:
    """A page that shows a stranger's HTML, for a sandboxed frame of ours and nothing else."""
    response = HttpResponse(render_to_string("web/foreign.html", {"content": clean(html)}))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
