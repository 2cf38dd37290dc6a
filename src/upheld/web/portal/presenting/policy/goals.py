"""The shares of promises that the desk wants to keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Metric
from upheld.policy.document import Document
from upheld.web.portal.presenting.policy.names import listed
from upheld.web.portal.presenting.policy.readings import Readings

_WHAT = {
    Metric.first_response: gettext_lazy("first responses"),
    Metric.next_reply: gettext_lazy("next replies"),
    Metric.update: gettext_lazy("updates"),
    Metric.resolution: gettext_lazy("resolutions"),
}
_PERIODS = {
    "month": gettext_lazy("each month"),
    "quarter": gettext_lazy("each quarter"),
    "year": gettext_lazy("each year"),
}


@dataclass(frozen=True, slots=True)
class Goal:
    words: str
    remark: str
    mark: int


def goals_of(document: Document, readings: Readings) -> list[Goal]:
    """Every objective, a sentence each."""
    return [
        Goal(
            said_goal(part.metrics, part.percent, part.period),
            readings.remark(part),
            readings.mark(part, _("What we hold ourselves to")),
        )
        for part in document.objectives
    ]


def said_goal(metrics: Sequence[Metric], percent: str, period: str) -> str:
    """An objective in a sentence: `95 % of first responses in time, counted each month.`"""
    words = [str(_WHAT[metric]) for metric in metrics]
    return _("%(percent)s %% of %(what)s in time, counted %(period)s.") % {
        "percent": percent.rstrip("% "),
        "what": listed(words) or _("promises"),
        "period": _PERIODS[period],
    }
