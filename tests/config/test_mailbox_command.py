"""Mailboxes, added and set from the command line."""

import pytest

from harness.desk import RunningDesk

pytestmark = pytest.mark.processes
DEMO = "support@devices.example.com"
# Others may have made a desk beside it by now.
DESK = "school-devices"


def said(running_desk: RunningDesk, *arguments: str) -> tuple[int, str]:
    done = running_desk.run("mailbox", *arguments)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_second_mailbox_that_is_a_list_and_believes_a_server(running_desk: RunningDesk) -> None:
    status, text = said(
        running_desk, "add", "Staff@Lists.example.com", "--name", "Staff list", "--desk", DESK
    )
    assert status == 0, text
    assert "believes   nobody" in text
    status, text = said(
        running_desk, "set", "staff@lists.example.com", "--list", "--checked-by", "MX.example.com"
    )
    assert status == 0, text
    assert "believes   mx.example.com" in text
    assert "list       yes" in text
    status, text = said(running_desk, "list")
    assert text.index(DEMO) < text.index("staff@lists.example.com")
    assert f"{DEMO} (the desk's mail leaves from here)" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "no address", "--desk", DESK), "is not an e-mail address"),
        (("add", "support+more@devices.example.com", "--desk", DESK), "no plus"),
        (("add", DEMO.upper(), "--desk", DESK), "is a mailbox already"),
        (("add", "new@devices.example.com", "--desk", "elsewhere"), "There is no desk “elsewhere”."),
        (("set", DEMO), "Nothing is to be set."),
        (("set", "nobody@devices.example.com", "--list"), "There is no mailbox"),
        (("set", DEMO, "--checked-by", "dmarc=pass; evil"), "is no name of a mail server"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    running_desk: RunningDesk, arguments: tuple[str, ...], told: str
) -> None:
    status, text = said(running_desk, *arguments)
    assert status == 1
    assert told in text
    assert "Traceback" not in text
