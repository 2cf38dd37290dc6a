"""From the text of a policy document to a policy."""

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from upheld.policy.compilation import compile_document
from upheld.policy.content import digest_of
from upheld.policy.document import Document
from upheld.policy.holiday_dates import with_dates
from upheld.policy.policy import Policy
from upheld.policy.problems import PolicyError, Problem
from upheld.policy.reading import Path, Reading, read
from upheld.policy.soundness import problems_of

# A draft is read with the holidays of these years; publishing chooses its own.
DRAFT_YEARS = range(2020, 2036)


def load(text: str, name: str = "policy.yaml") -> Policy:
    """Read a policy document; raises PolicyError, whose problems carry line, column and remedy.

    Public holidays are those of the years 2020 to 2035; see `freeze` for a policy that is published.
    """
    reading, document = read_document(text, name)
    dated = with_dates(document, DRAFT_YEARS, reading)
    return compile_document(dated, digest_of(plain(dated)))


def read_document(text: str, name: str) -> tuple[Reading, Document]:
    """Return the sound document of a text, and where everything in it stands; raises PolicyError."""
    reading = read(text, name)
    try:
        document = Document.model_validate(reading.data)
    except ValidationError as error:
        problems = [_problem(reading, dict(each)) for each in error.errors(include_url=False)]
        raise PolicyError(name, problems) from None
    problems = problems_of(document, reading.problem)
    if problems:
        raise PolicyError(name, problems)
    return reading, document


def dated_document(text: str, name: str, years: Iterable[int]) -> Document:
    """Return the sound document of a text with the holidays of some years written in; raises PolicyError."""
    reading, document = read_document(text, name)
    return with_dates(document, years, reading)


def plain(document: Document) -> dict[str, Any]:
    """Return a document as JSON-able data, without what it leaves at its default."""
    return document.model_dump(mode="json", exclude_defaults=True)


def _problem(reading: Reading, error: dict[str, Any]) -> Problem:
    path = _path(reading, error["loc"])
    context = error.get("ctx", {})
    kind = error["type"]
    if kind == "unknown_key":
        return reading.problem(
            (*path, context["key"]), f"there is no key {context['key']!r}", context["remedy"]
        )
    if kind == "missing":
        return reading.problem(path, f"the key {error['loc'][-1]!r} is missing", "add it")
    if kind == "value_error":
        message, _, remedy = str(context["error"]).partition("; ")
        return reading.problem(path, message, remedy)
    found = repr(error["input"]) if isinstance(error["input"], str | int | bool | None) else "this"
    return reading.problem(path, f"{found} does not fit", _lower(error["msg"]))


def _path(reading: Reading, location: tuple[str | int, ...]) -> Path:
    """Drop what pydantic adds to a location and the document does not have."""
    path: Path = ()
    for step in location:
        if (*path, step) in reading.places:
            path = (*path, step)
    return path


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
