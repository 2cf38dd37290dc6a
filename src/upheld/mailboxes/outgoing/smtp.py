"""Handing a mail to a mail server under an envelope sender of our choice, which Django's backend cannot write: it takes
the one in the From line, and stumbles over an empty one."""

import smtplib
from collections.abc import Sequence

from upheld.mailboxes.outgoing.stored_mail import StoredMail


def hand_over(server: smtplib.SMTP, mail: StoredMail, senders: Sequence[str]) -> None:
    """Hand the stored bytes over, under the first sender that the server does not refuse for good.

    Some servers that pass mail on for others know one sender only. The mail then leaves under that one: better
    without a proof in its bounce than not at all. Many say so only when they hear the recipient.
    """
    *preferred, last = senders
    for sender in preferred:
        try:
            server.sendmail(sender, [mail.recipient], mail.raw)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPRecipientsRefused) as refused:
            if not all(500 <= code < 600 for code in _codes(refused)):
                raise
        else:
            return
    server.sendmail(last, [mail.recipient], mail.raw)


def _codes(refused: smtplib.SMTPSenderRefused | smtplib.SMTPRecipientsRefused) -> list[int]:
    if isinstance(refused, smtplib.SMTPSenderRefused):
        return [refused.smtp_code]
    return [code for code, _said in refused.recipients.values()]
