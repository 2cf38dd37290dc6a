"""Dataclasses as plain JSON-able data."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from upheld.clock import duration_micros
from upheld.policy.instants import instant_text


def plain_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass: instants as ISO text with Z, durations in integer microseconds."""
    found = {}
    for name in _names(value.__class__):
        each = getattr(value, name)
        made = _way(each.__class__)
        found[name] = each if made is None else made(each)
    return found


@lru_cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


@lru_cache
def _way(kind: type[Any]) -> Callable[[Any], Any] | None:
    """How values of a type become plain; None for what is plain already."""
    for plain, way in _WAYS:
        if issubclass(kind, plain):
            return way
    return None


def _each_plain(values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [plain_fields(each) for each in values]


def _value(member: StrEnum) -> str:
    return str(member.value)


_WAYS: tuple[tuple[type[Any], Callable[[Any], Any]], ...] = (
    (datetime, instant_text),
    (timedelta, duration_micros),
    (StrEnum, _value),
    (tuple, _each_plain),
    (Mapping, dict),
)
