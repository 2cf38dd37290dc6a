"""What blocks are called in sentences, and the most important of them in a few words."""

from typing import Any

import yaml

from upheld.policy.comparison.keys import METRICS, Key
from upheld.policy.comparison.saying import listed, quoted
from upheld.policy.comparison.side import Side
from upheld.policy.document import (
    ExamplePart,
    HolidaysPart,
    LadderPart,
    ObjectivePart,
    Part,
    PathLevelPart,
    RungPart,
    StatusPart,
)

_ID: dict[type, str] = {ExamplePart: "name", PathLevelPart: "role"}
_TELLING = ("meaning", "address", "instead", "reason")


def identity(part: Part) -> str:
    """Return what makes a block the same block in both documents."""
    if isinstance(part, HolidaysPart):
        return f"{part.country} {part.subdivision or ''}"
    if isinstance(part, ObjectivePart):
        return f"{sorted(part.metrics)} {part.period}"
    return str(getattr(part, _ID.get(type(part), "id")))


def content(part: Part) -> dict[str, Any]:
    """Return what a block says, without what makes it the same block."""
    own = _ID.get(type(part), "id")
    return {name: getattr(part, name) for name in type(part).model_fields if name != own}


def called(side: Side, key: Key, part: Part) -> str:
    """Return what a block of a list is called in a sentence."""
    name = short_name(side, part)
    if isinstance(part, ObjectivePart):
        return f"the objective for {name}"
    return f"the {key.item} {quoted(name) if ' ' in name else name}"


def short_name(side: Side, part: Part) -> str:
    """Return the name of a block alone."""
    if isinstance(part, ObjectivePart):
        return f"{listed([METRICS[each] for each in part.metrics])} in a {part.period}"
    if isinstance(part, PathLevelPart):
        return side.label("roles", part.role)
    return str(getattr(part, "label", "") or identity(part))


def summary(side: Side, part: Part) -> str:
    """Return the most important of a new block in a few words."""
    if isinstance(part, StatusPart):
        return f"{part.category}, and {_clocks(part)}"
    if isinstance(part, ObjectivePart):
        return f"{part.percent} %"
    if isinstance(part, LadderPart):
        return "; ".join(rung_text(side, each) for each in part.steps)
    texts = (getattr(part, name, "") for name in _TELLING)
    return next((quoted(each) for each in texts if each), "")


def _clocks(part: StatusPart) -> str:
    if part.clocks in ("all", "none") or not part.clocks:
        return "all clocks run in it" if part.clocks == "all" else "no clock runs in it"
    return f"only the clocks of {listed([METRICS[each] for each in part.clocks])} run in it"


def rung_text(side: Side, part: RungPart) -> str:
    """Return a step of a ladder in words."""
    return f"{when_text(part)}, {told_text(side, part)}"


def told_text(side: Side, part: RungPart) -> str:
    """Return whom a step of a ladder tells."""
    roles = listed([side.label("roles", role) for role in part.tell])
    return f"{roles} {'are' if len(part.tell) > 1 else 'is'} {'paged' if part.page else 'told'}"


def when_text(part: RungPart) -> str:
    """Return when a step of a ladder comes."""
    return part.after if part.after == "at once" else f"after {part.after}"


def block_text(part: Part) -> str:
    """Return a block as a document writes it."""
    data = part.model_dump(mode="json", exclude_defaults=True)
    text: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    return text.rstrip()
