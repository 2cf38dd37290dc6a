"""A portal's own look, as a stylesheet of a few tokens. Its address holds a digest of it, so browsers may keep it."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.desks.models import Portal
from upheld.rules.looks import Look, LookRefused, read_look, tokens
from upheld.web.middleware.headers import FOR_ALL
from upheld.web.portal.doors import portal_or_404


@require_safe
def look(request: HttpRequest, slug: str, digest: str) -> HttpResponse:
    """The stylesheet as it is now. Under an address of an earlier one it is shown, but not kept."""
    styles = styles_of(portal_or_404(slug))
    response = HttpResponse(styles, content_type="text/css; charset=utf-8")
    if digest == _digest(styles):
        response["Cache-Control"] = FOR_ALL
    return response


def look_address(portal: Portal) -> str:
    """Where the portal's stylesheet is; empty where it looks as usual."""
    styles = styles_of(portal)
    return reverse("portal:look", args=[portal.slug, _digest(styles)]) if styles else ""


def styles_of(portal: Portal) -> str:
    """The tokens that the portal's look sets. A stored value that no look can have any more leaves all as usual."""
    try:
        wanted = read_look({name: str(value) for name, value in portal.look.items()})
    except LookRefused:
        return ""
    return stylesheet(wanted, ":root")


def stylesheet(wanted: Look, scope: str) -> str:
    """The tokens of a look for whatever `scope` selects."""
    rules = "".join(f"  --{name}: {value};\n" for name, value in tokens(wanted).items())
    return f"{scope} {{\n{rules}}}\n" if rules else ""


def _digest(styles: str) -> str:
    return sha256(styles.encode()).hexdigest()[:16]
