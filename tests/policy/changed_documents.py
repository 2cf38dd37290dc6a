"""Documents in which one thing is changed, whatever it is: every leaf and every list of a document, by its type."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from upheld.policy.comparison.keys import key_of
from upheld.policy.document import Document, Part

_TEXTS = (
    *("changed words", "7 working hours", "90 elapsed minutes", "3 elapsed days", "3 business days"),
    *("cut-off 11:00", "best effort", "discretionary", "at once", "10:00-15:30", "closed", "50"),
    *("2026-05-07", "2026-05-07 11:15", "Europe/Dublin", "America/New_York", "SCT", "US", "DE", "BY"),
)
_BLOCKS = (
    {"id": "other_id", "label": "Other"},
    {"id": "other_id", "label": "Other", "meaning": "Something else."},
    {"id": "other_id", "label": "Other", "instead": "Ask elsewhere."},
    {"id": "other_id", "reason": "Something else.", "to_role": "KNOWN"},
    {"id": "other_id", "steps": [{"after": "at once", "tell": ["KNOWN"]}]},
    {"role": "KNOWN"},
    {"metrics": ["update"], "percent": "50"},
    {"wait": "50 elapsed hours", "remind": "customer"},
    {"at": "2026-05-07 11:15", "agent": "notes"},
    {"country": "DE"},
)
_CASES = ("priority", "plan", "region", "channel", "reason", "product", "team", "tier", "status")


@dataclass(frozen=True)
class Spot:
    """A key of a block: where it stands, which block it belongs to, and what it is called."""

    path: tuple[str | int, ...]
    block: type[Part]
    key: str


def spots(part: Part, path: tuple[str | int, ...] = ()) -> Iterator[Spot]:
    """Yield every key of a document, also those that it leaves at their defaults."""
    for key in type(part).model_fields:
        yield Spot((*path, key), type(part), key)
        yield from _within(getattr(part, key), (*path, key))


def _within(value: Any, path: tuple[str | int, ...]) -> Iterator[Spot]:
    if isinstance(value, Part):
        yield from spots(value, path)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _within(each, (*path, number))
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _within(each, (*path, name))


def what_stands(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return what stands at a path."""
    for step in path:
        value = getattr(value, str(step)) if isinstance(value, Part) else value[step]
    return value


def changed(document: Document, spot: Spot) -> Iterator[Document]:
    """Yield the document with another value at a spot, in every way that its form allows."""
    block = what_stands(document, spot.path[:-1])
    now = getattr(block, spot.key)
    known = list(dict.fromkeys([*_meant(document, spot), *sorted(set(_ids(document)))]))
    for value in _others(now, spot.block.model_fields[spot.key].annotation, known):
        try:
            other = _with(block, spot.key, _plain(value))
        except ValidationError:
            continue
        if getattr(other, spot.key) != now:
            yield _put(document, spot.path[:-1], other)


def _meant(document: Document, spot: Spot) -> list[str]:
    """Return the ids of the block that a key names, if it names one."""
    names = key_of(spot.block, spot.key).names
    return [each.id for each in what_stands(document, tuple(names.split(".")))] if names else []


def _with(block: Part, key: str, value: Any) -> Part:
    if isinstance(block, Document):
        field = Document.model_fields[key]
        kind = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        return block.model_copy(update={key: TypeAdapter(kind).validate_python(value)})
    # What was said stays said: an example that expects nothing says so.
    said = {name: _plain(getattr(block, name)) for name in block.model_fields_set}
    return type(block).model_validate({**said, key: value})


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return {name: _plain(getattr(value, name)) for name in value.model_fields_set}
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _put(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    if isinstance(value, Part):
        return value.model_copy(update={str(step): _put(getattr(value, str(step)), tuple(rest), new)})
    copy = value.copy()
    copy[step] = _put(value[step], tuple(rest), new)
    return copy


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, Document):
        yield from value.calendars
    if isinstance(value, Part):
        if (id := getattr(value, "id", None)) is not None:
            yield id
        for name in type(value).model_fields:
            yield from _ids(getattr(value, name))
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)


def _others(now: Any, kind: Any, known: list[str]) -> Iterator[Any]:
    """Yield other values for a key: those that its type lists, and texts and ids to try."""
    options = list(_options(kind))
    if isinstance(now, bool):
        yield not now
    elif isinstance(now, int):
        yield from (now + 1, now - 1)
    elif isinstance(now, list):
        yield from _lists(now, kind, known)
    elif isinstance(now, dict):
        yield from _mappings(now)
    elif isinstance(now, Part):
        yield None
    else:
        yield from options
        yield f"{now} changed" if now else "changed"
        yield from (*_TEXTS, *known, "other_id", 3, None)
        yield from ({name: [id]} for name in _CASES for id in known)
        yield from _lists([], kind, known)
        yield from (
            {"inside": text, "outside": other} for text in _TEXTS for other in _TEXTS if text != other
        )


def _options(kind: Any) -> Iterator[Any]:
    if get_origin(kind) in (Union, UnionType, list):
        for each in get_args(kind):
            yield from _options(each)
    elif get_origin(kind) is Literal:
        yield from get_args(kind)
    elif isinstance(kind, type) and issubclass(kind, StrEnum):
        yield from kind
    elif getattr(kind, "__metadata__", None):
        yield from _options(get_args(kind)[0])


def _lists(now: list[Any], kind: Any, known: list[str]) -> Iterator[Any]:
    if now:
        yield now[:-1]
        yield now[1:]
        yield now[::-1]
        again = now[0]
        if isinstance(again, Part):
            names = {name: "other_id" for name in ("id", "name") if getattr(again, name, None)}
            yield [*now, again.model_copy(update=names)]
    for each in (*_options(kind), *known, *_TEXTS):
        if each not in now:
            yield [*now, each]
    for block in _BLOCKS:
        yield from ([*now, _filled(block, id)] for id in (known if "KNOWN" in str(block) else [""]))


def _filled(block: Any, id: str) -> Any:
    if isinstance(block, dict):
        return {name: _filled(each, id) for name, each in block.items()}
    return (
        [_filled(each, id) for each in block]
        if isinstance(block, list)
        else id
        if block == "KNOWN"
        else block
    )


def _mappings(now: dict[str, Any]) -> Iterator[Any]:
    for name, value in now.items():
        yield {other: each for other, each in now.items() if other != name}
        for text in (f"{value} changed", *_TEXTS):
            if text != value and not isinstance(value, Part):
                yield {**now, name: text}
        break
    for name in ("2026-05-07", "no-calendar", "plan", "sun", "a word"):
        for text in _TEXTS:
            if name not in now:
                yield {**now, name: text}
