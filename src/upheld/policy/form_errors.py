"""From a reading to a document, or to what does not fit its form, in words that help."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError

from upheld.clock import CalendarError, zone_names
from upheld.policy.document import Document
from upheld.policy.phrases import OutOfBounds
from upheld.policy.problems import PolicyError, Problem
from upheld.policy.reading import Path, Reading

_WANTED = {
    "string_type": "a text",
    "list_type": "a list, each item on a line that begins with `- `",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
}
_CHOICES = ("literal_error", "enum")
_OUT_OF_BOUNDS = ("string_too_long", "too_long", "greater_than_equal", "less_than_equal")
# Of the forms that a key may have, one with an error such as this is not the one that was meant.
_OTHER_KINDS = frozenset((*_WANTED, "literal_error"))
_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,62}$": "lower-case letters, digits and underscores, beginning with a letter",
    r"^[a-z][a-z0-9-]{0,62}$": "lower-case letters, digits and hyphens, beginning with a letter",
    r"^[a-z][a-z-]{0,62}$": "the code of a finding, such as contradiction",
    r"^[A-Z]{2,3}$": "the code of a country, such as GB",
    r"^(100|\d{1,2}(\.\d{1,3})?)$": "a share of a hundred, such as 95 or 99.5",
}


class _Error(NamedTuple):
    """What pydantic says, and where in the document. `union` is the place of the value that may have several forms."""

    path: Path
    union: Path | None
    kind: str
    said: Mapping[str, Any]

    @property
    def is_of_another_form(self) -> bool:
        return self.path == self.union and self.kind in _OTHER_KINDS


def read_form(reading: Reading) -> Document:
    """Return the document of a reading; raises PolicyError with everything that does not fit."""
    try:
        return Document.model_validate(reading.data)
    except ValidationError as error:
        found = [_located(reading, each) for each in error.errors(include_url=False)]
        raise PolicyError(reading.name, list(_problems(reading, found))) from None


def _located(reading: Reading, said: Mapping[str, Any]) -> _Error:
    """Drop what pydantic adds to a location and the document does not have."""
    path: Path = ()
    union: Path | None = None
    for step in said["loc"]:
        if (*path, step) in reading.places:
            path = (*path, step)
        elif (
            isinstance(step, str) and step != "[key]" and (said["type"], step) != ("missing", said["loc"][-1])
        ):
            union = path
    return _Error(path, union, said["type"], said)


def _problems(reading: Reading, errors: Iterable[_Error]) -> Iterator[Problem]:
    by_union: dict[Path, list[_Error]] = {}
    for error in errors:
        if error.union is None:
            yield _problem(reading, error)
        else:
            by_union.setdefault(error.union, []).append(error)
    for group in by_union.values():
        meant = [error for error in group if not error.is_of_another_form]
        if meant:
            yield from (_problem(reading, error) for error in meant)
        else:
            wanted = dict.fromkeys(_wanted(error) for error in group)
            yield _does_not_fit(reading, group[0], " or ".join(wanted))


def _problem(reading: Reading, error: _Error) -> Problem:
    kind, context = error.kind, error.said.get("ctx", {})
    if kind == "unknown_key":
        key = context["key"]
        said = f"there is no key {key!r}"
        return reading.problem("unknown-key", (*error.path, key), said, context["remedy"])
    if kind == "missing":
        said = f"the key {error.said['loc'][-1]!r} is missing"
        return reading.problem("missing-key", error.path, said, "add it")
    if kind == "value_error":
        return _unreadable(reading, error, context["error"])
    if kind in _OUT_OF_BOUNDS:
        said = f"{_shown(error)} is out of bounds"
        return reading.problem("out-of-bounds", error.path, said, _lower(error.said["msg"]))
    if kind == "too_short":
        return reading.problem("wrong-form", error.path, "this is empty", "write at least one")
    return _does_not_fit(reading, error, _wanted(error))


def _unreadable(reading: Reading, error: _Error, raised: ValueError) -> Problem:
    said, _, remedy = str(raised).partition("; ")
    if isinstance(raised, CalendarError):
        return reading.problem("unknown-zone", error.path, said, _zone_remedy(str(error.said["input"])))
    code = "out-of-bounds" if isinstance(raised, OutOfBounds) else "unreadable"
    is_block = not isinstance(error.said["input"], str)
    return reading.problem("wrong-form" if is_block else code, error.path, said, remedy)


def _does_not_fit(reading: Reading, error: _Error, wanted: str) -> Problem:
    remedy = f"write {wanted}"
    if error.kind in _CHOICES and isinstance(error.said["input"], str):
        known = [each.strip(" '") for each in wanted.replace(" or ", ",").split(",")]
        near = get_close_matches(error.said["input"], known, n=1)
        remedy = f"did you mean {near[0]!r}? {remedy}" if near else remedy
    return reading.problem("wrong-form", error.path, f"{_shown(error)} does not fit", remedy)


def _wanted(error: _Error) -> str:
    context = error.said.get("ctx", {})
    if error.kind in _CHOICES:
        return str(context["expected"])
    if error.kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"what fits {context['pattern']}")
    if error.kind == "list_type" and error.path[-1:] == ("holidays",):
        return "`{country: GB, subdivision: ENG}`, or a list of such"
    if error.kind == "model_type" and context.get("class_name") == "ByHours":
        return "`{inside: ..., outside: ...}`"
    return _WANTED.get(error.kind, f"another value: {_lower(error.said['msg'])}")


def _shown(error: _Error) -> str:
    said = error.said["input"]
    if isinstance(said, bool):
        return str(said).lower()
    if said is None:
        return "nothing"
    if isinstance(said, str):
        return repr(said if len(said) <= 80 else f"{said[:77]}...")
    return str(said) if isinstance(said, int) else "this"


def _zone_remedy(name: str) -> str:
    near = get_close_matches(name, zone_names(), n=1) if "/" in name else []
    return f"did you mean {near[0]!r}?" if near else "write a place, such as Europe/London or America/Chicago"


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
