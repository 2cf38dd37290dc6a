"""The published policies of a desk: which is in force, which takes over what is under way, and the compiled form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version as installed_version
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from upheld.desks.models import Desk, PolicyVersion, PolicyVersions
from upheld.policy import Mode, Policy, from_frozen


class NoPolicyInForce(Exception):  # noqa: N818 - it reads as the sentence it is
    """The desk has no policy in force. Publish one: `upheld policy publish FILE --desk DESK`."""


def hold_publications(desk_id: int) -> None:
    """Let nobody publish on a desk until the caller's transaction ends, and wait for whoever is at it. Those who hold
    do not wait for each other. Whoever makes what a publication takes over does so under this."""
    with connection.cursor() as cursor:
        cursor.execute("select 1 from desks_desk where id = %s for key share", [desk_id])


def version_in_force(desk: Desk, at: datetime) -> PolicyVersion:
    """Return the version of the desk's policy in force at `at`; raises NoPolicyInForce where there is none."""
    version = PolicyVersion.objects.filter(desk=desk).in_force(at).only("id", "number", "desk_id").first()
    if version is None:
        raise NoPolicyInForce(f"{desk.name}: {NoPolicyInForce.__doc__}")
    return version


def installed_zone_data() -> str:
    """Return the version of the data about time zones that due times are evaluated with."""
    return installed_version("tzdata")


def versions_with_other_zone_data(at: datetime) -> list[PolicyVersion]:
    """Return the versions in force on any desk that were published with other data than is installed now."""
    in_force = PolicyVersion.objects.filter(desk_id=OuterRef("pk")).in_force(at).values("pk")[:1]
    ids = Desk.objects.annotate(version=Subquery(in_force)).values("version")
    versions = PolicyVersion.objects.filter(pk__in=ids).exclude(zone_data_version=installed_zone_data())
    return list(versions.select_related("desk").defer("source", "document").order_by("desk__slug"))


@lru_cache(maxsize=256)
def compiled(version_id: int) -> Policy:
    """Return the compiled policy of a version. A version never changes, so it is kept for the process's life."""
    return from_frozen(PolicyVersion.objects.values_list("document", flat=True).get(pk=version_id))


@dataclass(frozen=True, slots=True)
class Publication:
    """A version that takes open tickets over, from an instant on."""

    version_id: int
    number: int
    since: datetime
    mode: Mode

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among the versions of its desk."""
        return self.since, self.number


def publications(desk_ids: Iterable[int]) -> dict[int, list[Publication]]:
    """Return, by desk, the versions that take open tickets over, in the order in which they take effect."""
    found: dict[int, list[Publication]] = {desk_id: [] for desk_id in desk_ids}
    rows = _taking_over().filter(desk_id__in=list(found))
    for desk_id, *columns in rows.values_list("desk_id", "pk", "number", "effective_from", "mode"):
        found[desk_id].append(_publication(*columns))
    return found


def publications_beside(desk_id: OuterRef) -> ArraySubquery:
    """The same for one desk, as a column of another query; `read_beside` reads it."""
    columns = {"id": "pk", "number": "number", "since": "effective_from", "mode": "mode"}
    rows = _taking_over().filter(desk_id=desk_id)
    return ArraySubquery(rows.values_list(JSONObject(**columns), flat=True))


def read_beside(column: Iterable[Mapping[str, Any]]) -> list[Publication]:
    """Read the column that `publications_beside` adds."""
    since = datetime.fromisoformat
    return [_publication(each["id"], each["number"], since(each["since"]), each["mode"]) for each in column]


def _taking_over() -> PolicyVersions:
    versions = PolicyVersion.objects.that_hold().exclude(mode=Mode.pin.value)
    return versions.order_by("effective_from", "number")


def _publication(version_id: int, number: int, since: datetime, mode: str) -> Publication:
    return Publication(version_id, number, since, Mode(mode))


@lru_cache(maxsize=4096)
def place_of(version_id: int) -> tuple[datetime, int]:
    """Return where a version stands among those of its desk: by effective instant, then by number."""
    return PolicyVersion.objects.values_list("effective_from", "number").get(pk=version_id)
