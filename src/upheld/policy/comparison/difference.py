"""In what two policies differ: one difference each, and their order."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from upheld.policy.plain import plain_fields


class Theme(StrEnum):
    """What a difference is about, most important first. In `words` are those that change wording only."""

    promises = "promises"
    hours = "hours"
    statuses = "statuses"
    priorities = "priorities"
    escalation = "escalation"
    channels = "channels"
    contracts = "contracts"
    examples = "examples"
    words = "words"

    @property
    def heading(self) -> str:
        """The heading of its group."""
        return _TITLES.get(self, self.value.capitalize())


_TITLES = {Theme.contracts: "Contracts and information", Theme.words: "Wording only"}


class Kind(StrEnum):
    """What sort of difference it is, most important first.

    A promise gets `shorter` or `longer` when every request that it moves is due earlier, or later; `changed` is
    whatever else has another value. `governs` says which tickets another target governs. Something is `replaced` by
    what stands in its place, `renamed` when only its name or id changes, `reordered` in a list, and `reworded` when it
    means the same in other words.
    """

    shorter = "shorter"
    longer = "longer"
    changed = "changed"
    replaced = "replaced"
    added = "added"
    removed = "removed"
    governs = "governs"
    reordered = "reordered"
    renamed = "renamed"
    reworded = "reworded"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between an old and a new policy, in a sentence.

    `moves_clocks` says whether it can give a request another due time or verdict. The paths are those of the two
    documents, such as `targets[2].within`, and empty where a document has nothing there. `old` and `new` are what stood
    there, as text.
    """

    kind: Kind
    theme: Theme
    sentence: str
    moves_clocks: bool
    old_path: str
    new_path: str
    old: str
    new: str

    def with_more(self, sentences: str) -> "Difference":
        """Return it with further sentences."""
        return replace(self, sentence=self.sentence + sentences)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON-able data."""
        return plain_fields(self)


def in_order(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Return differences by theme, and of each theme first what can move a due time."""
    return tuple(sorted(differences, key=_weight))


def _weight(difference: Difference) -> tuple[int, bool, int]:
    # What changes wording only stays in the order of the document.
    kind = 0 if difference.theme is Theme.words else list(Kind).index(difference.kind)
    return list(Theme).index(difference.theme), not difference.moves_clocks, kind


def by_theme(differences: Iterable[Difference]) -> list[tuple[Theme, list[Difference]]]:
    """Return differences in groups, most important first; themes without any are left out."""
    groups: dict[Theme, list[Difference]] = {}
    for each in in_order(differences):
        groups.setdefault(each.theme, []).append(each)
    return list(groups.items())


def difference_sentences(differences: Iterable[Difference]) -> list[str]:
    """Return the sentences of differences, most important first."""
    return [each.sentence for each in in_order(differences)]
