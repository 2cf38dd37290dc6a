"""Reading one mail: bytes in, a frozen value out. Runs in a child process and knows nothing of the desk."""

from upheld.mailboxes.parsing.mail import MailFile, ParsedMail
from upheld.mailboxes.parsing.reading import parse

__all__ = ["MailFile", "ParsedMail", "parse"]
