"""A desk's letters, set from the command line."""

import pytest

from harness.desk import RunningDesk

pytestmark = pytest.mark.processes
DESK = "school-devices"


def said(running_desk: RunningDesk, *arguments: str, **options: object) -> tuple[int, str]:
    done = running_desk.run("desk", *arguments, **options)
    return done.returncode, (done.stdout + done.stderr).decode()


def test_a_person_sets_and_sees_how_letters_look(running_desk: RunningDesk) -> None:
    status, text = said(
        running_desk,
        *("set", DESK, "--colour", "#0b5", "--language", "de", "--footer-file", "-"),
        input=b"Example Ltd\n1 Example Street\n",
    )
    try:
        assert status == 0, text
        assert "colour     #00bb55" in text
        assert "language   de (letters in Deutsch)" in text
        assert "Example Ltd\n             1 Example Street" in text
        assert said(running_desk, "show", DESK)[1] in said(running_desk, "show")[1]
        assert "#00bb55" in said(running_desk, "show", DESK)[1]
    finally:
        status, text = said(
            running_desk,
            *("set", DESK, "--colour", "", "--language", "en", "--footer-file", "-"),
            input=b"",
        )
    assert "colour     none of its own" in text
    assert "footer     none" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", DESK, "--colour", "red"), "like #00bb55"),
        (("set", DESK, "--language", "xx"), "Choose one of"),
        (("set", DESK), "Give --language, --colour or --footer-file."),
        (("set", "elsewhere", "--colour", "#0b5"), "There is no desk “elsewhere”."),
        (("set", DESK, "--footer-file", "/nowhere/footer.txt"), "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    running_desk: RunningDesk, arguments: tuple[str, ...], told: str
) -> None:
    status, text = said(running_desk, *arguments)
    assert status == 1
    assert told in text
    assert "Traceback" not in text
