"""What a document says about itself: what it assumes, and what it accepts."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from upheld.policy.blocks import blocks
from upheld.policy.codes import CODES, Kind
from upheld.policy.document import Document, Part
from upheld.policy.problems import Accepted, Assumption, Problem
from upheld.policy.reading import Path, Reading, path_text
from upheld.policy.remarks import Remark


class Settled(NamedTuple):
    """Findings that stay, and those that the document accepts."""

    findings: list[Problem]
    accepted: list[Accepted]


def assumptions(document: Document, reading: Reading) -> Iterator[Assumption]:
    """Yield every block that is marked as assumed, with its reason or that of the assumed block around it."""
    parts = dict(blocks(document))
    for path, _, note in _assumed(document):
        yield Assumption(*reading.place(path), reading.told(path), _what(path, parts, reading), note)


def unreasoned(document: Document) -> Iterator[Remark]:
    """Yield blocks that are assumed without a reason."""
    for path, part, note in _assumed(document):
        if not note:
            said = f"{_called(path, part)!r} is assumed, and nobody says why"
            yield Remark("assumed-without-reason", path, said, "say it: `note:`")


def settle(document: Document, reading: Reading, remarks: Iterable[Remark], skipped: set[str]) -> Settled:
    """Take out what the document accepts. `skipped` are the codes that were not looked for this time."""
    accepts = {path: part.accept for path, part in blocks(document) if part.accept}
    used: set[tuple[Path, str]] = set()
    settled = Settled([], [])
    for remark in remarks:
        problem = reading.problem(*remark)
        place = _accepted_at(remark, accepts)
        if place is None:
            settled.findings.append(problem)
        else:
            used.add((place, remark.code))
            settled.accepted.append(Accepted(problem, accepts[place][remark.code]))
    vain = _in_vain(accepts, used, skipped)
    settled.findings.extend(reading.problem(*remark) for remark in vain)
    return settled


def _assumed(document: Document) -> Iterator[tuple[Path, Part, str]]:
    noted: dict[Path, str] = {}
    for path, part in blocks(document):
        if part.assumed:
            around = (noted[path[:length]] for length in range(len(path), -1, -1) if path[:length] in noted)
            noted[path] = part.note or next(around, "")
            yield path, part, noted[path]


def _what(path: Path, parts: dict[Path, Part], reading: Reading) -> str:
    """Return a path in which items are named by their ids: `statuses.open.after[2]`."""
    if reading.written(path) != path:
        return reading.told(path)
    ids = [getattr(parts.get(path[:length]), "id", None) for length in range(1, len(path) + 1)]
    return path_text(tuple(id or step for step, id in zip(path, ids, strict=True))) or "the document"


def _called(path: Path, part: Part) -> str:
    named = getattr(part, "id", None) or getattr(part, "label", None) or getattr(part, "name", None)
    return str(named or next((step for step in reversed(path) if isinstance(step, str)), "the document"))


def _accepted_at(remark: Remark, accepts: dict[Path, dict[str, str]]) -> Path | None:
    around = (remark.path[:length] for length in range(len(remark.path), -1, -1))
    return next((path for path in around if accepts.get(path, {}).get(remark.code, "").strip()), None)


def _in_vain(
    accepts: dict[Path, dict[str, str]], used: set[tuple[Path, str]], skipped: set[str]
) -> Iterator[Remark]:
    for path, codes in accepts.items():
        for code, reason in codes.items():
            if (path, code) not in used and not (code in skipped and reason.strip()):
                said, remedy = _why(code, reason)
                yield Remark("accepted-in-vain", (*path, "accept", code), said, remedy)


def _why(code: str, reason: str) -> tuple[str, str]:
    known = CODES.get(code)
    if known is None:
        near = get_close_matches(code, CODES, n=1)
        return f"there is no finding {code!r}", f"did you mean {near[0]!r}?" if near else "leave it out"
    if known.kind is not Kind.finding:
        is_problem = known.kind is Kind.problem
        return f"{code!r} cannot be accepted", "mend it" if is_problem else "leave it out: it is no fault"
    if not reason.strip():
        return f"{code!r} is accepted without a reason", "say why it is meant"
    return f"there is no {code!r} here to accept", "leave it out, or move it to the block where it is found"
