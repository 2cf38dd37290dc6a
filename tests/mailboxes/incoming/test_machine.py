"""Mail of machines: no clock starts, nobody is answered."""

import pytest

from mailboxes.incoming.mails import stored, written
from upheld.mailboxes.parsing import parse


@pytest.mark.parametrize("name", ["out-of-office", "delivery-report", "mailing-list"])
def test_a_machines_mail_is_known(name):
    assert parse(stored(name)).machine


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-generated; type=x"},
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"Precedence": "Bulk"},
        {"Precedence": "junk"},
        {"Precedence": "auto_reply"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Reply_From": "amina@school.example.org"},
        {"X_Autorespond": "I am away"},
        {"X_Mail_Autoreply": "generated"},
        {"X_Post_MessageClass": "9; Autoresponder"},
        {"Delivered_To": "Autoresponder"},
        {"X_List_Administrivia": "yes"},
        {"X_Cron_Env": "<SHELL=/bin/sh>"},
        {"X_TMDA_Fingerprint": "x"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@school.example.org"},
        {"From": "No Reply <no-reply@school.example.org>"},
        {"From": "postmaster@school.example.org"},
        {"From": "noreply+4711@school.example.org"},
        {"X_Upheld_Desk": "school-devices"},
        {"Content_Type": "multipart/report; boundary=b"},
        {"Subject": "Automatic reply: Laptop"},
        {"Subject": "Out of Office: Laptop"},
        {"Subject": "Out of Office AutoReply: Laptop"},
        {"Subject": "=?utf-8?Q?R=C3=A9ponse_automatique_:_Laptop?="},
        {"Subject": "[Auto-Reply] Laptop"},
        {"Subject": "Abwesenheitsnotiz: Laptop"},
        {"Subject": "Automatische Antwort: Laptop"},
        {"Subject": "=?utf-8?Q?Respuesta_autom=C3=A1tica:_Laptop?="},
        {"Subject": "Automatisch antwoord: Laptop"},
        {"Subject": "Risposta automatica: Laptop"},
        {"Subject": "=?utf-8?Q?Resposta_autom=C3=A1tica:_Laptop?="},
        {"Subject": "On vacation until Monday", "X_Mailer": "vacation 1.2"},
        {"Subject": "Bin im Urlaub", "X_MS_Exchange_Inbox_Rules_Loop": "amina@school.example.org"},
        {"Subject": "Please confirm your message", "X_Delivery_Agent": "TMDA/1.0"},
    ],
    ids=lambda header: " ".join(header.values()),
)
def test_each_mark_of_a_machine_is_enough(header):
    assert parse(written(**header)).machine


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (really)"},
        {"Precedence": "normal"},
        {"Precedence": "first-class"},
        {"Return_Path": "<amina@school.example.org>"},
        {"X_Auto_Response_Suppress": "none"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"Subject": "Re: Automatic reply: Laptop"},
        {"Subject": "Out of office when I need a laptop"},
        {"Subject": "Automatic reply does not work"},
        {"Subject": "Re: [Auto-Reply] Laptop"},
        {"Subject": "On vacation until Monday"},
        {"Subject": "Please confirm your message"},
        {"X_Mailer": "vacation 1.2"},
        {"X_MS_Exchange_Inbox_Rules_Loop": "amina@school.example.org"},
        {"From": "Nora Reply <nora.reply@school.example.org>"},
        {"Authentication_Results": "evil.example.net; dmarc=pass"},
        {"Feedback_ID": "1:school"},
    ],
    ids=lambda header: " ".join(header.values()) or "plain",
)
def test_a_persons_mail_is_not_a_machines(header):
    assert parse(written(**header)).machine is None


@pytest.mark.parametrize(
    "header",
    [
        {"List_Id": "<team.example.org>"},
        {"List_Unsubscribe": "<mailto:leave@team.example.org>"},
        {"List_Post": "<mailto:team@team.example.org>"},
        {"Precedence": "list"},
        {"Mailing_List": "contact team-help@team.example.org"},
    ],
    ids=lambda header: " ".join(header.values()),
)
def test_a_persons_mail_by_way_of_a_list_says_so_and_is_still_a_persons(header):
    mail = parse(written(**header))
    assert mail.from_list
    assert mail.machine is None


def test_a_machines_mail_by_way_of_a_list_is_both():
    mail = parse(written(List_Id="<team.example.org>", Precedence="bulk"))
    assert mail.from_list == "it carries List-Id: <team.example.org>"
    assert mail.machine == "it says Precedence: bulk"
    assert parse(written()).from_list is None


REPORTS = {
    "disposition-notification": (
        "message/disposition-notification",
        "it is a receipt for a mail that was read",
    ),
    "feedback-report": ("message/feedback-report", "it is a complaint about a mail"),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_receipts_and_complaints_are_machines_and_no_bounces(kind):
    content_type, reason = REPORTS[kind]
    raw = (
        "From: amina@school.example.org\nSubject: Read: Your ticket\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=r\n\n"
        "--r\nContent-Type: text/plain\n\nwords\n"
        f"--r\nContent-Type: {content_type}\n\n"
        "Final-Recipient: rfc822; amina@school.example.org\nDisposition: x; displayed\n--r--\n"
    ).encode()
    mail = parse(raw)
    assert (mail.machine, mail.bounce) == (reason, None)


def test_a_report_that_a_list_wrapped_is_still_one():
    raw = (
        b"From: x@y.example\nContent-Type: multipart/mixed; boundary=m\n\n--m\n"
        b"Content-Type: multipart/report; boundary=r\n\n--r\nContent-Type: text/plain\n\nwords\n--r--\n"
        b"--m\nContent-Type: text/plain\n\nfooter\n--m--\n"
    )
    assert parse(raw).machine == "it is a report about another mail"


def test_our_own_mark_is_told():
    assert parse(written(X_Upheld_Desk="school-devices")).our_marks == ("x-upheld-desk: school-devices",)
