"""Priorities: what they mean, examples, and how a case gets its priority."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy.document import Document, PriorityPart
from upheld.web.portal.presenting.policy.names import Names, listed, one_of
from upheld.web.portal.presenting.policy.readings import Readings


@dataclass(frozen=True, slots=True)
class Criterion:
    axis: str
    words: str


@dataclass(frozen=True, slots=True)
class PriorityCard:
    """One level. `say` are words that name it in the subject of a mail, `report_by` channels."""

    id: str
    label: str
    is_default: bool
    is_restricted: bool
    meaning: str
    examples: Sequence[str]
    criteria: Sequence[Criterion]
    workarounds: str
    report_by: str
    say: str
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class Levels:
    """`axes` are the sides from which a case is looked at, with the question that is asked; `eases` tells of
    workarounds, `requires` what somebody fills in before work begins."""

    cards: Sequence[PriorityCard]
    axes: Sequence[tuple[str, str]]
    workarounds: Sequence[tuple[str, str]]
    has_criteria: bool
    requires: str
    marks: tuple[int, ...]
    remarks: Sequence[str]


_FIELDS = ("reason", "product", "region", "plan", "team", "tier")


def levels(document: Document, names: Names, readings: Readings) -> Levels:
    """Every priority, the most urgent first."""
    classification, triage = document.classification, document.triage
    cards = [_card(document, part, names, readings) for part in document.priorities]
    parts = (
        (classification, _("How a case gets its priority")),
        (triage, _("What has to be known")),
        *((axis, axis.label) for axis in classification.axes),
        *((each, each.label or each.id) for each in classification.workarounds),
    )
    marks = [mark for part, about in parts if (mark := readings.mark(part, about))]
    return Levels(
        cards=cards,
        axes=[(axis.label, axis.question) for axis in classification.axes],
        workarounds=[(each.label or each.id, each.meaning) for each in classification.workarounds],
        has_criteria=bool(classification.axes) and any(card.criteria for card in cards),
        requires=_required(triage.requires),
        marks=tuple(dict.fromkeys(marks)),
        remarks=[remark for part, _about in parts if (remark := readings.remark(part))],
    )


def _card(document: Document, part: PriorityPart, names: Names, readings: Readings) -> PriorityCard:
    return PriorityCard(
        id=part.id,
        label=part.label,
        is_default=part.id == document.default_priority,
        is_restricted=part.restricted,
        meaning=part.meaning,
        examples=part.examples,
        criteria=[
            Criterion(axis.label, part.criteria.get(axis.id, "")) for axis in document.classification.axes
        ],
        workarounds=one_of([names.of("workaround", id) for id in part.workarounds]),
        report_by=one_of([names.of("channel", id) for id in part.report_by]),
        say=", ".join(f"“{word}”" for word in part.words),
        remark=readings.remark(part),
        mark=readings.mark(part, _("Priority “%(name)s”") % {"name": part.label}),
    )


def _required(fields: Sequence[str]) -> str:
    labels = {
        "reason": _("the reason"),
        "product": _("the product"),
        "region": _("the region"),
        "plan": _("the plan"),
        "team": _("the team"),
        "tier": _("the tier"),
    }
    return listed([labels[name] for name in _FIELDS if name in fields])
