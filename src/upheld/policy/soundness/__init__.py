"""What a form cannot say about a document: references, gaps, contradictions, and promises that can never hold."""

from collections.abc import Iterator

from upheld.policy.document import Document
from upheld.policy.page import Page
from upheld.policy.remarks import Remark
from upheld.policy.soundness.assumptions import unreasoned
from upheld.policy.soundness.cadences import long_cadences
from upheld.policy.soundness.calendars import calendar_problems, closure_problems, unused_calendars
from upheld.policy.soundness.citations import citation_findings
from upheld.policy.soundness.clauses import clause_findings
from upheld.policy.soundness.escalation import escalation_problems, order_findings, role_findings
from upheld.policy.soundness.examples import example_problems
from upheld.policy.soundness.intake import intake_problems, objective_findings
from upheld.policy.soundness.joined import contradictions, idle_targets
from upheld.policy.soundness.lengths import length_problems
from upheld.policy.soundness.matrix import coverage_problems
from upheld.policy.soundness.order import order_remarks
from upheld.policy.soundness.priorities import priority_findings, priority_problems
from upheld.policy.soundness.references import duplicates, references
from upheld.policy.soundness.sizes import size_problems
from upheld.policy.soundness.statuses import status_findings, status_problems
from upheld.policy.soundness.targets import target_problems
from upheld.policy.soundness.trials import Trials
from upheld.policy.soundness.words import undefined_words
from upheld.policy.soundness.zones import zone_findings

__all__ = ["Trials", "dated_remarks", "findings_of", "problems_of"]


def problems_of(document: Document) -> list[Remark]:
    """Return what forbids using a document, as far as its holidays do not matter."""
    remarks = list(size_problems(document))
    if remarks:
        return remarks
    remarks = [
        *calendar_problems(document),
        *duplicates(document),
        *references(document),
        *priority_problems(document),
        *status_problems(document),
        *target_problems(document),
        *intake_problems(document),
        *example_problems(document),
    ]
    if not remarks:
        remarks = [*coverage_problems(document), *escalation_problems(document)]
    return remarks


def dated_remarks(trials: Trials, *, thorough: bool) -> list[Remark]:
    """Return what forbids using a sound document once its holidays are dates, and findings about the order of dues.

    A `thorough` look tries every hour of a year, too, besides its edges.
    """
    document = trials.document
    remarks = list(closure_problems(document)) or list(length_problems(document))
    return remarks or list(order_remarks(document, trials, trials.instants if thorough else trials.edges))


def findings_of(
    document: Document, trials: Trials, page: Page | None, filled_roles: frozenset[str] | None
) -> Iterator[Remark]:
    """Yield what is worth a thought but may be meant."""
    yield from contradictions(document)
    yield from clause_findings(document)
    yield from order_findings(trials.document)
    yield from idle_targets(document, trials)
    yield from long_cadences(document, trials)
    yield from zone_findings(document, "" if page is None else page.text)
    yield from priority_findings(document)
    yield from status_findings(document)
    yield from unused_calendars(document)
    yield from undefined_words(document)
    yield from role_findings(document, filled_roles)
    yield from objective_findings(document)
    yield from unreasoned(document)
    if page is not None:
        yield from citation_findings(document, page)
