"""The figures of a month in words: shares never rounded up, and behind every number the list of its clocks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.insight.figures import Exclusion, Held, Line, Month, Outcome, Paused, Side
from upheld.policy import Actor, Metric
from upheld.web.presenting.times import plain_length
from upheld.web.presenting.words import METRICS

MISSED = (Outcome.missed, Outcome.overdue)
COUNTED = (Outcome.met, *MISSED)
NOT_COUNTED = (Outcome.excluded, Outcome.transferred, Outcome.abandoned, Outcome.spam)
ALL = tuple(Outcome)
OUTCOMES = {
    Outcome.met: gettext_lazy("Met"),
    Outcome.missed: gettext_lazy("Missed"),
    Outcome.overdue: gettext_lazy("Overdue now"),
    Outcome.pending: gettext_lazy("Pending"),
    Outcome.excluded: gettext_lazy("Left out"),
    Outcome.transferred: gettext_lazy("Passed on"),
    Outcome.abandoned: gettext_lazy("Closed unanswered"),
    Outcome.spam: gettext_lazy("Spam"),
}
MARKS = {
    "reclassified": gettext_lazy("Reclassified"),
    "corrected": gettext_lazy("Corrected"),
    "late_calls": gettext_lazy("Late calls"),
}
SIDES = {
    Side.priority: gettext_lazy("By priority"),
    Side.plan: gettext_lazy("By plan"),
    Side.team: gettext_lazy("By team"),
}
WITHOUT = {
    Side.metric: "",
    Side.priority: gettext_lazy("no priority"),
    Side.plan: gettext_lazy("no plan"),
    Side.team: gettext_lazy("no team"),
}
_PERIODS = {"month": gettext_lazy("month"), "quarter": gettext_lazy("quarter"), "year": gettext_lazy("year")}
_AUTHORS: Mapping[str, object] = {
    Actor.customer: gettext_lazy("the customer"),
    Actor.agent: gettext_lazy("an agent"),
    Actor.third_party: gettext_lazy("a third party"),
    Actor.system: gettext_lazy("the policy"),
    Actor.integration: gettext_lazy("another program"),
    Actor.assistant: gettext_lazy("an assistant"),
}
# Leads to the list behind a number: its choice by name, as `upheld.web.agent.compliance.wanted.Wanted` knows it.
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with its column's words; `url` leads to what is behind it, and is empty where it is 0."""

    label: str
    count: int
    url: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """An exact share. `percent` is cut off, never rounded up; `bar` is as much of 1000."""

    words: str
    percent: str
    bar: int
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    share: Share | None
    numbers: Sequence[Number]


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one side; without words for all of a metric together."""

    label: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class OfMetric:
    """The table of a metric: its columns and its lines, all together and by each side."""

    id: str
    label: str
    columns: Sequence[str]
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective: what it asks for, what was kept, and how far apart they are."""

    metrics: str
    asked: str
    assumed: bool
    state: str
    icon: str
    verdict: str
    share: Share | None
    mark: int
    distance: str
    ahead: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why clocks count for nothing."""

    label: str
    clocks: Number
    tickets: int


@dataclass(frozen=True, slots=True)
class PausedRow:
    reason: str
    author: str
    pauses: Number
    tickets: int
    time: str


def percent(share: Fraction, places: int = 1) -> str:
    """Return a share in percent, cut off after `places` decimals; a whole one without any."""
    exact = share * 100
    if exact.denominator == 1:
        return _("%(number)s %%") % {"number": exact.numerator}
    whole, rest = divmod(floor(exact * 10**places), 10**places)
    return _("%(number)s %%") % {"number": f"{whole}.{rest:0{places}}"}


def metric_words(metric: str) -> str:
    """What a metric is called."""
    return str(METRICS[Metric(metric)])


def goals(month: Month, link: Link) -> list[Goal]:
    """The objectives of the policy, each with what was kept of it."""
    pending = {each.metric: each.outcomes.get(Outcome.pending, 0) for each in month.by(Side.metric)}
    return [
        _goal(each, sum(pending.get(metric, 0) for metric in each.metrics), link) for each in month.objectives
    ]


def _goal(held: Held, pending: int, link: Link) -> Goal:
    asked = held.percent / 100
    state, icon, verdict = "none", "minus", _("Nothing counts yet")
    if held.is_reached is not None:
        reached = held.is_reached
        state, icon = ("met", "circle-check") if reached else ("breached", "triangle-alert")
        verdict = _("Reached") if reached else _("Not reached")
    metrics, of_month = tuple(held.metrics), held.period == "month"
    url = link(metrics=metrics, outcomes=COUNTED) if of_month else ""
    return Goal(
        metrics=", ".join(map(metric_words, metrics)),
        asked=_("%(percent)s in time each %(period)s")
        % {"percent": percent(asked, _places(asked)), "period": _PERIODS.get(held.period, held.period)},
        assumed=held.assumed,
        state=state,
        icon=icon,
        verdict=verdict,
        share=_share(held.met, held.counted, url, _places(asked)),
        mark=floor(asked * 1000),
        distance=_distance(asked, held.met, held.counted),
        # Of a longer period, what is pending in this month is a part.
        ahead=_ahead(asked, held.met, held.counted, pending) if of_month else "",
    )


def _places(asked: Fraction) -> int:
    """As many decimals as the objective has, so that a share beside it can be told from it."""
    return next(
        places for places in range(1, 10) if (asked * 100 * 10**places).denominator == 1 or places == 9
    )


def _distance(asked: Fraction, met: int, counted: int) -> str:
    """How many more of what counts so far could be missed, or how many too many are."""
    if not counted:
        return ""
    spare = floor(counted * (1 - asked)) - (counted - met)
    if spare < 0:
        return ngettext("%(count)d miss too many.", "%(count)d misses too many.", -spare) % {"count": -spare}
    if not spare:
        return _("Not one more of these could be missed.")
    return ngettext(
        "%(count)d more of these could be missed.", "%(count)d more of these could be missed.", spare
    ) % {"count": spare}


def _ahead(asked: Fraction, met: int, counted: int, pending: int) -> str:
    """What must become of the clocks that still fall due, for the objective to be reached."""
    if not pending:
        return ""
    needed = ceil(asked * (counted + pending)) - met
    if needed <= 0:
        return ngettext(
            "It stays reached whatever becomes of the %(count)d that is pending.",
            "It stays reached whatever becomes of the %(count)d that are pending.",
            pending,
        ) % {"count": pending}
    if needed > pending:
        return ngettext(
            "The %(count)d that is pending cannot make up for it.",
            "The %(count)d that are pending cannot make up for it.",
            pending,
        ) % {"count": pending}
    return ngettext(
        "Of the %(count)d that is pending, %(needed)d must be met.",
        "Of the %(count)d that are pending, at least %(needed)d must be met.",
        pending,
    ) % {"count": pending, "needed": needed}


def _share(met: int, counted: int, url: str, places: int = 1) -> Share | None:
    if not counted:
        return None
    share = Fraction(met, counted)
    words = _("%(met)d of %(counted)d") % {"met": met, "counted": counted}
    return Share(words, percent(share, places), floor(share * 1000), url)


def tables(month: Month, link: Link) -> list[OfMetric]:
    """A table for each metric that has a clock in the month."""
    return [_table(month, whole, link) for whole in month.by(Side.metric)]


def _table(month: Month, whole: Line, link: Link) -> OfMetric:
    marks = [each for each in MARKS if getattr(whole, each)]
    groups = [Group("", [_row(whole, _("All"), marks, link)])]
    for side, label in SIDES.items():
        lines = [each for each in month.by(side) if each.metric == whole.metric]
        if any(each.key for each in lines):
            groups.append(Group(str(label), [_row(each, _name(each), marks, link) for each in lines]))
    columns = [each.label for each in groups[0].rows[0].numbers]
    return OfMetric(whole.metric, metric_words(whole.metric), columns, groups)


def _name(line: Line) -> str:
    return line.label or line.key or str(WITHOUT[line.side])


def _row(line: Line, label: str, marks: Iterable[str], link: Link) -> Row:
    def behind(**choice: Any) -> str:
        return link(metrics=(line.metric,), side=line.side, key=line.key, **choice)

    def number(label: object, outcomes: Sequence[Outcome], state: str = "") -> Number:
        count = sum(line.outcomes.get(each, 0) for each in outcomes)
        return Number(str(label), count, behind(outcomes=outcomes) if count else "", state if count else "")

    numbers = [
        number(OUTCOMES[Outcome.met], (Outcome.met,)),
        number(OUTCOMES[Outcome.missed], MISSED, "breached"),
        number(_("of them overdue"), (Outcome.overdue,), "breached"),
        number(OUTCOMES[Outcome.pending], (Outcome.pending,)),
        number(_("Not counted"), NOT_COUNTED),
    ]
    for mark in marks:
        count = getattr(line, mark)
        numbers.append(Number(str(MARKS[mark]), count, behind(mark=mark) if count else ""))
    met = line.outcomes.get(Outcome.met, 0)
    return Row(label, _share(met, line.counted, behind(outcomes=COUNTED)), numbers)


def left_out(month: Month, link: Link) -> list[Reason]:
    """Why clocks of the month count for nothing."""
    return [_excluded(each, link) for each in month.exclusions]


def _excluded(exclusion: Exclusion, link: Link) -> Reason:
    url = link(left_out=exclusion.reason) if exclusion.clocks else ""
    label = exclusion.label or exclusion.reason
    return Reason(label, Number(_("Clocks"), exclusion.clocks, url), exclusion.tickets)


def pauses(month: Month, link: Link) -> list[PausedRow]:
    """For which reasons, and by whom, clocks stood still."""
    return [_paused(each, month, link) for each in month.pauses]


def _paused(paused: Paused, month: Month, link: Link) -> PausedRow:
    who = {"by": paused.author} if paused.agent_id is None else {"agent": paused.agent_id}
    url = link(status=paused.status, reason=paused.reason, **who)
    return PausedRow(
        reason=pause_words(month.labels.get(paused.status, paused.status), paused.reason),
        author=author_words(paused.author, paused.agent_id),
        pauses=Number(_("Pauses"), paused.pauses, url if paused.pauses else ""),
        tickets=paused.tickets,
        time=plain_length(paused.time),
    )


def pause_words(status: str, reason: str) -> str:
    """Why clocks stood still: the words of the status in which the ticket waited, and what somebody said."""
    return ": ".join(each for each in (status, reason) if each) or _("no reason given")


def author_words(author: str, agent_id: int | None) -> str:
    """Whose act a pause was: an agent's name, or what kind of actor it was."""
    return author if agent_id is not None else str(_AUTHORS.get(author, author))
