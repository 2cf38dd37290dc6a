"""The story of a ticket in sentences, one an event."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from upheld.policy import Metric, Policy, Verdict
from upheld.tickets.models import JoinedBy, StoryEvent
from upheld.web.presenting.times import Times, When
from upheld.web.presenting.words import METRICS, VERDICTS


@dataclass(frozen=True, slots=True)
class Line:
    at: When
    who: str
    words: str
    reason: str
    late: When | None
    is_consequence: bool


def history(story: Iterable[StoryEvent], policy: Policy, times: Times) -> list[Line]:
    """The newest first."""
    return [_line(event, policy, times) for event in reversed(list(story))]


def _line(event: StoryEvent, policy: Policy, times: Times) -> Line:
    consequence = event.consequence_key is not None
    return Line(
        at=times.when(event.at),
        who=_("The policy") if consequence else str(event.agent or event.contact or _("The desk")),
        words=_words(event, policy),
        reason=str(event.data.get("reason") or ""),
        late=times.when(event.recorded_at) if not consequence and event.recorded_at != event.at else None,
        is_consequence=consequence,
    )


def _words(event: StoryEvent, policy: Policy) -> str:
    data = event.data
    match event.kind:
        case "opened":
            return _("opened the ticket")
        case "acknowledged":
            return _("sent the acknowledgement")
        case "message":
            return _message(data)
        case "note":
            return _("wrote an internal note")
        case "call":
            return _("logged a call")
        case "status":
            return _("set the status to %(label)s") % {"label": _status(policy, data)}
        case "priority":
            return _("set the priority to %(label)s") % {"label": _priority(policy, data)}
        case "assigned":
            to = data.get("to")
            return _("assigned it to %(name)s") % {"name": to} if to else _("assigned it to nobody")
        case "released":
            return _("let the customer read a message")
        case "joined":
            return _joined(event)
        case "removed":
            return _("put somebody out of the ticket")
        case "warned":
            return _("warned: %(metric)s is due soon") % {"metric": _metric(data)}
        case "verdict":
            return f"{_metric(data)}: {_verdict(data)}"
        case "reminder":
            return _("sent a reminder")
        case "escalated":
            return _escalated(policy, data)
        case "new_ticket":
            return _("too late to reopen it: a new ticket follows")
        case "correction":
            return _("%(metric)s corrected: %(verdict)s") % {
                "metric": _metric(data),
                "verdict": _verdict(data),
            }
        case kind:
            return str(kind)


def _escalated(policy: Policy, data: Mapping[str, Any]) -> str:
    roles = [policy.roles.get(role, role) for role in data.get("tell", ())]
    said = {"step": data.get("step"), "roles": ", ".join(roles)}
    if data.get("page"):
        return _("escalated, step %(step)s: paged %(roles)s") % said
    return _("escalated, step %(step)s: told %(roles)s") % said


def _joined(event: StoryEvent) -> str:
    if event.data.get("by") == JoinedBy.COPY.value:
        return _("was named in copy and reads along from here on")
    return _("let somebody take part from here on")


def _message(data: Mapping[str, Any]) -> str:
    if data.get("direction") == "out":
        return _("replied to the customer")
    return _("wrote") if data.get("public", True) else _("wrote; the customer does not see it")


def _status(policy: Policy, data: Mapping[str, Any]) -> str:
    with suppress(KeyError):
        return policy.status(data["to"]).label
    return str(data.get("to", ""))


def _priority(policy: Policy, data: Mapping[str, Any]) -> str:
    with suppress(KeyError):
        return policy.priority(data["to"]).label
    return str(data.get("to", ""))


def _metric(data: Mapping[str, Any]) -> str:
    with suppress(KeyError, ValueError):
        return str(METRICS[Metric(data["metric"])])
    return str(data.get("metric", ""))


def _verdict(data: Mapping[str, Any]) -> str:
    with suppress(KeyError, ValueError):
        return str(VERDICTS[Verdict(data["verdict"])]).lower()
    return str(data.get("verdict", ""))
