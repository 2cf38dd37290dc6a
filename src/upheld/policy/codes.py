"""The codes of what a check of a policy document says. docs/policy/findings.md has a section for each of them."""

from enum import StrEnum
from typing import NamedTuple

DOCUMENTATION = "docs/policy/findings.md"


class Kind(StrEnum):
    """What a code means for a document.

    A problem forbids publishing. A finding is worth a thought; whoever means it accepts it in the document. What is
    listed is no fault, but readers shall know of it.
    """

    problem = "problem"
    finding = "finding"
    listed = "listed"


class Code(NamedTuple):
    """A stable name, what it stands for in one line, and what it means for a document."""

    code: str
    title: str
    kind: Kind


def _codes(kind: Kind, titles: dict[str, str]) -> dict[str, Code]:
    return {code: Code(code, title, kind) for code, title in titles.items()}


_PROBLEMS = _codes(
    Kind.problem,
    {
        # The text
        "not-yaml": "The text is not YAML",
        "empty": "There is nothing in the document",
        "several-documents": "There is more than one document in the file",
        "alias": "Anchors and aliases are not read",
        "tag": "Tags are not read",
        "duplicate-key": "A key is there twice",
        "not-a-key": "A key is not a plain word",
        "too-large": "The document is larger than it may be",
        # The form
        "unknown-key": "There is no such key",
        "missing-key": "A key is missing",
        "wrong-form": "A value has another form than its key asks for",
        "unreadable": "A text cannot be read as what its key asks for",
        "out-of-bounds": "A number or a length of time is too large or too small",
        # Names
        "duplicate-id": "An id is used twice",
        "unknown-reference": "Something is named that the document does not have",
        "duplicate-word": "A word names two priorities",
        # Time
        "unknown-zone": "The time zone has no such name",
        "never-opens": "A calendar never opens",
        "closed-too-long": "A calendar is closed for more than 366 days",
        "unknown-holidays": "No holidays are known for the country",
        "needs-calendar": "Working time needs a calendar",
        "useless-calendar": "Elapsed time has no calendar",
        # Statuses
        "done-at-once": "A new ticket would be done at once",
        "unclear-step": "A step of a status does nothing, or two things",
        "wait-in-working-time": "A wait in a status is not elapsed time",
        "step-after-change": "A step comes after the status has changed",
        "endless-circle": "Statuses follow each other in a circle",
        "metric-never-runs": "A promised clock runs in no status",
        # Targets
        "cadence-form": "A cadence is told as something else, or something else as a cadence",
        "too-often": "An update is promised too often",
        "aim-form": "An aim does not fit its target",
        "aim-too-late": "An aim is not before its breach",
        "joins-nothing": "A joined target has nothing to join",
        "never-governs": "A target can never govern",
        "missing-cell": "Some requests have no target",
        "out-of-order": "A later request would be due before an earlier one",
        # Escalation
        "ladder-without-target": "A ladder counts from a due instant that there is not",
        "ladder-never-holds": "A ladder can never come to a step",
        # Intake
        "response-waits": "A response would wait for missing information",
        "no-default-plan": "Requests without a contract have no plan",
        # Examples
        "unclear-example": "An example asks nothing, or tells something that cannot happen",
        "example-failed": "The policy does otherwise than an example expects",
    },
)

_FINDINGS = _codes(
    Kind.finding,
    {
        # Two things at once
        "contradiction": "Two joined targets promise two times for the same",
        "never-decides": "A joined target never decides",
        "clause-differs": "A clause names another time than its target",
        "out-of-order-in-source": "The source lets a later request be due before an earlier one",
        # Zones
        "zone-told-twice": "The zone is told twice, and not the same",
        "fixed-offset": "The zone knows no summer time, and nobody says that this is meant",
        "ambiguous-zone": "A zone is told by an abbreviation that has several readings",
        # Gaps
        "missing-ladder": "A priority is on no ladder, though others are",
        "missing-report-by": "A priority does not say how to report it, though others do",
        "missing-criteria": "A priority says nothing on an axis",
        "missing-meaning": "A priority has no meaning, though others have",
        "ladder-order": "The steps of a ladder are not in the order of time",
        # Statuses
        "unreachable-status": "Nothing leads to a status",
        "trap": "Nothing leads out of a status to the end of the work",
        "no-clock-runs": "In an open status no clock runs",
        "move-not-allowed": "A status that agents may not choose is offered to them",
        "closes-unannounced": "A waiting ticket is closed without a reminder before",
        # Time
        "cadence-too-long": "An update is promised later than the resolution",
        "unused-calendar": "Nothing counts on a calendar",
        # Words
        "undefined-word": "A word that promises a time is defined nowhere",
        # People and channels
        "unused-role": "Nobody names a role",
        "unfilled-role": "Nobody on the desk fills a role",
        "closed-channel": "Customers are sent to a channel that is not for them",
        "urgent-waits": "A clock of an urgent priority may wait for missing information",
        "objective-without-target": "A share is promised of something that has no target",
        # Examples
        "no-examples": "There are no examples",
        "no-example": "No example shows a target at work",
        # The source
        "citation-not-found": "A quoted sentence does not stand on the page",
        # What the author says about the document
        "assumed-without-reason": "Something is assumed without a reason",
        "accepted-in-vain": "Something is accepted that is not there",
    },
)

_LISTED = _codes(
    Kind.listed,
    {
        "assumed": "Something is assumed that the source does not say",
        "uncited-sentence": "Nothing cites a sentence of the page",
    },
)

CODES = _PROBLEMS | _FINDINGS | _LISTED


def forbids(code: str) -> bool:
    """Whether a document with this cannot be published."""
    return CODES[code].kind is Kind.problem
