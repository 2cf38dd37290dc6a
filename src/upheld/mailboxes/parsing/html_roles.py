"""What an element of an HTML mail says about the lines within it: mail programs mark what they add.

The marks are attributes of a tag, so they are independent of the language that the sender's program speaks.
"""

from enum import Enum, auto


class Role(Enum):
    WORDS = auto()
    INTRODUCTION = auto()
    """The sentence above a quotation: who wrote it, and when."""
    INTRODUCTION_ABOVE = auto()
    """What stands in the frame around a quotation introduces it, as far as it stands above it."""
    HISTORY = auto()
    HISTORY_BELOW = auto()
    """History from here to the end: the block of headers above an older mail is marked, the mail itself is not."""
    HISTORY_IF_RULED = auto()
    """The same, if a ruler follows."""
    SIGNATURE = auto()
    SIGNATURE_NEXT = auto()
    """The next block is the signature."""


_BY_CLASS = {
    "gmail_attr": Role.INTRODUCTION,
    "moz-cite-prefix": Role.INTRODUCTION,
    "yahoo-quoted-begin": Role.INTRODUCTION,
    "gmail_quote": Role.INTRODUCTION_ABOVE,
    "protonmail_quote": Role.INTRODUCTION_ABOVE,
    "yahoo_quoted": Role.HISTORY,
    "ms-outlook-mobile-reference-message": Role.HISTORY,
    "gmail_signature": Role.SIGNATURE,
    "gmail_signature_prefix": Role.SIGNATURE,
    "moz-signature": Role.SIGNATURE,
    "applemailsignature": Role.SIGNATURE,
    "protonmail_signature_block": Role.SIGNATURE,
}
_BY_ID = {
    "divrplyfwdmsg": Role.HISTORY_BELOW,
    "stopspelling": Role.HISTORY_BELOW,
    "zwchr": Role.HISTORY_BELOW,
    "appendonsend": Role.HISTORY_IF_RULED,
    "olk_src_body_section": Role.HISTORY,
    "mail-editor-reference-message-container": Role.HISTORY,
    "ms-outlook-mobile-signature": Role.SIGNATURE,
    "applemailsignature": Role.SIGNATURE,
    "signature": Role.SIGNATURE,
    "ymail_android_signature": Role.SIGNATURE,
    "linebreakatbeginningofsignature": Role.SIGNATURE_NEXT,
}
_BY_MARKER = {
    "__DIVIDER__": Role.HISTORY_BELOW,
    "__QUOTED_TEXT__": Role.HISTORY,
    "__SIG_PRE__": Role.SIGNATURE,
    "__SIG_POST__": Role.SIGNATURE,
}
_WITHOUT_END = frozenset(["br", "hr", "img", "input", "link", "meta"])
# What such an element says concerns what follows it; nothing can be within it.
_ABOUT_WHAT_FOLLOWS = frozenset([Role.HISTORY_BELOW, Role.HISTORY_IF_RULED, Role.SIGNATURE_NEXT])
# The line that a word processor draws above the headers of an older mail, in the colours of its versions.
_RULED = ("border-top:solid#e1e1e1", "border-top:solid#b5c4df", "border-top:1ptsolid#e1e1e1")


def role_of(name: str, attributes: dict[str, str]) -> Role | None:
    """Return the role of what is in this element, None where its tag says nothing."""
    if name == "blockquote":
        return None
    role = _by_name(attributes) or _by_style(name, attributes)
    return None if name in _WITHOUT_END and role not in _ABOUT_WHAT_FOLLOWS else role


def _by_name(attributes: dict[str, str]) -> Role | None:
    role = _BY_ID.get(attributes.get("id", "").lower()) or _BY_MARKER.get(attributes.get("data-marker", ""))
    if role:
        return role
    for word in attributes.get("class", "").lower().split()[:20]:
        # Yahoo puts letters of its own before its names.
        role = _BY_CLASS.get(word[word.find("yahoo_quoted") :] if "yahoo_quoted" in word else word)
        if role:
            return role
    return None


def _by_style(name: str, attributes: dict[str, str]) -> Role | None:
    if name == "div" and attributes.get("name") == "quote":
        return Role.HISTORY
    style = "".join(attributes.get("style", "").lower().split())
    if name == "div" and any(mark in style for mark in _RULED):
        return Role.HISTORY_BELOW
    return None
