"""YAML as data with the place of everything in it; nothing clever is allowed in.

Aliases, anchors and tags are refused, and so are duplicate keys and documents that are too large or too deep.
Plain words stay words: only true, false, null and numbers are anything else, so that `on`, `no`, `07:30` and
dates mean what they say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from upheld.policy.problems import PolicyError, Problem

Path = tuple[str | int, ...]

_LARGEST, _DEEPEST, _MOST = 256_000, 16, 20_000
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,17})")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Reading:
    """The data of a document, and the line and column, from 1, of every key and item."""

    name: str
    data: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int, int]:
        """Return the place of a path, or of the nearest thing around it."""
        path = self.written(path)
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(self, code: str, path: Path, message: str, remedy: str = "") -> Problem:
        """Return a problem at the place of a path."""
        line, column = self.place(path)
        return Problem(line, column, self.told(path), message, remedy, code)

    def told(self, path: Path) -> str:
        """Return a path as people write it."""
        return path_text(self.written(path))

    def written(self, path: Path) -> Path:
        """Return a path without the number of an item that stands without a list around it."""
        kept: Path = ()
        said = self.data
        for step in path:
            if isinstance(step, int) and isinstance(said, dict):
                continue
            kept = (*kept, step)
            said = _inside(said, step)
        return kept


def _inside(said: Any, step: str | int) -> Any:
    try:
        return said[step]
    except (KeyError, IndexError, TypeError):
        return None


def path_text(path: Path) -> str:
    """Return a path as people write it: `targets[2].within`."""
    text = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return text.removeprefix(".")


def read(text: str, name: str) -> Reading:
    """Read a document; raises PolicyError when it is not plain, bounded YAML."""
    if len(text) > _LARGEST:
        raise _refused(
            "too-large", name, (1, 1), "the document is too large", f"at most {_LARGEST} characters"
        )
    try:
        return _Reader(name).read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = error.problem or "this is not YAML"
        raise _refused("not-yaml", name, place, said, "check indentation, colons and quotes") from None
    except (yaml.YAMLError, UnicodeError):
        said = "the text holds characters that YAML forbids"
        raise _refused("not-yaml", name, (1, 1), said, "remove them") from None


def _refused(code: str, name: str, place: tuple[int, int], message: str, remedy: str) -> PolicyError:
    return PolicyError(name, [Problem(*place, "", message, remedy, code)])


class _Reader:
    """Builds data from YAML's events, with its own short rules for words."""

    def __init__(self, name: str) -> None:
        self._reading = Reading(name)
        self._left = _MOST
        self._events: Iterator[Any] = iter(())

    def read(self, events: Iterator[Any]) -> Reading:
        self._events = iter(events)
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                break
        else:
            said = "there is nothing here"
            raise _refused("empty", self._reading.name, (1, 1), said, "write a policy document")
        self._reading.data = self._value(next(self._events), ())
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            said = "there is a second document"
            raise self._refused_at("several-documents", after, said, "one document a file")
        return self._reading

    def _value(self, event: Any, path: Path) -> Any:
        self._allow(event, path)
        self._reading.places.setdefault(path, _place(event))
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(path)
        return self._pairs(path)

    def _items(self, path: Path) -> list[Any]:
        result: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            result.append(self._value(event, (*path, len(result))))
        return result

    def _pairs(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused_at("not-a-key", event, "a key must be a word", "write `key: value`")
            self._allow(event, path)
            key = str(event.value)
            if key in result:
                said = f"the key {key!r} is here twice"
                raise self._refused_at("duplicate-key", event, said, "keep one of them")
            self._reading.places[(*path, key)] = _place(event)
            result[key] = self._value(next(self._events), (*path, key))
        return result

    def _allow(self, event: Any, path: Path) -> None:
        self._left -= 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            said = "anchors and aliases are not read"
            raise self._refused_at("alias", event, said, "write the value out")
        if event.tag is not None and event.tag != "!":
            said = f"tags such as {event.tag} are not read"
            raise self._refused_at("tag", event, said, "write the plain value")
        if len(path) > _DEEPEST or self._left < 0:
            said = "the document is nested too deeply or too long"
            raise self._refused_at("too-large", event, said, "make it plainer")

    def _refused_at(self, code: str, event: Any, message: str, remedy: str) -> PolicyError:
        return _refused(code, self._reading.name, _place(event), message, remedy)


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _scalar(event: Any) -> Any:
    text = str(event.value)
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
