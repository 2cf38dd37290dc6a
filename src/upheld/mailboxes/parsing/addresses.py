"""Addresses: the one canonical sender of a mail, and those whom it names."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.cleaning import clean_line
from upheld.mailboxes.parsing.headers import Headers
from upheld.mailboxes.parsing.words import decode_words

_LOCAL = r"[^\s\x00-\x20\x7f-\xa0\"(),:;<>@\[\]\\]{1,64}"
_DOMAIN = r"[^\s\x00-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\xa0]{1,253}"
_ADDRESS = re.compile(rf"{_LOCAL}@{_DOMAIN}")
# A quote that never ends reaches to the end, so that no quote is walked twice.
_TOKEN = re.compile(r'"(?:[^"\\]+|\\.?)*"?|[^"()<>,;:\\]+|.', re.DOTALL)
_LOOKS_LIKE_ADDRESS = re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\"]")


@dataclass(frozen=True, slots=True)
class Sender:
    address: str
    name: str
    doubt: str = ""


def normal(address: str) -> str:
    """Return an address in lower case where it is one of the ordinary form, else nothing."""
    address = unicodedata.normalize("NFC", address.strip()).lower()
    if len(address) > limits.ADDRESS or not _ADDRESS.fullmatch(address):
        return ""
    # Some programs read an encoded word even here, and see somebody else.
    if "=?" in address:
        return ""
    local, _, domain = address.rpartition("@")
    labels = domain.split(".")
    if ".." in local or not all(label and label[0] != "-" != label[-1] for label in labels):
        return ""
    return address if address.isprintable() else ""


def sender(values: list[str]) -> Sender:
    """Return the one who wrote, from all From headers; with a doubt where two readers could see two people."""
    if not values:
        return Sender("", "", "it has no From")
    found = _one(values[0])
    if len(values) > 1:
        return Sender(found.address, found.name, "it has more than one From")
    return found


def sender_of(headers: Headers) -> Sender:
    """Return the one who wrote a mail; with a doubt where a further From may stand where nobody looked."""
    found = sender(headers.all("from", limits.SENDER_HEADER + 1))
    if headers.cut and not found.doubt:
        return Sender(found.address, found.name, "its head is too long to be read in full")
    return found


def _one(value: str) -> Sender:
    if len(value) > limits.SENDER_HEADER:
        return Sender("", "", "its From is too long")
    if not value.replace("\t", " ").isprintable():
        return Sender("", "", "its From holds control characters")
    tokens = _TOKEN.findall(value)
    address, name = _address_and_name(tokens)
    name = clean_line(decode_words(name), limits.NAME)
    return Sender(address, name, _doubt(tokens, address, name))


def _address_and_name(tokens: list[str]) -> tuple[str, str]:
    if "<" not in tokens:
        return _first_address(tokens), ""
    at = tokens.index("<")
    phrase = [_unquoted(token) for token in tokens[:at]]
    return normal("".join(tokens[at + 1 : at + 2])), "".join(phrase).strip()


def _first_address(tokens: list[str]) -> str:
    return next((found for token in tokens if (found := normal(token))), "")


def _unquoted(token: str) -> str:
    if len(token) > 1 and token[0] == token[-1] == '"':
        return re.sub(r"\\(.)", r"\1", token[1:-1])
    return token


def _doubt(tokens: list[str], address: str, name: str) -> str:
    if not address:
        return "its From holds no ordinary address"
    if "(" in tokens or ")" in tokens:
        return "its From holds a comment"
    if {",", ";", ":"} & set(tokens):
        return "its From names more than one mailbox"
    if "<" not in tokens:
        return "" if len(tokens) == 1 else "its From is not of the ordinary form"
    return _doubt_about_phrase(tokens, address, name)


def _doubt_about_phrase(tokens: list[str], address: str, name: str) -> str:
    at = tokens.index("<")
    if tokens[at + 2 : at + 3] != [">"] or any(token.strip() for token in tokens[at + 3 :]):
        return "its From is not of the ordinary form"
    phrase = "".join(tokens[:at]).strip().lower()
    if phrase != address and any("@" in token for token in tokens[:at] if token[0] != '"'):
        return "its From holds a second address without quotes"
    # Wide and small forms of @ look like one to a reader.
    shown = unicodedata.normalize("NFKC", name).lower()
    if _LOOKS_LIKE_ADDRESS.search(shown) and shown.strip("<> '") != address:
        return "its display name is an address"
    return ""


def named(values: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses that the values of a header name, once each, as many as the limit allows."""
    found: dict[str, None] = {}
    for value in values:
        for piece in _pieces(value[: limits.ADDRESS_HEADER]):
            if address := normal(_bare(piece)):
                found[address] = None
            if len(found) >= limits.ADDRESSES:
                return tuple(found)
    return tuple(found)


def _pieces(value: str) -> list[str]:
    """Cut a list of addresses at its commas and group marks, outside quotes and comments, in one walk."""
    pieces, current, depth = [], [], 0
    for token in _TOKEN.findall(value):
        if token in ("(", ")"):
            depth = max(0, depth + {"(": 1, ")": -1}[token])
        elif depth == 0 and token in (",", ";", ":"):
            pieces.append("".join(current))
            current = []
        elif depth == 0:
            current.append(token)
    return [*pieces, "".join(current)][: limits.ADDRESSES * 2]


def _bare(piece: str) -> str:
    return piece.rpartition("<")[2].partition(">")[0] if "<" in piece else piece
