"""Whether what is quoted stands on the page."""

from collections.abc import Iterator

from upheld.policy.blocks import blocks
from upheld.policy.document import Document
from upheld.policy.page import Page
from upheld.policy.remarks import Remark

_SHOWN = 80
# Whoever misquotes more than this has another page at hand.
_HELPED = 20


def citation_findings(document: Document, page: Page) -> Iterator[Remark]:
    """Yield citations that do not stand on the page."""
    missing = 0
    for path, part in blocks(document):
        for place, text in enumerate(part.cites):
            if not page.has(text):
                missing += 1
                shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
                near = page.nearest(text) if missing <= _HELPED else None
                remedy = f"line {near.line} reads {near.text!r}" if near else "quote the page word for word"
                said = f"{shown!r} does not stand on the page"
                yield Remark("citation-not-found", (*path, "cites", place), said, remedy)


def all_citations(document: Document) -> list[str]:
    """Return every citation of a document."""
    return [text for _, part in blocks(document) for text in part.cites]
