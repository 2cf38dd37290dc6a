"""Reports that a mail of ours did not arrive: to whom, why, which one, and whether it is final."""

import pytest

from mailboxes.incoming.mails import stored, written
from upheld.mailboxes.parsing import parse
from upheld.mailboxes.parsing.mail import Bounce

OURS = "<notice-7@desk.example.com>"
AMINA = "amina@school.example.org"


def report(
    status: str,
    original: str = f"Message-ID: {OURS}\nSubject: [SDS-1] Laptop",
    kind: str = "message/rfc822",
    text: str = "I'm sorry to have to inform you that your message could not be delivered.",
    **headers: str,
) -> bytes:
    """A report in the standard's form."""
    head = {"From": "Mail Delivery System <MAILER-DAEMON@mx.example.net>", "Return-Path": "<>"} | headers
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in head.items() if value)
    returned = f"--r\nContent-Type: {kind}\n\n{original}\n" if original else ""
    return (
        f"{lines}To: desk@desk.example.com\nSubject: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=r\n\n"
        f"--r\nContent-Type: text/plain\n\n{text}\n"
        f"--r\nContent-Type: message/delivery-status\n\n{status}\n{returned}--r--\n"
    ).encode()


def recipient(address: str, action: str = "failed", status: str = "5.1.1", **more: str) -> str:
    """The fields of one recipient."""
    fields = {"Final-Recipient": f"rfc822; {address}", "Action": action, "Status": status} | more
    return "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in fields.items() if value)


SERVER = "Reporting-MTA: dns; mx.example.net\nArrival-Date: Thu, 5 Mar 2026 10:12:00 +0000\n\n"
FAILED = Bounce(AMINA, "5.1.1", OURS, final=True)

STANDARD = {
    "one recipient": (report(SERVER + recipient(AMINA)), FAILED),
    "headers only": (
        report(SERVER + recipient(AMINA), kind="text/rfc822-headers"),
        FAILED,
    ),
    "the first that failed": (
        report(
            SERVER
            + recipient("bob@other.example.net", "delivered", "2.0.0")
            + "\n"
            + recipient("carla@other.example.net", "delayed", "4.4.1")
            + "\n"
            + recipient(AMINA)
            + "\n"
            + recipient("late@other.example.net", "failed", "5.2.2")
        ),
        FAILED,
    ),
    "delayed": (
        report(SERVER + recipient(AMINA, "delayed", "4.4.1")),
        Bounce(AMINA, "4.4.1", OURS, final=False),
    ),
    "a class of its own for a last attempt": (
        report(SERVER + recipient(AMINA, "failed", "4.4.7")),
        Bounce(AMINA, "4.4.7", OURS, final=True),
    ),
    "the recipient that we wrote to": (
        report(SERVER + recipient("a@hosted.example.net", Original_Recipient=f"rfc822;{AMINA}")),
        FAILED,
    ),
    "a status in the diagnosis only": (
        report(SERVER + recipient(AMINA, status="", Diagnostic_Code="smtp; 550 5.1.1 unknown\n user")),
        FAILED,
    ),
    "spaces and folds": (
        report(SERVER + f"FINAL-RECIPIENT : RFC822;\n <{AMINA.upper()}>\nACTION : Failed (gone)\nSTATUS: 5.1.1 (x)"),
        FAILED,
    ),
    "without the first block": (report(recipient(AMINA)), FAILED),
    "an international address": (
        report(SERVER + recipient("x").replace("rfc822; x", "utf-8; ünal@schüle.example.org")),
        Bounce("ünal@schüle.example.org", "5.1.1", OURS),
    ),
    "the id in the report": (
        report("X-Original-Message-ID: " + OURS + "\n" + SERVER + recipient(AMINA), original=""),
        FAILED,
    ),
    "the id in the head, as of Gmail": (
        report(SERVER + recipient(AMINA), original="", In_Reply_To=OURS, X_Failed_Recipients=AMINA),
        FAILED,
    ),
    "a sender of any name": (report(SERVER + recipient(AMINA), From="x@y.example", Return_Path=""), FAILED),
    "a report that says nothing": (
        report("nothing", text=f"Could not deliver to {AMINA}: 550 5.1.1"),
        FAILED,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STANDARD)
def test_a_report_in_the_standards_form(name):
    raw, bounce = STANDARD[name]
    parsed = parse(raw)
    assert parsed.bounce == bounce
    assert parsed.machine == "it is a report about the delivery of a mail"


def test_a_report_of_arrival_is_a_machines_and_no_bounce():
    parsed = parse(report(SERVER + recipient(AMINA, "delivered", "2.0.0")))
    assert parsed.bounce is None and parsed.machine
    assert parse(report(SERVER + recipient(AMINA, "relayed", "2.0.0"))).bounce is None


QMAIL = f"""Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{AMINA}>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 unknown user

--- Below this line is a copy of the message.

Return-Path: <desk@desk.example.com>
Message-ID: {OURS}
"""
EXIM = f"""This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {AMINA}
    host mx.example.net [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<{AMINA}>:
    550 5.1.1 <{AMINA}>: Recipient address rejected

------ This is a copy of the message, including all the headers. ------

Return-path: <desk@desk.example.com>
Message-ID: {OURS}
"""
EXIM_LATE = f"""This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its
recipients after more than 24 hours on the queue on mx.example.net.

The message identifier is:     1abcde-000000-00
The following address(es) have not yet been delivered:

  {AMINA}
    Delay reason: 451 4.7.1 greylisted

No action is required on your part. Delivery attempts will continue for
some time, and this warning may be repeated at intervals if the message
remains undelivered.
"""
EXCHANGE = f"""Delivery has failed to these recipients or groups:

Amina Yusuf ({AMINA})<mailto:{AMINA}>
The email address you entered couldn't be found.

Diagnostic information for administrators:

Generating server: ex.example.net

{AMINA}
Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'

Original message headers:

Received: from mx.example.com (192.0.2.7) by ex.example.net (192.0.2.8)
Message-ID: {OURS}
"""
POSTFIX = f"""This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

<{AMINA}>: host mx.example.net[192.0.2.1] said: 550 5.1.1 <{AMINA}>:
    Recipient address rejected: User unknown (in reply to RCPT TO command)
"""
SENDMAIL = f"""The original message was received at Thu, 5 Mar 2026 10:12:00 GMT

   ----- The following addresses had permanent fatal errors -----
<{AMINA}>
    (reason: 550 5.1.1 <{AMINA}>... User unknown)

   ----- Transcript of session follows -----
"""
GMAIL = f"""** Address not found **

Your message wasn't delivered to {AMINA} because the address couldn't be found.

The response from the remote server was:

550 5.1.1 The email account that you tried to reach does not exist.
"""

DAEMON = {"From": "Mail Delivery System <MAILER-DAEMON@mx.example.net>"}
WORDS = {
    "qmail": (QMAIL, {"Subject": "failure notice", **DAEMON}, FAILED),
    "Exim": (
        EXIM,
        {
            "Subject": "Mail delivery failed: returning message to sender",
            "X_Failed_Recipients": AMINA,
            **DAEMON,
        },
        FAILED,
    ),
    "Exim, without its header": (EXIM, {"Subject": "Mail delivery failed", **DAEMON}, FAILED),
    "Exim, delayed": (
        EXIM_LATE,
        {"Subject": "Warning: message 1abcde delayed 24 hours", "In_Reply_To": OURS, **DAEMON},
        Bounce(AMINA, "4.7.1", OURS, final=False),
    ),
    "Exchange": (
        EXCHANGE,
        {"Subject": "Undeliverable: [SDS-1] Laptop", "From": "postmaster@ex.example.net"},
        FAILED,
    ),
    "Exchange, of its long name": (
        EXCHANGE,
        {
            "Subject": "Unzustellbar: [SDS-1] Laptop",
            "From": "Microsoft Outlook <MicrosoftExchange329e71ec@ex.example.net>",
        },
        FAILED,
    ),
    "Postfix": (
        POSTFIX,
        {"Subject": "Undelivered Mail Returned to Sender", "References": OURS, **DAEMON},
        FAILED,
    ),
    "Sendmail": (
        SENDMAIL,
        {"Subject": "Returned mail: see transcript for details", "In_Reply_To": OURS, **DAEMON},
        FAILED,
    ),
    "Gmail": (
        GMAIL,
        {
            "Subject": "Delivery Status Notification (Failure)",
            "References": OURS,
            "Auto_Submitted": "auto-replied",
            "From": "Mail Delivery Subsystem <mailer-daemon@mail.example.net>",
        },
        FAILED,
    ),
    "a provider that calls itself otherwise": (
        POSTFIX,
        {
            "Subject": "Undelivered Mail Returned to Sender",
            "In_Reply_To": OURS,
            "Return_Path": "<>",
            "From": "bounce-handler@mx.example.net",
        },
        FAILED,
    ),
    "an old server with plain codes": (
        f"Could not be delivered to {AMINA}:\n550 no such user",
        {"Subject": "Returned mail", "In_Reply_To": OURS, **DAEMON},
        Bounce(AMINA, "5.0.0", OURS),
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_report_in_words(name):
    text, headers, bounce = WORDS[name]
    parsed = parse(written(text, **headers))
    assert parsed.bounce == bounce
    assert parsed.machine


def test_a_copy_of_the_mail_names_it_where_the_words_do_not():
    raw = (
        f"From: MAILER-DAEMON@mx.example.net\nSubject: Undeliverable mail\n"
        "Content-Type: multipart/mixed; boundary=b\n\n"
        f"--b\nContent-Type: text/plain\n\nCould not be delivered to {AMINA}: 550 5.1.1\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {OURS}\nTo: {AMINA}\n\nwords\n--b--\n"
    ).encode()
    assert parse(raw).bounce == FAILED


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("My mail was undeliverable, can you help?", {"Subject": "Undeliverable: my mail"}),
        (QMAIL, {"Subject": "Fwd: failure notice"}),
        ("I am away.", {"Subject": "Automatic reply: Undeliverable", "Return_Path": "<>"}),
        (
            "I am away.",
            {"Subject": "Re: delivery failed", "Auto_Submitted": "auto-replied", "Return_Path": "<>"},
        ),
        ("We moved our postmaster.", {"Subject": "New server", "From": "postmaster@school.example.org"}),
        ("words", {"Subject": "Returned mail", "From": "Mail Delivery System <charlie@evil.example.net>"}),
    ],
)
def test_what_a_person_or_an_absent_one_writes_is_no_report(text, headers):
    assert parse(written(text, **headers)).bounce is None


def test_a_person_who_attaches_a_report_is_still_a_person():
    status = SERVER + recipient(AMINA)
    raw = (
        "From: amina@school.example.org\nSubject: Your mails come back\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nLook at this.\n"
        f"--b\nContent-Type: message/delivery-status; name=details.txt\n\n{status}\n--b--\n"
    ).encode()
    parsed = parse(raw)
    assert (parsed.machine, parsed.bounce) == (None, None)
    assert parsed.attachments[0].name == "details.txt"


def test_the_stored_report():
    assert parse(stored("delivery-report")).bounce == Bounce("amina@school.example.org")
