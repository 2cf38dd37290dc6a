"""The published policies of a desk: which is in force, and its compiled form."""

from datetime import datetime
from functools import lru_cache

from upheld.desks.models import Desk, PolicyVersion
from upheld.policy import Policy, from_frozen


class NoPolicyInForce(Exception):  # noqa: N818 - it reads as the sentence it is
    """The desk has no policy in force. Publish one: `upheld policy publish FILE --desk DESK`."""


def version_in_force(desk: Desk, at: datetime) -> PolicyVersion:
    """Return the version of the desk's policy in force at `at`; raises NoPolicyInForce where there is none."""
    version = (
        PolicyVersion.objects.filter(desk=desk, effective_from__lte=at)
        .order_by("-effective_from", "-number")
        .only("id", "number", "desk_id")
        .first()
    )
    if version is None:
        raise NoPolicyInForce(f"{desk.name}: {NoPolicyInForce.__doc__}")
    return version


@lru_cache(maxsize=256)
def compiled(version_id: int) -> Policy:
    """Return the compiled policy of a version. A version never changes, so it is kept for the process's life."""
    return from_frozen(PolicyVersion.objects.values_list("document", flat=True).get(pk=version_id))
