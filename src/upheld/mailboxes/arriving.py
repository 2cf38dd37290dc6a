"""A mail while it arrives by SMTP: a small one in memory, a large one in a file, and never more of them than there is
room for.

An end is CR LF . CR LF and nothing else, and every line that begins with a dot loses it (RFC 5321, 4.5.2).
"""

import mmap
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

# What a mail may have before it goes to a file: nearly all mails stay below.
IN_MEMORY = 256 * 1024

_END = b"\r\n.\r\n"
_LINE_END = b"\r\n"
_DOTTED = b"\r\n."


class Room:
    """How many bytes of mails may lie in files at once, and how many do."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.taken = 0

    def has(self, size: int) -> bool:
        return self.taken + size <= self.most

    def take(self, size: int) -> bool:
        """Take so much more; False, and nothing taken, where it is not there."""
        if not self.has(size):
            return False
        self.taken += size
        return True

    def leave(self, size: int) -> None:
        self.taken -= size


class UntilTheDot:
    """Finds the end of a mail in what comes, however it is cut, and takes away the dots that were put before lines."""

    def __init__(self) -> None:
        # The command that came before ended a line; that line end is no part of the mail.
        self._held = _LINE_END
        self._is_first = True

    def feed(self, came: bytes) -> tuple[bytes, bytes | None]:
        """Return what of the mail is certain now, and what came behind its end, None while that has not come."""
        here = self._held + came
        end = here.find(_END)
        if end >= 0:
            return self._undotted(here[: end + len(_LINE_END)]), here[end + len(_END) :]
        held = next((size for size in range(len(_END) - 1, 0, -1) if here.endswith(_END[:size])), 0)
        self._held = here[len(here) - held :]
        return self._undotted(here[: len(here) - held]), None

    def _undotted(self, lines: bytes) -> bytes:
        if not lines:
            return lines
        if self._is_first:
            self._is_first = False
            return lines.replace(_DOTTED, _LINE_END)[len(_LINE_END) :]
        return lines.replace(_DOTTED, _LINE_END)


class Arrival:
    """The bytes of one mail so far. `too_large` and `no_room` say why nothing more of it is kept."""

    def __init__(self, most: int, room: Room, folder: Path) -> None:
        self.size = 0
        self.too_large = False
        self.no_room = False
        self._most, self._room, self._folder = most, room, folder
        self._bytes = bytearray()
        self._file: BinaryIO | None = None
        self._in_file = 0
        self._map: mmap.mmap | None = None

    @property
    def is_large(self) -> bool:
        """Whether it lies in a file."""
        return self._file is not None

    def add(self, piece: bytes) -> None:
        """Keep a piece, as long as the mail is not too large and there is room for it."""
        self.size += len(piece)
        if self.size > self._most:
            self.too_large = True
            self.close()
        elif not self.no_room and piece:
            self._keep(piece)

    def content(self) -> bytes | memoryview:
        """All of it; what lies in a file is not read into memory for that."""
        if self._file is None:
            return bytes(self._bytes)
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        return memoryview(self._map)

    def close(self) -> None:
        """Give up memory, file and room. The file has no name, so that nothing is left whoever ends us."""
        self._bytes = bytearray()
        if self._map is not None:
            with suppress(BufferError):  # somebody still reads it: it goes with them
                self._map.close()
            self._map = None
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None
        self._room.leave(self._in_file)
        self._in_file = 0

    def _keep(self, piece: bytes) -> None:
        if self._file is None and len(self._bytes) + len(piece) <= IN_MEMORY:
            self._bytes += piece
            return
        try:
            self._write(piece)
        except OSError:  # the disk is full, or not there
            self._give_up()

    def _write(self, piece: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - closed with the mail
            piece = bytes(self._bytes) + piece
            self._bytes = bytearray()
        if not self._room.take(len(piece)):
            self._give_up()
            return
        self._in_file += len(piece)
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _give_up(self) -> None:
        self.close()
        self.no_room = True
