"""Dataclasses as plain JSON-able data."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from upheld.clock import duration_micros
from upheld.policy.instants import instant_text


def plain_fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass: instants as ISO text with Z, durations in integer microseconds."""
    return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, timedelta):
        return duration_micros(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [plain_fields(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value
