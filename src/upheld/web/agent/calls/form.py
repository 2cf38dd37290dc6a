"""What somebody fills in during a call: read back as it was typed, whatever is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy.document import Document
from upheld.tickets.actions import Refused
from upheld.tickets.calls import Problem
from upheld.tickets.models import Ticket
from upheld.web.agent.triage.criteria import Criteria, criteria

MOST_PROBLEMS = 8


@dataclass(frozen=True, slots=True)
class ProblemForm:
    """One of the things that the call was about."""

    place: int
    prefix: str
    ticket: str
    subject: str
    summary: str
    product: str
    requested: str
    criteria: Criteria

    @property
    def is_empty(self) -> bool:
        return not (self.subject.strip() or self.summary.strip())


def problem_forms(document: Document, given: Mapping[str, str], *, more: bool = False) -> list[ProblemForm]:
    """Return the problems as they were filled in, and an empty one more where that was asked for."""
    text = given.get("problems", "1")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 1
    count = min(max(count + more, 1), MOST_PROBLEMS)
    return [_problem_form(document, given, place) for place in range(1, count + 1)]


def _problem_form(document: Document, given: Mapping[str, str], place: int) -> ProblemForm:
    prefix = f"p{place}-"

    def said(name: str) -> str:
        return given.get(f"{prefix}{name}", "")

    return ProblemForm(
        place=place,
        prefix=prefix,
        ticket=said("ticket"),
        subject=said("subject"),
        summary=said("summary"),
        product=said("product"),
        requested=said("requested"),
        criteria=criteria(document, given, prefix),
    )


def problems(forms: Sequence[ProblemForm], tickets: Sequence[Ticket], document: Document) -> list[Problem]:
    """Return what is to be entered; problems that nobody filled in are left out. Raises Refused."""
    filled = [each for each in forms if not each.is_empty]
    if not filled:
        raise Refused(_("Say in a few words what the call was about."))
    products, levels = {each.id for each in document.products}, {each.id for each in document.priorities}
    by_number = {each.number: each for each in tickets}
    found = []
    for each in filled:
        if each.ticket and each.ticket not in by_number:
            raise Refused(_("Choose one of the caller's tickets, or a new one."))
        proposed = each.criteria.proposed
        found.append(
            Problem(
                summary=each.summary,
                subject=each.subject,
                ticket=by_number.get(each.ticket),
                product=each.product if each.product in products else "",
                requested=each.requested if each.requested in levels else "",
                priority=proposed.priority if proposed else "",
                because=proposed.because if proposed else "",
            )
        )
    return found
