"""Time zones from the pinned `tzdata` wheel.

The system's own files are not asked: two machines with the same lock file must agree on every due instant.
"""

from functools import cache
from importlib import metadata, resources
from zoneinfo import ZoneInfo

from upheld.clock.errors import CalendarError


@cache
def zone_names() -> frozenset[str]:
    """Return the IANA names that the pinned zone data knows."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of that IANA name; raises CalendarError when the zone data has none."""
    if name not in zone_names():
        raise CalendarError(f"{name!r} is not the IANA name of a time zone")
    with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


@cache
def zone_data_version() -> str:
    """Return the version of the zone data, for the record."""
    return metadata.version("tzdata")
