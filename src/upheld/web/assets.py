"""Stylesheets and scripts, as fast as they can be without a step of building.

Every address of a static file holds a digest of its content, so browsers keep it for as long as they like and have the
new one at once after an upgrade. The stylesheet is written as many small files; what browsers get is one.
"""

import gzip
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.web.middleware.headers import FOR_ALL

STYLES = "web/css/upheld.css"
_IMPORT = re.compile(r'@import url\("(?P<file>[^"]+)"\) layer\((?P<layer>[a-z]+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")


class Addresses(StaticFilesStorage):
    """Static files under addresses that change with their content."""

    def url(self, name: str) -> str:
        digest = _digest_of(name)
        return f"{super().url(name)}?v={digest}" if digest else super().url(name)


@cache
def _digest_of(name: str) -> str:
    found = find(name)
    return sha256(Path(found).read_bytes()).hexdigest()[:12] if isinstance(found, str) else ""


@cache
def stylesheet() -> bytes:
    """The whole stylesheet: what it imports stands in its place, within its layer."""
    folder = Path(str(find(STYLES))).parent
    whole = _IMPORT.sub(_in_its_place(folder), (folder / "upheld.css").read_text(encoding="utf-8"))
    return _INDENT.sub("\n", _COMMENT.sub("", whole)).strip().encode()


def _in_its_place(folder: Path) -> Callable[[re.Match[str]], str]:
    def written(found: re.Match[str]) -> str:
        styles = (folder / found["file"]).read_text(encoding="utf-8")
        return f"@layer {found['layer']} {{\n{styles}}}"

    return written


def stylesheet_address() -> str:
    """Where the stylesheet is as it is now."""
    return reverse("stylesheet", args=[_digest_of_stylesheet()])


@cache
def _digest_of_stylesheet() -> str:
    return sha256(stylesheet()).hexdigest()[:12]


@cache
def _compressed() -> bytes:
    return gzip.compress(stylesheet(), mtime=0)


@require_safe
def styles(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet. Whoever asks for an earlier one has a page from before an upgrade, and gets the one of now."""
    if not re.fullmatch(r"[0-9a-f]{12}", digest):
        raise Http404
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(_compressed() if small else stylesheet(), content_type="text/css; charset=utf-8")
    if small:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    if digest == _digest_of_stylesheet():
        response["Cache-Control"] = FOR_ALL
    return response
