"""What people call the things that a policy names by id."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Metric
from upheld.policy.document import Document

_METRICS = {
    Metric.first_response: gettext_lazy("first response"),
    Metric.next_reply: gettext_lazy("next reply"),
    Metric.update: gettext_lazy("update"),
    Metric.resolution: gettext_lazy("resolution"),
}
_BLOCKS = {
    "priority": "priorities",
    "plan": "plans",
    "region": "regions",
    "channel": "channels",
    "reason": "reasons",
    "product": "products",
    "team": "teams",
    "tier": "tiers",
    "role": "roles",
    "request_type": "request_types",
    "workaround": "workarounds",
    "exclusion": "exclusions",
}


class Names:
    """The labels of one document, by field and id. An id that the document does not list is its own name."""

    def __init__(self, document: Document) -> None:
        self._labels = {
            field: {part.id: part.label or part.id for part in _parts(document, block)}
            for field, block in _BLOCKS.items()
        }
        self._labels["status"] = {part.id: part.public_label or part.label for part in document.statuses}

    def of(self, field: str, id: str) -> str:
        """The label of an id."""
        return self._labels[field].get(id, id)

    def all_of(self, field: str, ids: Iterable[str]) -> str:
        """Several labels in a row, in the order of the document: `Critical, High`."""
        chosen = set(ids)
        known = [label for id, label in self._labels[field].items() if id in chosen]
        return listed([*known, *sorted(chosen - self._labels[field].keys())])

    def ids(self, field: str) -> Sequence[str]:
        """The ids that the document lists for a field."""
        return list(self._labels[field])


def _parts(document: Document, block: str) -> Sequence[object]:
    return document.classification.workarounds if block == "workarounds" else getattr(document, block)


def listed(words: Sequence[str]) -> str:
    """Words in a row: `one, two and three`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(others)s and %(last)s") % {"others": ", ".join(words[:-1]), "last": words[-1]}


def one_of(words: Sequence[str]) -> str:
    """Words in a row of which one holds: `one, two or three`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(others)s or %(last)s") % {"others": ", ".join(words[:-1]), "last": words[-1]}


def metrics(names: Iterable[Metric | str]) -> str:
    """Metrics in a row, as they stand within a sentence."""
    chosen = {Metric(each) for each in names}
    return listed([str(words) for metric, words in _METRICS.items() if metric in chosen])
