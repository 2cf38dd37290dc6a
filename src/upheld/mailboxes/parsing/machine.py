"""Is a mail a machine's? Then no clock starts and nobody is answered (RFC 3834, in both directions)."""

from upheld.mailboxes.parsing.headers import Headers

OUR_MARK = "x-upheld-"

_BULK = frozenset(["bulk", "junk", "list", "auto_reply"])
_SENDERS = frozenset(
    [
        "mailer-daemon",
        "postmaster",
        "noreply",
        "no-reply",
        "no_reply",
        "donotreply",
        "do-not-reply",
        "do_not_reply",
    ]
)
_AUTOMATIC_HEADERS = ("x-auto-response-suppress", "x-autoreply", "x-autorespond", "x-autoresponder")
_REPORTS = frozenset(
    [
        "multipart/report",
        "message/delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    ]
)


def automatic(headers: Headers, sender: str, content_types: frozenset[str]) -> str | None:
    """Return why a mail counts as automatic, or None where nothing says so."""
    if our_marks(headers):
        return "it was sent by a desk like ours"
    submitted = _word(headers, "auto-submitted")
    if submitted not in ("", "no"):
        return f"it says Auto-Submitted: {submitted}"
    if content_types & _REPORTS:
        return "it is a report about another mail"
    if headers.first("return-path").strip() == "<>":
        return "its return path is empty"
    return _by_custom(headers) or _by_sender(sender)


def our_marks(headers: Headers) -> tuple[str, ...]:
    """The marks that desks of our kind put on what they send. They are no proof: anybody can write them."""
    return tuple(f"{name}: {value[:200]}" for name, value in headers.lines if name.startswith(OUR_MARK))[:10]


def _by_custom(headers: Headers) -> str | None:
    precedence = _word(headers, "precedence")
    if precedence in _BULK:
        return f"it says Precedence: {precedence}"
    if headers.first("list-id"):
        return "it came from a mailing list"
    for name in _AUTOMATIC_HEADERS:
        if headers.first(name) and _word(headers, name) not in ("no", "none"):
            return f"it carries {name.title()}"
    return None


def _by_sender(sender: str) -> str | None:
    local = sender.rpartition("@")[0].partition("+")[0]
    return f"its sender is {local}" if local in _SENDERS else None


def _word(headers: Headers, name: str) -> str:
    words = headers.first(name, 200).replace(";", " ").replace("(", " ").lower().split()
    return words[0] if words else ""
