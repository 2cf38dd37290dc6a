"""Handing a ticket over and working on it together, in the words of its history."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from upheld.policy import Policy
from upheld.tickets.models import StoryEvent


def together_words(event: StoryEvent, policies: Sequence[Policy]) -> str:
    """The line of a hand-over, or of somebody who joins or leaves."""
    if event.kind == "handed_over":
        return _handed_over(event, policies)
    data = event.data
    said = {"name": data.get("name", ""), "role": data.get("role", "")}
    if event.kind == "collaborator_left":
        return (
            _("works on it no more") if data.get("own") else _("took %(name)s out of the work on it") % said
        )
    if not data.get("asked"):
        return _("works on it together with whoever has it")
    if said["role"]:
        return _("asked %(name)s (%(role)s) to work on it together") % said
    return _("asked %(name)s to work on it together") % said


def _handed_over(event: StoryEvent, policies: Sequence[Policy]) -> str:
    data = event.data
    tiers = {each.id: each.label for policy in reversed(policies) for each in policy.choices.get("tiers", ())}
    tier = data.get("tier", "") if data.get("tier") != data.get("from_tier") else ""
    goals = (
        tiers.get(tier, tier),
        data.get("team", "") if not data.get("agent_name") else "",
        data.get("agent_name"),
    )
    to = ", ".join(str(each) for each in goals if each)
    before = data.get("from_agent") or data.get("from_team") or tiers.get(data.get("from_tier", ""), "")
    if before:
        return _("handed it over from %(before)s to %(to)s") % {"before": before, "to": to}
    return _("handed it over to %(to)s") % {"to": to}
