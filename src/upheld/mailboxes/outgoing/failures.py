"""What a failed attempt means: for this mail for ever, for this mail for now, or for the way out as a whole."""

import smtplib
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from upheld.mailboxes.outgoing.facts import UndeliverableError
from upheld.mailboxes.outgoing.headers import one_line

_REASON_LENGTH = 500
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
    timedelta(hours=25),
)


class Blame(StrEnum):
    """`mail`: never again. `moment`: later. `way`: later, and no other mail would get through now either."""

    mail = "mail"
    moment = "moment"
    way = "way"


def blame(error: Exception) -> Blame:
    """Say what a failed attempt means."""
    match error:
        case UndeliverableError():
            return Blame.mail
        case smtplib.SMTPRecipientsRefused():
            return _by_codes(code for code, _ in error.recipients.values())
        case smtplib.SMTPDataError():
            return _by_codes([error.smtp_code])
        case smtplib.SMTPResponseException() | smtplib.SMTPServerDisconnected() | OSError():
            # A refused greeting, sign-in or sender is about us: the mail itself may be sound, so it is kept.
            return _by_provider(error) or Blame.way
    return _by_provider(error) or Blame.moment


def _by_codes(codes: Iterable[int]) -> Blame:
    return Blame.mail if all(500 <= code < 600 for code in codes) else Blame.moment


def _by_provider(error: Exception) -> Blame | None:
    """Read an error of django-anymail, which is imported only where it is in use."""
    if not type(error).__module__.startswith("anymail."):
        return None
    from anymail import exceptions

    about_the_mail = (
        exceptions.AnymailRecipientsRefused,
        exceptions.AnymailInvalidAddress,
        exceptions.AnymailSerializationError,
        exceptions.AnymailUnsupportedFeature,
    )
    if isinstance(error, about_the_mail):
        return Blame.mail
    status = getattr(error, "status_code", None) or 0
    if status in (400, 413, 422):
        return Blame.mail
    return Blame.way


def reason(error: Exception) -> str:
    """Return the failure in one line, for people; a mail server's words are a stranger's."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            said = "; ".join(f"{code} {_words(text)}" for code, text in error.recipients.values())
        case smtplib.SMTPResponseException():
            said = f"{error.smtp_code} {_words(error.smtp_error)}"
        case UndeliverableError():
            return one_line(str(error), _REASON_LENGTH)
        case _:
            said = str(error)
    return one_line(f"{type(error).__name__}: {said}", _REASON_LENGTH)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text


def wait_after(attempts: int, notice_id: int) -> timedelta | None:
    """Return how long to wait after that many failed attempts, about three days in all; None: give up.

    Each row waits a little differently, so that mails which failed together do not come back together.
    """
    if attempts > len(_WAITS):
        return None
    return _WAITS[attempts - 1] * (1 + (notice_id * 7919 % 100) / 1000)
