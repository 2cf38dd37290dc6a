"""The sentence above a quotation: `On Tue, 3 Mar 2026 at 09:12, Bob <bob@x.example> wrote:`, in many languages.

Programs break it over several lines and put commas, dots and names of any kind into it. So it is recognised by what
it holds - a verb in its place, a date, a time or an address - and not by one pattern for each program.
"""

import re

from upheld.mailboxes.parsing.quoting.bare import LONGEST

LONGEST_IN_LINES = 4


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# `... Bob wrote:`
_VERB_LAST = re.compile(
    r"\b(?:wrote|writes|a écrit|écrit|escribió|ha escrito|ha scritto|scrive|escreveu"
    r"|geschrieben|geschreven|schrieb|schreef|skrev(?: følgende| följande)?|kirjoitti|napisał(?:a|\(a\))?|pisze"
    r"|napsal(?:a|\(a\))?|a scris|(?:şunu |şunları )?yazdı|ezt írta|написал(?:а|\(а\))?|пише|пишет|写道) ?:$",
    re.IGNORECASE,
)
# `Am ... schrieb Bob:`
_VERB_BEFORE_NAME = re.compile(r"\b(?:schrieb|schreef|skrev) [^ ]", re.IGNORECASE)
# `Bob escreveu no dia terça, 3/03/2026 à(s) 09:12:`
_VERB_BEFORE_DATE = re.compile(
    r"\b(?:wrote|schrieb|schreef|a écrit|escribió|ha scritto|escreveu|skrev|kirjoitti|napisał(?:a|\(a\))?)"
    r" (?P<rest>[^<>@]{6,80}):$",
    re.IGNORECASE,
)
_NAMED_FIRST = re.compile(r"(?:quoting|zitat von|citando|wiadomość napisana przez) .{1,400}:$", re.IGNORECASE)
_DATE = re.compile(
    r"(?<![0-9])(?:(?:19|20)[0-9]{2}|[0-9]{1,2} ?[./-] ?[0-9]{1,2} ?[./-] ?[0-9]{2,4})(?![0-9])"
)
_TIME = re.compile(r"(?<![0-9])[0-9]{1,2}(?:(?: ?[:h] ?|\.)[0-9]{2}(?![0-9])| ?[ap]\.? ?m\b)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]")
_NAMED_BY_A_PROGRAM = re.compile(r"[<(\[] ?[^<>()\s]{1,300}@")
_BEGINNING = re.compile(
    r"(?:on|in a message dated|am|le|el|op|il|em|en|às|no|den|dne|w|dnia|pe) (?:[^\s0-9]{1,20} ){0,4}\(?[0-9]",
    re.IGNORECASE,
)
# In a letter somebody tells who wrote: `On 3 March 2026 at 9:12 I wrote:`. No program writes these words.
_VERBS = _words(
    "wrote writes schrieb geschrieben écrit escribió escrito scritto escreveu schreef geschreven skrev kirjoitti"
)
_TELLERS = _words(
    "I we you he she they Ich ich wir Sie ihr Ihr er sie mir uns Ihnen Ihre ihre mein meine unser je nous vous il "
    "elle ils elles m' me yo nosotros usted ustedes él ella ellos nos ik wij u jij hij zij ons mij io noi voi lui "
    "lei eu você vocês ele ela jeg vi jag han hun hon minä the der die das ein eine einer"
)


def introduction_ending(bare_lines: list[str], last: int) -> int:
    """Where the introduction begins whose last line is `last`; -1 where there is none that a program writes.

    A sentence with a verb, a date, and a time or an address counts, whatever stands below it.
    """
    start = _shortest(bare_lines, last, strict=True)
    return start if start < 0 else _beginning(bare_lines, start, last)


def loose_introduction_ending(bare_lines: list[str], last: int) -> int:
    """The same straight above a quotation, which is evidence enough for less: `Bob wrote:`."""
    strict = introduction_ending(bare_lines, last)
    return strict if strict >= 0 else _shortest(bare_lines, last, strict=False)


def begins_with_introduction(line: str) -> bool:
    """Whether a line holds a whole introduction and then, as some telephones write it, the older mail itself."""
    address = line.find(">")
    end = line.find(":", address, address + 30)
    sentence = line[: end + 1]
    return 0 < address < end and has_address(sentence) and is_introduction(sentence)


def is_certain(lines: list[str], *, apart: bool) -> bool:
    """Whether an introduction is one whatever stands below it: it names its author with an address, or begins as
    programs begin it and stands `apart` from the lines above."""
    sentence = _sentence(lines)
    return has_address(sentence) or (apart and bool(_BEGINNING.match(sentence)))


def has_address(sentence: str) -> bool:
    """Whether a sentence names somebody with an address as programs do: `Bob <bob@x.example>`."""
    return bool(_NAMED_BY_A_PROGRAM.search(sentence))


def is_introduction(sentence: str) -> bool:
    """Whether a sentence is one that a program writes above an older mail."""
    date = _DATE.search(sentence)
    if not date or not (_ADDRESS.search(sentence) or _TIME.search(_DATE.sub(" ", sentence))):
        return False
    if _NAMED_FIRST.match(sentence):
        return True
    if _is_told(sentence):
        return False
    if _VERB_LAST.search(sentence) or _VERB_BEFORE_NAME.search(sentence, date.end()):
        return True
    before_date = _VERB_BEFORE_DATE.search(sentence)
    return bool(before_date and _DATE.search(before_date["rest"]))


def _may_introduce(sentence: str) -> bool:
    if _is_told(sentence):
        return False
    if _NAMED_FIRST.match(sentence) or _VERB_LAST.search(sentence):
        return True
    # In a language that is not known here.
    return bool(_DATE.search(sentence) and _ADDRESS.search(sentence))


def _shortest(bare_lines: list[str], last: int, *, strict: bool) -> int:
    """Where the shortest sentence begins that fits and ends with the line `last`."""
    if last < 0 or not bare_lines[last].endswith((":", "--")):
        return -1
    for start in range(last, max(-1, last - LONGEST_IN_LINES), -1):
        line = bare_lines[start]
        if not line or (start < last and not _goes_on(line, bare_lines[start + 1])):
            return -1
        sentence = _sentence(bare_lines[start : last + 1])
        if sentence.count("<") != sentence.count(">"):
            continue
        if is_introduction(sentence) if strict else _may_introduce(sentence):
            return start
    return -1


def _beginning(bare_lines: list[str], start: int, last: int) -> int:
    """Where a sentence begins that was broken over lines, of which those from `start` would do."""
    top = start
    while not _BEGINNING.match(bare_lines[top]):
        top -= 1
        if (
            top < 0
            or top <= last - LONGEST_IN_LINES
            or not bare_lines[top]
            or not _goes_on(bare_lines[top], "")
        ):
            break
    else:
        return top
    # A paragraph of its own, broken for its length, is the sentence; what joins other words is not.
    return top + 1 if top < 0 or not bare_lines[top] else start


def _sentence(lines: list[str]) -> str:
    """The lines as one sentence that ends with a colon: `---- On ... Bob wrote ----` is one, too."""
    sentence = " ".join(lines)[: 2 * LONGEST].lstrip("> ")
    ruled = sentence.startswith("--") and sentence.endswith("--")
    return f"{sentence.strip('- ')}:" if ruled else sentence


def _goes_on(line: str, below: str) -> bool:
    """Whether a line looks as if it had been broken for its length, in the midst of a sentence."""
    if below.startswith("<") or line.endswith(("<", "(")):
        return True
    if line.endswith((":", ";", "!", "?")):
        return False
    return bool(_BEGINNING.match(line)) or (len(line) >= 35 and not line.endswith("."))


def _is_told(sentence: str) -> bool:
    """Whether the one who wrote is spoken of as in a letter."""
    if has_address(sentence):
        return False
    words = sentence.replace("'", "' ").rstrip(": ").split(" ")
    for index, word in enumerate(words):
        if word.lower() in _VERBS:
            near = {*words[max(0, index - 2) : index], *words[index + 1 : index + 2]}
            if near & _TELLERS:
                return True
    return False
