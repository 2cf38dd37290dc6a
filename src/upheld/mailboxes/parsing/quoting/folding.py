"""What is new in an answer, apart from the history and the signature around it. Every line is looked at a bounded
number of times, whatever the text.

Where it is doubtful whether something is history, it stays visible: a sentence folded away is a sentence unread.
"""

import re
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.html_roles import Role
from upheld.mailboxes.parsing.html_text import lines_of
from upheld.mailboxes.parsing.quoting import phrases
from upheld.mailboxes.parsing.quoting.bare import bare
from upheld.mailboxes.parsing.quoting.evidence import Evidence, evidence
from upheld.mailboxes.parsing.quoting.history import History, history
from upheld.mailboxes.parsing.quoting.quotations import mark_quotations
from upheld.mailboxes.parsing.quoting.signatures import mark_armour, mark_signature

_RULE = re.compile(r"[ _*=-]{5,200}")


@dataclass(frozen=True, slots=True)
class Folded:
    """The text of a mail in two: `new` is what its author wrote, `quoted` all the rest. No line is lost."""

    new: str
    quoted: str


def fold(text: str, markup: str = "", *, subject: str = "", answers: bool = True) -> Folded:
    """Part a text into what is new, and what is history or signature.

    `markup` is the HTML form of the same words, where there is one: its structure tells what words cannot. Where
    the mail `answers` nothing, only what a program introduced as a quotation counts as one. In a forwarded mail
    nothing is history.
    """
    lines = text.split("\n")
    if len(lines) > limits.LINES_FOLDED:
        return Folded(_tidy(lines), "")
    answers = answers or phrases.is_answering_subject(subject)
    bare_lines = [bare(line) for line in lines]
    known = evidence(lines, lines_of(markup) if markup else ())
    below = _history(bare_lines, known.roles, answers=answers)
    if phrases.is_forwarding_subject(subject, text):
        below = History(below.start, forwarded=True)
    old = _what_is_old(lines, bare_lines, known, below, answers=answers)
    new = _tidy(_kept(lines, old, wanted=False))
    return Folded(new, _tidy(_kept(lines, old, wanted=True))) if new else Folded(_tidy(lines), "")


def _history(bare_lines: list[str], roles: list[Role], *, answers: bool) -> History:
    """What reaches to the end, as words or the structure of the HTML say; whichever says it first."""
    said = history(bare_lines, answers=answers) or History(len(bare_lines))
    for index in range(said.start):
        if roles[index] is Role.HISTORY_BELOW:
            return History(index)
    return said


def _what_is_old(
    lines: list[str], bare_lines: list[str], known: Evidence, below: History, *, answers: bool
) -> list[bool]:
    top = _above_rule(lines, below.start)
    if below.forwarded and top == len(lines):
        # Where what is passed on begins is not known, so nobody knows whose signature it is that stands at the end.
        return [False] * top
    old = [False] * top
    mark_armour(bare_lines, old)
    if not below.forwarded:
        for index in range(top):
            old[index] = old[index] or known.roles[index] is Role.HISTORY
        mark_quotations(lines, bare_lines, known, old, answers=answers)
    mark_signature(lines, bare_lines, known, old)
    return old + [not below.forwarded] * (len(lines) - top)


def _above_rule(lines: list[str], start: int) -> int:
    """Take the line that some programs draw above the history along with it."""
    above = start - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    ruled = start < len(lines) and above >= 0 and _RULE.fullmatch(lines[above][:201].strip())
    return above if ruled else start


def _kept(lines: list[str], old: list[bool], *, wanted: bool) -> list[str]:
    """The lines that are old, or are not; where others stood between two of them, one blank line does."""
    kept: list[str] = []
    parted = False
    for line, is_old in zip(lines, old, strict=True):
        if is_old is not wanted:
            parted = True
        elif not parted:
            kept.append(line)
        elif line.strip():
            while kept and not kept[-1].strip():
                kept.pop()
            kept += ["", line]
            parted = False
    return kept


def _tidy(lines: list[str]) -> str:
    """The lines without spaces at their ends, and without blank ones around them. Some programs indent the first
    line alone."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    first, _, rest = text.partition("\n")
    return text if rest.lstrip("\n")[:1] in (" ", "\t") else text[len(first) - len(first.lstrip()) :]
