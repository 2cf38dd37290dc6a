"""A mail of ours that did not arrive: to whom, why, and which one.

Reports in the standard's form (RFC 3464) are read as they are meant. The others - qmail, Exim, Exchange, Postfix
without a report - are read from their words, and only where the head says that a mail server wrote them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.addresses import Sender, named, normal
from upheld.mailboxes.parsing.charsets import decode
from upheld.mailboxes.parsing.headers import Headers, message_ids, split
from upheld.mailboxes.parsing.machine import is_report
from upheld.mailboxes.parsing.mail import Bounce
from upheld.mailboxes.parsing.parts import Part

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ORIGINALS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_REPORT_BYTES = 256 * 1024
_MOST_BLOCKS = 500
_MINED = 50_000

_CODE = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")
_SMTP_CODE = re.compile(r"(?<![\d.])([45])[0-5]\d(?=[ \-:]|$)", re.MULTILINE)
_XTEXT = re.compile(r"\+(2B|3D)")
_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:=]{1,64}@[^\s<>()\[\]\",;:=]{3,253}")
_QMAIL_RECIPIENT = re.compile(r"^<([^<>\s]{3,254})>:", re.MULTILINE)
_SAID_ID = re.compile(
    r"^[> \t]{0,20}(?:x-original-)?message-id:\s{0,5}(<[^<>\s]{1,996}>)", re.IGNORECASE | re.MULTILINE
)
_RETURNED = re.compile(
    r"^[> \t]{0,20}(?:-{2,20} ?(?:below this line is a copy of the message|this is a copy of (?:the|your) message"
    r"|the header of the original message|original message|returned message|undelivered message)"
    r"|original message headers?:|received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)

_DAEMONS = frozenset(
    ["mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "mailer_daemon", "mdaemon"]
)
_DAEMON_NAMES = re.compile(
    r"mail delivery (?:sub)?system|mailer.?daemon|system administrator|postmaster|mail administrator|mail system",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliverable|undelivered mail|delivery status notification|mail delivery (?:failed|failure|problem)"
    r"|delivery (?:failure|failed|problem|has failed)|delivery notification|returned mail|failure notice"
    r"|message (?:undeliverable|could not be delivered|not delivered)|could not be delivered|couldn't be delivered"
    r"|non.?delivery|nondeliverable|mail (?:system error|returned)|returning message to sender|message status"
    r"|unzustellbar|nicht zugestellt|zustellung.{0,40}fehlgeschlagen|non remis|échec de la remise"
    r"|no se (?:ha podido|pudo) entregar|no entregado|onbestelbaar|mancato recapito|não entregue",
    re.IGNORECASE,
)
_FAILED_TEXT = re.compile(
    r"this is the qmail-send program|a message that you (?:have )?sent could not be delivered"
    r"|(?:could ?n[o']t|could not|was not|wasn't|cannot|can't) be delivered"
    r"|delivery (?:has|to the following).{0,60}failed"
    r"|i'm afraid i wasn't able to deliver|i wasn't able to deliver|unable to deliver|undeliverable|delivery failed"
    r"|permanent (?:fatal )?(?:delivery )?(?:failure|error)s?|had permanent|did not reach the following"
    r"|user unknown|mailbox (?:is )?full|no such user|unzustellbar|konnte nicht zugestellt werden"
    r"|n'a pas pu être remis|no se ha podido entregar|address (?:not found|couldn't be found)",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\(delay(?:ed)?\)|delayed|\bdelay\b|warning: (?:could not send|message)|still being retried|will be retried"
    r"|will (?:continue to try|keep trying)|has not yet been delivered|not been delivered yet|no action is required"
    r"|this is (?:only )?a warning|do not need to resend|verzögert|en attente|retardé|retrasado",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(
    r"giving up|gave up|permanent|retry timeout exceeded|too long|will not be retried|has been returned|failed after",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Report:
    """The fields of a delivery status: those of the whole mail, and those of the recipient who counts."""

    mail: dict[str, str]
    recipient: dict[str, str]

    @property
    def action(self) -> str:
        return self.recipient.get("action", "").partition(" ")[0].lower()

    @property
    def arrived(self) -> bool:
        status = self.recipient.get("status", "")
        return self.action in ("delivered", "relayed", "expanded") or (not self.action and status[:1] == "2")


def read(headers: Headers, sender: Sender, subject: str, text: str, leaves: list[Part]) -> Bounce | None:
    """Return what a mail reports of one that did not arrive; None where it is no such report."""
    from_server = _is_server(headers, sender) or _no_return(headers)
    statuses = (leaf for leaf in leaves if leaf.content_type in _STATUS_TYPES)
    status = next((leaf for leaf in statuses if from_server or is_report(leaf)), None)
    if status is not None:
        report = _report(status)
        if report and report.arrived:
            return None
        if report and (report.action in ("failed", "delayed") or _recipient(report)):
            return _from_report(report, headers, text, leaves)
    if _says_failed(headers, sender, subject, text):
        return _from_text(headers, sender, subject, text, leaves)
    return None


def _from_report(report: _Report, headers: Headers, text: str, leaves: list[Part]) -> Bounce:
    diagnosis = report.recipient.get("diagnostic-code", "")
    return Bounce(
        recipient=_recipient(report) or _mined_recipient(headers, text, frozenset()),
        status=_code(report.recipient.get("status", "")) or _code(diagnosis),
        original_message_id=_original_id(headers, text, leaves, report.mail),
        final=report.action != "delayed",
    )


def _report(part: Part) -> _Report | None:
    """The first recipient whom the mail did not reach, else the first whom it has not reached yet, else the first."""
    blocks = list(_blocks(decode(part.content(_REPORT_BYTES), "utf-8")))
    reports = [
        _Report(blocks[0], block) for block in blocks if "final-recipient" in block or "action" in block
    ]
    for wanted in ("failed", "delayed"):
        for report in reports:
            if report.action == wanted:
                return report
    return reports[0] if reports else None


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """The fields of each block of a delivery status, their names in lower case."""
    block: dict[str, list[str]] = {}
    name, count = "", 0
    for line in text.replace("\r", "").split("\n"):
        if not line.strip():
            if block:
                yield _joined(block)
                count += 1
            block, name = {}, ""
        elif line[0] in " \t" and name:
            block[name].append(line.strip())
        elif ":" in line[:100]:
            before, _, after = line.partition(":")
            name = before.strip().lower()
            if name in block:
                name = ""  # the first counts
            else:
                block[name] = [after.strip()]
        if count >= _MOST_BLOCKS:
            return
    if block:
        yield _joined(block)


def _joined(block: dict[str, list[str]]) -> dict[str, str]:
    return {name: " ".join(pieces)[: limits.HEADER_VALUE] for name, pieces in block.items()}


def _recipient(report: _Report) -> str:
    """The address that we wrote to, which the report calls original; else the one that it got to."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        kind, _, value = report.recipient.get(name, "").partition(";")
        value = (value or kind).strip().strip("<>")
        # As a parameter of SMTP, `+` and `=` are written by number.
        if name == "original-recipient":
            value = _XTEXT.sub(lambda found: chr(int(found[1], 16)), value)
        if address := normal(value) or next(iter(named([value])), ""):
            return address
    return ""


def _code(text: str) -> str:
    found = _CODE.search(text[:2_000])
    return found[1] if found else ""


def _original_id(headers: Headers, text: str, leaves: list[Part], status: dict[str, str]) -> str:
    """The Message-ID of the mail that came back: that of its copy, else what the report says of it."""
    for leaf in leaves:
        if leaf.content_type in _ORIGINALS and (found := _id_in(leaf)):
            return found
    said = [message_ids(status.get(name, "")) for name in ("x-original-message-id", "original-message-id")]
    if ids := [*said[0], *said[1], *headers.message_ids("x-original-message-id")]:
        return ids[0]
    if mined := _SAID_ID.search(text[:_MINED]):
        return mined[1]
    # A copy that the server calls plain text.
    texts = (
        leaf for leaf in leaves[1:20] if leaf.content_type in ("text/plain", "text/rfc822", "message/partial")
    )
    if found := next((found for leaf in texts if (found := _id_in(leaf))), ""):
        return found
    return next(iter([*headers.message_ids("in-reply-to"), *headers.message_ids("references")[-1:]]), "")


def _id_in(leaf: Part) -> str:
    headers, _ = split(leaf.content(_REPORT_BYTES).lstrip(b"\n "))
    return headers.own_id()


def _is_server(headers: Headers, sender: Sender) -> bool:
    """Whether the head says that a mail server wrote the mail."""
    local = sender.address.partition("@")[0]
    return local in _DAEMONS or local.startswith("microsoftexchange")


def _says_failed(headers: Headers, sender: Sender, subject: str, text: str) -> bool:
    """Whether a mail server says that a mail did not arrive. A person's word for it is no report."""
    if headers.first("x-failed-recipients"):
        return True
    begins = subject.lstrip()[:200]
    if _is_server(headers, sender):
        head = text[:4_000].replace("’", "'")
        delayed = _DELAYED.search(begins) and _ADDRESS.search(head)
        return bool(_FAILED.search(begins) or _FAILED_TEXT.search(head) or delayed)
    # A display name is anybody's to choose, so it counts only beside a mark of a machine.
    submitted = headers.word("auto-submitted") not in ("", "no") and _DAEMON_NAMES.search(sender.name)
    return bool((_no_return(headers) or submitted) and _FAILED.match(begins))


def _no_return(headers: Headers) -> bool:
    return headers.first("return-path").strip() == "<>"


def _from_text(headers: Headers, sender: Sender, subject: str, text: str, leaves: list[Part]) -> Bounce:
    returned = _RETURNED.search(text, 0, _MINED)
    said = text[: min(returned.start() if returned else len(text), _MINED)].replace("’", "'")
    ours = frozenset([sender.address, *named(headers.all("to"))])
    return Bounce(
        recipient=_mined_recipient(headers, said, ours),
        status=_mined_status(said),
        original_message_id=_original_id(headers, text, leaves, {}),
        final=not _is_delayed(subject, said),
    )


def _mined_recipient(headers: Headers, text: str, ours: frozenset[str]) -> str:
    if failed := named(headers.all("x-failed-recipients")):
        return failed[0]
    if found := _QMAIL_RECIPIENT.search(text):
        return normal(found[1])
    for found in _ADDRESS.finditer(text[:_MINED]):
        address = normal(found[0].strip(".'`*_").removeprefix("mailto:"))
        if address and address not in ours and address.partition("@")[0] not in _DAEMONS:
            return address
    return ""


def _mined_status(text: str) -> str:
    """The enhanced code that the text tells; where there is only a plain one, its class."""
    codes = _CODE.findall(text)
    failing = [code for code in codes if code[0] != "2"]
    if failing:
        return next((code for code in failing if code[0] == "5"), failing[0])
    plain = _SMTP_CODE.search(text)
    return f"{plain[1]}.0.0" if plain else ""


def _is_delayed(subject: str, text: str) -> bool:
    if _DELAYED.search(subject[:200]):
        return not re.search(r"fail", subject[:200], re.IGNORECASE)
    return bool(_DELAYED.search(text[:4_000])) and not _GAVE_UP.search(text[:4_000])
