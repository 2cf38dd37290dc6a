"""The documents of published policies: what people read of them, beside the compiled form that runs."""

from datetime import datetime
from functools import lru_cache

from upheld.desks.models import Desk, PolicyVersion
from upheld.policy.document import Document


@lru_cache(maxsize=64)
def document_of(version_id: int) -> Document:
    """Return the document of a version, with its holiday dates. A version never changes, so it is kept."""
    stored = PolicyVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return Document.model_validate(stored["document"])


def coming_versions(desk: Desk, at: datetime) -> list[PolicyVersion]:
    """Return the versions that come into force later than `at`, the next one first."""
    coming = PolicyVersion.objects.that_hold().filter(desk=desk, effective_from__gt=at)
    columns = ("id", "number", "desk_id", "effective_from", "mode")
    return list(coming.order_by("effective_from", "number").only(*columns))
