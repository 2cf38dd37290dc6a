"""Handing a mail to a mail server under an envelope sender of our choice, which Django's backend cannot write: it takes
the one in the From line, and stumbles over an empty one."""

import smtplib
from collections.abc import Sequence

from upheld.mailboxes.outgoing.stored_mail import StoredMail


def hand_over(server: smtplib.SMTP, mail: StoredMail, senders: Sequence[str]) -> None:
    """Hand the stored bytes over, under the first sender that the server does not refuse for good.

    Some servers that pass mail on for others know one sender only. The mail then leaves under that one: better
    without a proof in its bounce than not at all.
    """
    *preferred, last = senders
    for sender in preferred:
        try:
            server.sendmail(sender, [mail.recipient], mail.raw)
        except smtplib.SMTPSenderRefused as refused:
            if not 500 <= refused.smtp_code < 600:
                raise
        else:
            return
    server.sendmail(last, [mail.recipient], mail.raw)
