"""How a look would look: the same tokens as on the portal, for a few sample parts, light and dark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.rules.colours import contrast
from upheld.rules.looks import (
    DARK_GROUND,
    LIGHT_GROUND,
    READABLE,
    Look,
    LookRefused,
    accent_of,
    read_look,
)
from upheld.web.agent.portals.guard import for_administrators
from upheld.web.portal.look import stylesheet

FIELDS = ("accent", "corners", "scale")
SCOPE = ".look-preview"


@dataclass(frozen=True, slots=True)
class Preview:
    """What the preview shows. `problem` says why what was typed is no look; then the usual one is shown."""

    styles: str
    remarks: Sequence[str]
    problem: str = ""


def preview_of(desk: Desk, typed: Mapping[str, str]) -> Preview:
    """The preview of what was typed."""
    try:
        look = read_look({name: typed.get(name) or "" for name in FIELDS})
    except LookRefused as refused:
        return Preview("", (), str(refused))
    values = look.stored()
    address = f"{reverse('portal_look', args=[desk.slug])}?{urlencode(values)}" if values else ""
    return Preview(address, remarks(look))


def remarks(look: Look) -> list[str]:
    """Where the colour cannot be read as it is, and what is shown instead."""
    if not look.accent:
        return []
    accent = accent_of(look.accent)
    told = []
    if accent.light != accent.given:
        words = _("Made darker on light pages: %(shade)s instead of %(given)s.")
        told.append(f"{words} {_measured(accent.given, LIGHT_GROUND)}" % _said(accent.light, accent.given))
    if accent.dark != accent.given:
        words = _("Made lighter on dark pages: %(shade)s instead of %(given)s.")
        told.append(f"{words} {_measured(accent.given, DARK_GROUND)}" % _said(accent.dark, accent.given))
    return told or [_("It can be read as it is, on light pages and on dark ones.")]


@require_safe
@for_administrators
def preview(request: HttpRequest, desk: Desk, by: str) -> HttpResponse:
    """The preview alone, for what is typed at the moment."""
    shown = preview_of(desk, request.GET.dict())
    return render(request, "web/agent/portals/parts/preview.html", {"preview": shown, "of_desk": desk})


@require_safe
@for_administrators
def look(request: HttpRequest, desk: Desk, by: str) -> HttpResponse:
    """The tokens of a look, for the preview only."""
    try:
        styles = stylesheet(read_look({name: request.GET.get(name, "") for name in FIELDS}), SCOPE)
    except LookRefused:
        styles = ""
    return HttpResponse(styles, content_type="text/css; charset=utf-8")


def _measured(given: str, ground: str) -> str:
    words = _("Its contrast there is %(contrast).1f, and text needs %(needed).1f.")
    return words % {"contrast": contrast(given, ground), "needed": READABLE}


def _said(shade: str, given: str) -> dict[str, str]:
    return {"shade": shade, "given": given}
