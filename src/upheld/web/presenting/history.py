"""The story of a ticket in sentences, one an event."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from upheld.policy import Metric, Mode, Policy, Verdict
from upheld.tickets.models import JoinedBy, StoryEvent
from upheld.tickets.versions import status_in
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


def history(story: Iterable[StoryEvent], policies: Sequence[Policy], times: Times) -> list[Line]:
    """The newest first. `policies` are those under which the ticket has lived."""
    return [_line(event, policies, times) for event in reversed(list(story))]


def _line(event: StoryEvent, policies: Sequence[Policy], times: Times) -> Line:
    consequence = event.consequence_key is not None
    return Line(
        at=times.when(event.at),
        who=_("The policy") if consequence else str(event.agent or event.contact or _("The desk")),
        words=_words(event, policies, times),
        reason=str(event.data.get("reason") or ""),
        late=times.when(event.recorded_at) if not consequence and event.recorded_at != event.at else None,
        is_consequence=consequence,
    )


def _words(event: StoryEvent, policies: Sequence[Policy], times: Times) -> str:
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
            return _("set the status to %(label)s") % {"label": _status(policies, data)}
        case "priority":
            return _("set the priority to %(label)s") % {"label": _priority(policies, data)}
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
            return _escalated(policies, data)
        case "published":
            return _published(data, times)
        case "new_ticket":
            return _("too late to reopen it: a new ticket follows")
        case "correction":
            return _("%(metric)s corrected: %(verdict)s") % {
                "metric": _metric(data),
                "verdict": _verdict(data),
            }
        case kind:
            return str(kind)


def _published(data: Mapping[str, Any], times: Times) -> str:
    """Another version of the policy took the ticket over, and what that did to its due times."""
    said = {"number": data.get("version")}
    if data.get("mode") == Mode.carry.value:
        words = _("took it over with version %(number)s; used time stays") % said
    else:
        words = _("took it over with version %(number)s, counted from the start") % said
    moved = [each for each in data.get("moved", ()) if each.get("new_due_at") and each.get("due_at")]
    return "; ".join(
        [words, *(_moved(each, times) for each in moved if each["due_at"] != each["new_due_at"])]
    )


def _moved(moved: Mapping[str, Any], times: Times) -> str:
    return _("%(metric)s due %(due)s instead of %(before)s") % {
        "metric": _metric(moved),
        "due": times.when(datetime.fromisoformat(moved["new_due_at"])).text,
        "before": times.when(datetime.fromisoformat(moved["due_at"])).text,
    }


def _escalated(policies: Sequence[Policy], data: Mapping[str, Any]) -> str:
    known = {role: label for each in reversed(policies) for role, label in each.roles.items()}
    roles = [known.get(role, role) for role in data.get("tell", ())]
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


def _status(policies: Sequence[Policy], data: Mapping[str, Any]) -> str:
    with suppress(KeyError):
        return status_in(policies, data["to"]).label
    return str(data.get("to", ""))


def _priority(policies: Sequence[Policy], data: Mapping[str, Any]) -> str:
    known = next((each for each in policies if each.has_priority(data.get("to"))), None)
    if known is not None:
        return known.priority(data["to"]).label
    return str(data.get("to", ""))


def _metric(data: Mapping[str, Any]) -> str:
    with suppress(KeyError, ValueError):
        return str(METRICS[Metric(data["metric"])])
    return str(data.get("metric", ""))


def _verdict(data: Mapping[str, Any]) -> str:
    with suppress(KeyError, ValueError):
        return str(VERDICTS[Verdict(data["verdict"])]).lower()
    return str(data.get("verdict", ""))
