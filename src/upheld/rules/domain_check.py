"""What our own mail server found out about a sender's domain: passed, failed, or nothing that is known.

It says so in Authentication-Results headers (RFC 8601). Anybody can write such a header, so only those count that
carry the name under which that server is known to us, and of these the topmost only: it was added last, by the server
next to us. All others are claims.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

_DOMAIN_LENGTH = 253
# No server has so much to say; what stands behind is not looked at.
_LENGTH = 10_000
_FAILED = frozenset({"fail", "hardfail"})


class DomainCheck(StrEnum):
    passed = "passed"
    failed = "failed"
    unknown = "unknown"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a header, or one of the signs `;` and `=`. What stood in quotes is never a name or a sign."""

    text: str
    quoted: bool = False
    sign: bool = False


@dataclass(frozen=True, slots=True)
class _Result:
    """What one method found: `spf=pass smtp.mailfrom=...`."""

    method: str
    result: str
    properties: dict[str, str]


def check_domain(results: Sequence[str], checked_by: str, sender: str) -> DomainCheck:
    """Return what is known of the domain of `sender`, from Authentication-Results values, the topmost first.

    `checked_by` is the name of the server that is believed; where it is empty, nobody is.
    """
    name, domain = checked_by.strip().lower(), _domain_of(sender)
    if not name or not domain:
        return DomainCheck.unknown
    believed = (statements for value in results if (statements := _by(name, value[:_LENGTH])) is not None)
    found = next(believed, None)
    return _conclude([_result(words) for words in found], domain) if found else DomainCheck.unknown


def _conclude(results: Sequence[_Result | None], domain: str) -> DomainCheck:
    known = [result for result in results if result is not None]
    dmarc = {each.result for each in known if each.method == "dmarc" and _is_about(each, domain)}
    if "fail" in dmarc:
        return DomainCheck.failed
    if "pass" in dmarc or any(_vouches(each, domain) for each in known):
        return DomainCheck.passed
    signatures = {each.result for each in known if each.method == "dkim"}
    paths = {each.result for each in known if each.method == "spf"}
    if signatures and paths and signatures <= _FAILED and paths <= _FAILED:
        return DomainCheck.failed
    return DomainCheck.unknown


def _is_about(result: _Result, domain: str) -> bool:
    """Whether a result of DMARC is about the sender that we see, and not about another From line."""
    named = result.properties.get("header.from")
    return named is None or _covers(_domain_of(named), domain)


def _vouches(result: _Result, domain: str) -> bool:
    """Whether a signature or a path that passed belongs to the sender's domain or to one above it."""
    if result.result != "pass":
        return False
    said = result.properties
    match result.method:
        case "dkim":
            return _covers(_domain_of(said.get("header.d") or said.get("header.i") or ""), domain)
        case "spf":
            return _covers(_domain_of(said.get("smtp.mailfrom") or ""), domain)
        case _:
            return False


def _covers(above: str, domain: str) -> bool:
    """Whether `above` is the domain or a parent of it; a top-level domain speaks for nobody below."""
    return "." in above and (domain == above or domain.endswith(f".{above}"))


def _domain_of(text: str) -> str:
    """Return the domain of an address, or of a bare domain, in lower case and ASCII; empty for what is none."""
    domain = text.rpartition("@")[2].strip().strip(".").lower()
    if not domain or len(domain) > _DOMAIN_LENGTH:
        return ""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return ""


def _by(name: str, value: str) -> list[list[_Word]] | None:
    """Return the statements of a header that the server `name` wrote, or None for anybody else's."""
    statements = list(_statements(value))
    author = statements[0]
    # Name and, perhaps, a version; a header that begins with a result carries no name at all.
    if not author or any(word.sign for word in author) or len(author) > 2:
        return None
    return statements[1:] if author[0].text.lower() == name else None


def _result(words: Sequence[_Word]) -> _Result | None:
    """Read `method[/version] = result` and the properties behind it; spaces may stand anywhere between."""
    pairs = list(_pairs(words))
    if not pairs:
        return None
    method, result = pairs[0]
    properties: dict[str, str] = {}
    for key, value in pairs[1:]:
        properties.setdefault(key, value.text)
    return _Result(method.partition("/")[0], "" if result.quoted else result.text.lower(), properties)


def _pairs(words: Sequence[_Word]) -> Iterator[tuple[str, _Word]]:
    """Yield key and value; what stands between a value and the next sign is the next key, however it is spaced."""
    key: list[_Word] = []
    awaits_value = False
    for word in words:
        if word.sign:
            awaits_value = True
        elif awaits_value:
            yield _key(key), word
            key, awaits_value = [], False
        else:
            key.append(word)


def _key(words: Sequence[_Word]) -> str:
    return "" if any(word.quoted for word in words) else "".join(word.text for word in words).lower()


def _statements(value: str) -> Iterator[list[_Word]]:
    """Yield the words between semicolons; the first statement names the server."""
    statement: list[_Word] = []
    for word in _words(value):
        if word.sign and word.text == ";":
            yield statement
            statement = []
        else:
            statement.append(word)
    yield statement


def _words(value: str) -> Iterator[_Word]:
    """Yield words and signs. Comments separate; whatever is not closed reaches to the end."""
    text: list[str] = []
    quoted = in_quotes = escaped = False
    depth = 0
    for char in value:
        if escaped:
            escaped = False
            if in_quotes:
                text.append(char)
        elif char == "\\" and (in_quotes or depth):
            escaped = True
        elif in_quotes:
            in_quotes = char != '"'
            if in_quotes:
                text.append(char)
        elif depth:
            depth += {"(": 1, ")": -1}.get(char, 0)
        elif char == '"':
            in_quotes = quoted = True
        elif char == "(" or char.isspace() or char in ";=":
            if text or quoted:
                yield _Word("".join(text), quoted)
                text, quoted = [], False
            depth = 1 if char == "(" else 0
            if char in ";=":
                yield _Word(char, sign=True)
        else:
            text.append(char)
    if text or quoted:
        yield _Word("".join(text), quoted)
