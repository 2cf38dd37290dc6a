"""Quotations behind `>`: which are history, and which an author chose in order to answer them."""

from dataclasses import dataclass

from upheld.mailboxes.parsing.html_roles import Role
from upheld.mailboxes.parsing.quoting.evidence import Evidence
from upheld.mailboxes.parsing.quoting.introductions import introduction_ending, loose_introduction_ending
from upheld.mailboxes.parsing.quoting.signatures import above_signature

_INTRODUCES = frozenset([Role.INTRODUCTION, Role.INTRODUCTION_ABOVE])


@dataclass(slots=True)
class _Quotation:
    """Quoted lines on end, with the sentence that introduces them. `introduced` says whether there is one that a
    program writes, or the author's own: `The screen says:`."""

    start: int
    end: int
    introduced: bool
    chosen: bool = False


def mark_quotations(
    lines: list[str], bare_lines: list[str], known: Evidence, old: list[bool], *, answers: bool
) -> None:
    """Mark a single quotation, above or below the answer. Where answers stand between quotations, those are the
    questions: only a last one, with nothing but a signature below it, is history."""
    found = _quotations(bare_lines[: len(old)], known.roles)
    if not found:
        return
    first, last = found[0], found[-1]
    end = above_signature(lines, bare_lines, known, last.end, len(old))
    below = any(bare_lines[index] and not old[index] for index in range(last.end, end))
    if len(found) > 1 and below:
        return
    above = any(bare_lines[: first.start])
    if not last.introduced and (last.chosen or not answers or (above and below)):
        return
    for index in range(last.start, last.end):
        old[index] = True


def _quotations(bare_lines: list[str], roles: list[Role]) -> list[_Quotation]:
    found: list[_Quotation] = []
    for index, line in enumerate(bare_lines):
        if not line.startswith(">"):
            continue
        if found and not any(bare_lines[found[-1].end : index]):
            found[-1].end = index + 1
            continue
        quotation = _introduced(bare_lines, roles, index)
        if found and not any(bare_lines[found[-1].end : quotation.start]):
            # Only the sentence that introduces it stands between the two: one history of several mails.
            found[-1].end = index + 1
        else:
            found.append(quotation)
    return found


def _introduced(bare_lines: list[str], roles: list[Role], index: int) -> _Quotation:
    last = index - 1
    for _ in range(2):
        if last >= 0 and not bare_lines[last]:
            last -= 1
    start = last
    while start >= 0 and (roles[start] in _INTRODUCES):
        start -= 1
    if start < last:
        return _Quotation(start + 1, index + 1, introduced=True)
    start = loose_introduction_ending(bare_lines, last)
    if start >= 0:
        return _Quotation(start, index + 1, introduced=True)
    inside = next(
        (at for at in range(index, min(index + 4, len(bare_lines))) if _ends_inside(bare_lines, at)), -1
    )
    chosen = last == index - 1 and last >= 0 and bare_lines[last].endswith(":")
    return _Quotation(index, index + 1, introduced=inside >= 0, chosen=chosen)


def _ends_inside(bare_lines: list[str], at: int) -> bool:
    """Whether the sentence that introduces a quotation ends here, as some programs put it inside."""
    return (
        bare_lines[at].startswith(">")
        and introduction_ending(
            [line.lstrip("> ") for line in bare_lines[max(0, at - 3) : at + 1]], min(3, at)
        )
        >= 0
    )
