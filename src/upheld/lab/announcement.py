"""What the demo prints when it is ready: where to look, how to sign in, how to write to the desk."""

from urllib.parse import urlsplit

from django.conf import settings

from upheld.desks.models import Mailbox
from upheld.lab.entry import link

_FIRST_MAIL = """\
python3 - <<'MAIL'
import smtplib
with smtplib.SMTP("{host}", {port}) as desk:
    desk.sendmail("you@example.net", "{address}", '''\\
From: You <you@example.net>
To: {address}
Subject: My laptop will not start

It beeps three times, then nothing. What can I do?
''')
MAIL"""

_TEXT = """
  Upheld demo: School Device Support

  Pages          {url}/
  Tour           {url}/tour/   (five desks, each worth a look)
  Sent mail      {url}/outbox/   (nothing leaves this machine)
  Mail in        SMTP at {smtp}, for {address}

  Sign in with one click:

    agent          Amira Hassan
    {agent}
    team lead      Tomasz Nowak
    {lead}
    administrator  Grace Adeyemi
    {administrator}
    customer       Hannah Okafor, Ashdown Primary School
    {customer}

  Send the desk a first mail: paste this into another terminal, then look at
  the agent's tickets and at the sent mail.

{first_mail}
"""


def announcement() -> str:
    """Return the text, for a terminal of 80 columns."""
    mailbox = Mailbox.objects.filter(is_default=True).order_by("id").first()
    address = mailbox.address if mailbox else ""
    return _TEXT.format(
        url=settings.UPHELD_URL,
        smtp=settings.SMTP_ADDRESS,
        address=address,
        first_mail=first_mail(address),
        **{person: link(person) for person in ("agent", "lead", "administrator", "customer")},
    )


def first_mail(address: str) -> str:
    """Return a command for any shell with Python 3 that writes to the desk."""
    smtp = urlsplit(f"//{settings.SMTP_ADDRESS}")
    return _FIRST_MAIL.format(host=_to_visit(smtp.hostname or ""), port=smtp.port or 25, address=address)


def _to_visit(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
