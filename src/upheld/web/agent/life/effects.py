"""What a status or a priority would do, said before anybody sets it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.policy import Ahead, Policy, Status
from upheld.rules.callers import is_placeholder
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.supposing import Course, suppose_priority, suppose_status
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.triage.moves import Move, moves
from upheld.web.presenting.times import Times
from upheld.web.presenting.words import METRICS


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that happens by itself: when, and what."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What would happen: to the promises, by itself afterwards, and what the customer reads of it. `of` names the form
    in which it was asked for, `chosen` what was chosen in it; `problem` says why it cannot be."""

    of: str
    chosen: str
    moves: Sequence[Move] = ()
    comes: Sequence[Coming] = ()
    customer: Sequence[str] = ()
    clocks: str = ""
    problem: str = ""
    zone: str = ""
    notes: Sequence[str] = field(default_factory=tuple)


def status_effect(page: TicketPage, chosen: str, now: datetime, times: Times, *, reply: bool) -> Effect:
    """Return what setting a status would do, alone or together with a reply."""
    of, policy = "reply" if reply else "status", page.policy
    before = policy.status(page.standing.status)
    if not chosen and not reply:
        return Effect(of, chosen, problem=_("Choose a status first."))
    if chosen and chosen not in policy.moves(before.id):
        said = {"label": before.label}
        return Effect(of, "", problem=_("A ticket that is “%(label)s” cannot be set to that.") % said)
    course = suppose_status(page.ticket, now, chosen or None, reply=reply)
    after = policy.status(course.standing.status)
    return Effect(
        of=of,
        chosen=chosen,
        moves=moves(course.promised, times),
        comes=coming(course.ahead, policy, times),
        customer=_read_by_customer(page, before, after, reply=reply),
        clocks=clocks_of(policy, after),
        zone=times.zone_name,
    )


def priority_effect(page: TicketPage, chosen: str, now: datetime, times: Times) -> Effect:
    """Return what setting a priority would do."""
    policy, holds = page.policy, page.standing.priority
    if not policy.has_priority(chosen):
        return Effect("priority", "", problem=_("Choose a priority first."))
    if chosen == holds:
        return Effect("priority", chosen, problem=_("The ticket has this priority already."))
    course = suppose_priority(page.ticket, now, chosen)
    return Effect(
        of="priority",
        chosen=chosen,
        moves=moves(course.promised, times),
        notes=_about_priority(policy, holds, chosen, course),
        zone=times.zone_name,
    )


def clocks_of(policy: Policy, status: Status) -> str:
    """Say which of the policy's clocks run in a status."""
    runs = [each for each in METRICS if each in policy.metrics and each in status.clocks]
    if not runs:
        return _("no clock runs")
    if policy.metrics <= status.clocks:
        return _("all clocks run")
    return _("runs: %(clocks)s") % {"clocks": ", ".join(str(METRICS[each]) for each in runs)}


def coming(ahead: Ahead, policy: Policy, times: Times) -> list[Coming]:
    """Say what happens by itself if nobody does anything more. A reminder at the instant of a change is one mail with
    it."""
    found = []
    for step in ahead.steps:
        if step.become is None and ahead.change is not None and step.at == ahead.change.at:
            continue
        if step.become is not None:
            words = _("it becomes “%(label)s”") % {"label": policy.status(step.become).label}
        elif step.remind == "customer":
            words = _("the customer is reminded")
        else:
            words = _("whoever is responsible is reminded")
        found.append(Coming(times.when(step.at).text, words))
    return found


def _read_by_customer(page: TicketPage, before: Status, after: Status, *, reply: bool) -> list[str]:
    said = {"label": after.public_label, "before": before.public_label}
    changes = before.public_label != after.public_label
    read = (
        _("They read “%(label)s” instead of “%(before)s”.")
        if changes
        else _("They go on reading “%(label)s”.")
    )
    return [read % said, *_mailed(page, after, changes=changes, reply=reply)]


def _mailed(page: TicketPage, after: Status, *, changes: bool, reply: bool) -> list[str]:
    if is_placeholder(page.ticket.requester.address):
        return [_("They get no mail, since they have no address.")]
    if reply:
        told = _("Your reply tells them so.")
    elif not changes:
        return [_("They get no mail about it.")]
    elif not page.policy.tells_status_changes:
        return [_("They get no mail about it: the policy sends none when a status changes.")]
    else:
        told = _("They get a mail about it.")
    if asks_whether_it_works(page.policy, after):
        return [told, _("The mail asks whether it works, with two buttons.")]
    return [told]


def _about_priority(policy: Policy, holds: str, chosen: str, course: Course) -> list[str]:
    old, new = policy.priority(holds), policy.priority(chosen)
    said = {"label": new.label, "before": old.label}
    if new.rank < old.rank:
        notes = [_("%(label)s is more urgent than %(before)s: the earlier time holds.") % said]
    else:
        notes = [_("%(label)s is less urgent than %(before)s: the later time holds.") % said]
    if new.restricted:
        notes.append(_("The ticket is restricted from then on: only its readers see it."))
    return notes
