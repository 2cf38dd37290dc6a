"""Who fills the roles of a policy, said from the command line."""

import pytest

from harness.desk import RunningDesk

pytestmark = pytest.mark.processes


def said(running_desk: RunningDesk, *arguments: str) -> tuple[int, str]:
    done = running_desk.run("role", *arguments, "--desk", "school-devices")
    return done.returncode, (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("fill", "emperor", "bob@desk.example.com"), "The policy has no role “emperor”"),
        (
            ("clear", "emperor", "nobody@desk.example.com"),
            "Nobody answers tickets as nobody@desk.example.com",
        ),
    ],
)
def test_what_is_not_there_is_named(running_desk: RunningDesk, arguments: tuple[str, ...], told: str) -> None:
    status, text = said(running_desk, *arguments)
    assert status == 1 and told in text


def test_the_list_says_where_a_role_falls_that_nobody_fills(running_desk: RunningDesk) -> None:
    status, text = said(running_desk, "list")
    assert status == 0, text
    assert text.count("falls to the administrators") == len(text.strip().splitlines())
