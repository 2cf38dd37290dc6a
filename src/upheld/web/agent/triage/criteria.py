"""How urgent a case is, by the criteria of its policy: the questions, and what the answers come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy.classifying import Proposal, UnknownAnswer, propose
from upheld.policy.document import Document, PriorityPart


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be given."""

    value: str
    label: str
    hint: str = ""
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side from which a case is looked at, with the answers that the policy has for it."""

    field: str
    label: str
    question: str
    choices: Sequence[Choice]

    @property
    def answered(self) -> bool:
        return any(each.chosen for each in self.choices)


@dataclass(frozen=True, slots=True)
class Level:
    """A priority as the policy explains it."""

    id: str
    label: str
    rank: int
    meaning: str
    examples: Sequence[str]
    proposed: bool


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the answers come to, with the sentence that decided it."""

    priority: str
    label: str
    rank: int
    because: str


@dataclass(frozen=True, slots=True)
class Criteria:
    """A form of the criteria. A policy without them is told apart by its levels' meanings alone."""

    sides: Sequence[Side]
    workarounds: Sequence[Choice]
    workaround_field: str
    level_field: str
    levels: Sequence[Level]
    proposed: Proposed | None

    @property
    def eased(self) -> bool:
        return any(each.chosen for each in self.workarounds)

    @property
    def by_meaning(self) -> bool:
        """Whether somebody chooses a level, since there is nothing to ask."""
        return not self.sides


def criteria(document: Document, given: Mapping[str, str], prefix: str = "") -> Criteria:
    """Return the form as somebody filled it in; `prefix` stands before the names of its fields."""
    proposed = proposal(document, given, prefix)
    return Criteria(
        sides=[
            Side(
                field=f"{prefix}axis-{axis.id}",
                label=axis.label or axis.id,
                question=axis.question,
                choices=[
                    Choice(
                        level.id,
                        level.label,
                        level.criteria[axis.id],
                        given.get(f"{prefix}axis-{axis.id}") == level.id,
                    )
                    for level in document.priorities
                    if axis.id in level.criteria
                ],
            )
            for axis in document.classification.axes
        ],
        workarounds=[
            Choice(each.id, each.label or each.id, each.meaning, given.get(f"{prefix}workaround") == each.id)
            for each in document.classification.workarounds
        ],
        workaround_field=f"{prefix}workaround",
        level_field=f"{prefix}level",
        levels=[
            Level(
                id=each.id,
                label=each.label,
                rank=rank,
                meaning=each.meaning,
                examples=each.examples,
                proposed=proposed is not None and proposed.priority == each.id,
            )
            for rank, each in enumerate(document.priorities, 1)
        ],
        proposed=proposed,
    )


def proposal(document: Document, given: Mapping[str, str], prefix: str = "") -> Proposed | None:
    """Return what the answers come to; None where nothing, or nothing that the policy knows, was answered."""
    if not document.classification.axes:
        return _by_meaning(document, given.get(f"{prefix}level", ""))
    answers = {
        axis.id: answer
        for axis in document.classification.axes
        if (answer := given.get(f"{prefix}axis-{axis.id}", ""))
    }
    try:
        found = propose(document, answers, given.get(f"{prefix}workaround") or None)
    except UnknownAnswer:
        return None
    return _proposed(document, found.priority, _because(document, found))


def _by_meaning(document: Document, level: str) -> Proposed | None:
    part = _level(document, level)
    if part is None:
        return None
    return _proposed(document, level, _("It fits what %(level)s means.") % {"level": part.label})


def _because(document: Document, found: Proposal) -> str:
    axes = {each.id: each.label or each.id for each in document.classification.axes}
    said = {"side": axes[found.axis], "criterion": found.criterion}
    sentence = _("%(side)s: “%(criterion)s”") % said
    workarounds = {each.id: each.label or each.id for each in document.classification.workarounds}
    if found.eased_by is None:
        return sentence
    eased = _("eased by the workaround “%(workaround)s”") % {"workaround": workarounds[found.eased_by]}
    return f"{sentence}; {eased}"


def _proposed(document: Document, priority: str, because: str) -> Proposed:
    rank = next(rank for rank, each in enumerate(document.priorities, 1) if each.id == priority)
    return Proposed(priority, document.priorities[rank - 1].label, rank, because)


def _level(document: Document, priority: str) -> PriorityPart | None:
    return next((each for each in document.priorities if each.id == priority), None)
