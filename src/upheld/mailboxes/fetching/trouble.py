"""What goes wrong with an account, as one line that holds no secret."""

import imaplib
import poplib
import ssl
from collections.abc import Iterable

from imap_tools.errors import ImapToolsError

from upheld.desks.secrets import SecretMissing, SecretUnreadable
from upheld.mailboxes.models import Source
from upheld.rules.one_line import one_line

LONGEST = 300


class FetchTrouble(Exception):  # noqa: N818 - it is told to people, as a sentence
    """Something about an account that its administrator can do something about."""


def describe(error: Exception, source: Source, secrets: Iterable[str] = ()) -> str:
    """Return an error as one line for the administrator. What a server says may repeat what we said to it, so
    whatever is secret is taken out."""
    text = _sentence(error, f"{source.host}:{source.port}", source.name)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "(secret)")
    return one_line(text, LONGEST)


def _sentence(error: Exception, server: str, name: str) -> str:
    if isinstance(error, FetchTrouble):
        return str(error)
    if isinstance(error, SecretMissing):
        return f"No password is set. Set it with `upheld mail source password {name}`."
    if isinstance(error, SecretUnreadable):
        return (
            f"Its password cannot be read: the key of the desk has changed. Set it anew with"
            f" `upheld mail source password {name}`, or name the former key in UPHELD_FORMER_SECRET_KEYS."
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of {server} is not trusted: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return f"No secure connection to {server}: {error.reason or 'TLS failed'}."
    if isinstance(error, TimeoutError):
        return f"{server} did not answer in time."
    if isinstance(error, OSError):
        return f"No connection to {server}: {error.strerror or type(error).__name__}."
    if isinstance(error, imaplib.IMAP4.error | poplib.error_proto | ImapToolsError):
        return f"{server} says: {_of_server(error)}"
    return f"An error while fetching: {type(error).__name__}."


def _of_server(error: Exception) -> str:
    given = getattr(error, "command_result", None)
    said = given[1] if given else error.args
    return " ".join(_text(each) for each in (said if isinstance(said, list | tuple) else [said]) if each)


def _text(said: object) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
