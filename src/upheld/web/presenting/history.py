"""The story of a ticket in sentences, one an event."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Metric, Mode, Policy, Verdict
from upheld.tickets.models import JoinedBy, StoryEvent
from upheld.tickets.problems import BROADCAST
from upheld.tickets.versions import status_in
from upheld.web.presenting.handing import together_words
from upheld.web.presenting.having_problems import broadcast_words, problem_words
from upheld.web.presenting.labelling import label_words, requester_words, side_words
from upheld.web.presenting.naming import opened_words, requested_words
from upheld.web.presenting.outside_words import outside_work_words, third_party_words
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
    day: str = ""
    clock: str = ""
    message_id: int | None = None


def history(story: Iterable[StoryEvent], policies: Sequence[Policy], times: Times) -> list[Line]:
    """The newest first. `policies` are those under which the ticket has lived."""
    return [_line(event, policies, times) for event in reversed(list(filter(is_told, story)))]


def _came_late(event: StoryEvent) -> bool:
    """Whether it was recorded later than a clock's minute shows; a mail always is some seconds."""
    return event.recorded_at - event.at >= timedelta(minutes=1)


def is_told(event: StoryEvent) -> bool:
    """Whether an event has a line of its own; an assignment that is part of handing over has not."""
    return not (event.kind == "assigned" and event.data.get("handed_over"))


def _line(event: StoryEvent, policies: Sequence[Policy], times: Times) -> Line:
    consequence = event.consequence_key is not None
    return Line(
        at=times.when(event.at),
        who=_("The policy") if consequence else str(event.agent or event.contact or _("The desk")),
        words=_words(event, policies, times),
        reason=str(event.data.get("reason") or ""),
        late=times.when(event.recorded_at) if not consequence and _came_late(event) else None,
        is_consequence=consequence,
        day=times.day_name(event.at),
        clock=times.clock(event.at),
        message_id=event.message_id,
    )


def _words(event: StoryEvent, policies: Sequence[Policy], times: Times) -> str:
    data = event.data
    match event.kind:
        case "opened" if data.get("split_from"):
            return _("began with what was split off %(number)s") % {"number": data["split_from"]}
        case "opened":
            return opened_words(data, policies)
        case "requested":
            return requested_words(data, policies)
        case "field":
            return _field(event)
        case "admitted" if data.get("contract_at_receipt"):
            return _(
                "admitted it: a contract covered it at its receipt, so the time counts in which it was held"
            )
        case "admitted":
            return _("admitted it: the time in which it was held does not count")
        case "problem_joined" | "problem_left" | "affected" | "unaffected" | "workaround":
            return problem_words(event)
        case "acknowledged":
            return _("sent the acknowledgement")
        case "message":
            return _message(data)
        case "note":
            return _("wrote an internal note")
        case "macro":
            return _("ran the macro “%(name)s”") % {"name": data.get("name")}
        case "call":
            return _call(data, times)
        case "status" if data.get("confirmed"):
            return _("says that it works: %(label)s") % {"label": _status(policies, data)}
        case "paged":
            return _("paged %(name)s") % {"name": data.get("to")}
        case "promised":
            return _promised(data, times)
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
        case "contact_merged":
            said = {"duplicate": data.get("duplicate"), "kept": data.get("kept")}
            return _("merged the contact %(duplicate)s into %(kept)s") % said
        case "restricted":
            return _restricted(data)
        case "readers":
            return _readers(data)
        case "opened_up":
            return _("lifted the restriction: everybody on the desk reads it")
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
        case "complaint":
            known = {role: label for each in reversed(policies) for role, label in each.roles.items()}
            return _("not satisfied: taken to %(role)s") % {
                "role": known.get(str(data.get("role")), data.get("role"))
            }
        case "complaint_missed":
            known = {role: label for each in reversed(policies) for role, label in each.roles.items()}
            role = known.get(str(data.get("role")), data.get("role"))
            return _("nobody had answered the customer who turned to %(role)s") % {"role": role}
        case "handed_over" | "collaborator_joined" | "collaborator_left":
            return together_words(event, policies)
        case "new_ticket":
            return _("too late to reopen it: a new ticket follows")
        case "correction":
            return _("%(metric)s corrected: %(verdict)s") % {
                "metric": _metric(data),
                "verdict": _verdict(data),
            }
        case "information" | "information_stored":
            return _informed(event)
        case "third_party":
            return third_party_words(data, times)
        case "outside_work":
            return outside_work_words(data)
        case "side":
            return side_words(data)
        case "requester":
            return requester_words(data)
        case "tagged" | "untagged" | "own_field":
            return label_words(event)
        case kind if kind in _PLAIN:
            return str(_PLAIN[kind])
        case "split":
            return _("split off %(numbers)s") % {"numbers": ", ".join(map(str, data.get("numbers", ())))}
        case "merged":
            return _("merged it into %(number)s") % {"number": data.get("into")}
        case "absorbed":
            return _("merged %(number)s into this one") % {"number": data.get("source")}
        case "absorption_undone":
            return _("took back that %(number)s is a part of this one") % {"number": data.get("source")}
        case "linked":
            return _("linked it with %(number)s") % {"number": data.get("number")}
        case "unlinked":
            return _("took back the link with %(number)s") % {"number": data.get("number")}
        case kind:
            return str(kind)


_PLAIN = {
    "paused": gettext_lazy("stopped clocks"),
    "spam": gettext_lazy("marked it as spam: nothing on it is judged from here on"),
    "not_spam": gettext_lazy("took back that it is spam: its clocks are as if they had never stopped"),
    "page_acknowledged": gettext_lazy("acknowledged the page: nobody else is called"),
    "resumed": gettext_lazy("let the clocks go on"),
    "merge_undone": gettext_lazy("took the merge back: it goes on by itself"),
    "information_asked": gettext_lazy("asked the customer for what the request lacks"),
    "information_waived": gettext_lazy("does without what was asked for"),
}


def _promised(data: Mapping[str, Any], times: Times) -> str:
    with suppress(KeyError, ValueError):
        said = {
            "metric": _metric(data),
            "time": times.when(datetime.fromisoformat(data["due_at"])).text,
        }
        return _("promised %(metric)s by %(time)s") % said
    return _("promised a time")


def _informed(event: StoryEvent) -> str:
    if event.kind == "information_stored":
        return _("kept what was given at the site %(site)s") % {"site": event.data.get("site")}
    if event.agent is not None:
        return _("filled in for the customer what was asked for")
    return _("gave what was asked for")


def _restricted(data: Mapping[str, Any]) -> str:
    named = ", ".join(data.get("readers", ()))
    if not named:
        return _("restricted it; nobody was named who may read it")
    return _("restricted it to %(names)s") % {"names": named}


def _readers(data: Mapping[str, Any]) -> str:
    by = data.get("by")
    if removed := ", ".join(data.get("removed", ())):
        return _("took %(names)s out of its readers") % {"names": removed}
    names = ", ".join(data.get("added", ()))
    if by:
        return _("let %(names)s read it, as named by %(by)s") % {"names": names, "by": by}
    return _("let %(names)s read it") % {"names": names}


def _call(data: Mapping[str, Any], times: Times) -> str:
    words = (
        _("logged a call of the customer's") if data.get("direction") == "in" else _("logged a call of ours")
    )
    with suppress(KeyError, ValueError):
        stated = times.when(datetime.fromisoformat(data["stated_at"]))
        return _("%(call)s, made %(time)s") % {"call": words, "time": stated.text}
    return words


def _field(event: StoryEvent) -> str:
    said = {"field": event.data.get("name", ""), "value": event.data.get("to") or ""}
    if said["value"]:
        return _("set the %(field)s to %(value)s") % said
    return _("emptied the %(field)s") % said


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
    if event.data.get("by") == JoinedBy.MERGE.value:
        return _("let %(name)s take part from here on: they came with the merged ticket") % {
            "name": event.contact or _("somebody")
        }
    return _("let somebody take part from here on")


def _message(data: Mapping[str, Any]) -> str:
    if data.get("channel") == BROADCAST:
        return broadcast_words(data)
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
