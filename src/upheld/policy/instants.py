"""Instants as text: ISO 8601 in UTC, always with microseconds, always with Z."""

from datetime import UTC, datetime

from upheld.clock import from_micros


def instant_text(at: datetime) -> str:
    """Return the instant as `2026-03-20T16:50:00.000000Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def micros_text(micros: int) -> str:
    """Return an instant given in microseconds since 1970 as text."""
    return from_micros(micros).isoformat(timespec="microseconds")[: -len("+00:00")] + "Z"


def read_instant(text: str) -> datetime:
    """Read what `instant_text` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)
