"""What a customer asked for and what holds, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from upheld.policy import Policy
from upheld.rules.named_priority import Where
from upheld.tickets.models import StoryEvent


@dataclass(frozen=True, slots=True)
class Asked:
    """The priority that the customer asked for, beside the one that holds.

    `how` says where they named it, `decided` who gave the other one and why. `waits` is set while nobody has looked
    since they asked for more than they have.
    """

    priority: str
    label: str
    rank: int
    how: str
    differs: bool
    waits: bool
    decided: str


def label_of(policies: Sequence[Policy], priority: object) -> str:
    """The label of a priority, which may be one of a version before."""
    known = next((each for each in policies if each.has_priority(priority)), None)
    return known.priority(str(priority)).label if known else str(priority or "")


def how_named(data: Mapping[str, Any]) -> str:
    """Where a priority was named: a part of a sentence that begins with it."""
    words = {"words": data.get("named_words", "")}
    match data.get("named_by"):
        case Where.subject:
            return _("because the subject says “%(words)s”") % words
        case Where.body:
            return _("because the mail says “%(words)s”") % words
        case Where.form:
            return _("chosen in the form")
        case Where.link:
            return _("by the button “everything is down”")
        case Where.call:
            return _("said on the telephone")
    return ""


def asked(
    story: Iterable[StoryEvent], policies: Sequence[Policy], requested: str, holds: str
) -> Asked | None:
    """Return what the customer asked for; None where they named nothing that the policy knows."""
    policy = policies[0]
    if not policy.has_priority(requested) or not policy.has_priority(holds):
        return None
    naming: StoryEvent | None = None
    decision: StoryEvent | None = None
    for event in story:
        if event.data.get("named_by"):
            naming = event
        elif event.kind == "priority":
            decision = event
    level = policy.priority(requested)
    looked = decision is not None and (naming is None or decision.seq > naming.seq)
    return Asked(
        priority=requested,
        label=level.label,
        rank=level.rank,
        how=how_named(naming.data) if naming else "",
        differs=requested != holds,
        waits=level.rank < policy.priority(holds).rank and not looked,
        decided=_decided(decision, policies) if decision is not None and looked else "",
    )


def _decided(event: StoryEvent, policies: Sequence[Policy]) -> str:
    said = {
        "label": label_of(policies, event.data.get("to")),
        "name": event.agent or event.contact or _("the desk"),
        "reason": event.data.get("reason", ""),
    }
    if said["reason"]:
        return _("%(label)s was given by %(name)s: %(reason)s") % said
    return _("%(label)s was given by %(name)s") % said


def opened_words(data: Mapping[str, Any], policies: Sequence[Policy]) -> str:
    """The first line of a story, with what its customer asked for."""
    parts = [_("opened the ticket")]
    if data.get("requested"):
        said = {"label": label_of(policies, data["requested"]), "how": how_named(data)}
        parts.append(_("asked for %(label)s, %(how)s") % said)
    if data.get("raised_by"):
        said = {"label": label_of(policies, data.get("priority")), "channel": data["raised_by"]}
        parts.append(_("%(label)s at least, since it came by %(channel)s") % said)
    return "; ".join(parts)


def requested_words(data: Mapping[str, Any], policies: Sequence[Policy]) -> str:
    """The line of a customer who names a higher priority later."""
    said = {"label": label_of(policies, data.get("to")), "how": how_named(data)}
    return _("asks for %(label)s, %(how)s") % said
