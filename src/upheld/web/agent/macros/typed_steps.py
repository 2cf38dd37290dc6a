"""The form of a macro, read into steps and filled from them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

Step = Mapping[str, Any]
_FIELD = "field-"


def read_steps(given: QueryDict) -> list[dict[str, Any]]:
    """Return what was chosen as steps; what was left empty is none."""
    typed = {name: _plain(given.get(name, "")) for name in given}
    steps: list[dict[str, Any]] = [
        {"do": kind, "to": tags} for kind in ("tag", "untag") if (tags := _tags(typed.get(kind, "")))
    ]
    steps += [
        {"do": "field", "key": name.removeprefix(_FIELD), "to": value}
        for name, value in typed.items()
        if name.startswith(_FIELD) and value.strip()
    ]
    if assignee := typed.get("assign", ""):
        steps.append({"do": "assign", "to": {"nobody": None, "me": "me"}.get(assignee, _number(assignee))})
    if team := typed.get("team", ""):
        steps.append(
            {"do": "team", "to": _number(team), "reason": typed.get("team_reason", "").strip()[:500]}
        )
    if priority := typed.get("priority", ""):
        steps.append(
            {"do": "priority", "to": priority[:80], "reason": typed.get("priority_reason", "").strip()[:500]}
        )
    if typed.get("note", "").strip():
        steps.append({"do": "note", "to": typed["note"]})
    if status := typed.get("status", ""):
        steps.append({"do": "status", "to": status[:80]})
    if typed.get("reply", "").strip():
        steps.append({"do": "reply", "to": typed["reply"]})
    return steps


def form_values(steps: Sequence[Step]) -> dict[str, str]:
    """Return what the form shows for steps."""
    values: dict[str, str] = {}
    for step in steps:
        kind, value = step["do"], step.get("to")
        if kind in ("tag", "untag"):
            values[kind] = ", ".join(value or ())
        elif kind == "field":
            values[f"{_FIELD}{step.get('key')}"] = str(value)
        elif kind == "assign":
            values[kind] = "nobody" if value is None else str(value)
        else:
            values[kind] = str(value)
        if step.get("reason"):
            values[f"{kind}_reason"] = str(step["reason"])
    return values


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "")


def _tags(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()][:20]


def _number(text: str) -> int:
    """An id as it was chosen; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
