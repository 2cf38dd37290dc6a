"""The mails of tests/mails, and mails written in a line."""

from pathlib import Path

FOLDER = Path(__file__).parents[2] / "mails"


def stored(name: str) -> bytes:
    """The bytes of tests/mails/NAME.eml."""
    return (FOLDER / f"{name}.eml").read_bytes()


def written(body: str = "It shows a black screen.", **headers: str) -> bytes:
    """A mail of Amina's to the desk; headers are given as `In_Reply_To=...`."""
    values = {
        "From": "Amina Yusuf <amina@school.example.org>",
        "To": "support@desk.example.com",
        "Subject": "Laptop will not start",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in values.items() if value)
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n".encode()
