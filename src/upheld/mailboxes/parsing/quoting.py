"""What is new in an answer, apart from the history and the signature below it. Every line is looked at a fixed
number of times, whatever the text.

Where it is doubtful whether something is history, it stays visible: a sentence folded away is a sentence unread.
"""

import re
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits

_WRAPPED_LINES = 4
_LONGEST_LINE = 400

_OPENING = ("On ", "Am ", "Le ", "El ", "Op ", "Il ", "Em ", "Den ")
_WROTE = re.compile(r"\b(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu|skrev)\b[^:]{0,200}:$")
_WHEN = re.compile(r"[0-9]{1,2}[:.h][0-9]{2}|<[^<>]{3,200}>")
_ORIGINAL = re.compile(
    r"-{3,} ?(?:original message|original appointment|ursprüngliche nachricht|message d'origine|mensaje original"
    r"|oorspronkelijk bericht|messaggio originale) ?-{3,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:-{3,} ?)?(?:forwarded message|begin forwarded message:|weitergeleitete nachricht"
    r"|anfang der weitergeleiteten nachricht:|message transféré)(?: ?-{3,})?",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:from|von|de|van|da|från|fra) ?:", re.IGNORECASE)
_FURTHER = re.compile(
    r"(?:sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|para|asunto|verzonden|aan"
    r"|onderwerp|inviato|oggetto|skickat|till|ämne) ?:",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_-]{10,}")
_DEVICE = re.compile(
    r"(?:sent from my |sent from outlook|get outlook for |von meinem .{1,40} gesendet|gesendet von |envoyé de mon )",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Folded:
    new: str
    quoted: str


def fold(text: str, *, forwarded: bool = False) -> Folded:
    """Part a text into what is new, and what is history or signature. In a forwarded mail nothing is history."""
    lines = text.split("\n")
    if len(lines) > limits.LINES_FOLDED:
        return Folded(text.strip("\n"), "")
    bare = [line[:_LONGEST_LINE].strip().strip("*_").strip() for line in lines]
    end = len(lines) if forwarded else _above_rule(lines, _history(bare))
    old = [index >= end for index in range(len(lines))]
    if not forwarded:
        _mark_quotations(lines[:end], bare, old)
    _mark_signature(lines[:end], bare, old)
    new = _joined(lines, old, wanted=False)
    if not new:
        return Folded(text.strip("\n"), "")
    return Folded(new, _joined(lines, old, wanted=True))


def is_forward(subject: str) -> bool:
    """Whether a subject says that its sender passes on somebody else's mail."""
    return subject[:5].lower().startswith(("fw:", "fwd:", "wg:", "tr:"))


def _joined(lines: list[str], old: list[bool], *, wanted: bool) -> str:
    return "\n".join(line for line, is_old in zip(lines, old, strict=True) if is_old is wanted).strip("\n \t")


def _history(bare: list[str]) -> int:
    """Where the history begins that reaches to the end; the number of lines where there is none."""
    for index, line in enumerate(bare):
        if _FORWARDED.fullmatch(line):
            return len(bare)
        if _ORIGINAL.fullmatch(line):
            return index
        if _FROM.match(line) and _is_header_block(bare, index):
            return index
        length = _attribution(bare, index)
        if length and not _is_quotation(_next_line(bare, index + length)):
            return index
    return len(bare)


def _above_rule(lines: list[str], history: int) -> int:
    """Take the line of underscores that Outlook draws above the history along with it."""
    above = history - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    ruled = (
        history < len(lines)
        and above >= 0
        and len(lines[above]) < 200
        and _RULE.fullmatch(lines[above].strip())
    )
    return above if ruled else history


def _is_header_block(bare: list[str], start: int) -> bool:
    following = [line for line in bare[start + 1 : start + 10] if line][:5]
    return sum(1 for line in following if _FURTHER.match(line)) >= 2


def _attribution(bare: list[str], start: int) -> int:
    """How many lines from `start` make one sentence of the kind `On Monday at 10:12 Alice wrote:`; 0 for none."""
    if not bare[start].startswith(tuple(opening.strip() for opening in _OPENING)):
        return 0
    for length in range(1, _WRAPPED_LINES + 1):
        window = bare[start : start + length]
        if not all(window):
            return 0
        if window[-1].endswith(":"):
            sentence = " ".join(window)
            fits = sentence.startswith(_OPENING) and _WHEN.search(sentence) and _WROTE.search(sentence)
            return length if fits else 0
    return 0


def _next_line(bare: list[str], start: int) -> str:
    return next((line for line in bare[start : start + 5] if line), "")


def _is_quotation(line: str) -> bool:
    return line.startswith(">")


def _mark_quotations(lines: list[str], bare: list[str], old: list[bool]) -> None:
    """Fold a single quotation, above or below the answer. Where answers stand between the quotations, those are
    the questions: only a last one, with nothing below it, is folded."""
    blocks = _blocks(lines, bare)
    if len(blocks) > 1:
        below = any(
            bare[index] for index in range(blocks[-1][1], len(lines)) if not _DEVICE.match(bare[index])
        )
        blocks = [] if below else blocks[-1:]
    for start, end in blocks:
        for index in range(start, end):
            old[index] = True


def _blocks(lines: list[str], bare: list[str]) -> list[tuple[int, int]]:
    """The runs of quoted lines, blank lines between them included, with the sentence that introduces each."""
    blocks: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if not _is_quotation(line.lstrip()[:1]):
            continue
        if blocks and not any(bare[blocks[-1][1] : index]):
            blocks[-1] = (blocks[-1][0], index + 1)
        else:
            blocks.append((_introduction(bare, index), index + 1))
    return blocks


def _introduction(bare: list[str], quotation: int) -> int:
    last = quotation - 1
    if last >= 0 and not bare[last]:
        last -= 1
    for start in range(max(0, last - _WRAPPED_LINES + 1), last + 1):
        length = _attribution(bare, start)
        if length and start + length == last + 1:
            return start
    return last if last >= 0 and _WROTE.search(bare[last]) else quotation


def _mark_signature(lines: list[str], bare: list[str], old: list[bool]) -> None:
    signatures = [index for index, line in enumerate(lines) if line in ("-- ", "--") and not old[index]]
    if signatures:
        for index in range(signatures[-1], len(lines)):
            old[index] = True
    for index in range(len(lines) - 1, -1, -1):
        if bare[index] and not old[index]:
            old[index] = bool(_DEVICE.match(bare[index])) and len(bare[index]) < 80
            return
