"""Who works on a case, who learns of it as time passes, and where a customer turns who is not satisfied."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import Metric, Policy
from upheld.policy.document import CONDITIONS, Document, LadderPart, RolePart, RungPart, WhenPart
from upheld.policy.phrases import read_delay, read_promise
from upheld.web.portal.presenting.policy.amounts import Amounts
from upheld.web.portal.presenting.policy.names import Names, listed
from upheld.web.portal.presenting.policy.readings import Readings


@dataclass(frozen=True, slots=True)
class Tier:
    label: str
    meaning: str
    hands_over: str
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """When a case goes to people with other skills; `chosen_by` tells what decides who they are."""

    reason: str
    to: str
    chosen_by: str
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class Rung:
    after: str
    tell: str
    is_paged: bool
    is_guideline: bool
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class Ladder:
    label: str
    who: str
    counts: str
    steps: Sequence[Rung]
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class PathLevel:
    number: int
    title: str
    meaning: str
    reply: str
    is_direct: bool
    chosen_by: str
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class Escalating:
    tiers: Sequence[Tier]
    hand_overs: Sequence[HandOver]
    ladders: Sequence[Ladder]
    path: Sequence[PathLevel]
    remarks: Sequence[str]
    mark: int

    @property
    def path_promises(self) -> bool:
        """Whether any level of the customer's path promises an answer."""
        return any(level.reply for level in self.path)

    @property
    def works_on_it(self) -> bool:
        """Whether anything is said about who works on a case."""
        return bool(self.tiers or self.hand_overs)


def escalating(document: Document, policy: Policy, names: Names, readings: Readings) -> Escalating:
    """Everything about more attention for a case."""
    roles = {part.id: part for part in document.roles}
    amounts = Amounts(policy)
    part = document.escalation
    return Escalating(
        tiers=[
            Tier(
                each.label or each.id,
                each.meaning,
                each.hands_over,
                readings.remark(each),
                readings.mark(each, each.label or each.id),
            )
            for each in document.tiers
        ],
        hand_overs=[
            HandOver(
                reason=each.reason,
                to=names.of("tier", each.to_tier) if each.to_tier else names.of("role", each.to_role or ""),
                chosen_by=_chosen_by(roles.get(each.to_role or "")),
                remark=readings.remark(each),
                mark=readings.mark(each, each.reason),
            )
            for each in part.hand_overs
        ],
        ladders=[_ladder(each, names, readings, amounts) for each in part.ladders],
        path=[
            PathLevel(
                number=number,
                title=names.of("role", each.role),
                meaning=each.meaning or (roles[each.role].meaning if each.role in roles else ""),
                reply=amounts.within(read_promise(each.reply_within)) if each.reply_within else "",
                is_direct=each.direct and number > 1,
                chosen_by=_chosen_by(roles.get(each.role)),
                remark=readings.remark(each),
                mark=readings.mark(each, names.of("role", each.role)),
            )
            for number, each in enumerate(part.customer_path, start=1)
        ],
        remarks=[remark] if (remark := readings.remark(part)) else [],
        mark=readings.mark(part, _("Escalation")),
    )


def condition_words(when: WhenPart | None, names: Names) -> str:
    """For which requests something holds; empty for all."""
    if when is None:
        return ""
    named = [(field, getattr(when, field)) for field in CONDITIONS]
    words = [names.all_of(field, ids) for field, ids in named if ids]
    if when.received:
        inside = when.received == "inside"
        words.append(_("received in our hours") if inside else _("received outside our hours"))
    return "; ".join(words)


def _ladder(part: LadderPart, names: Names, readings: Readings, amounts: Amounts) -> Ladder:
    label = part.label or _("Steps in time")
    return Ladder(
        label=label,
        who=condition_words(part.when, names),
        counts=_counts(part),
        steps=[_rung(step, part, names, readings, amounts, label) for step in part.steps],
        remark=readings.remark(part),
        mark=readings.mark(part, label),
    )


def _counts(part: LadderPart) -> str:
    until = {
        Metric.first_response: _("until you have our first response"),
        Metric.next_reply: _("until you have our reply"),
        Metric.resolution: _("until the work is done"),
    }[Metric(part.until)]
    if part.counts_from == "due":
        return _("Steps count from a missed time, %(until)s.") % {"until": until}
    return _("Steps count from the beginning, %(until)s; they stand still while the timer is off.") % {
        "until": until
    }


def _rung(
    step: RungPart, ladder: LadderPart, names: Names, readings: Readings, amounts: Amounts, label: str
) -> Rung:
    delay = read_delay(step.after)
    words = _("at once") if step.after == "at once" else _("after %(wait)s") % {"wait": amounts.amount(delay)}
    return Rung(
        after=words,
        tell=listed([names.of("role", id) for id in step.tell]),
        is_paged=step.page,
        is_guideline=step.binding == "guideline",
        remark=readings.remark(step),
        mark=readings.mark(step, f"{label}, {words}"),
    )


def _chosen_by(role: RolePart | None) -> str:
    labels = {"product": _("by product"), "region": _("by region"), "organization": _("by customer")}
    return listed([labels[each] for each in role.by]) if role else ""
