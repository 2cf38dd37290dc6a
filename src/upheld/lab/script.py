"""The demo's stories as they are written in `stories/*.yaml`: what was said and done, and how long ago."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import Any

import yaml

from upheld.tickets.incoming import NewFile

FOLDER = resources.files("upheld.lab").joinpath("stories")
NAMES = ("closed", "overdue", "resolved", "waiting", "under_way", "due_soon", "new")
DEEDS = (
    *("reply", "customer", "third_party", "note", "assign", "priority", "set", "complaint"),
    *("problem", "has", "workaround", "broadcast", "waits_for"),
)
CONTENT_TYPES = {
    "csv": "text/csv",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
}
# A line this long was broken by hand; a shorter one ends where its author ended it.
_WRAPPED = 90


@dataclass(frozen=True, slots=True)
class Step:
    """One deed: its kind, what is said or set, who does it, when (see `upheld.lab.times`). `problem` opens one of this
    ticket, `has` names one that another story has opened."""

    deed: str
    value: str
    who: str
    when: str
    status: str | None = None
    reason: str = ""
    thanks: bool = False
    files: tuple[NewFile, ...] = ()
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a story shows that is special, for the tour."""

    title: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One ticket's story: the request, then the steps in their order. Who takes it first puts its tags on."""

    subject: str
    who: str
    when: str
    text: str
    html: str = ""
    channel: str = "email"
    priority: str | None = None
    cc: tuple[str, ...] = ()
    files: tuple[NewFile, ...] = ()
    product: str = ""
    reason: str = ""
    case: Case | None = None
    tags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=())


def scripts() -> Iterator[Script]:
    """Return all stories, those that began longest ago first."""
    for name in NAMES:
        text = FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8")
        for entry in yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # noqa: S506
            yield read_script(entry)


def read_script(entry: Mapping[str, Any]) -> Script:
    """Read one story as it is written."""
    who = entry["who"]
    return Script(
        subject=entry["subject"],
        who=who,
        when=entry["at"],
        text=unwrapped(entry["text"]),
        html=entry.get("html", ""),
        channel=entry.get("channel", "email"),
        priority=entry.get("priority"),
        cc=tuple(entry.get("cc", ())),
        files=_files(entry),
        product=entry.get("product", ""),
        reason=entry.get("reason", ""),
        case=_case(entry.get("case")),
        tags=tuple(entry.get("tags", ())),
        steps=tuple(_owned([_step(each, who) for each in entry.get("then", ())])),
    )


def _case(told: Mapping[str, str] | None) -> Case | None:
    return Case(told["title"], told["words"].strip()) if told else None


def _owned(steps: list[Step]) -> list[Step]:
    """Whoever answers first takes the ticket, unless the story says whose it is."""
    replies = [place for place, step in enumerate(steps) if step.deed == "reply"]
    if not replies or any(step.deed == "assign" for step in steps):
        return steps
    first = replies[0]
    answer = steps[first]
    taken = Step("assign", answer.who, answer.who, answer.when)
    return [*steps[:first], taken, replace(answer, when="+0m elapsed"), *steps[first + 1 :]]


def _step(entry: Mapping[str, Any], requester: str) -> Step:
    deed = next(each for each in DEEDS if each in entry)
    return Step(
        deed=deed,
        value=unwrapped(entry[deed]),
        who=entry.get("by") or entry.get("who") or requester,
        when=entry["at"],
        status=entry.get("set") if deed == "reply" else None,
        reason=entry.get("reason", ""),
        thanks=entry.get("thanks", False),
        files=_files(entry),
        reference=entry.get("reference", ""),
    )


def _files(entry: Mapping[str, Any]) -> tuple[NewFile, ...]:
    folder = FOLDER.joinpath("files")
    return tuple(
        NewFile(name, CONTENT_TYPES[name.rpartition(".")[2]], folder.joinpath(name).read_bytes())
        for name in entry.get("files", ())
    )


def unwrapped(text: str) -> str:
    """Return the text with the line breaks of its authors, without those of the file's margin."""
    lines: list[str] = []
    may_join = False
    for line in text.strip("\n").split("\n"):
        if may_join and line and not line.startswith((" ", "-")):
            lines[-1] += f" {line}"
        else:
            lines.append(line)
        may_join = len(line) >= _WRAPPED
    return "\n".join(lines)
