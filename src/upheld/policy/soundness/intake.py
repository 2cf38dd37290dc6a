"""Whether what a request has to bring fits the promises."""

from collections.abc import Iterator

from upheld.policy.document import Document, EntitlementPart
from upheld.policy.phrases import read_span
from upheld.policy.remarks import Remark
from upheld.policy.standing import Metric

_RESPONSES = (Metric.first_response, Metric.next_reply)


def intake_problems(document: Document) -> Iterator[Remark]:
    """Yield responses that would wait, and requests that would have no plan."""
    for place, metric in enumerate(document.information.pauses):
        if metric in _RESPONSES:
            said = f"{metric} would wait for missing information"
            remedy = "leave it out: a response never waits, since it is what asks"
            yield Remark("response-waits", ("information", "pauses", place), said, remedy)
    entitlement = document.entitlement
    falls_back = entitlement.contract == "required" and entitlement.without == "default_plan"
    if falls_back and entitlement.default_plan is None:
        said = "a request without a contract gets the default plan, and there is none"
        remedy = "name one: `default_plan:`, or write `without: hold`"
        yield Remark("no-default-plan", ("entitlement", "without"), said, remedy)
    yield from _calendar(document, entitlement)


def _calendar(document: Document, part: EntitlementPart) -> Iterator[Remark]:
    is_working = part.answer_within is not None and read_span(part.answer_within).is_working
    if is_working and part.calendar is None and len(document.calendars) != 1:
        remedy = "add `calendar:` with one that is defined"
        path = ("entitlement", "answer_within")
        yield Remark("needs-calendar", path, "working time needs a calendar", remedy)
    if part.calendar is not None and not is_working:
        remedy = "leave it out, or write working hours"
        yield Remark("useless-calendar", ("entitlement", "calendar"), "elapsed time has no calendar", remedy)


def objective_findings(document: Document) -> Iterator[Remark]:
    """Yield shares of metrics that no target promises."""
    promised = {part.metric for part in document.targets}
    for number, part in enumerate(document.objectives):
        for place, metric in enumerate(part.metrics):
            if metric not in promised:
                path = ("objectives", number, "metrics", place)
                said = f"{part.percent} % of {metric} is promised, and no target promises it"
                yield Remark("objective-without-target", path, said, "add a target, or leave it out")
