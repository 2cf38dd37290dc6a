"""How urgent something is, and how that is found out."""

from typing import Literal

from upheld.policy.document.form import ChoicePart, Id, Part, Words


class PriorityPart(Part):
    """A level of urgency; the document lists the most urgent first."""

    id: Id
    """How other blocks name it."""
    label: Words
    """What people call it."""
    meaning: Words = ""
    """What it means, for customers."""
    examples: list[Words] = []
    """Cases that belong here."""
    words: list[Words] = []
    """Words that name this level in a mail, in its subject or its text."""
    restricted: bool = False
    """Only named people see these tickets."""
    criteria: dict[Id, Words] = {}
    """What has to be so on each axis of `classification` for this level."""
    workarounds: list[Id] = []
    """The workarounds of `classification` that fit this level."""
    report_by: list[Id] = []
    """The channels by which this level is best reported."""


class AxisPart(Part):
    """One side from which a case is looked at."""

    id: Id
    """How the criteria of priorities name it."""
    label: Words
    """What people call it."""
    question: Words = ""
    """What whoever classifies is asked."""


class ClassificationPart(Part):
    """How a case gets its priority: the most urgent level on any axis, eased by a workaround."""

    axes: list[AxisPart] = []
    """The sides from which a case is looked at."""
    workarounds: list[ChoicePart] = []
    """What a workaround may be like, from none to good."""
    takes: Literal["highest"] = "highest"
    """Where axes differ, the most urgent level counts."""


class TriagePart(Part):
    """What has to be known before work on a ticket begins."""

    requires: list[Literal["reason", "product", "region", "plan", "team", "tier"]] = []
    """The fields that somebody has to fill in."""
