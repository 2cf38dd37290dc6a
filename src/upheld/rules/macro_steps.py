"""What a macro may do, and whether it still can under a desk's policy: several changes and a reply in one step.

A step is a plain value such as `{"do": "status", "to": "waiting"}`. Each kind stands in a macro once, in the order in
which it is carried out: what is only for the desk first, then the status together with the reply, so that a reply which
sets a status is one mail.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upheld.rules.placeholders import PLACEHOLDERS, unknown_in

ORDER = ("tag", "untag", "field", "assign", "team", "priority", "note", "status", "reply")
LONGEST_TEXT = 20_000
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What there is on a desk: ids with their labels. `fields` are keys of the desk's own fields."""

    statuses: Mapping[str, str] = field(default_factory=dict)
    priorities: Mapping[str, str] = field(default_factory=dict)
    agents: Collection[int] = ()
    teams: Collection[int] = ()
    fields: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one step, in words that say what is possible. `kind` is empty for the macro as a whole."""

    kind: str
    words: str


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return steps in the order in which they are carried out."""
    return sorted(steps, key=lambda step: ORDER.index(step["do"]) if step.get("do") in ORDER else len(ORDER))


def faults(steps: Sequence[Step], known: Known) -> list[Fault]:
    """Return what is wrong with a macro's steps on a desk; nothing where all of them can be carried out there."""
    found = (
        [] if steps else [Fault("", "A macro does something: choose at least one change, or write a reply.")]
    )
    kinds = [str(step.get("do", "")) for step in steps]
    for kind in dict.fromkeys(kinds):
        if kind not in ORDER:
            found.append(Fault(kind, f"No macro can do “{kind}”. It can: {', '.join(ORDER)}."))
        elif kinds.count(kind) > 1 and kind != "field":
            found.append(Fault(kind, f"“{kind}” stands in the macro twice; once is enough."))
    for step in steps:
        words = _wrong(step, known)
        if words:
            found.append(Fault(str(step["do"]), words))
    return found


def _wrong(step: Step, known: Known) -> str:
    value, reason = step.get("to"), str(step.get("reason", ""))
    match step.get("do"):
        case "status":
            return _unknown("status", value, known.statuses)
        case "priority":
            return _unknown("priority", value, known.priorities)
        case "assign" if value not in (None, "me") and value not in known.agents:
            return "This agent is not on the desk any more. Choose somebody else."
        case "team" if value not in known.teams:
            return "There is no such team on the desk any more. Choose another one."
        case "team" if not reason.strip():
            return "Say why it goes to the team: who takes it over reads that first."
        case "field" if step.get("key") not in known.fields:
            return f"The desk has no field “{step.get('key')}” any more."
        case "tag" | "untag" if not (
            isinstance(value, list) and all(isinstance(each, str) for each in value) and value
        ):
            return "Name the tags, with commas between them."
        case "note" | "reply":
            return _wrong_text(value)
    return ""


def _unknown(what: str, value: object, known: Mapping[str, str]) -> str:
    if value in known:
        return ""
    return f"The policy has no {what} “{value}”. It has: {', '.join(known.values())}."


def _wrong_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        return "Write the text, or leave it out."
    if len(value) > LONGEST_TEXT:
        return f"The text is too long: {LONGEST_TEXT} characters are enough."
    if unknown := unknown_in(value):
        return f"There is no placeholder {', '.join(unknown)}. There are: {', '.join(sorted(PLACEHOLDERS))}."
    return ""
