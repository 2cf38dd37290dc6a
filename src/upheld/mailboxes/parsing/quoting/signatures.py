"""The signature at the end of what is new. A greeting without a mark is the author's words and stays."""

from upheld.mailboxes.parsing.html_roles import Role
from upheld.mailboxes.parsing.quoting.bare import letters
from upheld.mailboxes.parsing.quoting.evidence import Evidence
from upheld.mailboxes.parsing.quoting.phrases import is_device_line

_LONGEST = 40
_LONGEST_WITHOUT_SPACE = 12
_DEVICE_LINES = 3
_SIGNED, _SIGNATURE, _SIGNATURE_END = (
    f"-----{mark}-----" for mark in ("BEGIN PGP SIGNED MESSAGE", "BEGIN PGP SIGNATURE", "END PGP SIGNATURE")
)
_ARMOUR_LINES = 6


def mark_signature(lines: list[str], bare_lines: list[str], known: Evidence, old: list[bool]) -> None:
    """Mark what is signature at the end of each stretch of new lines."""
    end = len(old)
    while end > 0:
        if old[end - 1]:
            end -= 1
            continue
        start = end
        while start > 0 and not old[start - 1]:
            start -= 1
        _mark(old, above_signature(lines, bare_lines, known, start, end), end)
        end = start
    _mark_elements(lines, bare_lines, known.roles, old)


def mark_armour(bare_lines: list[str], old: list[bool]) -> None:
    """Mark what stands around a text that is signed with PGP within itself."""
    begin = _line_of(_SIGNED, bare_lines, 0, len(old))
    signature = _line_of(_SIGNATURE, bare_lines, begin, len(old)) if begin >= 0 else -1
    end = _line_of(_SIGNATURE_END, bare_lines, signature, len(old)) if signature >= 0 else -1
    text = _line_of("", bare_lines, begin, min(begin + _ARMOUR_LINES, signature)) if end >= 0 else -1
    if text >= 0:
        _mark(old, begin, text + 1)
        _mark(old, signature, end + 1)


def _line_of(line: str, bare_lines: list[str], start: int, end: int) -> int:
    return next((index for index in range(start, end) if bare_lines[index] == line), -1)


def above_signature(lines: list[str], bare_lines: list[str], known: Evidence, start: int, end: int) -> int:
    """Where the signature begins that ends this stretch of lines; `end` where there is none."""
    end = _above_letters(lines, known.signature, start, end)
    for index in range(max(start, end - _LONGEST), end):
        if _is_delimiter(lines, bare_lines, index, end):
            end = index
            break
    above = end
    for _ in range(_DEVICE_LINES):
        last = _last_said(bare_lines, start, above)
        if last < 0 or not is_device_line(bare_lines[last]):
            break
        above = last
    last = _last_said(bare_lines, start, above)
    return last if above < end and last >= 0 and lines[last].strip() == "--" else above


def _last_said(bare_lines: list[str], start: int, end: int) -> int:
    return next((index for index in range(end - 1, start - 1, -1) if bare_lines[index]), -1)


def _above_letters(lines: list[str], signature: str, start: int, end: int) -> int:
    """Where the lines begin that end with the letters of a signature, and hold no others; `end` if they do not."""
    rest, index = signature, end
    while rest and index > start:
        index -= 1
        said = letters(lines[index])
        if not rest.endswith(said):
            return end
        rest = rest[: len(rest) - len(said)]
    return end if rest else index


def _is_delimiter(lines: list[str], bare_lines: list[str], index: int, end: int) -> bool:
    """Whether a line is the two dashes above a signature. Without the space behind them, which programs lose, they
    may part a letter as well; then what stands below has to look like a name."""
    dashes = lines[index].replace("\u00a0", " ")
    if dashes == "-- ":
        return True
    if dashes.strip() != "--" or end - index > _LONGEST_WITHOUT_SPACE:
        return False
    below = next((line for line in bare_lines[index + 1 : end] if line), "")
    return len(below) <= 60 and not below.endswith((".", "?", "!", ",", ":", ";"))


def _mark_elements(lines: list[str], bare_lines: list[str], roles: list[Role], old: list[bool]) -> None:
    """Mark what the mail's HTML says is a signature, the dashes above it included."""
    index = 0
    while index < len(old):
        if roles[index] is not Role.SIGNATURE:
            index += 1
            continue
        start = index
        while index < len(old) and (roles[index] is Role.SIGNATURE or not bare_lines[index]):
            index += 1
        if index - start > _LONGEST:
            continue
        above = start - 1
        while above >= 0 and not bare_lines[above]:
            above -= 1
        _mark(old, above if above >= 0 and lines[above].strip() == "--" else start, index)


def _mark(old: list[bool], start: int, end: int) -> None:
    for index in range(start, end):
        old[index] = True
