"""The beginning of a text file that somebody sent, as text and nothing else."""

from dataclasses import dataclass

from django.core.files.storage import default_storage

from upheld.tickets.models import Attachment

ENDINGS = (".txt", ".log", ".csv", ".md", ".json", ".yaml", ".yml", ".ini", ".conf", ".diff", ".patch")
MOST_LINES = 200
MOST_BYTES = 200_000
LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first lines of a file, and whether they are all of it."""

    text: str
    lines: int
    is_all: bool


def beginning_of(file: Attachment) -> Beginning | None:
    """Return how a file begins, None where it is gone or is no text."""
    try:
        with default_storage.open(file.stored_as) as stored:
            content = stored.read(MOST_BYTES)
    except FileNotFoundError:
        return None
    text = _decoded(content)
    if text is None:
        return None
    lines = text.splitlines()
    shown = [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]
    is_all = len(content) == file.size and shown == lines
    return Beginning("\n".join(shown), len(shown), is_all)


def _decoded(content: bytes) -> str | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content[: len(content) // 2 * 2].decode("utf-16", "replace")
    if b"\0" in content[:4096]:
        return None
    try:
        # The last character may be cut in two.
        return content.decode("utf-8-sig") if len(content) < MOST_BYTES else content[:-4].decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
