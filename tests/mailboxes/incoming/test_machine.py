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
        {"Precedence": "Bulk"},
        {"Precedence": "junk"},
        {"List_Id": "<team.example.org>"},
        {"X_Auto_Response_Suppress": "All"},
        {"X_Autoreply": "yes"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@school.example.org"},
        {"From": "No Reply <no-reply@school.example.org>"},
        {"From": "postmaster@school.example.org"},
        {"X_Upheld_Desk": "school-devices"},
        {"Content_Type": "multipart/report; boundary=b"},
    ],
)
def test_each_mark_of_a_machine_is_enough(header):
    assert parse(written(**header)).machine


@pytest.mark.parametrize(
    "header",
    [{}, {"Auto_Submitted": "no"}, {"Precedence": "normal"}, {"Return_Path": "<amina@school.example.org>"}],
)
def test_a_persons_mail_is_not_a_machines(header):
    assert parse(written(**header)).machine is None


def test_our_own_mark_is_told():
    assert parse(written(X_Upheld_Desk="school-devices")).our_marks == ("x-upheld-desk: school-devices",)
