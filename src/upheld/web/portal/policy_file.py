"""A policy as one file: the same page as the desk's, with its styles inside, to be kept, sent or printed."""

import re
from collections.abc import Iterator
from datetime import datetime
from importlib.resources import files

from django.template.loader import render_to_string

from upheld.policy import Policy
from upheld.policy.document import Document
from upheld.web.portal.presenting.policy import policy_page

_LAYERS = {
    "reset": ("reset",),
    "base": ("tokens/raw", "tokens/meanings", "base"),
    "components": ("components/tag", "components/state"),
    # These say themselves to which layer they belong.
    "": ("pages/portal", "pages/policy"),
    "utilities": ("utilities",),
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")


def policy_file(document: Document, policy: Policy, now: datetime, zone: str) -> str:
    """The page of a document and its compiled policy as it reads at `now`, as one HTML file that fetches nothing."""
    page = policy_page(document, policy, now, zone)
    return render_to_string("portal/policy/file.html", {"page": page, "styles": styles()})


def styles() -> str:
    """The styles that the page needs, in their layers."""
    return "".join(_layered())


def _layered() -> Iterator[str]:
    yield "@layer reset,base,components,pages,utilities;\n"
    for layer, names in _LAYERS.items():
        rules = "".join(_rules(name) for name in names)
        yield f"@layer {layer}{{{rules}}}\n" if layer else f"{rules}\n"


def _rules(name: str) -> str:
    text = files("upheld.web").joinpath(f"static/web/css/{name}.css").read_text(encoding="utf-8")
    return _SPACE.sub(" ", _COMMENT.sub("", text)).strip()
